"""The only door to residents' data: each answer is checked against the table and leaves its line."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit import selectors as audit_selectors
from vardnav.audit.rules import Activity, user_id
from vardnav.audit.selectors import Entry
from vardnav.kernel.actor import Actor, ActorKind
from vardnav.kernel.point import Point
from vardnav.outbox import selectors as outbox
from vardnav.outbox.selectors import Received
from vardnav.parameters.selectors import in_force
from vardnav.patients import relations
from vardnav.patients.models import Guardianship, Need, Person
from vardnav.patients.rules import (
    OF_AGE,
    Deed,
    GuardianParameters,
    Relation,
    age,
    check,
    guardian_relation,
    may_choose_alone,
)
from vardnav.places.selectors import point_of_area
from vardnav.tables import sql, valid_on


@dataclass(frozen=True, slots=True)
class Card:
    """What a page may show of a resident. Protected identity has no address, phone or area."""

    id: int
    personal_number: str
    name: str
    birth_date: date
    age: int
    sex: str
    protected: bool
    deceased: bool
    address: str
    phone: str
    email: str
    area_id: int | None
    burden: str


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
    number = Person.objects.filter(id=person_id).values_list("personal_number", flat=True).first()
    if number is not None and number == by.personal_number:
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
    """Raises AccessDenied, also for a person who does not exist."""
    relation = relation_of(person_id, by=by, now=now)
    check(by, relation, deed, person_id)
    return relation


@transaction.atomic
def open_card(person_id: int, *, by: Actor, now: datetime, kind: str = "patients.person.read") -> tuple[Card, Relation]:
    """A resident's card, after the check and with its line.

    Raises AccessDenied.
    """
    relation = check_access(person_id, Deed.READ, by=by, now=now)
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        check(by, Relation.NONE, Deed.READ, person_id)
        raise Person.DoesNotExist
    _record_read(kind, person_id, relation, by=by, now=now)
    return card_of(person, localdate(now)), relation


def card_of(person: Person, on: date) -> Card:
    hidden = person.protected
    address = ", ".join(
        part for part in (person.address, f"{person.postal_code or ''} {person.city or ''}".strip()) if part
    )
    return Card(
        id=person.id,
        personal_number=person.personal_number,
        name=str(person),
        birth_date=person.birth_date,
        age=age(person.birth_date, on),
        sex=person.sex,
        protected=hidden,
        deceased=person.deceased_on is not None and person.deceased_on <= on,
        address="" if hidden else address,
        phone="" if hidden else person.phone or "",
        email="" if hidden else person.email or "",
        area_id=None if hidden else person.area_id,
        burden=str(person.burden),
    )


@transaction.atomic
def home_of(person_id: int, *, by: Actor, now: datetime) -> Point | None:
    """The middle of the home area, to reckon travel times from; None with protected identity.

    Raises AccessDenied.
    """
    card, _ = open_card(person_id, by=by, now=now, kind="patients.home.read")
    return None if card.area_id is None else point_of_area(card.area_id)


@transaction.atomic
def messages_of(person_id: int, *, by: Actor, now: datetime, most: int = 50) -> list[Received]:
    """What has been written to a resident, newest first.

    Raises AccessDenied; the messages name the doctor, so a teenager's guardian has no part of them.
    """
    relation = check_access(person_id, Deed.READ_CHOSEN_CONTACTS, by=by, now=now)
    _record_read("patients.messages.read", person_id, relation, by=by, now=now)
    return outbox.of_recipient(person_id, most=most)


@dataclass(frozen=True, slots=True)
class Log:
    """A page of what was done with a resident's data, newest first."""

    entries: list[Entry]
    units: list[tuple[str, str]]  # HSA-id and name of every unit that stands in the whole log
    next_before: int | None


LOG_PAGE = 50


@transaction.atomic
def log_of(
    person_id: int, *, by: Actor, now: datetime, unit: str = "", not_mine: bool = False, before: int | None = None
) -> Log:
    """Who has read or changed a resident's data (Patient Data Act 8:5); reading the log is in it too.

    Raises AccessDenied.
    """
    relation = check_access(person_id, Deed.READ_CHOSEN_CONTACTS, by=by, now=now)
    _record_read("patients.log.read", person_id, relation, by=by, now=now)
    rows = audit_selectors.of_patient(
        person_id, unit=unit, not_by=user_id(by) if not_mine else "", before=before, most=LOG_PAGE + 1
    )
    return Log(
        entries=rows[:LOG_PAGE],
        units=audit_selectors.units_of_patient(person_id),
        next_before=rows[LOG_PAGE - 1].id if len(rows) > LOG_PAGE else None,
    )


def _record_read(kind: str, person_id: int, relation: Relation, *, by: Actor, now: datetime) -> None:
    audit.record(kind, by=by, now=now, activity=Activity.READ, patient_id=person_id, relation=relation.value)


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
    """The children whose clinic the actor may choose, youngest last; each leaves a line."""
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
    return list(
        Guardianship.objects.filter(valid_on(on), child_id=child_id)
        .exclude(guardian__deceased_on__lte=on)
        .order_by("guardian_id")
        .values_list("guardian_id", flat=True)
    )


def family_ids(child_id: int, on: date) -> list[int]:
    """A child's guardians, and the other children of theirs."""
    guardians = guardian_ids(child_id, on)
    siblings = Guardianship.objects.filter(valid_on(on), guardian_id__in=guardians).exclude(child_id=child_id)
    return guardians + list(siblings.values_list("child_id", flat=True))


def may_choose_themselves(birth_date: date, on: date) -> bool:
    """Whether somebody born then chooses alone; of age is old enough by any region's value."""
    own_age = age(birth_date, on)
    return own_age >= OF_AGE or may_choose_alone(own_age, in_force(GuardianParameters, on))


def exists(person_id: int) -> bool:
    """Whether there is such a resident; who it is shows only after a check."""
    return Person.objects.filter(id=person_id).exists()


def id_of_number(personal_number: str) -> int | None:
    """Find a resident by the whole number. Staff who find one still pass the check before anything shows."""
    return Person.objects.filter(personal_number=personal_number).values_list("id", flat=True).first()
