"""Who may do what with whose data: role x relation x deed.

Patient Data Act (2008:355) 4:1: only who takes part in the care, or has another recorded need. Deny by default:
what no row of the table allows is refused. What of another unit's data shows then is told by `sight`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.kernel.errors import Refusal
from vardnav.parameters.rules import value

NEED_LASTS = timedelta(hours=8)
DEMANDED_ASSURANCE = 3  # HSLF-FS 2016:40 3:15: two factors over open networks; Swedish e-legitimation level 3
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
    READ_CHOSEN_CONTACTS = "read_chosen_contacts"  # the named doctor
    READ_OTHER_UNITS = "read_other_units"  # what stems from other units, as far as `sight` shows it
    READ_LOG = "read_log"  # the messages, and who has read
    CHOOSE = "choose"  # list, queue, answer an offer
    CARE = "care"  # what a clinic does for its listed: name a doctor, welcome
    BLOCK = "block"  # hide a unit's data from all other units, and lift it
    OPEN_HIDDEN = "open_hidden"  # by consent or in an emergency


@dataclass(frozen=True, slots=True)
class GuardianParameters:
    """Ages at which a child's own right begins (listing.md; Offentlighets- och sekretesslagen 12:3)."""

    guardian_sees_all_below: int = value(13, low=0, high=OF_AGE, unit="years", source="Praxis 1177, barn 0-12 år")
    guardian_acts_below: int = value(16, low=0, high=OF_AGE, unit="years", source="Regionernas listningsregler")


_OWN = frozenset({Deed.READ, Deed.READ_OTHER_UNITS, Deed.READ_CHOSEN_CONTACTS, Deed.READ_LOG, Deed.CHOOSE})
RESIDENT_TABLE: dict[Relation, frozenset[Deed]] = {
    Relation.SELF: _OWN | {Deed.BLOCK},
    Relation.GUARDIAN: _OWN,  # never BLOCK: Patient Data Act 4:4
    Relation.GUARDIAN_OF_TEENAGER: frozenset({Deed.READ, Deed.READ_OTHER_UNITS, Deed.CHOOSE}),
}
_CLINIC = frozenset({Deed.READ, Deed.READ_OTHER_UNITS, Deed.CHOOSE, Deed.BLOCK, Deed.OPEN_HIDDEN})
CLINIC_TABLE: dict[Relation, frozenset[Deed]] = {
    Relation.UNIT: _CLINIC | {Deed.READ_CHOSEN_CONTACTS, Deed.CARE},
    Relation.NEED: _CLINIC,
}
STAFF_TABLE: dict[Role, dict[Relation, frozenset[Deed]]] = {
    Role.CLINIC_STAFF: CLINIC_TABLE,
    Role.CLINIC_HEAD: CLINIC_TABLE,
    Role.REGION_PLANNER: {},
    Role.ADMINISTRATOR: {},
    Role.LOG_REVIEWER: {},  # sees ids and risk facts; a name only by reviews.selectors.who
}
SERVICE_TABLE: dict[str, frozenset[Deed]] = {
    "listing:read": frozenset({Deed.READ, Deed.READ_OTHER_UNITS, Deed.READ_CHOSEN_CONTACTS}),
    "listing:write": frozenset({Deed.CHOOSE, Deed.CARE}),
}


class AccessDenied(Refusal):
    """You may not open this: there is no relation and no stated need."""

    status = 403


class AssuranceTooLow(Refusal):
    """Patient data demand a login of assurance level 3."""

    status = 403


class NeedReason(StrEnum):
    """Why staff need data about somebody the unit does not have. The region's list."""

    EMERGENCY = "emergency"  # danger to life or health

    WANTS_TO_LIST = "wants_to_list"
    ASKED_BY_PERSON = "asked_by_person"
    IN_THE_ROOM = "in_the_room"
    OTHER = "other"


class NeedNotStated(Refusal):
    """Say why you need it: a reason, and for an emergency or another reason also a text of at least ten characters."""

    status = 422


NEEDS_WORDS = (NeedReason.EMERGENCY, NeedReason.OTHER)
FEWEST_WORDS = 10  # characters of a stated reason


def allows(by: Actor, relation: Relation, deed: Deed) -> bool:
    if by.kind is ActorKind.SYSTEM:
        return True
    if by.kind is ActorKind.RESIDENT:
        return deed in RESIDENT_TABLE.get(relation, frozenset())
    if by.kind is ActorKind.SERVICE:
        return any(deed in SERVICE_TABLE.get(scope, frozenset()) for scope in by.scopes)
    if by.role is None:
        return False
    return deed in STAFF_TABLE.get(by.role, {}).get(relation, frozenset())


def check_assurance(by: Actor, patient_id: int | None = None, deed: str = "read") -> None:
    """Whoever comes by a login has shown who they are well enough for patient data.

    Raises AssuranceTooLow.
    """
    if by.kind in (ActorKind.RESIDENT, ActorKind.STAFF) and by.assurance < DEMANDED_ASSURANCE:
        raise AssuranceTooLow(patient_id=patient_id, deed=deed)


def check(by: Actor, relation: Relation, deed: Deed, patient_id: int) -> None:
    """Raises AssuranceTooLow, AccessDenied."""
    check_assurance(by, patient_id=patient_id, deed=deed.value)
    if not allows(by, relation, deed):
        raise AccessDenied(patient_id=patient_id, relation=relation.value, deed=deed.value)


def check_need(reason: NeedReason, text: str) -> None:
    """Raises NeedNotStated."""
    if reason in NEEDS_WORDS and len(text.strip()) < FEWEST_WORDS:
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
