"""A clinic's panels in numbers: no patient is shown, so no line is written."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum

from vardnav.listing.models import Cap, ClinicCount, PanelCount
from vardnav.listing.rules import CapState
from vardnav.organisation.selectors import Doctor, doctors_of, last_days, specialists

HANDOVER_NOTICE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class DoctorPanel:
    doctor: Doctor
    heads: int
    burden: Decimal

    @property
    def free(self) -> int:
        """Heads the doctor can still take; below zero when above capacity."""
        return self.doctor.capacity - self.heads

    @property
    def is_above(self) -> bool:
        return self.heads > self.doctor.capacity or self.burden > self.doctor.capacity


@dataclass(frozen=True, slots=True)
class Panel:
    clinic_id: int
    listed: int
    burden: Decimal
    named: int
    held: int
    waiting: int
    cap: int | None
    doctors: list[DoctorPanel]
    specialists: Decimal  # full-time specialists in general medicine employed on the day

    @property
    def unnamed(self) -> int:
        return self.listed - self.named

    @property
    def named_share(self) -> Decimal | None:
        """None where nobody is listed."""
        return Decimal(self.named) / self.listed if self.listed else None

    @property
    def per_specialist(self) -> Decimal | None:
        """Listed per full-time specialist; None where there is none."""
        return Decimal(self.listed) / self.specialists if self.specialists else None

    @property
    def free(self) -> int | None:
        """Places nobody has or is promised; None without a cap."""
        return None if self.cap is None else max(0, self.cap - self.listed - self.held)

    @property
    def capacity(self) -> int:
        return sum(one.doctor.capacity for one in self.doctors)


def panel(clinic_id: int, *, on: date) -> Panel:
    """Each doctor against capacity in heads and burden, and the clinic as a whole."""
    count = ClinicCount.objects.filter(clinic_id=clinic_id).first() or ClinicCount(clinic_id=clinic_id)
    panels = {row.doctor_id: row for row in PanelCount.objects.filter(clinic_id=clinic_id)}
    doctors = [
        DoctorPanel(doctor, panels[doctor.id].heads, panels[doctor.id].burden)
        if doctor.id in panels
        else DoctorPanel(doctor, 0, Decimal(0))
        for doctor in doctors_of(clinic_id, on)
    ]
    return Panel(
        clinic_id=clinic_id,
        listed=count.listed,
        burden=count.burden,
        named=sum(row.heads for row in panels.values()),
        held=count.held,
        waiting=count.waiting,
        cap=count.cap,
        doctors=doctors,
        specialists=specialists(on).filter(unit_id=clinic_id).aggregate(full=Sum("share"))["full"] or Decimal(0),
    )


@dataclass(frozen=True, slots=True)
class Handover:
    """A panel whose doctor leaves, or has left."""

    doctor_id: int
    doctor: str
    ends_on: date  # the first day without the doctor
    heads: int
    burden: Decimal


def handovers(clinic_id: int, *, on: date) -> list[Handover]:
    """Panels to be handed over within 90 days, and those that should have been, the most urgent first."""
    ends = last_days(clinic_id)
    rows = PanelCount.objects.filter(clinic_id=clinic_id, heads__gt=0).select_related("doctor")
    found = [
        Handover(row.doctor_id, str(row.doctor), last, row.heads, row.burden)
        for row in rows
        if (last := ends.get(row.doctor_id, on)) is not None and last <= on + HANDOVER_NOTICE
    ]
    return sorted(found, key=lambda one: (one.ends_on, one.doctor_id))


@dataclass(frozen=True, slots=True)
class WithoutDoctor:
    """Listed without a named doctor, by the first reason that fits."""

    doctor_left: int  # had one, who ended
    new: int  # listed less than 90 days
    not_named: int  # nobody has named one yet

    @property
    def total(self) -> int:
        return self.doctor_left + self.new + self.not_named


NEW_FOR = timedelta(days=90)
NAMED = "EXISTS (SELECT FROM listing_nameddoctor n WHERE n.person_id = l.person_id AND n.ends_on IS NULL)"
EARLIER = "EXISTS (SELECT FROM listing_nameddoctor e WHERE e.person_id = l.person_id AND e.clinic_id = l.clinic_id)"
LEFT_AND_NEW = f"""
SELECT (SELECT count(DISTINCT l.person_id)
        FROM listing_nameddoctor e
        JOIN listing_listing l ON l.person_id = e.person_id AND l.clinic_id = e.clinic_id AND l.ends_on IS NULL
        WHERE e.clinic_id = %(clinic_id)s AND e.ends_on IS NOT NULL AND NOT {NAMED}),
       (SELECT count(*)
        FROM listing_listing l
        WHERE l.clinic_id = %(clinic_id)s AND l.ends_on IS NULL AND l.starts_on > %(new_since)s
          AND NOT {NAMED} AND NOT {EARLIER})
"""  # noqa: S608 - our own text only


def without_doctor(clinic_id: int, *, on: date) -> WithoutDoctor:
    """How many, and why. The whole is known from the counters, so only the two small parts are counted."""
    listed = ClinicCount.objects.filter(clinic_id=clinic_id).aggregate(n=Sum("listed"))["n"] or 0
    named = PanelCount.objects.filter(clinic_id=clinic_id).aggregate(n=Sum("heads"))["n"] or 0
    with connection.cursor() as cursor:
        cursor.execute(LEFT_AND_NEW, {"clinic_id": clinic_id, "new_since": on - NEW_FOR})
        left, new = cursor.fetchone()
    return WithoutDoctor(left, new, max(0, listed - named - left - new))


def caps(clinic_id: int) -> list[Cap]:
    """A clinic's caps and requests, the latest first."""
    return list(Cap.objects.filter(clinic_id=clinic_id).order_by("-starts_on", "-id"))


def caps_to_decide() -> list[Cap]:
    """Requests that wait for the region."""
    return list(
        Cap.objects.filter(state=CapState.ASKED.value)
        .select_related("clinic", "clinic__municipality")
        .order_by("asked_at")
    )


def granted_caps(*, on: date) -> list[Cap]:
    """Caps in force or to come."""
    return list(
        Cap.objects.filter(state=CapState.GRANTED.value, ends_on__gt=on)
        .select_related("clinic", "clinic__municipality")
        .order_by("starts_on", "clinic__name")
    )


def decided_caps(*, before: date, most: int = 50) -> list[Cap]:
    """What is settled: refused requests and caps that have ended, the latest decision first."""
    over = Q(state=CapState.REFUSED.value) | Q(state=CapState.GRANTED.value, ends_on__lte=before)
    return list(
        Cap.objects.filter(over).select_related("clinic", "clinic__municipality").order_by("-decided_at")[:most]
    )
