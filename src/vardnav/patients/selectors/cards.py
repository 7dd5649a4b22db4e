"""The only door to a resident's own data: each answer is checked against the table and leaves its line."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor
from vardnav.kernel.point import Point
from vardnav.patients.models import Person
from vardnav.patients.rules import Deed, Relation, Sight, age, check
from vardnav.patients.selectors.relation import check_access
from vardnav.patients.selectors.sight import sight
from vardnav.places.selectors import point_of_area


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


@dataclass(frozen=True, slots=True)
class Seen:
    """A resident opened by somebody: the card, how they stand to each other, and what of other units shows."""

    card: Card
    relation: Relation
    sight: Sight


@transaction.atomic
def open_person(person_id: int, *, by: Actor, now: datetime, kind: str, deed: Deed = Deed.READ) -> Seen:
    """A resident, after the check and with its line: an emergency stands in the line.

    Raises AssuranceTooLow, AccessDenied.
    """
    relation = check_access(person_id, deed, by=by, now=now)
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        check(by, Relation.NONE, deed, person_id)
        raise Person.DoesNotExist
    seen = Seen(card_of(person, localdate(now)), relation, sight(person_id, relation, by=by, now=now))
    audit.record(
        kind,
        by=by,
        now=now,
        activity=Activity.READ,
        patient_id=person_id,
        emergency=seen.sight.emergency,
        relation=relation.value,
    )
    return seen


def open_card(person_id: int, *, by: Actor, now: datetime, kind: str = "patients.person.read") -> tuple[Card, Relation]:
    """A resident's card, after the check and with its line.

    Raises AssuranceTooLow, AccessDenied.
    """
    seen = open_person(person_id, by=by, now=now, kind=kind)
    return seen.card, seen.relation


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
