"""What happens to listings by itself: offers run out, choices lapse, caps begin and end, nobody is left without."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.kernel.actor import system
from vardnav.listing import actions

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="listing.expire", lock="listing.expire", pass_context=False)
def expire(timestamp: int) -> None:
    """Each minute: offers nobody answered, and choices the other guardian did not."""
    now = timezone.now()
    by = system("listing")
    actions.expire_offers(by=by, now=now)
    actions.void_choices(by=by, now=now)


# Periodic jobs count in UTC; one of the two is five past midnight in Sweden, summer or winter.
@app.periodic(cron="5 22,23 * * *")
@app.task(queueing_lock="listing.begin_day", lock="listing.begin_day", pass_context=False)
def begin_day(timestamp: int) -> None:
    """When a day begins in Sweden: counters follow the caps of the day, and who never chose gets a clinic."""
    now = timezone.now()
    if not begins_a_day(now):
        return
    by = system("listing")
    actions.refresh_caps(today=timezone.localdate(now), by=by, now=now)
    actions.list_passively(by=by, now=now)


def begins_a_day(now: datetime) -> bool:
    return now.astimezone(STOCKHOLM).hour == 0
