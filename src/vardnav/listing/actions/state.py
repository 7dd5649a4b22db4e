"""Where a resident stands, read under the lock on their row."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.listing.models import Listing, Offer, QueuePlace
from vardnav.listing.rules import (
    LIVE_QUEUE_STATES,
    Deceased,
    ListingParameters,
    NotYourClinic,
    OfferState,
    Origin,
    QueueState,
    TooYoung,
)
from vardnav.organisation.selectors import Unit
from vardnav.parameters.selectors import in_force
from vardnav.patients import actions as patients
from vardnav.patients import selectors as people
from vardnav.patients.rules import Deed, Relation


@dataclass(slots=True)
class Standing:
    """A resident's present, past and awaited listings; the rows are locked through the person."""

    person: patients.Held
    today: date
    p: ListingParameters
    listings: list[Listing]  # by start; the last is the open one or the latest that ended
    place: QueuePlace | None
    offer: Offer | None

    @property
    def open(self) -> Listing | None:
        """The listing without an end: the present one, or the one that is about to begin."""
        return self.listings[-1] if self.listings and self.listings[-1].ends_on is None else None

    @property
    def upcoming(self) -> Listing | None:
        return self.open if self.open and self.open.starts_on > self.today else None

    @property
    def before_upcoming(self) -> Listing | None:
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


def take(person_id: int, deed: Deed, *, by: Actor, now: datetime) -> Standing:
    """Lock the person for somebody who may do the deed, and read where they stand.

    Raises AccessDenied, TooYoung, Deceased.
    """
    person = patients.hold(person_id, deed, by=by, now=now)
    today = localdate(now)
    if person.deceased_on is not None and person.deceased_on <= today:
        raise Deceased
    if person.relation is Relation.SELF and not people.may_choose_themselves(person.birth_date, today):
        raise TooYoung
    place = QueuePlace.objects.filter(
        person_id=person_id, state__in=[state.value for state in LIVE_QUEUE_STATES]
    ).first()
    offer = None
    if place is not None and place.state == QueueState.OFFERED.value:
        offer = Offer.objects.filter(place=place, state=OfferState.OPEN.value).first()
    return Standing(
        person=person,
        today=today,
        p=in_force(ListingParameters, today),
        listings=list(Listing.objects.filter(person_id=person_id).order_by("starts_on")),
        place=place,
        offer=offer,
    )


def check_own_clinic(clinic: Unit, by: Actor) -> None:
    """Staff register choices of their own clinic only.

    Raises NotYourClinic.
    """
    if by.kind is ActorKind.STAFF and clinic.hsa_id != by.unit_hsa_id:
        raise NotYourClinic
