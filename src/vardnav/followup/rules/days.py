"""Months as the region follows them: a month stands for its last day, the current one for today."""

from datetime import date, timedelta


def month_start(day: date) -> date:
    return day.replace(day=1)


def months_back(day: date, months: int) -> date:
    """The first day of the month that many months before."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def month_ends(today: date, months: int) -> list[date]:
    """The last days of that many whole months before, oldest first, and today."""
    ends = [months_back(today, back - 1) - timedelta(days=1) for back in range(months, 0, -1)]
    return [*ends, today]
