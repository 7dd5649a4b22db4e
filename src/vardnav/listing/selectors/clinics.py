"""Clinics as a resident compares them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from vardnav.kernel.point import Point
from vardnav.listing.models import ClinicCount, PanelCount
from vardnav.listing.rules import has_room
from vardnav.organisation.rules import EmploymentRole
from vardnav.organisation.selectors import Doctor, Unit, clinics, doctors_by_unit, place_of
from vardnav.travel.estimate import drive_minutes


class Order(StrEnum):
    TRAVEL = "travel"
    NAME = "name"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class ClinicRow:
    id: int
    hsa_id: str
    name: str
    municipality: str
    care_provider: str
    address: str
    phone: str
    languages: tuple[str, ...]
    latitude: float
    longitude: float
    minutes: int | None  # by car from home, an estimate
    listed: int
    cap: int | None
    waiting: int
    has_room: bool
    specialists: int = 0
    doctors_with_room: int = 0  # doctors whose panel has room by heads


def find_clinics(
    *,
    on: date,
    home: Point | None = None,
    query: str = "",
    language: str = "",
    only_with_room: bool = False,
    order: Order = Order.TRAVEL,
    with_doctors: int | None = None,
) -> list[ClinicRow]:
    """All clinics of a region that fit; there are a few hundred at most, so they are compared in memory.

    `with_doctors`: only the first so many, those a page shows, tell of their doctors.
    """
    words = query.casefold().split()
    rows = [row for row in _rows(clinics(on), home) if _fits(row, words, language, only_with_room)]
    rows.sort(key=lambda row: _key(row, order))
    return _with_doctors(rows[:with_doctors], on) + (rows[with_doctors:] if with_doctors is not None else [])


def clinic_card(clinic_id: int, *, on: date, home: Point | None = None) -> ClinicRow | None:
    return next(iter(_with_doctors(_rows(clinics(on).filter(id=clinic_id), home), on)), None)


def _fits(row: ClinicRow, words: list[str], language: str, only_with_room: bool) -> bool:
    text = f"{row.name} {row.municipality} {row.address}".casefold()
    return (
        all(word in text for word in words)
        and (not language or language in row.languages)
        and (not only_with_room or row.has_room)
    )


def _key(row: ClinicRow, order: Order) -> tuple[float, str]:
    name = swedish_key(row.name)
    if order is Order.QUEUE:
        return (row.waiting, name)
    if order is Order.TRAVEL and row.minutes is not None:
        return (row.minutes, name)
    return (0, name)


def swedish_key(text: str) -> str:
    """Sorts å, ä and ö after z, as Swedish does."""
    return text.casefold().translate(str.maketrans("åäöæøéèü", "{|}|}eey"))


def _rows(units: Iterable[Unit], home: Point | None) -> list[ClinicRow]:
    found = list(units)
    counts = {row.clinic_id: row for row in ClinicCount.objects.filter(clinic_id__in=[unit.id for unit in found])}
    return [_row(unit, counts.get(unit.id) or ClinicCount(clinic=unit), home) for unit in found]


def _row(unit: Unit, count: ClinicCount, home: Point | None) -> ClinicRow:
    return ClinicRow(
        id=unit.id,
        hsa_id=unit.hsa_id,
        name=unit.name,
        municipality=unit.municipality.name,
        care_provider=unit.care_provider.name,
        address=", ".join(part for part in (unit.address, unit.city) if part),
        phone=unit.phone or "",
        languages=tuple(unit.languages),
        latitude=unit.latitude,
        longitude=unit.longitude,
        minutes=round(drive_minutes(home, place_of(unit))) if home else None,
        listed=count.listed,
        cap=count.cap,
        waiting=count.waiting,
        has_room=has_room(count.cap, count.listed, count.held, count.waiting),
    )


def _with_doctors(rows: list[ClinicRow], on: date) -> list[ClinicRow]:
    ids = [row.id for row in rows]
    counts = PanelCount.objects.filter(clinic_id__in=ids).values_list("clinic_id", "doctor_id", "heads")
    heads = {(clinic_id, doctor_id): count for clinic_id, doctor_id, count in counts}
    doctors = doctors_by_unit(ids, on)
    return [_counted(row, doctors.get(row.id, []), heads) for row in rows]


def _counted(row: ClinicRow, doctors: list[Doctor], heads: dict[tuple[int, int], int]) -> ClinicRow:
    return replace(
        row,
        specialists=sum(doctor.role is EmploymentRole.SPECIALIST for doctor in doctors),
        doctors_with_room=sum(heads.get((row.id, doctor.id), 0) < doctor.capacity for doctor in doctors),
    )
