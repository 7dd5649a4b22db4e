"""Choose, change, take back and leave a clinic."""

from datetime import datetime
from typing import Any

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor, ActorKind
from vardnav.listing.actions import counts, guardians, offers, state
from vardnav.listing.actions.enter import check_choice, end_named_doctor_of, enter, open_clinic
from vardnav.listing.actions.state import Listed, Standing
from vardnav.listing.models import ClinicCount, Listing, NamedDoctor
from vardnav.listing.rules import (
    NEWBORN_BELOW,
    AlreadyListedThere,
    BothGuardiansDecide,
    ClinicFull,
    Exemption,
    NotExempt,
    NotListed,
    NotYourClinic,
    NoUpcomingChange,
    Origin,
    has_room,
    starts_on,
)
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.patients.rules import Deed, age
from vardnav.patients.selectors import family_ids

Answer = dict[str, Any]


@transaction.atomic
def choose_clinic(person_id: int, clinic_id: int, *, by: Actor, now: datetime, key: str | None = None) -> Answer:
    """List a resident with a clinic from the day after (a value of the region).

    Answers {"result": "listed", "clinic", "starts_on"}, or, for a child with two guardians,
    {"result": "waiting_for_guardian", "clinic", "expires_at"} unless the other one has chosen the same clinic already.

    Raises AccessDenied, TooYoung, Deceased, NotYourClinic, AlreadyListedThere, TooManyChanges, ClinicClosed,
    ClinicFull (join_queue is the way then).
    """

    def do() -> Answer:
        standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
        clinic = open_clinic(clinic_id, standing)
        state.check_own_clinic(clinic.hsa_id, by)
        check_choice(standing, clinic_id, by=by, now=now)
        others = guardians.others(standing, by)
        if others:
            asked = guardians.asked_already(standing, clinic, by=by, now=now)
            if asked is not None:  # both have chosen the same: that is agreeing
                return guardians.agree(asked, standing, clinic, by=by, now=now)
            return guardians.wait_for(others, standing, clinic, by=by, now=now)
        return enter(standing, clinic, by=by, now=now)

    return audit.once(key, "listing.choice", by=by, now=now, do=do)


@transaction.atomic
def withdraw_change(person_id: int, *, by: Actor, now: datetime) -> Answer:
    """Take back a change that has not begun; the clinic and the doctor before it go on without a break.

    Raises NoUpcomingChange, NotYourClinic (staff: only the clinic that was chosen), ClinicClosed,
    ClinicFull (the old clinic's place has been given to somebody else).
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    upcoming, earlier = standing.upcoming, standing.before_upcoming
    if upcoming is None:
        raise NoUpcomingChange
    state.check_own_clinic_id(upcoming.clinic_id, by)
    if earlier is not None:
        open_clinic(earlier.clinic_id, standing)
    locked = counts.lock_clinics([upcoming.clinic_id, earlier.clinic_id if earlier else None])
    if earlier is not None:
        back = locked[earlier.clinic_id]
        if not has_room(back.cap, back.listed, back.held, back.waiting):
            raise ClinicFull(ahead=back.waiting)
    _undo(standing, upcoming, earlier, locked)
    audit.record(
        "listing.change.withdrawn",
        by=by,
        now=now,
        patient_id=person_id,
        resource=("clinic", upcoming.clinic_id),
    )
    outbox.send(Template.LISTING_WITHDRAWN, to=person_id, by=by, now=now)
    offers.fill_locked(locked[upcoming.clinic_id], by=by, now=now)
    return {"result": "withdrawn"}


def _undo(standing: Standing, upcoming: Listed, earlier: Listed | None, locked: dict[int, ClinicCount]) -> None:
    burden = standing.person.burden
    begins = upcoming.starts_on
    upcoming_clinic = upcoming.clinic_id
    Listing.objects.filter(id=upcoming.id).delete()
    counts.went(locked[upcoming_clinic], burden)
    end_named_doctor_of(standing, begins)
    if earlier is None:
        return
    Listing.objects.filter(id=earlier.id).update(ends_on=None)
    counts.came(locked[earlier.clinic_id], burden)
    named = NamedDoctor.objects.filter(
        person_id=standing.person.id, clinic_id=earlier.clinic_id, ends_on=begins
    ).first()
    if named is not None:
        NamedDoctor.objects.filter(id=named.id).update(ends_on=None)
        counts.joined_panel(named.clinic_id, named.doctor_id, burden)


@transaction.atomic
def leave_clinic(person_id: int, *, by: Actor, now: datetime) -> Answer:
    """End the listing without a new one, from the day after.

    Raises NotListed, NotYourClinic, BothGuardiansDecide.
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    if standing.open is None:
        raise NotListed
    state.check_own_clinic_id(standing.open.clinic_id, by)
    if guardians.others(standing, by):
        raise BothGuardiansDecide
    ends = starts_on(standing.today, standing.p)
    clinic_id = standing.open.clinic_id
    locked = counts.lock_clinics([clinic_id])
    if standing.upcoming is not None:
        Listing.objects.filter(id=standing.upcoming.id).delete()
    else:
        Listing.objects.filter(id=standing.open.id).update(ends_on=ends)
    counts.went(locked[clinic_id], standing.person.burden)
    end_named_doctor_of(standing, ends)
    audit.record("listing.listing.ended", by=by, now=now, patient_id=person_id, resource=("clinic", clinic_id))
    outbox.send(Template.LISTING_LEFT, to=person_id, by=by, now=now, ends_on=ends.isoformat())
    offers.fill_locked(locked[clinic_id], by=by, now=now)
    return {"result": "left", "ends_on": ends.isoformat()}


@transaction.atomic
def take_in_exempt(person_id: int, clinic_id: int, *, exemption: Exemption, by: Actor, now: datetime) -> Answer:
    """List somebody who is exempt from the cap: a newborn of the clinic's family, a resident of a care home it serves.

    Only the clinic's own staff; the exemption stands in the log. Which care homes a clinic serves is not known
    here: there the staff answer for it.

    Raises AccessDenied, NotYourClinic, AlreadyListedThere, NotExempt, ClinicClosed.
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    clinic = open_clinic(clinic_id, standing)
    if by.kind is ActorKind.RESIDENT:
        raise NotYourClinic
    state.check_own_clinic(clinic.hsa_id, by)
    if standing.open is not None and standing.open.clinic_id == clinic_id:
        raise AlreadyListedThere
    if exemption is Exemption.NEWBORN_OF_FAMILY:
        _check_newborn(standing, clinic_id)
    origin = Origin.NEWBORN if exemption is Exemption.NEWBORN_OF_FAMILY else Origin.CHOSEN
    audit.record("listing.cap.exempted", by=by, now=now, patient_id=person_id, reason=exemption.value)
    return enter(standing, clinic, by=by, now=now, origin=origin, exempt=True)


def _check_newborn(standing: Standing, clinic_id: int) -> None:
    """Raises NotExempt."""
    family = family_ids(standing.person.id, standing.today)
    at_the_clinic = Listing.objects.filter(clinic_id=clinic_id, ends_on__isnull=True, person_id__in=family)
    if age(standing.person.birth_date, standing.today) >= NEWBORN_BELOW or not at_the_clinic.exists():
        raise NotExempt
