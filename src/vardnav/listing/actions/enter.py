"""The one place where a listing begins."""

from datetime import date, datetime
from typing import Any

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.actions import counts, offers
from vardnav.listing.actions.state import Standing
from vardnav.listing.models import Listing, NamedDoctor
from vardnav.listing.rules import (
    AlreadyListedThere,
    ClinicClosed,
    ClinicFull,
    Origin,
    check_changes,
    has_room,
    starts_on,
)
from vardnav.live import actions as live
from vardnav.organisation.selectors import Unit, clinics
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template

Answer = dict[str, Any]


def open_clinic(clinic_id: int, standing: Standing) -> Unit:
    """Raises ClinicClosed."""
    clinic = clinics(starts_on(standing.today, standing.p)).select_related(None).order_by().filter(id=clinic_id).first()
    if clinic is None:
        raise ClinicClosed
    return clinic


def check_choice(standing: Standing, clinic_id: int) -> None:
    """Raises AlreadyListedThere, TooManyChanges."""
    if standing.open is not None and standing.open.clinic_id == clinic_id:
        raise AlreadyListedThere
    check_changes(standing.changes_made_on, standing.today, standing.p)


def enter(
    standing: Standing,
    clinic: Unit,
    *,
    by: Actor,
    now: datetime,
    origin: Origin = Origin.CHOSEN,
    from_held: bool = False,
    exempt: bool = False,
) -> Answer:
    """Move a resident to a clinic: the one place where a listing begins.

    Raises ClinicFull.
    """
    begins = starts_on(standing.today, standing.p)
    old = standing.open
    queued_at = standing.place.clinic_id if standing.place else None
    locked = counts.lock_clinics([clinic.id, old.clinic_id if old else None, queued_at])
    count = locked[clinic.id]
    if not from_held and not exempt and not has_room(count.cap, count.listed, count.held, count.waiting):
        raise ClinicFull(ahead=count.waiting)
    previous = _close_for(standing, begins)
    counts.came(count, standing.person.burden, from_held=from_held, exempt=exempt)
    Listing.objects.create(
        person_id=standing.person.id,
        clinic=clinic,
        starts_on=begins,
        previous_ends_on=previous,
        origin=origin.value,
        made_at=now,
        made_by=by.name,
    )
    if old is not None:
        counts.went(locked[old.clinic_id], standing.person.burden)
        end_named_doctor_of(standing, begins)
    offers.settle_on_entry(standing, locked, accepted=from_held, by=by, now=now)
    _tell(standing, clinic, old, begins, origin, by=by, now=now)
    if old is not None:
        offers.fill_locked(locked[old.clinic_id], by=by, now=now)
    return {"result": "listed", "clinic": clinic.name, "starts_on": begins.isoformat()}


def _close_for(standing: Standing, begins: date) -> date | None:
    """End what stands in the way; answers the end that the new listing follows."""
    upcoming, earlier = standing.upcoming, standing.before_upcoming
    if upcoming is None:
        if standing.open is not None:
            Listing.objects.filter(id=standing.open.id).update(ends_on=begins)
            return begins
        return standing.listings[-1].ends_on if standing.listings else None
    Listing.objects.filter(id=upcoming.id).delete()  # it never began; the log keeps that it was made
    if earlier is None:
        return upcoming.previous_ends_on
    if begins != earlier.ends_on:
        Listing.objects.filter(id=earlier.id).update(ends_on=begins)
        NamedDoctor.objects.filter(
            person_id=standing.person.id, clinic_id=earlier.clinic_id, ends_on=earlier.ends_on
        ).update(ends_on=begins)
    return begins


def end_named_doctor_of(standing: Standing, on: date) -> None:
    """A named doctor belongs to a clinic: it ends with the listing there."""
    named = NamedDoctor.objects.filter(person_id=standing.person.id, ends_on__isnull=True).first()
    if named is None:
        return
    if named.starts_on >= on:
        named.delete()
    else:
        NamedDoctor.objects.filter(id=named.id).update(ends_on=on)
    counts.left_panel(named.clinic_id, named.doctor_id, standing.person.burden)


def _tell(
    standing: Standing,
    clinic: Unit,
    old: Listing | None,
    begins: date,
    origin: Origin,
    *,
    by: Actor,
    now: datetime,
) -> None:
    person_id = standing.person.id
    audit.record(
        "listing.listing.made",
        by=by,
        now=now,
        patient_id=person_id,
        resource=("clinic", clinic.hsa_id),
        origin=origin.value,
        starts_on=begins.isoformat(),
    )
    template = Template.LISTING_PASSIVE if origin is Origin.PASSIVE else Template.LISTING_CHANGED
    outbox.send(template, to=person_id, by=by, now=now, clinic=clinic.name, starts_on=begins.isoformat())
    live.publish(f"clinic:{clinic.hsa_id}", "listing.made")
