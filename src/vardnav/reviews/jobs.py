"""The routine: reviews are drawn on a month's first night, and those who make them are reminded."""

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.kernel.actor import system
from vardnav.reviews import actions
from vardnav.reviews.rules import previous_month


# Every night, not the first alone: a server that was down then draws the next; what is drawn is nothing to do.
@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="reviews.follow_the_month", lock="reviews.follow_the_month", pass_context=False)
def follow_the_month(timestamp: int) -> None:
    """The reviews of the month that ended, and today's reminders."""
    now, by = timezone.now(), system("reviews")
    actions.draw_month(previous_month(timezone.localdate(now)), by=by, now=now)
    actions.remind(by=by, now=now)
