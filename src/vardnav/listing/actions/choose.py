"""Choose, change, take back and leave a clinic."""

from datetime import datetime
from typing import Any

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor, ActorKind
from vardnav.listing.actions import counts, offers, state
from vardnav.listing.actions.enter import check_choice, end_named_doctor_of, enter, open_clinic
from vardnav.listing.actions.state import Standing
from vardnav.listing.models import ClinicCount, Listing, NamedDoctor, PendingChoice
from vardnav.listing.rules import (
    AlreadyListedThere,
    ChoiceState,
    ClinicFull,
    Exemption,
    NotListed,
    NotYourClinic,
    NoUpcomingChange,
    Origin,
    choice_ends_at,
    has_room,
    starts_on,
)
from vardnav.organisation.selectors import Unit
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.patients.rules import Deed, Relation
from vardnav.patients.selectors import guardian_ids, own_id

Answer = dict[str, Any]


@transaction.atomic
def choose_clinic(person_id: int, clinic_id: int, *, by: Actor, now: datetime, key: str | None = None) -> Answer:
    """List a resident with a clinic from the day after (a value of the region).

    Answers {"result": "listed", "clinic", "starts_on"}, or, for a child with two guardians,
    {"result": "waiting_for_guardian", "clinic", "expires_at"}.

    Raises AccessDenied, TooYoung, Deceased, NotYourClinic, AlreadyListedThere, TooManyChanges, ClinicClosed,
    ClinicFull (join_queue is the way then).
    """

    def do() -> Answer:
        standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
        clinic = open_clinic(clinic_id, standing)
        state.check_own_clinic(clinic, by)
        check_choice(standing, clinic_id)
        other = other_guardians(standing, by)
        if other:
            return _wait_for_guardian(standing, clinic, other, by=by, now=now)
        return enter(standing, clinic, by=by, now=now)

    return audit.once(key, "listing.choice", by=by, now=now, do=do)


def other_guardians(standing: Standing, by: Actor) -> list[int]:
    """The guardians besides the one who asks; staff and programs hold the paper both have signed."""
    if standing.person.relation not in (Relation.GUARDIAN, Relation.GUARDIAN_OF_TEENAGER):
        return []
    guardians = guardian_ids(standing.person.id, standing.today)
    return [one for one in guardians if one != own_id(by)]


def _wait_for_guardian(standing: Standing, clinic: Unit, others: list[int], *, by: Actor, now: datetime) -> Answer:
    """Keep the choice until the other guardian answers; an earlier one that waits is replaced."""
    person_id = standing.person.id
    asker_id = own_id(by)
    if asker_id is None:
        raise NotListed
    PendingChoice.objects.filter(person_id=person_id, state=ChoiceState.WAITING.value).update(
        state=ChoiceState.VOID.value, settled_at=now, settled_by=by.name
    )
    pending = PendingChoice.objects.create(
        person_id=person_id,
        clinic=clinic,
        asker_id=asker_id,
        asked_at=now,
        asked_by=by.name,
        expires_at=choice_ends_at(now, standing.p),
        state=ChoiceState.WAITING.value,
    )
    audit.record("listing.choice.asked", by=by, now=now, patient_id=person_id, resource=("clinic", clinic.hsa_id))
    for other in others:
        outbox.send(Template.CHOICE_WAITS, to=other, by=by, now=now, clinic=clinic.name)
    return {
        "result": "waiting_for_guardian",
        "clinic": clinic.name,
        "expires_at": pending.expires_at.isoformat(),
    }


@transaction.atomic
def withdraw_change(person_id: int, *, by: Actor, now: datetime) -> Answer:
    """Take back a change that has not begun; the clinic and the doctor before it go on without a break.

    Raises NoUpcomingChange, ClinicFull (the old clinic's place has been given to somebody else).
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    upcoming, earlier = standing.upcoming, standing.before_upcoming
    if upcoming is None:
        raise NoUpcomingChange
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
        resource=("listing", upcoming.clinic_id),
    )
    outbox.send(Template.LISTING_WITHDRAWN, to=person_id, by=by, now=now)
    offers.fill_locked(locked[upcoming.clinic_id], by=by, now=now)
    return {"result": "withdrawn"}


def _undo(standing: Standing, upcoming: Listing, earlier: Listing | None, locked: dict[int, ClinicCount]) -> None:
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

    Raises NotListed.
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    if standing.open is None:
        raise NotListed
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

    Only the clinic's own staff; the exemption stands in the log.

    Raises AccessDenied, NotYourClinic, AlreadyListedThere, ClinicClosed.
    """
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    clinic = open_clinic(clinic_id, standing)
    if by.kind is ActorKind.RESIDENT:
        raise NotYourClinic
    state.check_own_clinic(clinic, by)
    if standing.open is not None and standing.open.clinic_id == clinic_id:
        raise AlreadyListedThere
    origin = Origin.NEWBORN if exemption is Exemption.NEWBORN_OF_FAMILY else Origin.CHOSEN
    audit.record("listing.cap.exempted", by=by, now=now, patient_id=person_id, reason=exemption.value)
    return enter(standing, clinic, by=by, now=now, origin=origin, exempt=True)
