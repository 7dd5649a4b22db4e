"""What audit forgets by itself, and what it never does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit import jobs
from vardnav.audit.models import Command, Line

NIGHT = datetime(2026, 3, 17, 2, 20, tzinfo=UTC)


@pytest.mark.django_db
def test_answers_of_commands_are_forgotten_after_thirty_days_and_lines_never(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)
    for key, age in (("old", timedelta(days=30, seconds=1)), ("kept", timedelta(days=30))):
        audit.once(key, "test", by=SYSTEM, now=NIGHT - age, do=lambda: {"n": 1})
    audit.record("test.work.done", by=SYSTEM, now=NIGHT - timedelta(days=400))
    jobs.forget_commands(0)
    assert Command.objects.get().key == "kept"
    assert Line.objects.filter(kind="test.work.done").exists()
