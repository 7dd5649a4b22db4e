"""Keep today's figures fresh."""

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.followup import actions
from vardnav.kernel.actor import system


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="followup.count_today", lock="followup.count_today", pass_context=False)
def count_today(timestamp: int) -> None:
    """Every ten minutes: what the region's pages show of today."""
    now = timezone.now()
    actions.take_snapshot(timezone.localdate(now), by=system("followup"), now=now)
