"""What production demands, read in a process of its own: settings are read once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vardnav.config import database
from vardnav.kernel.errors import Refusal

READ = """
import json, sys
from vardnav.config import settings
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}))
"""


def read(tmp_path: Path, *names: str, **environment: str) -> dict[str, object]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("VARDNAV_")}
    command = [sys.executable, "-c", READ, *names]
    told = subprocess.run(
        command,
        env={**bare, "VARDNAV_DATA": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(told.stdout))


def test_production_sends_cookies_over_tls_only(tmp_path: Path) -> None:
    found = read(tmp_path, "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "DEBUG")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert not found["DEBUG"]
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
    flags = ("HTTPONLY", "SECURE")
    kept = read(tmp_path, *names, *(f"{of}_COOKIE_{flag}" for of in ("SESSION", "CSRF", "LANGUAGE") for flag in flags))
    assert all(str(kept[name]).startswith("__Host-") for name in names)
    assert all(kept[name] for name in kept if name not in names)


def test_a_proxys_word_is_taken_only_when_there_is_one(tmp_path: Path) -> None:
    name = "SECURE_PROXY_SSL_HEADER"
    assert read(tmp_path, name)[name] is None
    assert read(tmp_path, name, VARDNAV_BEHIND_PROXY="1")[name] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_a_trial_makes_one_key_and_keeps_it_to_itself(tmp_path: Path) -> None:
    first, second = read(tmp_path, "SECRET_KEY"), read(tmp_path, "SECRET_KEY")
    assert first == second
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_database_url_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://v%40rd:s%2Fecret@db.example:5433/r%C3%B6?sslmode=verify-full")
    found = database.settings()
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("v@rd", "s/ecret", "db.example")
    assert (found["PORT"], found["NAME"], found["OPTIONS"]["sslmode"]) == ("5433", "rö", "verify-full")


def test_another_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///vardnav.db")
    with pytest.raises(Refusal, match="must begin with postgresql"):
        database.url()
