"""What happens to listings by itself: offers run out, choices lapse, caps, clinics and lives end."""

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.kernel.actor import system
from vardnav.listing import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="listing.expire", lock="listing.expire", pass_context=False)
def expire(timestamp: int) -> None:
    """Each minute: offers nobody answered, choices the other guardian did not, and places an import has freed."""
    now = timezone.now()
    by = system("listing")
    actions.expire_offers(by=by, now=now)
    actions.void_choices(by=by, now=now)
    actions.fill_queues(by=by, now=now)


# Each hour, not at midnight only: whatever was down then is done an hour later, and the next day begins in Sweden's
# time whether UTC is one hour behind or two. What is done already is nothing to do.
@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="listing.follow_the_day", lock="listing.follow_the_day", pass_context=False)
def follow_the_day(timestamp: int) -> None:
    """Counters follow the caps of the day; the dead and closing clinics are seen to, at night those who never chose."""
    now = timezone.now()
    by = system("listing")
    actions.refresh_caps(today=timezone.localdate(now), by=by, now=now)
    actions.end_for_the_dead(by=by, now=now)
    actions.move_from_closing(by=by, now=now)
    if is_night(now):
        actions.list_passively(by=by, now=now)


def is_night(now: datetime) -> bool:
    """Until five in Sweden: a county that has moved in is listed while few others ask the database."""
    return timezone.localtime(now).hour < 5
