"""What identity forgets by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from vardnav.identity import jobs

NIGHT = datetime(2026, 3, 17, 2, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_expired_sessions_are_forgotten_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    Session.objects.create(session_key="old", session_data="", expire_date=NIGHT - timedelta(seconds=1))
    Session.objects.create(session_key="open", session_data="", expire_date=NIGHT + timedelta(hours=1))
    jobs.forget_sessions(0)
    assert Session.objects.get().session_key == "open"
