"""The one place where a listing begins."""

from datetime import date, datetime
from typing import Any

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.listing.actions import counts, offers, state
from vardnav.listing.actions.state import Standing
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
from vardnav.organisation import selectors as organisation
from vardnav.organisation.selectors import Clinic
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.tables import sql

Answer = dict[str, Any]
BEGIN = (
    "INSERT INTO listing_listing (person_id, clinic_id, starts_on, previous_ends_on, origin, made_at, made_by,"
    " welcomed_by) VALUES (%s, %s, %s, %s, %s, %s, %s, '')"
)
END = "UPDATE listing_listing SET ends_on = %s WHERE id = %s"
DROP = "DELETE FROM listing_listing WHERE id = %s"
FOLLOW_NAMED = "UPDATE listing_nameddoctor SET ends_on = %s WHERE person_id = %s AND clinic_id = %s AND ends_on = %s"
# What never lasted a day is dropped; either way the doctor's panel has one less.
END_NAMED = """
WITH dropped AS (
    DELETE FROM listing_nameddoctor WHERE person_id = %(person)s AND ends_on IS NULL AND starts_on >= %(on)s
    RETURNING clinic_id, doctor_id
), ended AS (
    UPDATE listing_nameddoctor SET ends_on = %(on)s
    WHERE person_id = %(person)s AND ends_on IS NULL AND starts_on < %(on)s
    RETURNING clinic_id, doctor_id
)
UPDATE listing_panelcount c SET heads = heads - 1, burden = burden - %(burden)s
FROM (SELECT * FROM dropped UNION ALL SELECT * FROM ended) AS gone
WHERE c.clinic_id = gone.clinic_id AND c.doctor_id = gone.doctor_id
"""


def open_clinic(clinic_id: int, standing: Standing) -> Clinic:
    """Raises ClinicClosed."""
    clinic = organisation.open_clinic(clinic_id, starts_on(standing.today, standing.p))
    if clinic is None:
        raise ClinicClosed
    return clinic


def check_choice(standing: Standing, clinic_id: int, *, by: Actor, now: datetime) -> None:
    """Raises AlreadyListedThere, TooManyChanges, NotFromHere."""
    try:
        if standing.open is not None and standing.open.clinic_id == clinic_id:
            raise AlreadyListedThere
        check_changes(standing.changes_made_on, standing.today, standing.p)
    except Refusal as refusal:
        raise state.said_to(refusal, standing, by=by, now=now) from None


def enter(
    standing: Standing,
    clinic: Clinic,
    *,
    by: Actor,
    now: datetime,
    origin: Origin = Origin.CHOSEN,
    from_held: bool = False,
    exempt: bool = False,
) -> Answer:
    """Move a resident to a clinic: the one place where a listing begins.

    Raises ClinicFull, OfferGone.
    """
    begins = starts_on(standing.today, standing.p)
    old = standing.open
    queued_at = standing.place.clinic_id if standing.place else None
    locked = counts.lock_clinics([clinic.id, old.clinic_id if old else None, queued_at])
    count = locked[clinic.id]
    if from_held:
        offers.check_held(standing)
    elif not exempt and not has_room(count.cap, count.listed, count.held, count.waiting):
        raise ClinicFull(ahead=count.waiting)
    with sql.together():
        previous = _close_for(standing, begins)  # first: one clinic at a time is a constraint
        sql.run(BEGIN, [standing.person.id, clinic.id, begins, previous, origin.value, now, by.name])
        counts.came(count, standing.person.burden, from_held=from_held, exempt=exempt)
        if old is not None:
            counts.went(locked[old.clinic_id], standing.person.burden)
            end_named_doctor_of(standing, begins)
        _tell(standing, clinic, begins, origin, by=by, now=now)
    offers.settle_on_entry(standing, locked, accepted=from_held, by=by, now=now)
    if old is not None:
        offers.fill_locked(locked[old.clinic_id], by=by, now=now)
    return {"result": "listed", "clinic": clinic.name, "starts_on": begins.isoformat()}


def _close_for(standing: Standing, begins: date) -> date | None:
    """End what stands in the way; answers the end that the new listing follows."""
    upcoming, earlier = standing.upcoming, standing.before_upcoming
    if upcoming is None:
        if standing.open is not None:
            sql.run(END, [begins, standing.open.id])
            return begins
        return standing.listings[-1].ends_on if standing.listings else None
    sql.run(DROP, [upcoming.id])  # it never began; the log keeps that it was made
    if earlier is None:
        return upcoming.previous_ends_on
    if begins != earlier.ends_on:
        sql.run(END, [begins, earlier.id])
        sql.run(FOLLOW_NAMED, [begins, standing.person.id, earlier.clinic_id, earlier.ends_on])
    return begins


def end_named_doctor_of(standing: Standing, on: date) -> None:
    """A named doctor belongs to a clinic: it ends with the listing there."""
    sql.run(END_NAMED, {"person": standing.person.id, "on": on, "burden": standing.person.burden})


def _tell(standing: Standing, clinic: Clinic, begins: date, origin: Origin, *, by: Actor, now: datetime) -> None:
    person_id = standing.person.id
    template = Template.LISTING_PASSIVE if origin is Origin.PASSIVE else Template.LISTING_CHANGED
    outbox.send(template, to=person_id, by=by, now=now, clinic=clinic.name, starts_on=begins.isoformat())
    live.publish(f"clinic:{clinic.hsa_id}", "listing.made")
    audit.record(
        "listing.listing.made",
        by=by,
        now=now,
        patient_id=person_id,
        resource=("clinic", clinic.hsa_id),
        origin=origin.value,
        starts_on=begins.isoformat(),
    )
