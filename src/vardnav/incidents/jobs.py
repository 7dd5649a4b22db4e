"""Cry out in the program's own log before a report is late."""

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.incidents import selectors
from vardnav.incidents.rules import State

log = structlog.get_logger("vardnav.incidents")


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="incidents.watch", lock="incidents.watch", pass_context=False)
def watch(timestamp: int) -> None:
    """Each quarter of an hour: an error for each report whose deadline is near or has passed, until it is sent."""
    for one in selectors.due(timezone.now()):
        late = one.deadline.state is State.LATE
        log.error(
            "incidents.deadline_passed" if late else "incidents.deadline_near",
            incident=one.incident_id,
            step=one.deadline.step.value,
            due_at=one.deadline.due_at.isoformat(),
        )
