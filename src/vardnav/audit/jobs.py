"""What the log does by itself: anchors every hour, verification and months every night."""

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.audit import actions
from vardnav.kernel.actor import system

SUNDAY = 6


@app.periodic(cron="20 2 * * *")
@app.task(queueing_lock="audit.forget_commands", lock="audit.forget_commands", pass_context=False)
def forget_commands(timestamp: int) -> None:
    """Each night: answers of commands older than thirty days. The log's own lines stay."""
    actions.forget_commands(now=timezone.now())


@app.periodic(cron="5 * * * *")
@app.task(queueing_lock="audit.anchor", lock="audit.anchor", pass_context=False)
def anchor(timestamp: int) -> None:
    """Each hour: how long all chains are, in a file outside the database."""
    actions.anchor(by=system("job audit.anchor"), now=timezone.now())


@app.periodic(cron="40 1 * * *")
@app.task(queueing_lock="audit.verify", lock="audit.verify", pass_context=False)
def verify(timestamp: int) -> None:
    """Each night what is new, and the night to Sunday all of it. What is found is an error in the server's log."""
    now = timezone.now()
    whole = timezone.localtime(now).weekday() == SUNDAY
    actions.verify_and_keep(by=system("job audit.verify"), now=now, since_last=not whole)


@app.periodic(cron="10 1 * * *")
@app.task(queueing_lock="audit.add_months", lock="audit.add_months", pass_context=False)
def add_months(timestamp: int) -> None:
    """Each night: parts of the table for the months ahead."""
    actions.add_months()
