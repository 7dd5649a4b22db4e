"""The oracle: one day counted by loops over every row, as one would explain it to somebody."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from vardnav.kernel.point import Point
from vardnav.listing.models import Cap, Listing, NamedDoctor, Offer, QueuePlace
from vardnav.organisation.models import Employment, Unit
from vardnav.organisation.rules import CapacityParameters, EmploymentRole, capacity
from vardnav.patients.models import Person
from vardnav.places.models import Municipality
from vardnav.travel.estimate import drive_minutes

LIVE = ("waiting", "offered")


def covers(row: Any, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on > day)


def close_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo("Europe/Stockholm"))


def minutes(person: Person, clinic: Unit) -> int:
    home, place = Point(person.area.latitude, person.area.longitude), Point(clinic.latitude, clinic.longitude)
    return round(drive_minutes(home, place))


def nth(values: list[int], share: float) -> int | None:
    """The least value that `share` of all do not exceed."""
    ordered = sorted(values)
    return next((v for i, v in enumerate(ordered, 1) if i >= share * len(ordered) - 1e-9), None)


def employed(doctor_id: int, clinic_id: int, day: date) -> bool:
    rows = Employment.objects.filter(
        professional_id=doctor_id,
        unit_id=clinic_id,
        role__in=["specialist", "trainee"],
        professional__profession="doctor",
    )
    return any(covers(row, day) for row in rows)


def clinic_figures(clinic: Unit, day: date) -> dict[str, Any]:
    month = day.replace(day=1)
    rows = list(Listing.objects.filter(clinic=clinic).select_related("person__area"))
    here = [row for row in rows if covers(row, day)]
    named = [row for row in NamedDoctor.objects.filter(clinic=clinic) if covers(row, day)]
    kept = [row for row in named if employed(row.doctor_id, clinic.id, day)]
    joined = [row for row in rows if month <= row.starts_on <= day]
    travel = [minutes(row.person, clinic) for row in here]
    return {
        "listed": len(here),
        "burden": sum((row.person.burden for row in here), Decimal(0)),
        "named": len(kept),
        "doctor_gone": len(named) - len(kept),
        "passive": sum(row.origin == "passive" for row in here),
        "joined_month": len(joined),
        "chosen_month": sum(row.origin == "chosen" for row in joined),
        "left_month": sum(row.ends_on is not None and month <= row.ends_on <= day for row in rows),
        "travel_median": nth(travel, 0.5),
        "travel_p95": nth(travel, 0.95),
        **staff_figures(clinic, day),
        **queue_figures(clinic, day, len(here)),
    }


def staff_figures(clinic: Unit, day: date) -> dict[str, Any]:
    doctors = [
        row
        for row in Employment.objects.filter(unit=clinic).select_related("professional")
        if covers(row, day) and row.professional.profession == "doctor"
    ]
    gps = [row for row in doctors if row.role == "specialist" and row.professional.specialty == "general_medicine"]
    return {
        "specialists_fte": sum((row.share for row in gps), Decimal(0)),
        "specialists_heads": len({row.professional_id for row in gps}),
        "trainees_fte": sum((row.share for row in doctors if row.role == "trainee"), Decimal(0)),
        "locums_fte": sum((row.share for row in doctors if row.role == "locum"), Decimal(0)),
        "capacity": sum(
            capacity(EmploymentRole(row.role), row.share, row.duties_share, CapacityParameters()) for row in doctors
        ),
    }


def queue_figures(clinic: Unit, day: date, listed: int) -> dict[str, Any]:
    end = close_of(day)
    waiting = [
        row
        for row in QueuePlace.objects.filter(clinic=clinic, joined_at__lt=end)
        if row.state in LIVE or (row.settled_at is not None and row.settled_at >= end)
    ]
    waits = [(day - row.joined_at.astimezone(ZoneInfo("Europe/Stockholm")).date()).days for row in waiting]
    offers = list(Offer.objects.filter(place__clinic=clinic, made_at__lt=end))
    held = sum(row.state == "open" or (row.settled_at is not None and row.settled_at >= end) for row in offers)
    cap = next((row.heads for row in Cap.objects.filter(clinic=clinic, state="granted") if covers(row, day)), None)
    return {
        "queue": len(waiting),
        "wait_days": sum(waits),
        "oldest_wait_days": max(waits, default=0),
        "offers_open": held,
        "offers_made": sum(row.made_at >= end - timedelta(days=30) for row in offers),
        "cap": cap,
        "free_places": None if cap is None else max(0, cap - listed - held),
    }


def municipality_figures(of: Municipality, day: date) -> dict[str, Any]:
    people = [
        one
        for one in Person.objects.filter(area__municipality=of).select_related("area")
        if one.birth_date <= day and (one.deceased_on is None or one.deceased_on > day)
    ]
    rows = Listing.objects.filter(person__area__municipality=of).select_related("person__area", "clinic")
    listed = [row for row in rows if covers(row, day)]
    named = [
        row
        for row in NamedDoctor.objects.filter(person__area__municipality=of)
        if covers(row, day) and employed(row.doctor_id, row.clinic_id, day)
    ]
    travel = [minutes(row.person, row.clinic) for row in listed]
    return {
        "residents": len(people),
        "listed": len(listed),
        "named": len(named),
        "travel_median": nth(travel, 0.5),
        "travel_p95": nth(travel, 0.95),
    }
