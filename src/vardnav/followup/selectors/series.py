"""Month by month: each month as it stood on its last counted day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncMonth

from vardnav.followup.models import ClinicSnapshot, MunicipalitySnapshot, RegionSnapshot
from vardnav.followup.rules import Figures, Load, Tally, alone, load, total
from vardnav.followup.selectors.stand import COUNTED, SUMMED, Stand, tally_of

MONTHS = 25  # two years and the month that runs


@dataclass(frozen=True, slots=True)
class Point:
    """A month's figures; `load` only where clinics are seen together."""

    on: date
    figures: Figures
    load: Load | None = None


def month_days(until: date, months: int = MONTHS) -> list[date]:
    """The last counted day of each month, oldest first."""
    found = (
        RegionSnapshot.objects.filter(taken_on__lte=until)
        .annotate(month=TruncMonth("taken_on"))
        .values("month")
        .annotate(day=Max("taken_on"))
        .order_by("-month")
        .values_list("day", flat=True)[:months]
    )
    return sorted(found)


def region_series(stand: Stand, months: int = MONTHS) -> list[Point]:
    """The whole region."""
    days = month_days(stand.on, months)
    counted = {
        row["taken_on"]: row
        for row in RegionSnapshot.objects.filter(taken_on__in=days).values("taken_on", "median_wait_days", *COUNTED)
    }
    points = _points(stand, days, ClinicSnapshot.objects.all(), MunicipalitySnapshot.objects.all())
    return [
        replace(point, figures=replace(point.figures, counted=_without_day(counted.get(point.on)))) for point in points
    ]


def municipality_series(stand: Stand, code: str, months: int = MONTHS) -> list[Point]:
    """The clinics that lie in a municipality, and those who live there."""
    days = month_days(stand.on, months)
    residents = MunicipalitySnapshot.objects.filter(municipality_id=code)
    points = _points(stand, days, ClinicSnapshot.objects.filter(clinic__municipality_id=code), residents)
    counted = {row["taken_on"]: row for row in residents.filter(taken_on__in=days).values("taken_on", *COUNTED)}
    return [
        replace(point, figures=replace(point.figures, counted=_without_day(counted.get(point.on)))) for point in points
    ]


def clinic_series(stand: Stand, clinic_id: int, months: int = MONTHS) -> list[Point]:
    """One clinic, from the month it opened."""
    rows = ClinicSnapshot.objects.filter(clinic_id=clinic_id, taken_on__in=month_days(stand.on, months))
    values = rows.order_by("taken_on").values("taken_on", "cap", "free_places", *SUMMED, *COUNTED)
    return [Point(row["taken_on"], alone(tally_of(row), {key: row[key] for key in COUNTED})) for row in values]


def _points(
    stand: Stand,
    days: list[date],
    clinics: QuerySet[ClinicSnapshot],
    residents: QuerySet[MunicipalitySnapshot],
) -> list[Point]:
    by_day: dict[date, list[tuple[Any, ...]]] = {day: [] for day in days}
    for row in clinics.filter(taken_on__in=days).values_list("taken_on", "cap", "free_places", *SUMMED):
        by_day[row[0]].append(row[1:])
    living = residents_by_day(residents.filter(taken_on__in=days))
    return [_point(stand, day, rows, living.get(day, Tally())) for day, rows in by_day.items()]


def _point(stand: Stand, day: date, rows: list[tuple[Any, ...]], living: Tally) -> Point:
    """Sums of columns rather than of tallies: a year of a large region is three thousand rows."""
    names = ("cap", "free_places", *SUMMED)
    columns: dict[str, tuple[Any, ...]] = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {}
    at = {name: column for name, column in columns.items() if name in SUMMED}
    tally = living + Tally(
        clinics=len(rows),
        caps=sum(cap is not None for cap in columns.get("cap", ())),
        free_places=sum(places or 0 for places in columns.get("free_places", ())),
        **{name: max(column) if name == "oldest_wait_days" else sum(column) for name, column in at.items()},
    )
    pairs = zip(columns.get("listed", ()), columns.get("specialists_fte", ()), strict=True)
    return Point(day, alone(tally), load(((listed, float(fte)) for listed, fte in pairs), stand.p.ceiling))


def residents_by_day(rows: QuerySet[MunicipalitySnapshot]) -> dict[date, Tally]:
    by_day: dict[date, list[Tally]] = {}
    for day, residents, listed, named in rows.values_list("taken_on", "residents", "listed", "named"):
        by_day.setdefault(day, []).append(Tally(residents=residents, residents_listed=listed, residents_named=named))
    return {day: total(tallies) for day, tallies in by_day.items()}


def _without_day(row: dict[str, Any] | None) -> dict[str, float | None]:
    return {key: value for key, value in (row or {}).items() if key != "taken_on"}


def nearest(points: Iterable[Point], wanted: date) -> Point | None:
    """The point of a month, if it is counted."""
    return next((point for point in points if (point.on.year, point.on.month) == (wanted.year, wanted.month)), None)
