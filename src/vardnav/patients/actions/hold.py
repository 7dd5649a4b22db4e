"""Hold a resident's row while something of theirs changes."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.patients.rules import AccessDenied, Deed, Relation, check
from vardnav.patients.selectors import relation_of
from vardnav.tables import sql


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

    Raises AssuranceTooLow, AccessDenied, also for a person who does not exist.
    """
    found = sql.row(HOLD, [person_id])
    if found is None:
        raise AccessDenied(patient_id=person_id, relation=Relation.NONE.value, deed=deed.value)
    _, personal_number, birth_date, burden, area_id, deceased_on = found
    own = by.kind is ActorKind.RESIDENT and personal_number == by.personal_number
    relation = Relation.SELF if own else relation_of(person_id, by=by, now=now)
    check(by, relation, deed, person_id)
    return Held(person_id, personal_number, birth_date, burden, area_id, deceased_on, relation)
