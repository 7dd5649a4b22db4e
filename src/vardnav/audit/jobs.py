"""What the log need not keep."""

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.audit import actions


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="audit.forget_commands", lock="audit.forget_commands", pass_context=False)
def forget_commands(timestamp: int) -> None:
    """Each night: answers of commands older than thirty days. The log's own lines stay."""
    actions.forget_commands(now=timezone.now())
