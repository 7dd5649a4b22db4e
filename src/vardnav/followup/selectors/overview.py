"""What the region must decide now, and how it goes."""

from dataclasses import dataclass
from datetime import date, timedelta

from vardnav.followup.rules import Bin, Figures, Load, histogram
from vardnav.followup.selectors.clinics import ClinicRow, table_on
from vardnav.followup.selectors.series import Point, nearest, region_series
from vardnav.followup.selectors.stand import Stand, latest
from vardnav.listing import selectors as listing

SOON = timedelta(days=60)
BIN = 200
FARTHEST = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for somebody to decide."""

    requests: int
    oldest_request_on: date | None
    caps_ending: int
    without_specialist: list[ClinicRow]
    standing_queues: list[ClinicRow]  # people wait, and nobody has been offered a place for 30 days
    doctor_gone: list[ClinicRow]  # the doctor has left, no other is named
    farthest: list[ClinicRow]  # above the guide value, the farthest first

    @property
    def people_whose_doctor_is_gone(self) -> int:
        return sum(row.tally.doctor_gone for row in self.doctor_gone)

    @property
    def people_in_standing_queues(self) -> int:
        return sum(row.tally.queue for row in self.standing_queues)

    @property
    def is_empty(self) -> bool:
        return not (
            self.requests or self.caps_ending or self.without_specialist or self.standing_queues or self.doctor_gone
        )


@dataclass(frozen=True, slots=True)
class Overview:
    stand: Stand
    waiting: Waiting
    figures: Figures
    load: Load
    bins: list[Bin]
    series: list[Point]
    year_ago: Point | None

    @property
    def month_ago(self) -> Point | None:
        return self.series[-2] if len(self.series) > 1 else None

    @property
    def report_month(self) -> date:
        """The last month that is over; before there is one, the month that runs."""
        return self.month_ago.on if self.month_ago else self.stand.on


def overview(today: date) -> Overview | None:
    """None before the first count."""
    stand = latest()
    if stand is None:
        return None
    table = table_on(stand)
    series = region_series(stand)
    return Overview(
        stand=stand,
        waiting=_waiting(table.rows, stand, today),
        figures=table.region,
        load=table.load,
        bins=histogram(table.load.values, goal=stand.p.ceiling, width=BIN),
        series=series,
        year_ago=nearest(series, stand.on.replace(year=stand.on.year - 1, day=1)),
    )


def _waiting(rows: list[ClinicRow], stand: Stand, today: date) -> Waiting:
    requests = listing.caps_to_decide()
    asked = [cap.asked_at for cap in requests if cap.asked_at]
    above = [row for row in rows if (row.per_specialist or 0) > stand.p.ceiling]
    return Waiting(
        requests=len(requests),
        oldest_request_on=min(asked).date() if asked else None,
        caps_ending=sum(cap.ends_on <= today + SOON for cap in listing.granted_caps(on=today)),
        without_specialist=sorted((row for row in rows if row.has_no_specialist), key=lambda row: -row.tally.listed),
        standing_queues=sorted(
            (row for row in rows if row.tally.queue and not row.tally.offers_made), key=lambda row: -row.tally.queue
        ),
        doctor_gone=sorted((row for row in rows if row.tally.doctor_gone), key=lambda row: -row.tally.doctor_gone),
        farthest=sorted(above, key=lambda row: -(row.per_specialist or 0))[:FARTHEST],
    )
