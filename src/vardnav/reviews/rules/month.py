"""The calendar of reviews: a month in Sweden, and the day its review is to be done."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")


def month_of(day: date) -> date:
    return day.replace(day=1)


def previous_month(day: date) -> date:
    return month_of(month_of(day) - timedelta(days=1))


def ends_on(month: date) -> date:
    """The first day after a month."""
    return month_of(month.replace(day=1) + timedelta(days=31))


def bounds_of(month: date) -> tuple[datetime, datetime]:
    """The instants a month begins and ends in Sweden; in March and October it is an hour shorter or longer."""
    return (
        datetime.combine(month, time.min, SWEDEN),
        datetime.combine(ends_on(month), time.min, SWEDEN),
    )


def due_on(month: date, day: int) -> date:
    """The last day for the review of a month: `day` (1-28) of the month after."""
    return ends_on(month).replace(day=day)
