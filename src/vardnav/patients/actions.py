"""State a need; hold a resident's row while something of theirs changes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.patients.bulk import TABLES as BULK_TABLES
from vardnav.patients.bulk import merge_staged
from vardnav.patients.bulk import rows as bulk_rows
from vardnav.patients.models import Need
from vardnav.patients.rules import NEED_LASTS, AccessDenied, Deed, NeedReason, Relation, check, check_need
from vardnav.patients.selectors import relation_of
from vardnav.tables import sql

__all__ = ["BULK_TABLES", "Held", "bulk_rows", "hold", "merge_staged", "state_need"]


@transaction.atomic
def state_need(person_id: int, *, reason: NeedReason, text: str, by: Actor, now: datetime) -> Need:
    """Open somebody's data for this staff member at this unit for eight hours.

    Raises NeedNotStated, AccessDenied (who has no care assignment cannot state a need).
    """
    if by.account_id is None or by.acting is None or by.role not in (Role.CLINIC_STAFF, Role.CLINIC_HEAD):
        raise AccessDenied(patient_id=person_id, relation="none", deed="state_need")
    check_need(reason, text)
    need = Need.objects.create(
        person_id=person_id,
        account_id=by.account_id,
        unit_hsa_id=by.acting.unit_hsa_id,
        reason=reason.value,
        text=text.strip(),
        stated_at=now,
        stated_by=by.name,
        ends_at=now + NEED_LASTS,
    )
    audit.record(
        "patients.need.stated",
        by=by,
        now=now,
        activity=Activity.ACCESS,
        patient_id=person_id,
        reason=f"{reason.value}: {text.strip()}" if text.strip() else reason.value,
    )
    return need


@dataclass(frozen=True, slots=True)
class Held:
    """A resident whose row this transaction holds, so that two changes of one person take turns."""

    id: int
    personal_number: str
    birth_date: date
    burden: Decimal
    area_id: int
    deceased_on: date | None
    relation: Relation


HOLD = (
    "SELECT id, personal_number, birth_date, burden, area_id, deceased_on FROM patients_person WHERE id = %s"
    " FOR NO KEY UPDATE"
)


def hold(person_id: int, deed: Deed, *, by: Actor, now: datetime) -> Held:
    """Lock a resident's row until the transaction ends, for somebody who may do the deed.

    Raises AccessDenied, also for a person who does not exist.
    """
    found = sql.row(HOLD, [person_id])
    if found is None:
        raise AccessDenied(patient_id=person_id, relation=Relation.NONE.value, deed=deed.value)
    _, personal_number, birth_date, burden, area_id, deceased_on = found
    own = by.kind is ActorKind.RESIDENT and personal_number == by.personal_number
    relation = Relation.SELF if own else relation_of(person_id, by=by, now=now)
    check(by, relation, deed, person_id)
    return Held(person_id, personal_number, birth_date, burden, area_id, deceased_on, relation)
