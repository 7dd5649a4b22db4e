"""How somebody stands to a resident, and whether that allows a deed."""

from datetime import date, datetime

from django.utils.timezone import localdate

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.parameters.selectors import in_force
from vardnav.patients import relations
from vardnav.patients.models import Guardianship, Need
from vardnav.patients.rules import Deed, GuardianParameters, Relation, age, check, guardian_relation
from vardnav.tables import sql, valid_on

OWN = "SELECT 1 FROM patients_person WHERE id = %s AND personal_number = %s"  # each of a resident's pages asks it


def relation_of(person_id: int, *, by: Actor, now: datetime) -> Relation:
    """How the actor stands to the resident at this instant."""
    on = localdate(now)
    if by.kind is ActorKind.RESIDENT:
        return _resident_relation(person_id, by, on)
    if by.kind is ActorKind.STAFF and by.acting is not None and by.account_id is not None:
        if relations.between(person_id, by.acting.unit_hsa_id, on):
            return Relation.UNIT
        open_needs = Need.objects.filter(
            person_id=person_id,
            account_id=by.account_id,
            unit_hsa_id=by.acting.unit_hsa_id,
            stated_at__lte=now,
            ends_at__gt=now,
        )
        if open_needs.exists():
            return Relation.NEED
    return Relation.NONE


def _resident_relation(person_id: int, by: Actor, on: date) -> Relation:
    if by.personal_number is not None and sql.row(OWN, [person_id, by.personal_number]) is not None:
        return Relation.SELF
    born = (
        Guardianship.objects.filter(valid_on(on), child_id=person_id, guardian__personal_number=by.personal_number)
        .values_list("child__birth_date", flat=True)
        .first()
    )
    if born is None:
        return Relation.NONE
    return guardian_relation(age(born, on), in_force(GuardianParameters, on))


def check_access(person_id: int, deed: Deed, *, by: Actor, now: datetime) -> Relation:
    """Raises AssuranceTooLow, AccessDenied, also for a person who does not exist."""
    relation = relation_of(person_id, by=by, now=now)
    check(by, relation, deed, person_id)
    return relation
