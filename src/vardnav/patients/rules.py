"""Who may open whose data, for what.

Patient Data Act (2008:355) 4:1: only who takes part in the care, or has another recorded need. Deny by default:
what no row of the table allows is refused.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.kernel.errors import Refusal
from vardnav.parameters.rules import value

NEED_LASTS = timedelta(hours=8)
OF_AGE = 18  # Föräldrabalken 9:1; no region may set a higher age for choosing alone


class Relation(StrEnum):
    """How who asks stands to the resident; the first that holds is the one that counts."""

    SELF = "self"
    GUARDIAN = "guardian"  # of a child under 13: sees and does all
    GUARDIAN_OF_TEENAGER = "guardian_of_teenager"  # 13 to 15: the clinic, and nothing the teenager chose
    UNIT = "unit"  # the unit has the resident: listed, in its queue ... (see relations.py)
    NEED = "need"  # a need stated with its reason, for a short time
    NONE = "none"


class Deed(StrEnum):
    """What is to be done with the data."""

    READ = "read"
    READ_CHOSEN_CONTACTS = "read_chosen_contacts"  # the named doctor, the log
    CHOOSE = "choose"  # list, queue, answer an offer
    CARE = "care"  # what a clinic does for its listed: name a doctor, welcome


@dataclass(frozen=True, slots=True)
class GuardianParameters:
    """Ages at which a child's own right begins (listing.md; Offentlighets- och sekretesslagen 12:3)."""

    guardian_sees_all_below: int = value(13, low=0, high=OF_AGE, unit="years", source="Praxis 1177, barn 0-12 år")
    guardian_acts_below: int = value(16, low=0, high=OF_AGE, unit="years", source="Regionernas listningsregler")


RESIDENT_TABLE: dict[Relation, frozenset[Deed]] = {
    Relation.SELF: frozenset({Deed.READ, Deed.READ_CHOSEN_CONTACTS, Deed.CHOOSE}),
    Relation.GUARDIAN: frozenset({Deed.READ, Deed.READ_CHOSEN_CONTACTS, Deed.CHOOSE}),
    Relation.GUARDIAN_OF_TEENAGER: frozenset({Deed.READ, Deed.CHOOSE}),
}
CLINIC_TABLE: dict[Relation, frozenset[Deed]] = {
    Relation.UNIT: frozenset({Deed.READ, Deed.READ_CHOSEN_CONTACTS, Deed.CHOOSE, Deed.CARE}),
    Relation.NEED: frozenset({Deed.READ, Deed.CHOOSE}),
}
STAFF_TABLE: dict[Role, dict[Relation, frozenset[Deed]]] = {
    Role.CLINIC_STAFF: CLINIC_TABLE,
    Role.CLINIC_HEAD: CLINIC_TABLE,
    Role.REGION_PLANNER: {},
    Role.ADMINISTRATOR: {},
}


class AccessDenied(Refusal):
    """You may not open this: there is no relation and no stated need."""

    status = 403


class NeedReason(StrEnum):
    """Why staff need data about somebody the unit does not have. The region's list."""

    WANTS_TO_LIST = "wants_to_list"
    ASKED_BY_PERSON = "asked_by_person"
    IN_THE_ROOM = "in_the_room"
    OTHER = "other"


class NeedNotStated(Refusal):
    """Say why you need it: a reason, and for another reason also a text of at least ten characters."""

    status = 422


def allows(by: Actor, relation: Relation, deed: Deed) -> bool:
    if by.kind is ActorKind.SYSTEM:
        return True
    if by.kind is ActorKind.RESIDENT:
        return deed in RESIDENT_TABLE.get(relation, frozenset())
    if by.kind is ActorKind.SERVICE:
        scope = "listing:write" if deed in (Deed.CHOOSE, Deed.CARE) else "listing:read"
        return scope in by.scopes
    if by.role is None:
        return False
    return deed in STAFF_TABLE[by.role].get(relation, frozenset())


def check(by: Actor, relation: Relation, deed: Deed, patient_id: int) -> None:
    """Raises AccessDenied."""
    if not allows(by, relation, deed):
        raise AccessDenied(patient_id=patient_id, relation=relation.value, deed=deed.value)


def check_need(reason: NeedReason, text: str) -> None:
    """Raises NeedNotStated."""
    if reason is NeedReason.OTHER and len(text.strip()) < 10:
        raise NeedNotStated


def age(birth_date: date, on: date) -> int:
    """Whole years; who is born on 29 February has birthdays on 1 March in other years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def guardian_relation(child_age: int, p: GuardianParameters) -> Relation:
    if child_age < p.guardian_sees_all_below:
        return Relation.GUARDIAN
    if child_age < p.guardian_acts_below:
        return Relation.GUARDIAN_OF_TEENAGER
    return Relation.NONE


def may_choose_alone(own_age: int, p: GuardianParameters) -> bool:
    return own_age >= p.guardian_acts_below
