"""A log of a test's own, and anchors of its own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit


def write(number: int = 0, **changes: Any) -> None:
    values = {"by": SYSTEM, "now": NOW + timedelta(seconds=number), "number": number, **changes}
    audit.record("test.thing.done", **values)


@pytest.fixture
def anchors(tmp_path: Path, settings: Any) -> Path:
    settings.AUDIT_ANCHORS = tmp_path / "anchors"
    return settings.AUDIT_ANCHORS
