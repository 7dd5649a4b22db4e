"""Where a resident stands, read under the lock on their row."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.kernel.errors import Refusal
from vardnav.listing.models import Offer, QueuePlace
from vardnav.listing.rules import (
    Deceased,
    ListingParameters,
    NotFromHere,
    NotYourClinic,
    OfferState,
    Origin,
    QueueState,
    TooYoung,
)
from vardnav.organisation.selectors import providers_of, unit
from vardnav.parameters.selectors import in_force
from vardnav.patients import actions as patients
from vardnav.patients import selectors as people
from vardnav.patients.rules import Deed, Relation
from vardnav.tables import sql


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing as a change sees it."""

    id: int
    clinic_id: int
    starts_on: date
    ends_on: date | None
    previous_ends_on: date | None
    origin: str
    made_at: datetime


@dataclass(slots=True)
class Standing:
    """A resident's present, past and awaited listings; the rows are locked through the person."""

    person: patients.Held
    today: date
    p: ListingParameters
    listings: list[Listed]  # by start; the last is the open one or the latest that ended
    place: QueuePlace | None
    offer: Offer | None

    @property
    def open(self) -> Listed | None:
        """The listing without an end: the present one, or the one that is about to begin."""
        return self.listings[-1] if self.listings and self.listings[-1].ends_on is None else None

    @property
    def upcoming(self) -> Listed | None:
        return self.open if self.open and self.open.starts_on > self.today else None

    @property
    def before_upcoming(self) -> Listed | None:
        """The listing that the upcoming one follows without a gap."""
        if self.upcoming is None or len(self.listings) < 2:
            return None
        earlier = self.listings[-2]
        return earlier if earlier.ends_on == self.upcoming.starts_on else None

    @property
    def changes_made_on(self) -> list[date]:
        """Days of choices that count: not the one that has not begun, which a new choice replaces."""
        return [
            localdate(one.made_at)
            for one in self.listings
            if one.origin == Origin.CHOSEN.value and one is not self.upcoming
        ]


# One row for each listing (one without a listing when there is none), each with the live queue place.
STANDING = """
SELECT q.id, l.id, l.clinic_id, l.starts_on, l.ends_on, l.previous_ends_on, l.origin, l.made_at
FROM (VALUES (%s::bigint)) AS who (id)
LEFT JOIN listing_queueplace q ON q.person_id = who.id AND q.state IN ('waiting', 'offered')
LEFT JOIN listing_listing l ON l.person_id = who.id
ORDER BY l.starts_on
"""


def take(person_id: int, deed: Deed, *, by: Actor, now: datetime, dead_too: bool = False) -> Standing:
    """Lock the person for somebody who may do the deed, and read where they stand.

    Raises AccessDenied, TooYoung, Deceased.
    """
    person = patients.hold(person_id, deed, by=by, now=now)
    today = localdate(now)
    if person.deceased_on is not None and person.deceased_on <= today and not dead_too:
        raise Deceased
    if person.relation is Relation.SELF and not people.may_choose_themselves(person.birth_date, today):
        raise TooYoung
    # A statement of its own, after the lock: it sees what those before in the line have done.
    found = sql.rows(STANDING, [person_id])
    place_id = found[0][0]
    place = QueuePlace.objects.get(id=place_id) if place_id is not None else None
    offer = None
    if place is not None and place.state == QueueState.OFFERED.value:
        offer = Offer.objects.filter(place=place, state=OfferState.OPEN.value).first()
    return Standing(
        person=person,
        today=today,
        p=in_force(ListingParameters, today),
        listings=[Listed(*row[1:]) for row in found if row[1] is not None],
        place=place,
        offer=offer,
    )


def check_own_clinic(hsa_id: str, by: Actor) -> None:
    """Staff register choices of their own clinic only.

    Raises NotYourClinic.
    """
    if by.kind is ActorKind.STAFF and hsa_id != by.unit_hsa_id:
        raise NotYourClinic


def check_own_clinic_id(clinic_id: int, by: Actor) -> None:
    """The same for a listing or a queue place that is there already.

    Raises NotYourClinic.
    """
    if by.kind is not ActorKind.STAFF:
        return
    clinic = unit(clinic_id)
    if clinic is None:
        raise NotYourClinic
    check_own_clinic(clinic.hsa_id, by)


def place_seen(standing: Standing, *, by: Actor, now: datetime) -> QueuePlace | None:
    """The live queue place, for who may see it: a block hides it from other units and from programs."""
    place = standing.place
    return place if place is None or _sees(standing, [place.clinic_id], by, now) else None


def said_to(refusal: Refusal, standing: Standing, *, by: Actor, now: datetime) -> Refusal:
    """The refusal, or NotFromHere where it would tell of a unit whose data do not show to the actor."""
    clinics = [one.clinic_id for one in standing.listings]
    if standing.place is not None:
        clinics.append(standing.place.clinic_id)
    return refusal if _sees(standing, clinics, by, now) else NotFromHere()


def _sees(standing: Standing, clinic_ids: list[int], by: Actor, now: datetime) -> bool:
    if by.kind not in (ActorKind.STAFF, ActorKind.SERVICE):
        return True
    seen = people.sight(standing.person.id, standing.person.relation, by=by, now=now)
    return all(seen.shows(hsa_id, provider) for hsa_id, provider in providers_of(clinic_ids))
