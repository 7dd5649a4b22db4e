"""Month by month: each month as it stood on its last counted day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max
from django.db.models.functions import TruncMonth

from vardnav.followup.models import ClinicSnapshot, MunicipalitySnapshot, RegionSnapshot
from vardnav.followup.rules import Figures, Load, Tally, alone
from vardnav.followup.selectors.stand import COUNTED, SUMMED, Stand, tally_of

MONTHS = 25  # two years and the month that runs

# Summed by the database: two years of a large region are six thousand rows, and a page needs twenty-five.
SUMS = """
SELECT s.taken_on, count(*), count(s.cap), coalesce(sum(s.free_places), 0), max(s.oldest_wait_days),
       sum(s.listed), sum(s.burden), sum(s.named), sum(s.doctor_gone), sum(s.passive), sum(s.specialists_fte),
       sum(s.specialists_heads), sum(s.trainees_fte), sum(s.locums_fte), sum(s.capacity), sum(s.queue),
       sum(s.wait_days), sum(s.offers_open), sum(s.offers_made), sum(s.joined_month), sum(s.chosen_month),
       sum(s.left_month),
       count(*) FILTER (WHERE s.listed > 0), count(*) FILTER (WHERE s.listed > 0 AND s.specialists_fte <= 0),
       avg(one.load), percentile_cont(0.5) WITHIN GROUP (ORDER BY one.load),
       count(*) FILTER (WHERE one.load > %(ceiling)s)
FROM followup_clinicsnapshot s
CROSS JOIN LATERAL (SELECT nullif(s.listed, 0) / nullif(s.specialists_fte, 0)::float AS load) AS one
JOIN organisation_unit u ON u.id = s.clinic_id
WHERE s.taken_on = ANY(%(days)s) AND (%(code)s::text IS NULL OR u.municipality_id = %(code)s)
GROUP BY 1
"""
DECIMALS = frozenset({"burden", "specialists_fte", "trainees_fte", "locums_fte"})
COLUMNS = (
    "clinics",
    "caps",
    "free_places",
    "oldest_wait_days",
    *(name for name in SUMMED if name != "oldest_wait_days"),
)


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
    rows = RegionSnapshot.objects.filter(taken_on__in=days)
    return _points(stand, days, None, list(rows.values("taken_on", "median_wait_days", *COUNTED)))


def municipality_series(stand: Stand, code: str, months: int = MONTHS) -> list[Point]:
    """The clinics that lie in a municipality, and those who live there."""
    days = month_days(stand.on, months)
    rows = MunicipalitySnapshot.objects.filter(municipality_id=code, taken_on__in=days)
    return _points(stand, days, code, list(rows.values("taken_on", *COUNTED)))


def clinic_series(stand: Stand, clinic_id: int, months: int = MONTHS) -> list[Point]:
    """One clinic, from the month it opened."""
    rows = ClinicSnapshot.objects.filter(clinic_id=clinic_id, taken_on__in=month_days(stand.on, months))
    values = rows.order_by("taken_on").values("taken_on", "cap", "free_places", *SUMMED, *COUNTED)
    return [Point(row["taken_on"], alone(tally_of(row), {key: row[key] for key in COUNTED})) for row in values]


def _points(stand: Stand, days: list[date], code: str | None, counted: list[dict[str, Any]]) -> list[Point]:
    living = _residents(days, code)
    besides = {row.pop("taken_on"): row for row in counted}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"ceiling": stand.p.ceiling, "days": days, "code": code})
        sums = {row[0]: row[1:] for row in cursor.fetchall()}
    return [_point(day, sums.get(day), living.get(day, Tally()), besides.get(day, {})) for day in days]


def _point(day: date, row: tuple[Any, ...] | None, living: Tally, counted: dict[str, float | None]) -> Point:
    if row is None:
        return Point(day, alone(living, counted))
    values, (clinics, without, mean, median, above) = row[: len(COLUMNS)], row[len(COLUMNS) :]
    sums: dict[str, Any] = {
        name: value if isinstance(value, Decimal) and name in DECIMALS else int(value)
        for name, value in zip(COLUMNS, values, strict=True)
    }
    load = Load(clinics, without, mean, median, above, values=())
    return Point(day, alone(living + Tally(**sums), {**counted, **load.counted}), load)


def _residents(days: list[date], code: str | None) -> dict[date, Tally]:
    rows = MunicipalitySnapshot.objects.filter(taken_on__in=days)
    if code is not None:
        rows = rows.filter(municipality_id=code)
    by_day: dict[date, Tally] = {}
    for day, residents, listed, named in rows.values_list("taken_on", "residents", "listed", "named"):
        earlier = by_day.get(day)
        by_day[day] = Tally(
            residents=residents + (earlier.residents if earlier else 0),
            residents_listed=listed + (earlier.residents_listed if earlier else 0),
            residents_named=named + (earlier.residents_named if earlier else 0),
        )
    return by_day


def nearest(points: Iterable[Point], wanted: date) -> Point | None:
    """The point of a month, if it is counted."""
    return next((point for point in points if (point.on.year, point.on.month) == (wanted.year, wanted.month)), None)
