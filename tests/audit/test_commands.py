"""The log from the server's own terminal."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from typer.testing import CliRunner

from tests import factories
from tests.audit.conftest import write
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions
from vardnav.audit.models import Verification
from vardnav.cli import audit, ready
from vardnav.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _started(monkeypatch: pytest.MonkeyPatch, anchors: Path) -> None:
    monkeypatch.setattr(audit, "ready", lambda: None)


def run(*arguments: str, fails: bool = False) -> str:
    done = CliRunner().invoke(audit.app, [*arguments])
    assert done.exit_code == (1 if fails else 0), done.output
    return done.output


def break_a_line() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_line SET user_name = 'Nobody' WHERE seq = 1")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_verify_says_that_all_holds_or_fails_and_says_what_does_not() -> None:
    write(1)
    run("anchor")
    told = run("verify")
    assert "all of it holds" in told
    break_a_line()
    told = run("verify", fails=True)
    assert "line 1: changed" in told
    assert "1 finding(s)" in told
    assert not Verification.objects.exists()
    run("verify", "--keep", fails=True)
    assert Verification.objects.get().findings == 1


def test_one_chain_is_not_kept() -> None:
    done = CliRunner().invoke(audit.app, ["verify", "--shard", "1", "--keep"])
    assert isinstance(done.exception, Refusal)


def test_an_export_is_a_document_a_line(tmp_path: Path) -> None:
    factories.region()
    astrid = factories.person()
    by = factories.staff()
    write(by=by, patient_id=astrid.id)
    file = tmp_path / "march.ndjson"
    run("export", "--format", "storelog", "--from", "2026-03-16", "--to", "2026-03-16", "--file", str(file))
    (document,) = [json.loads(line) for line in file.read_text().splitlines()]
    assert document["system"]["systemId"] == f"{factories.PREFIX}-0001"
    assert document["resources"]["resource"][0]["patient"]["patientId"] == astrid.personal_number
    assert file.stat().st_mode & 0o077 == 0


def test_what_is_too_young_is_not_forgotten(tmp_path: Path) -> None:
    done = CliRunner().invoke(audit.app, ["forget", "--before", "2025-01", "--folder", str(tmp_path)])
    assert isinstance(done.exception, Refusal)
    run("forget", "--before", "2001-01", "--folder", str(tmp_path))


def test_a_server_without_the_key_that_the_log_was_made_with_does_not_start(
    settings: pytest.FixtureRequest,
) -> None:
    write(1)
    ready.demand_keys()
    settings.AUDIT_KEYS = {"new": b"n" * 40}  # type: ignore[attr-defined]
    with pytest.raises(Refusal, match="VARDNAV_AUDIT_KEYS"):
        ready.demand_keys()


def test_metrics_tell_what_the_last_verification_found(client: Client) -> None:
    assert "vardnav_audit_verified_seconds NaN" in client.get("/metrics").content.decode()
    write(1)
    break_a_line()
    actions.verify_and_keep(by=SYSTEM, now=NOW)
    told = client.get("/metrics").content.decode()
    assert "vardnav_audit_findings 1.0" in told
    assert "vardnav_audit_lines_without_month 0.0" in told
