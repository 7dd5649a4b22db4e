"""Sessions that have ended."""

from datetime import datetime

from django.contrib.sessions.models import Session


def forget_sessions(*, now: datetime) -> int:
    """Delete sessions that have expired; answers how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
