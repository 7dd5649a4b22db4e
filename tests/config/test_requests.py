"""What surrounds every request."""

import json
import logging

import pytest
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory

from vardnav.config import health, logs, schema

pytestmark = pytest.mark.django_db


def test_an_answer_carries_its_number_and_a_strict_policy(client: Client) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")
    assert first["X-Request-ID"] != second["X-Request-ID"]
    policy = first["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert first["Cache-Control"] == "no-store"


def test_a_number_from_outside_is_not_believed(client: Client) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "x" * 32})["X-Request-ID"] != "x" * 32


def test_healthz_says_that_all_is_well(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_healthz_names_a_missing_migration(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(schema, "pending", lambda: ["listing.0002_caps"])
    schema.demand_current.cache_clear()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "listing.0002_caps" in answer.json()["reason"]


def test_healthz_says_that_the_database_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise DatabaseError

    monkeypatch.setattr(health.connection, "cursor", gone)
    assert health.healthz(RequestFactory().get("/healthz")).status_code == 503


def test_metrics_count_requests_by_route_and_what_waits(client: Client) -> None:
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'vardnav_requests_total{method="GET",route="healthz",status="200"}' in text
    assert "vardnav_outbox_unread" in text


def test_metrics_can_be_closed(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.METRICS_TOKEN = "open sesame"  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer open sesame"}).status_code == 200


def test_a_log_line_of_an_error_quotes_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VARDNAV_LOG", "json")
    formatter = logs.formatter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE t (number text UNIQUE)")
            cursor.execute("INSERT INTO t VALUES ('191212121212'), ('191212121212')")
    except DatabaseError:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "it broke", None, __import__("sys").exc_info())
    line = json.loads(formatter.format(record))
    assert "191212121212" not in json.dumps(line)
    assert line["error"].startswith("UniqueViolation") or line["error"].startswith("IntegrityError")
    assert line["at"]


@pytest.mark.parametrize("number", ["191212121212", "19121212-1212", "121212-1212", "121212+1212", "20260101R001"])
def test_a_log_line_of_an_error_names_nobody(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    monkeypatch.setenv("VARDNAV_LOG", "json")
    error = ValueError(f"'{number}' is not a personal number: the check digit does not match")
    record = logging.LogRecord("x", logging.ERROR, "", 0, "it broke", None, (ValueError, error, None))
    line = json.loads(logs.formatter().format(record))
    assert number not in json.dumps(line)
    assert line["error"] == "ValueError"
