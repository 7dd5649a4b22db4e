"""Promises of places: made to the first who waits, under the lock of the clinic's counter."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.actions import counts
from vardnav.listing.actions.state import Standing
from vardnav.listing.models import ClinicCount, Offer, QueuePlace
from vardnav.listing.rules import (
    LIVE_QUEUE_STATES,
    ListingParameters,
    OfferGone,
    OfferState,
    QueueState,
    can_offer,
    offer_ends_at,
)
from vardnav.live import actions as live
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.parameters.selectors import in_force


@transaction.atomic
def fill_from_queue(clinic_id: int, *, by: Actor, now: datetime) -> int:
    """Offer every free place of a clinic to those who wait; answers how many offers were made."""
    return fill_locked(counts.lock_clinics([clinic_id])[clinic_id], by=by, now=now)


def fill_locked(count: ClinicCount, *, by: Actor, now: datetime) -> int:
    """The same under a lock that the caller holds. Never promises one place twice: each promise is held."""
    made = 0
    p: ListingParameters | None = None
    while count.waiting > 0 and can_offer(count.cap, count.listed, count.held):
        place = (
            QueuePlace.objects.filter(clinic_id=count.clinic_id, state=QueueState.WAITING.value)
            .select_related("clinic")
            .order_by("priority_class", "joined_at", "id")
            .first()
        )
        if place is None:
            break
        p = p or in_force(ListingParameters, localdate(now))
        _offer(place, count, p, by=by, now=now)
        made += 1
    return made


def _offer(place: QueuePlace, count: ClinicCount, p: ListingParameters, *, by: Actor, now: datetime) -> None:
    QueuePlace.objects.filter(id=place.id).update(state=QueueState.OFFERED.value)
    offer = Offer.objects.create(
        place=place,
        made_at=now,
        made_by=by.name,
        expires_at=offer_ends_at(now, p),
        state=OfferState.OPEN.value,
    )
    counts.hold_place(count, held=1, waiting=-1)
    audit.record("listing.offer.made", by=by, now=now, patient_id=place.person_id, resource=("offer", offer.id))
    outbox.send(
        Template.OFFER_MADE,
        to=place.person_id,
        by=by,
        now=now,
        clinic=place.clinic.name,
        expires_at=offer.expires_at.isoformat(),
    )
    live.publish(f"clinic:{place.clinic.hsa_id}", "offer.made")


def settle_on_entry(
    standing: Standing, locked: dict[int, ClinicCount], *, accepted: bool, by: Actor, now: datetime
) -> None:
    """Listing anywhere ends the queue place: as taken if it was the offer, else as left."""
    place = standing.place
    if place is None:
        return
    count = locked[place.clinic_id]
    place.refresh_from_db(fields=["state"])
    if not is_live(place) and not accepted:
        return  # the offer ran out while this transaction waited for the counter, which knows of it already
    if accepted:
        Offer.objects.filter(place=place, state=OfferState.OPEN.value).update(
            state=OfferState.ACCEPTED.value, settled_at=now, settled_by=by.name
        )
        _settle(place, QueueState.ACCEPTED, by=by, now=now)
        return
    close_place(place, count, QueueState.LEFT, OfferState.DECLINED, by=by, now=now)
    audit.record("listing.queue.left", by=by, now=now, patient_id=standing.person.id)
    fill_locked(count, by=by, now=now)


def check_held(standing: Standing) -> None:
    """The promise stands, now that the counter is locked: the job may have ended it while this transaction waited.

    Raises OfferGone.
    """
    place = standing.place
    if place is None:
        raise OfferGone
    place.refresh_from_db(fields=["state"])
    if place.state != QueueState.OFFERED.value:
        raise OfferGone


def is_live(place: QueuePlace) -> bool:
    return place.state in {state.value for state in LIVE_QUEUE_STATES}


def close_place(
    place: QueuePlace,
    count: ClinicCount,
    to: QueueState,
    offer_to: OfferState,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """End a queue place, and the promise if it has one."""
    if place.state == QueueState.OFFERED.value:
        Offer.objects.filter(place=place, state=OfferState.OPEN.value).update(
            state=offer_to.value, settled_at=now, settled_by=by.name
        )
        counts.hold_place(count, held=-1)
    else:
        counts.hold_place(count, waiting=-1)
    _settle(place, to, by=by, now=now)


def _settle(place: QueuePlace, to: QueueState, *, by: Actor, now: datetime) -> None:
    QueuePlace.objects.filter(id=place.id).update(state=to.value, settled_at=now, settled_by=by.name)
