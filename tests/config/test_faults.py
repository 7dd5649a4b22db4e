"""What happens when the database is away: said plainly, and over when it is back."""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from vardnav.audit.actions import record
from vardnav.cli.check import readiness
from vardnav.config import database, embedded, metrics, watch
from vardnav.config.embedded import Embedded
from vardnav.kernel.actor import system


def until(ready: object, seconds: float = 30) -> None:
    assert callable(ready)
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come back"
        time.sleep(0.05)


def answers(server: Embedded) -> bool:
    try:
        psycopg.connect(server.url("postgres")).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_database_that_was_killed_is_started_again_and_has_all_it_promised(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    url = embedded.ensure(server)
    try:
        with watch.kept_alive(server):
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE TABLE promised (id int)")
                connection.execute("INSERT INTO promised VALUES (1)")
            killed = embedded.postmaster(server)
            assert killed
            os.kill(killed, signal.SIGKILL)
            until(lambda: embedded.postmaster(server) not in (None, killed) and answers(server))
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT id FROM promised").fetchall() == [(1,)]
    finally:
        embedded.release(server)


def test_a_database_that_was_stopped_stays_stopped(tmp_path: Path) -> None:
    server = Embedded(tmp_path / "data")
    embedded.ensure(server)
    try:
        with watch.kept_alive(server):
            assert embedded.stop(server)
            time.sleep(3 * watch.LOOK_SECONDS)
            assert not answers(server)
            assert not watch.revive(server)
    finally:
        embedded.release(server)  # nothing is left to stop, and that is no fault


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("could not extend file: No space left"), InterfaceError("closed")])
def test_a_page_says_that_the_database_is_away(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("vardnav.web.session.identity.actor", away)
    monkeypatch.setattr("vardnav.web.session_store.SessionStore.load", away)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    page = client.get("/")
    assert page.status_code == 503
    assert page["Retry-After"]
    assert "tillfälligt stängd" in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()
    assert "No space" not in page.content.decode()
    answer = client.get("/api/v1/listing/clinics")
    assert answer.status_code in (401, 503)


@pytest.mark.django_db
def test_a_fault_of_ours_is_no_closed_service(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("something")

    monkeypatch.setattr("vardnav.web.session_store.SessionStore.load", broken)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    page = client.get("/")
    assert page.status_code == 500
    assert "Något gick fel" in page.content.decode()
    assert page["X-Request-ID"] in page.content.decode()


def test_alive_asks_nothing_of_the_database(client: Client) -> None:
    """pytest-django refuses any connection in this test."""
    answer = client.get("/healthz/alive")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_metrics_tell_of_doors_sessions_and_the_log_and_name_nobody(client: Client) -> None:
    record("access.denied", by=system("Xqastrid 191212121212"), now=metrics.timezone.now(), reason="Xqreason")
    text = client.get("/metrics").content.decode()
    for name in ("sessions_open", "doors_shut", "access_denied_last_hour", "logins_refused_last_hour"):
        assert f"vardnav_{name} " in text
    assert "vardnav_access_denied_last_hour 1.0" in text
    assert "vardnav_audit_lines_total" in text
    assert "vardnav_audit_anchored_seconds" in text
    assert 'vardnav_database_pool{state="held"}' in text
    assert "Xq" not in text
    assert "191212121212" not in text


@pytest.mark.django_db
def test_labels_are_routes_methods_statuses_and_states_only(client: Client) -> None:
    client.get("/personer/191212121212/", {"q": "Xqastrid"})
    text = client.get("/metrics").content.decode()
    assert "Xq" not in text
    assert "191212121212" not in text


def test_check_lists_what_production_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VARDNAV_METRICS_TOKEN", raising=False)
    before = {what: is_set for is_set, what in readiness()}
    monkeypatch.setenv("VARDNAV_METRICS_TOKEN", "open sesame")
    after = {what: is_set for is_set, what in readiness()}
    assert [what for what in after if after[what] != before[what]] == [
        "VARDNAV_METRICS_TOKEN, or a proxy that keeps /metrics inside"
    ]


def test_a_page_does_not_wait_for_ever_on_a_database_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.5)
    server = Embedded(tmp_path / "data")
    url = embedded.ensure(server)
    try:
        with database.Patient.connect(url) as connection:
            with pytest.raises(psycopg.OperationalError, match="no answer in"):
                connection.execute("SELECT pg_sleep(30)")
            assert connection.closed
    finally:
        embedded.release(server)
