"""What need not be known of who was here."""

from django.utils import timezone
from procrastinate.contrib.django import app

from vardnav.identity import actions


@app.periodic(cron="10 2 * * *")
@app.task(queueing_lock="identity.forget_sessions", lock="identity.forget_sessions", pass_context=False)
def forget_sessions(timestamp: int) -> None:
    """Each night: sessions that have expired."""
    actions.forget_sessions(now=timezone.now())


@app.periodic(cron="12 2 * * *")
@app.task(queueing_lock="identity.forget_tries", lock="identity.forget_tries", pass_context=False)
def forget_tries(timestamp: int) -> None:
    """Each night: wrong tries that have leaked away, and questions that no passkey answered."""
    now = timezone.now()
    actions.forget_tries(now=now)
    actions.forget_challenges(now=now)
