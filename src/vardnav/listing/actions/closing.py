"""What ends though nobody chose it: the listings of the dead, and of those whose clinic closes."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.listing.actions import counts, offers, state
from vardnav.listing.actions.enter import end_named_doctor_of
from vardnav.listing.actions.passive import place_nearby
from vardnav.listing.models import ClinicCount, Listing
from vardnav.listing.rules import ListingParameters, OfferState, Origin, QueueState, starts_on
from vardnav.organisation.selectors import open_clinic
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.parameters.selectors import in_force
from vardnav.patients.rules import Deed
from vardnav.tables import sql

DEAD = """
SELECT p.id FROM patients_person p
WHERE p.deceased_on <= %s AND (
    EXISTS (SELECT FROM listing_listing l WHERE l.person_id = p.id AND l.ends_on IS NULL)
    OR EXISTS (SELECT FROM listing_queueplace q WHERE q.person_id = p.id AND q.state IN ('waiting', 'offered')))
"""
LISTED_WHERE_IT_CLOSES = """
SELECT l.person_id FROM listing_listing l JOIN organisation_unit u ON u.id = l.clinic_id
WHERE l.ends_on IS NULL AND u.ends_on <= %s
"""
WAITING_WHERE_IT_CLOSES = """
SELECT q.person_id FROM listing_queueplace q JOIN organisation_unit u ON u.id = q.clinic_id
WHERE q.state IN ('waiting', 'offered') AND u.ends_on <= %s
"""


def end_for_the_dead(*, by: Actor, now: datetime) -> int:
    """End listings, named doctors and queue places of residents who have died; answers how many residents."""
    return _each(DEAD, localdate(now), _end_for_one, by=by, now=now)


def move_from_closing(*, by: Actor, now: datetime) -> int:
    """Give those whose clinic closes the nearest open one, without a day between; answers how many.

    It is no change of theirs, and a place in another queue is kept. Whoever no open clinic can take in stays
    until one can. Nobody goes on waiting for a clinic that closes.
    """
    today = localdate(now)
    begins = starts_on(today, in_force(ListingParameters, today))
    _each(WAITING_WHERE_IT_CLOSES, begins, _wait_no_more, by=by, now=now)
    return _each(LISTED_WHERE_IT_CLOSES, begins, _move_one, by=by, now=now)


def _each(who: str, on: date, do: Callable[..., bool], *, by: Actor, now: datetime) -> int:
    """One transaction a person; one who is refused stops no other."""
    done = 0
    for (person_id,) in sorted(sql.rows(who, [on])):
        with suppress(Refusal):
            done += do(person_id, by=by, now=now)
    return done


@transaction.atomic
def _end_for_one(person_id: int, *, by: Actor, now: datetime) -> bool:
    standing = state.take(person_id, Deed.CARE, by=by, now=now, dead_too=True)
    listing, place = standing.open, standing.place
    locked = counts.lock_clinics([listing.clinic_id if listing else None, place.clinic_id if place else None])
    if listing is not None:
        open_one = Listing.objects.filter(id=listing.id)
        if listing.starts_on < standing.today:
            open_one.update(ends_on=standing.today)
        else:
            open_one.delete()  # it never lasted a day; the log keeps that it was made
        counts.went(locked[listing.clinic_id], standing.person.burden)
        end_named_doctor_of(standing, standing.today)
    _close_place(standing, locked, by=by, now=now)
    audit.record("listing.listing.ended", by=by, now=now, patient_id=person_id, reason="deceased")
    for count in locked.values():
        offers.fill_locked(count, by=by, now=now)
    return True


@transaction.atomic
def _move_one(person_id: int, *, by: Actor, now: datetime) -> bool:
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    begins = starts_on(standing.today, standing.p)
    if standing.open is None or open_clinic(standing.open.clinic_id, begins) is not None:
        return False
    standing.place = standing.offer = None  # not chosen by them: it drops no place in a queue
    return place_nearby(standing, Origin.CLINIC_CLOSED, by=by, now=now)


@transaction.atomic
def _wait_no_more(person_id: int, *, by: Actor, now: datetime) -> bool:
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    place = standing.place
    if place is None or open_clinic(place.clinic_id, starts_on(standing.today, standing.p)):
        return False
    _close_place(standing, counts.lock_clinics([place.clinic_id]), by=by, now=now)
    audit.record("listing.queue.left", by=by, now=now, patient_id=person_id, reason="the clinic closes")
    outbox.send(Template.QUEUE_CLOSED, to=person_id, by=by, now=now, clinic=place.clinic.name)
    return True


def _close_place(standing: state.Standing, locked: dict[int, ClinicCount], *, by: Actor, now: datetime) -> None:
    place = standing.place
    if place is None:
        return
    place.refresh_from_db(fields=["state"])
    if offers.is_live(place):
        offers.close_place(place, locked[place.clinic_id], QueueState.LEFT, OfferState.DECLINED, by=by, now=now)
