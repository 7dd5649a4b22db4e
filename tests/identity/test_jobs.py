"""What identity forgets by itself."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from vardnav.identity import jobs
from vardnav.identity.models import Session

NIGHT = datetime(2026, 3, 17, 2, 10, tzinfo=UTC)


@pytest.mark.django_db
def test_expired_sessions_are_forgotten_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    for digest, ends in (("old", NIGHT - timedelta(seconds=1)), ("open", NIGHT + timedelta(hours=1))):
        Session.objects.create(digest=digest, data="", begun_at=NIGHT, seen_at=NIGHT, expires_at=ends)
    jobs.forget_sessions(0)
    assert Session.objects.get().digest == "open"
