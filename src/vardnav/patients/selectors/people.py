"""Children, guardians and ids: who somebody is, without what they have."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.parameters.selectors import in_force
from vardnav.patients.models import Guardianship, Person
from vardnav.patients.rules import (
    OF_AGE,
    GuardianParameters,
    Relation,
    age,
    check_assurance,
    guardian_relation,
    may_choose_alone,
)
from vardnav.tables import sql, valid_on, wall


def own_id(by: Actor) -> int | None:
    """The resident behind a logged-in account; reading one's own id needs no line."""
    if by.personal_number is None:
        return None
    found = sql.row("SELECT id FROM patients_person WHERE personal_number = %s", [by.personal_number])
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Child:
    id: int
    name: str
    age: int
    relation: Relation
    guardians: int


@transaction.atomic
def children_of(*, by: Actor, now: datetime) -> list[Child]:
    """The children whose clinic the actor may choose, youngest last; each leaves a line. Raises AssuranceTooLow."""
    check_assurance(by)
    on = localdate(now)
    p = in_force(GuardianParameters, on)
    wards = (
        Guardianship.objects.filter(valid_on(on), guardian__personal_number=by.personal_number)
        .select_related("child")
        .order_by("child__birth_date", "child_id")
    )
    children = [
        Child(
            id=ward.child_id,
            name=str(ward.child),
            age=age(ward.child.birth_date, on),
            relation=guardian_relation(age(ward.child.birth_date, on), p),
            guardians=len(guardian_ids(ward.child_id, on)),
        )
        for ward in wards
    ]
    children = [child for child in children if child.relation is not Relation.NONE]
    audit.record_reads("patients.child.read", [child.id for child in children], by=by, now=now)
    return children


def guardian_ids(child_id: int, on: date) -> list[int]:
    """Those who decide for a child on a day; the dead cannot agree to anything."""
    with wall.as_program():  # the other guardian is nobody to who asks, and must be counted all the same
        return list(
            Guardianship.objects.filter(valid_on(on), child_id=child_id)
            .exclude(guardian__deceased_on__lte=on)
            .order_by("guardian_id")
            .values_list("guardian_id", flat=True)
        )


def family_ids(child_id: int, on: date) -> list[int]:
    """A child's guardians, and the other children of theirs."""
    guardians = guardian_ids(child_id, on)
    with wall.as_program():  # a clinic sees who is listed there; whether a newborn's family is, asks for all of it
        siblings = Guardianship.objects.filter(valid_on(on), guardian_id__in=guardians).exclude(child_id=child_id)
        return guardians + list(siblings.values_list("child_id", flat=True))


def numbers_of(person_ids: set[int]) -> dict[int, str]:
    """Identity numbers by id, for exports of the log from the server's own terminal: no relation is asked for."""
    return dict(Person.objects.filter(id__in=person_ids).values_list("id", "personal_number"))


def may_choose_themselves(birth_date: date, on: date) -> bool:
    """Whether somebody born then chooses alone; of age is old enough by any region's value."""
    own_age = age(birth_date, on)
    return own_age >= OF_AGE or may_choose_alone(own_age, in_force(GuardianParameters, on))


def exists(person_id: int) -> bool:
    """Whether there is such a resident; who it is shows only after a check."""
    found = sql.row("SELECT patients_is_there(%s)", [person_id])
    return found is not None and bool(found[0])


def id_of_number(personal_number: str) -> int | None:
    """Find a resident by the whole number. Staff who find one still pass the check before anything shows."""
    found = sql.row("SELECT patients_id_of_number(%s)", [personal_number])
    return found[0] if found else None
