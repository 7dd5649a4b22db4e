"""Anchors stand outside the database, in a chain of their own."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.audit.conftest import write
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit import anchors as files
from vardnav.audit import jobs
from vardnav.audit.anchors import AnchorsBroken
from vardnav.audit.chain import shard
from vardnav.audit.models import Line
from vardnav.audit.verify import verify
from vardnav.audit.walk import Fault

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 4, 1, 0, 5, tzinfo=UTC)


def rows(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


@pytest.fixture
def three(anchors: Path) -> Path:
    """Anchors of two months, with lines between."""
    for now in (NOW, NOW, LATER):
        write(1)
        audit.anchor(by=SYSTEM, now=now)
    return anchors


def test_an_anchor_tells_how_long_each_chain_is_and_what_its_last_mac_is(three: Path) -> None:
    read = list(files.read(three))
    assert [one.number for one in read] == [1, 2, 3]
    assert [one.shards[shard().id][0] for one in read] == [1, 2, 3]
    assert read[-1].shards[shard().id][1] == shard().head
    assert [one.before for one in read[1:]] == [one.mac for one in read[:-1]]
    assert [path.name for path in rows(three)] == ["2026-03.jsonl", "2026-04.jsonl"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in rows(three))


def swap(text: str) -> str:
    return "".join(reversed(text.splitlines(keepends=True)))


BREAKS = {
    "a figure is changed": lambda text: text.replace('"number":1', '"number":9'),
    "a head is changed": lambda text: text.replace('",0],"', "").replace("[1,", "[2,"),
    "the first is removed": lambda text: text.splitlines(keepends=True)[1],
    "the last is removed": lambda text: text.splitlines(keepends=True)[0],
    "two change places": swap,
    "one is said twice": lambda text: text + text.splitlines(keepends=True)[1],
    "it is not JSON": lambda text: text + "{",
    "it is unsigned": lambda text: text.replace('"mac":"', '"mac":"00'),
    "another key made it": lambda text: text.replace('"key":"', '"key":"x'),
}


@pytest.mark.parametrize("how", [name for name in BREAKS if name != "the first is removed"])
def test_anchors_that_were_tampered_with_are_a_finding(three: Path, how: str) -> None:
    first = rows(three)[0]
    text = first.read_text()
    first.write_text(BREAKS[how](text))
    assert first.read_text() != text
    assert [one.fault for one in verify().findings] == [Fault.ANCHORS]


def test_the_oldest_anchors_may_be_thrown_away(three: Path) -> None:
    """As files are, after the years the log is kept."""
    rows(three)[0].unlink()
    found = verify()
    assert (found.findings, found.anchors) == ((), 1)


def test_an_anchor_is_not_added_to_anchors_that_are_not_ours(three: Path) -> None:
    last = rows(three)[-1]
    last.write_text(last.read_text().replace('"mac":"', '"mac":"00'))
    with pytest.raises(AnchorsBroken):
        audit.anchor(by=SYSTEM, now=LATER)


def test_those_who_anchor_at_once_write_one_chain(anchors: Path) -> None:
    from django.db import connection

    def one(_: int) -> None:
        try:
            audit.anchor(by=SYSTEM, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(8)))
    assert [one.number for one in files.read(anchors)] == list(range(1, 9))


def test_the_digest_goes_to_the_servers_log(anchors: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    taken = audit.anchor(by=SYSTEM, now=NOW)
    told = next(record.msg for record in caplog.records if record.msg["event"] == "audit.anchored")
    assert (told["number"], told["digest"]) == (1, taken.mac)
    assert json.loads(rows(anchors)[0].read_text())["mac"] == taken.mac


def test_what_is_lost_by_a_restore_is_told_until_somebody_says_that_it_is_known(anchors: Path) -> None:
    from django.db import transaction

    write(1)
    audit.anchor(by=SYSTEM, now=NOW)
    backup = transaction.savepoint()
    for number in (2, 3, 4):
        write(number)
        audit.anchor(by=SYSTEM, now=NOW)
    transaction.savepoint_rollback(backup)  # the backup is put back
    assert [(one.fault, one.seq, one.last) for one in verify().findings] == [(Fault.CUT, 2, 4)]
    write(5)  # those who restored let people in before they told
    audit.anchor(by=SYSTEM, now=LATER, restored="the disk was lost")
    write(6)
    found = verify()
    assert found.holds
    assert [line.split(":")[0] for line in found.lost] == [f"shard {shard().id}, lines 2-4"]
    assert Line.objects.get(kind="audit.log.restored").reason == "the disk was lost"


def test_jobs_anchor_and_verify(anchors: Path) -> None:
    write(1)
    jobs.anchor(0)
    jobs.verify(0)
    assert len(list(files.read(anchors))) == 1
    assert Line.objects.get(kind="audit.log.verified").details["findings"] == 0


def test_anchors_hold_when_the_clock_goes_back_past_the_end_of_a_month(anchors: Path) -> None:
    for now in (NOW, LATER, NOW, LATER):
        audit.anchor(by=SYSTEM, now=now)
    assert [one.number for one in files.read(anchors)] == [1, 2, 3, 4]
    assert verify().holds


def test_a_disk_that_takes_half_an_anchor_leaves_none_of_it(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda handle, text: write_all(handle, text[:40]))
        with pytest.raises(OSError, match="no room"):
            audit.anchor(by=SYSTEM, now=LATER)
    assert verify().holds
    audit.anchor(by=SYSTEM, now=LATER)
    assert [one.number for one in files.read(three)] == [1, 2, 3, 4]


def test_an_empty_file_of_anchors_stops_nothing(three: Path) -> None:
    (three / "2026-05.jsonl").touch()  # made when the disk was full
    audit.anchor(by=SYSTEM, now=LATER)
    assert [one.number for one in files.read(three)] == [1, 2, 3, 4]
