"""Lines are kept for years, and forgotten by whole months with a record that lets verification go on."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.audit.conftest import write
from tests.factories import SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit import jobs, selectors
from vardnav.audit.chain import _leased
from vardnav.audit.models import Cut, Line
from vardnav.audit.rules import LogDoesNotHold, TooYoung, first_kept
from vardnav.audit.verify import verify
from vardnav.audit.walk import Fault

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
OLD = datetime(2013, 1, 31, 23, 59, tzinfo=UTC)
BEFORE = date(2013, 3, 1)


def run(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def add_month(month: str, following: str) -> None:
    name = f"audit_line_{month[:7].replace('-', '_')}"
    run("SELECT audit_add_part(%s, %s)", name, f"FOR VALUES FROM ('{month} 00:00+00') TO ('{following} 00:00+00')")


@pytest.fixture
def log(anchors: Path) -> Iterator[list[datetime]]:
    """Lines of two old months, not quite in the order of their time, and of this one."""
    _leased.clear()
    for month, following in (("2013-01-01", "2013-02-01"), ("2013-02-01", "2013-03-01")):
        add_month(month, following)
    times = [OLD, OLD + timedelta(minutes=2), OLD, OLD + timedelta(days=10), NOW, NOW, OLD, NOW]
    for number, now in enumerate(times):
        write(number, now=now)
        if number == 2:
            audit.anchor(by=SYSTEM, now=NOW)
    audit.anchor(by=SYSTEM, now=NOW)
    yield times
    _leased.clear()


def months() -> list[str]:
    parts = run("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_line'::regclass")
    return sorted(name for (name,) in parts if "_2013_" in name)


def test_the_log_goes_on_without_its_oldest_months(log: list[datetime], tmp_path: Path) -> None:
    gone = audit.forget_months(before=BEFORE, folder=tmp_path / "old", by=SYSTEM, now=NOW)
    assert [(one.month, one.lines) for one in gone] == [(date(2013, 1, 1), 3), (date(2013, 2, 1), 2)]
    assert months() == []
    assert Line.objects.filter(kind="test.thing.done").count() == 3
    assert Line.objects.filter(kind="audit.month.forgotten").count() == 2
    write(9, now=NOW)
    found = verify()
    assert (found.findings, found.lines) == ((), 3 + 2 + 1)


def test_what_is_forgotten_is_in_a_file_that_verifies_by_itself(log: list[datetime], tmp_path: Path) -> None:
    gone = audit.forget_months(before=date(2013, 2, 1), folder=tmp_path / "old", by=SYSTEM, now=NOW)
    assert months() == ["audit_line_2013_02"]
    with gzip.open(gone[0].file, "rt", encoding="utf-8") as rows:
        told = [json.loads(row) for row in rows]
    assert [(one["seq"], one["line"]["details"]["number"]) for one in told] == [(1, 0), (3, 2), (7, 6)]
    assert gone[0].file.stat().st_mode & 0o077 == 0
    assert verify().holds


def test_what_is_left_is_still_guarded(log: list[datetime], tmp_path: Path) -> None:
    audit.forget_months(before=BEFORE, folder=tmp_path / "old", by=SYSTEM, now=NOW)
    run("SET LOCAL session_replication_role = replica")
    with transaction.atomic():
        run("DELETE FROM audit_line WHERE seq = 5")
        assert [one.fault for one in verify().findings] == [Fault.MISSING]
        transaction.set_rollback(True)
    with transaction.atomic():
        run("UPDATE audit_cut SET last_seq = last_seq + 1 WHERE first_seq = 4")
        assert Fault.CHANGED in {one.fault for one in verify().findings}
        transaction.set_rollback(True)
    with transaction.atomic():
        run("DELETE FROM audit_cut")
        assert Fault.MISSING in {one.fault for one in verify().findings}
        transaction.set_rollback(True)
    assert verify().holds


def test_a_log_that_does_not_hold_is_not_forgotten(log: list[datetime], tmp_path: Path) -> None:
    run("SET LOCAL session_replication_role = replica")
    run("UPDATE audit_line SET reason = 'x' WHERE seq = 2")
    with pytest.raises(LogDoesNotHold):
        audit.forget_months(before=BEFORE, folder=tmp_path / "old", by=SYSTEM, now=NOW)
    assert len(months()) == 2


def test_what_must_be_kept_is_refused(log: list[datetime], tmp_path: Path) -> None:
    with pytest.raises(TooYoung):
        audit.forget_months(before=date(2016, 4, 1), folder=tmp_path / "old", by=SYSTEM, now=NOW)
    assert audit.forget_months(before=date(2013, 1, 1), folder=tmp_path / "old", by=SYSTEM, now=NOW) == []


@pytest.mark.parametrize(("years", "kept"), [(10, date(2016, 3, 1)), (5, date(2021, 3, 1)), (1, date(2021, 3, 1))])
def test_five_years_are_kept_whatever_is_asked_for(years: int, kept: date) -> None:
    assert first_kept(NOW, years) == kept


def test_the_database_itself_refuses_a_month_under_five_years() -> None:
    run("SELECT audit_add_months((now() + interval '1 month')::date)")
    with pytest.raises(DatabaseError, match="five years"), transaction.atomic():
        run("SELECT audit_forget_month((now() - interval '59 months')::date)")


def test_the_database_itself_refuses_a_month_that_is_not_recorded_as_cut(log: list[datetime]) -> None:
    with pytest.raises(DatabaseError, match="recorded as cut"), transaction.atomic():
        run("SELECT audit_forget_month('2013-01-01')")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_cut SET file = 'x'", "DELETE FROM audit_cut", "TRUNCATE audit_cut"]
)
def test_a_record_of_what_was_forgotten_is_never_changed(log: list[datetime], tmp_path: Path, statement: str) -> None:
    audit.forget_months(before=BEFORE, folder=tmp_path / "old", by=SYSTEM, now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)
    assert Cut.objects.count() == 5


# --- Months ahead --------------------------------------------------------------------------------


def test_a_month_that_came_too_late_takes_its_lines_over(anchors: Path) -> None:
    """The job was still for half a year: lines went to the part for all others."""
    write(1, now=OLD)
    write(2, now=OLD - timedelta(days=40))
    assert selectors.standing(now=OLD).without_month == 1
    add_month("2013-01-01", "2013-02-01")
    assert selectors.standing(now=OLD).without_month == 0
    assert run("SELECT count(*) FROM audit_line_2013_01") == [(1,)]
    assert run("SELECT count(*) FROM audit_line_other WHERE recorded_at < '2014-01-01'") == [(1,)]
    assert verify().holds
    for part in ("audit_line_2013_01", "audit_line_other"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(f"TRUNCATE {part}")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(f"DELETE FROM {part}")


def test_each_night_the_months_ahead_are_there() -> None:
    jobs.add_months(0)
    parts = run(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_line'::regclass"
        " AND inhrelid::regclass::text > 'audit_line_' || to_char(now(), 'YYYY_MM')"
        " AND inhrelid::regclass::text <> 'audit_line_other'"
    )
    assert parts[0][0] >= 5
    assert audit.add_months() == 0
