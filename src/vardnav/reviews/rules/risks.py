"""Why a line is looked at although no lot fell on it: each reason is a named rule over plain facts.

After the privacy authority's (IMY) guidance on checks of access. A rule says that somebody should look, never that
something is wrong. Staff have no personal number here, so that *own record*, *colleague* and *household* go by first
name, last name and year of birth: two people of one name and year are taken for one, and a changed name is missed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

Name = tuple[str, str, int]  # first name, last name, year of birth; small letters
Span = tuple[date, date | None]  # half open


class Risk(StrEnum):
    OWN_RECORD = "own_record"
    HOUSEHOLD = "household"
    COLLEAGUE = "colleague"
    WELL_KNOWN = "well_known"
    PROTECTED = "protected"
    EMERGENCY = "emergency"
    DENIED = "denied"
    NO_CONTACT = "no_contact"
    MANY_PATIENTS = "many_patients"
    SAME_SURNAME = "same_surname"

    @property
    def weight(self) -> int:
        """What is seldom and grave before what is common."""
        return WEIGHTS[self]


WEIGHTS = {
    Risk.OWN_RECORD: 9,
    Risk.HOUSEHOLD: 8,
    Risk.WELL_KNOWN: 8,
    Risk.NO_CONTACT: 7,
    Risk.COLLEAGUE: 6,
    Risk.EMERGENCY: 5,
    Risk.DENIED: 4,
    Risk.PROTECTED: 3,
    Risk.MANY_PATIENTS: 2,
    Risk.SAME_SURNAME: 2,
}
# Kinds that show many patients at once: work with a list says nothing about the single patient in it.
LISTS = frozenset(
    {
        "listing.new.read",
        "listing.panel.downloaded",
        "listing.panel.read",
        "listing.queue.read",
        "listing.register.read",
    }
)


@dataclass(frozen=True, slots=True)
class Patient:
    """What the rules know of the patient of a line."""

    id: int
    name: Name
    household: str = ""
    address: str = ""
    protected: bool = False
    well_known: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """What they know of who acted: the name, and where residents of that very name and year live."""

    user_id: str
    name: Name
    households: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """One line with what stood around it that day."""

    line_id: int
    on: date
    kind: str
    patient: Patient
    staff: Staff
    colleagues: frozenset[Name]
    contacts: tuple[Span, ...]  # days on which the unit had the patient, or a need was stated
    patients_that_day: int  # how many this user opened, lists not counted
    emergency: bool = False
    denied: bool = False
    many: int = 100
    contact_days: int = 30

    @property
    def one_by_one(self) -> bool:
        return self.kind not in LISTS


def own_record(seen: Seen) -> bool:
    """The user's own data."""
    return seen.one_by_one and seen.patient.name == seen.staff.name


def household(seen: Seen) -> bool:
    """Somebody who lives where the user does."""
    patient, staff = seen.patient, seen.staff
    if not seen.one_by_one or patient.name == staff.name:
        return False
    return patient.household in staff.households or patient.address in staff.addresses


def same_surname(seen: Seen) -> bool:
    """Another with the user's last name."""
    patient, staff = seen.patient, seen.staff
    return seen.one_by_one and bool(patient.name[1]) and patient.name[1] == staff.name[1] and patient.name != staff.name


def colleague(seen: Seen) -> bool:
    """Somebody employed at the same unit."""
    return seen.one_by_one and seen.patient.name in seen.colleagues and seen.patient.name != seen.staff.name


def no_contact(seen: Seen) -> bool:
    """The unit has not had the patient on that day or so many days before it."""
    since = seen.on - timedelta(days=seen.contact_days)
    return not any(start <= seen.on and (end is None or end > since) for start, end in seen.contacts)


def many_patients(seen: Seen) -> bool:
    """The user opened very many patients that day."""
    return seen.one_by_one and seen.patients_that_day > seen.many


RISKS: dict[Risk, Callable[[Seen], bool]] = {
    Risk.OWN_RECORD: own_record,
    Risk.HOUSEHOLD: household,
    Risk.COLLEAGUE: colleague,
    Risk.WELL_KNOWN: lambda seen: seen.one_by_one and seen.patient.well_known,
    Risk.PROTECTED: lambda seen: seen.one_by_one and seen.patient.protected,
    Risk.EMERGENCY: lambda seen: seen.emergency,
    Risk.DENIED: lambda seen: seen.denied,
    Risk.NO_CONTACT: no_contact,
    Risk.MANY_PATIENTS: many_patients,
    Risk.SAME_SURNAME: same_surname,
}


def risks_of(seen: Seen) -> frozenset[Risk]:
    return frozenset(risk for risk, holds in RISKS.items() if holds(seen))
