"""Where the API looks at the clock; everything below gets the time as an argument."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    return timezone.now()


def today() -> date:
    """The day in Sweden."""
    return timezone.localdate(now())
