"""The month on paper: how it ended, against the month before and the year before."""

from dataclasses import dataclass
from datetime import date

from vardnav.followup.models import RegionSnapshot
from vardnav.followup.rules import month_start, months_back
from vardnav.followup.selectors.clinics import ClinicRow, ClinicTable, table_on
from vardnav.followup.selectors.places import MunicipalityRow, municipality_table
from vardnav.followup.selectors.series import Point, nearest, region_series
from vardnav.followup.selectors.stand import Stand, stand_on

LONGEST = 8


@dataclass(frozen=True, slots=True)
class Report:
    stand: Stand
    table: ClinicTable
    municipalities: list[MunicipalityRow]
    series: list[Point]
    month_before: Point | None
    year_before: Point | None
    farthest: list[ClinicRow]
    queues: list[ClinicRow]
    previous: date | None
    next: date | None
    is_over: bool


def month_report(month: date, today: date) -> Report | None:
    """A month as it stood on its last counted day; None where it is not counted."""
    days = RegionSnapshot.objects.filter(taken_on__gte=month_start(month), taken_on__lt=months_back(month, -1))
    last = days.order_by("-taken_on").values_list("taken_on", flat=True).first()
    stand = stand_on(last) if last else None
    if stand is None:
        return None
    table = table_on(stand)
    series = region_series(stand)
    above = [row for row in table.rows if row.has_no_specialist or (row.per_specialist or 0) > stand.p.ceiling]
    return Report(
        stand=stand,
        table=table,
        municipalities=municipality_table(stand),
        series=series,
        month_before=nearest(series, months_back(stand.on, 1)),
        year_before=nearest(series, months_back(stand.on, 12)),
        farthest=sorted(above, key=lambda row: -(row.per_specialist or float("inf")))[:LONGEST],
        queues=sorted((row for row in table.rows if row.tally.queue), key=lambda row: -row.tally.queue)[:LONGEST],
        previous=_counted(months_back(stand.on, 1)),
        next=_counted(months_back(stand.on, -1)),
        is_over=months_back(stand.on, -1) <= today,
    )


def _counted(month: date) -> date | None:
    found = RegionSnapshot.objects.filter(taken_on__gte=month, taken_on__lt=months_back(month, -1)).exists()
    return month if found else None
