"""Give a resident a named doctor, change and end it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.listing.actions import counts, state
from vardnav.listing.actions.state import Listed, Standing
from vardnav.listing.models import NamedDoctor, PanelCount
from vardnav.listing.rules import DoctorNotAtClinic, NotListed, check_ceiling
from vardnav.live import actions as live
from vardnav.organisation.selectors import Doctor, Unit, doctors_of, unit
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.patients.rules import Deed

Answer = dict[str, Any]


@transaction.atomic
def name_doctor(person_id: int, doctor_id: int, *, reason: str = "", by: Actor, now: datetime) -> Answer:
    """Give a listed resident a named doctor at their clinic, from today or from the listing's first day.

    `reason` is needed, kept and shown when the doctor then stands above capacity.

    Raises AccessDenied, NotListed, NotYourClinic, DoctorNotAtClinic, CeilingReached.
    """
    standing = state.take(person_id, Deed.CARE, by=by, now=now)
    listing, clinic = _listing_at_own_clinic(standing, by)
    begins = max(standing.today, listing.starts_on)
    doctor = _doctor_there(clinic.id, doctor_id, begins)
    named = _open_named(person_id)
    if named is not None and named.doctor_id == doctor_id and named.clinic_id == clinic.id:
        return {"result": "named", "doctor": doctor.name, "starts_on": named.starts_on.isoformat()}
    panels = _lock_panels(clinic.id, doctor_id, named)
    panel = panels[clinic.id, doctor_id]
    above = check_ceiling(
        heads=panel.heads,
        burden=panel.burden,
        capacity=doctor.capacity,
        added_burden=standing.person.burden,
        reason=reason,
    )
    previous = _end(named, begins, person_id, standing)
    NamedDoctor.objects.create(
        person_id=person_id,
        clinic=clinic,
        doctor_id=doctor_id,
        starts_on=begins,
        previous_ends_on=previous,
        above_reason=above,
        made_at=now,
        made_by=by.name,
    )
    counts.joined_panel(clinic.id, doctor_id, standing.person.burden)
    _tell(standing, clinic, doctor, begins, above, by=by, now=now)
    return {"result": "named", "doctor": doctor.name, "starts_on": begins.isoformat()}


@dataclass(frozen=True, slots=True)
class Named:
    """How it went for several residents: who has the doctor now, and who has not, with why."""

    done: list[int]
    refused: list[tuple[int, Refusal]]


def name_doctor_for(person_ids: Iterable[int], doctor_id: int, *, reason: str = "", by: Actor, now: datetime) -> Named:
    """Give several residents the same named doctor, each in a transaction of their own: one refused stops no other."""
    done: list[int] = []
    refused: list[tuple[int, Refusal]] = []
    for person_id in dict.fromkeys(person_ids):
        try:
            name_doctor(person_id, doctor_id, reason=reason, by=by, now=now)
        except Refusal as refusal:
            refused.append((person_id, refusal))
        else:
            done.append(person_id)
    return Named(done, refused)


@transaction.atomic
def end_named_doctor(person_id: int, *, reason: str, by: Actor, now: datetime) -> Answer:
    """Leave a resident without a named doctor from today; the reason is logged and the gap is counted.

    Raises AccessDenied, NotListed, NotYourClinic.
    """
    standing = state.take(person_id, Deed.CARE, by=by, now=now)
    _, clinic = _listing_at_own_clinic(standing, by)
    named = _open_named(person_id)
    if named is None:
        return {"result": "ended"}
    _end(named, standing.today, person_id, standing)
    audit.record("listing.doctor.ended", by=by, now=now, patient_id=person_id, reason=reason)
    outbox.send(Template.DOCTOR_ENDED, to=person_id, by=by, now=now, clinic=clinic.name)
    return {"result": "ended"}


def _listing_at_own_clinic(standing: Standing, by: Actor) -> tuple[Listed, Unit]:
    """The listing a doctor belongs to: the open one, also before it begins."""
    if standing.open is None:
        raise NotListed
    clinic = unit(standing.open.clinic_id)
    if clinic is None:
        raise NotListed
    state.check_own_clinic(clinic.hsa_id, by)
    return standing.open, clinic


def _doctor_there(clinic_id: int, doctor_id: int, on: date) -> Doctor:
    for doctor in doctors_of(clinic_id, on):
        if doctor.id == doctor_id:
            return doctor
    raise DoctorNotAtClinic


def _open_named(person_id: int) -> NamedDoctor | None:
    return NamedDoctor.objects.filter(person_id=person_id, ends_on__isnull=True).first()


def _lock_panels(clinic_id: int, doctor_id: int, named: NamedDoctor | None) -> dict[tuple[int, int], PanelCount]:
    """The panels that change, locked in one order for all."""
    wanted = {(clinic_id, doctor_id)}
    if named is not None:
        wanted.add((named.clinic_id, named.doctor_id))
    return {pair: counts.lock_panel(*pair) for pair in sorted(wanted)}


def _end(named: NamedDoctor | None, on: date, person_id: int, standing: Standing) -> date | None:
    """End the open named doctor; answers the end that the next one follows."""
    if named is None:
        return (
            NamedDoctor.objects.filter(person_id=person_id)
            .order_by("-ends_on")
            .values_list("ends_on", flat=True)
            .first()
        )
    counts.left_panel(named.clinic_id, named.doctor_id, standing.person.burden)
    if named.starts_on >= on:  # named today and changed today: it never lasted a day
        NamedDoctor.objects.filter(id=named.id).delete()
        return named.previous_ends_on
    NamedDoctor.objects.filter(id=named.id).update(ends_on=on)
    return on


def _tell(
    standing: Standing,
    clinic: Unit,
    doctor: Doctor,
    begins: date,
    above: str | None,
    *,
    by: Actor,
    now: datetime,
) -> None:
    audit.record(
        "listing.doctor.named",
        by=by,
        now=now,
        patient_id=standing.person.id,
        resource=("professional", doctor.hsa_id),
        reason=above or "",
        starts_on=begins.isoformat(),
    )
    outbox.send(
        Template.DOCTOR_NAMED,
        to=standing.person.id,
        by=by,
        now=now,
        doctor=doctor.name,
        clinic=clinic.name,
        starts_on=begins.isoformat(),
    )
    live.publish(f"clinic:{clinic.hsa_id}", "doctor.named")
