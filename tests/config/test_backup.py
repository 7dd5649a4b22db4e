"""A backup is put back only where everything that is needed for it is there."""

from pathlib import Path
from typing import Any

import pytest

from vardnav.config import backup
from vardnav.kernel.errors import Refusal


@pytest.mark.django_db
def test_nothing_is_removed_when_the_program_that_restores_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> str:
        raise Refusal("There is no pg_restore.")

    monkeypatch.setattr(backup, "read", lambda _: None)
    monkeypatch.setattr(backup, "_program", missing)
    before = backup._tables()
    with pytest.raises(Refusal, match="pg_restore"):
        backup.put_back(tmp_path, replace=True)
    assert backup._tables() == before
