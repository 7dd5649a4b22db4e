"""The queue of a capped clinic: strictly by arrival inside each class, one place promised to one person."""

from datetime import datetime
from typing import Any

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.actions import counts, guardians, offers, state
from vardnav.listing.actions.enter import check_choice, enter, open_clinic
from vardnav.listing.models import ClinicCount, Offer, QueuePlace
from vardnav.listing.rules import (
    AlreadyQueuing,
    ClinicHasRoom,
    NotQueuing,
    OfferGone,
    OfferState,
    QueueState,
    has_room,
)
from vardnav.live import actions as live
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.patients.rules import Deed

Answer = dict[str, Any]


@transaction.atomic
def join_queue(person_id: int, clinic_id: int, *, by: Actor, now: datetime, key: str | None = None) -> Answer:
    """Wait for a place at a full clinic, last in line.

    Answers {"result": "queued", "clinic", "ahead"}.

    Raises AccessDenied, AlreadyListedThere, TooManyChanges, ClinicClosed, ClinicHasRoom, AlreadyQueuing.
    """

    def do() -> Answer:
        standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
        clinic = open_clinic(clinic_id, standing)
        state.check_own_clinic(clinic.hsa_id, by)
        check_choice(standing, clinic_id, by=by, now=now)
        if standing.place is not None:
            raise state.said_to(AlreadyQueuing(), standing, by=by, now=now)
        count = counts.lock_clinics([clinic_id])[clinic_id]
        if has_room(count.cap, count.listed, count.held, count.waiting):
            raise ClinicHasRoom
        ahead = count.waiting
        QueuePlace.objects.create(
            person_id=person_id,
            clinic_id=clinic_id,
            joined_at=now,
            joined_by=by.name,
            state=QueueState.WAITING.value,
        )
        counts.hold_place(count, waiting=1)
        audit.record("listing.queue.joined", by=by, now=now, patient_id=person_id, resource=("clinic", clinic.hsa_id))
        outbox.send(Template.QUEUE_JOINED, to=person_id, by=by, now=now, clinic=clinic.name)
        live.publish(f"clinic:{clinic.hsa_id}", "queue.joined")
        return {"result": "queued", "clinic": clinic.name, "ahead": ahead}

    return audit.once(key, "listing.queue", by=by, now=now, do=do)


@transaction.atomic
def leave_queue(person_id: int, *, by: Actor, now: datetime) -> Answer:
    """Give up the place, and an offer with it, which goes to the next.

    Raises NotQueuing, NotYourClinic.
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    place = state.place_seen(standing, by=by, now=now)
    if place is None:
        raise NotQueuing
    state.check_own_clinic_id(place.clinic_id, by)
    count = counts.lock_clinics([place.clinic_id])[place.clinic_id]
    place.refresh_from_db()
    if not offers.is_live(place):  # its offer ran out while this transaction waited for the counter
        raise NotQueuing
    offers.close_place(place, count, QueueState.LEFT, OfferState.DECLINED, by=by, now=now)
    audit.record("listing.queue.left", by=by, now=now, patient_id=person_id)
    offers.fill_locked(count, by=by, now=now)
    return {"result": "left_queue"}


@transaction.atomic
def accept_offer(person_id: int, *, by: Actor, now: datetime, key: str | None = None) -> Answer:
    """Take the offered place: the listing begins as after any choice.

    Answers as `choose_clinic`: with two guardians the other has until the offer ends.

    Raises OfferGone, NotYourClinic, TooManyChanges, ClinicClosed.
    """

    def do() -> Answer:
        standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
        place = state.place_seen(standing, by=by, now=now)
        if place is None or standing.offer is None or standing.offer.expires_at <= now:
            raise OfferGone
        clinic = open_clinic(place.clinic_id, standing)
        state.check_own_clinic(clinic.hsa_id, by)
        check_choice(standing, clinic.id, by=by, now=now)
        others = guardians.others(standing, by)
        if others:
            until = standing.offer.expires_at
            return guardians.wait_for(others, standing, clinic, by=by, now=now, until=until)
        return enter(standing, clinic, by=by, now=now, from_held=True)

    return audit.once(key, "listing.offer.accept", by=by, now=now, do=do)


@transaction.atomic
def decline_offer(person_id: int, *, by: Actor, now: datetime) -> Answer:
    """Say no: the place is offered to the next, and this queue place ends.

    Raises OfferGone, NotYourClinic.
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    place = state.place_seen(standing, by=by, now=now)
    if place is None or standing.offer is None:
        raise OfferGone
    state.check_own_clinic_id(place.clinic_id, by)
    count = counts.lock_clinics([place.clinic_id])[place.clinic_id]
    place.refresh_from_db()
    if place.state != QueueState.OFFERED.value:
        raise OfferGone
    offers.close_place(place, count, QueueState.DECLINED, OfferState.DECLINED, by=by, now=now)
    audit.record("listing.offer.declined", by=by, now=now, patient_id=person_id)
    offers.fill_locked(count, by=by, now=now)
    return {"result": "declined"}


def expire_offers(*, by: Actor, now: datetime) -> int:
    """End offers whose time has run out and offer each place on, one transaction a clinic; answers how many."""
    late = Offer.objects.filter(state=OfferState.OPEN.value, expires_at__lte=now)
    expired = 0
    for clinic_id in late.values_list("place__clinic_id", flat=True).order_by("place__clinic_id").distinct():
        expired += _expire_at(clinic_id, by=by, now=now)
    return expired


def fill_queues(*, by: Actor, now: datetime) -> int:
    """Offer free places wherever somebody waits; answers how many offers were made.

    Places come free without anybody leaving: an import brings other caps and listings.
    """
    waited_for = ClinicCount.objects.filter(waiting__gt=0).order_by("clinic_id").values_list("clinic_id", flat=True)
    return sum(offers.fill_from_queue(clinic_id, by=by, now=now) for clinic_id in waited_for)


@transaction.atomic
def _expire_at(clinic_id: int, *, by: Actor, now: datetime) -> int:
    count = counts.lock_clinics([clinic_id])[clinic_id]
    late = list(
        QueuePlace.objects.filter(
            clinic_id=clinic_id, offers__state=OfferState.OPEN.value, offers__expires_at__lte=now
        ).select_related("clinic")
    )
    for place in late:
        offers.close_place(place, count, QueueState.EXPIRED, OfferState.EXPIRED, by=by, now=now)
        audit.record("listing.offer.expired", by=by, now=now, patient_id=place.person_id)
        outbox.send(Template.OFFER_EXPIRED, to=place.person_id, by=by, now=now, clinic=place.clinic.name)
    offers.fill_locked(count, by=by, now=now)
    return len(late)
