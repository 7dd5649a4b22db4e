"""Those who wait for a clinic: every row shown leaves a line."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.models import Offer, QueuePlace
from vardnav.listing.rules import LIVE_QUEUE_STATES, OfferState, QueueState
from vardnav.listing.selectors.people import own_people_at
from vardnav.patients.rules import age


@dataclass(frozen=True, slots=True)
class QueueRow:
    person_id: int
    personal_number: str
    name: str
    birth_date: date
    age: int
    protected: bool
    priority_class: int
    joined_at: datetime
    position: int  # 1 is next to be offered a place; 0 has an offer
    offer_expires_at: datetime | None


@transaction.atomic
def queue_of(*, by: Actor, now: datetime, most: int = 200) -> list[QueueRow]:
    """Those who have an offer, then those who wait, in the order they will be offered. Raises NotYourClinic."""
    places = list(
        QueuePlace.objects.filter(clinic_id=own_people_at(by), state__in=[state.value for state in LIVE_QUEUE_STATES])
        .select_related("person")
        .order_by("state", "priority_class", "joined_at", "id")[:most]  # "offered" sorts before "waiting"
    )
    return _rows(places, by=by, now=now)


@transaction.atomic
def open_offers(*, by: Actor, now: datetime, until: datetime, most: int = 20) -> list[QueueRow]:
    """Offers of the actor's clinic that run out before `until`, the first first. Raises NotYourClinic."""
    places = list(
        QueuePlace.objects.filter(
            clinic_id=own_people_at(by), offers__state=OfferState.OPEN.value, offers__expires_at__lte=until
        )
        .select_related("person")
        .order_by("offers__expires_at", "id")[:most]
    )
    return _rows(places, by=by, now=now)


def _rows(places: list[QueuePlace], *, by: Actor, now: datetime) -> list[QueueRow]:
    ends = dict(
        Offer.objects.filter(place__in=places, state=OfferState.OPEN.value).values_list("place_id", "expires_at")
    )
    audit.record_reads("listing.queue.read", [place.person_id for place in places], by=by, now=now)
    offered = sum(place.state == QueueState.OFFERED.value for place in places)
    return [_row(place, max(0, number - offered), ends, localdate(now)) for number, place in enumerate(places, 1)]


def _row(place: QueuePlace, position: int, ends: dict[int, datetime], today: date) -> QueueRow:
    return QueueRow(
        person_id=place.person_id,
        personal_number=place.person.personal_number,
        name=str(place.person),
        birth_date=place.person.birth_date,
        age=age(place.person.birth_date, today),
        protected=place.person.protected,
        priority_class=place.priority_class,
        joined_at=place.joined_at,
        position=position,
        offer_expires_at=ends.get(place.id),
    )
