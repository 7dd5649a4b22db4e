"""What somebody does in the tables is seen, wherever it is done, and only there."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bench import _tampering
from django.db import connection, transaction

from tests.audit.conftest import write
from tests.factories import NOW, SYSTEM
from vardnav.audit import actions as audit
from vardnav.audit.chain import COLUMNS, START, Shard, _leased, current_key, shard
from vardnav.audit.models import Line, Place, Verification
from vardnav.audit.verify import SHARDS, verify
from vardnav.audit.walk import Fault
from vardnav.tables import sql

pytestmark = pytest.mark.django_db
CHAINS, LINES = 5, 9


@pytest.fixture
def chains(anchors: Path) -> Iterator[dict[int, int]]:
    """Some chains of this connection, and an anchor of them all."""
    made = {}
    for _ in range(CHAINS):
        begin_chain()
        for number in range(LINES - 3):
            write(number, patient_id=number, reason="Därför", resource=("thing", number))
        audit.record_reads(
            "test.thing.read", range(3), by=SYSTEM, now=NOW + timedelta(seconds=LINES), of=("SE1", "SE2")
        )
        made[shard().id] = LINES
    audit.anchor(by=SYSTEM, now=NOW)
    yield made
    _leased.clear()


def begin_chain() -> None:
    name, key = current_key()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_shard (key, head) VALUES (%s, %s) RETURNING id", [name, START])
        _leased[connection.connection] = Shard(cursor.fetchone()[0], key, 0, START)


def as_owner(statement: str, *values: object) -> None:
    """As somebody who may do everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize("kind", _tampering.KINDS)
def test_each_kind_of_tampering_is_seen_in_its_chain_and_in_no_other(chains: dict[int, int], kind: str) -> None:
    chance = random.Random(1)
    assert verify().holds
    for _ in range(3):
        pick = _tampering.picks(chains, [kind], chance)[kind][0]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                _tampering.KINDS[kind](cursor, [pick])
            assert {one.shard_id for one in verify().findings} == _tampering.touched(kind, pick)
            transaction.set_rollback(True)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_seen_at_its_line(chains: dict[int, int], column: str) -> None:
    at = min(chains)
    as_owner(f"UPDATE audit_line l SET {column} = {_tampering.other_value(column)} WHERE shard_id = %s AND seq = 4", at)
    found = verify().findings
    assert [(one.fault, one.shard_id, one.seq, one.last) for one in found] == [(Fault.CHANGED, at, 4, 4)]


EXACT = {
    "delete in the middle": {Fault.MISSING},
    "delete the first": {Fault.MISSING},
    "delete the last, leave the head": {Fault.CUT},
    "cut the end with the head": {Fault.CUT},
    "put an older state back": {Fault.CUT},
    "roll the head back": {Fault.HEAD},
    "forge a line in a place that is taken": {Fault.INSERTED},
    "duplicate a line": {Fault.DUPLICATED},
    "swap two lines": {Fault.MOVED, Fault.CHANGED},
    "remove the shard's row": {Fault.SHARD},
    "remove a shard and all its lines": {Fault.SHARD},
    "say that another key made it": {Fault.KEY},
    "change a MAC": {Fault.CHANGED},
}


@pytest.mark.parametrize("kind", EXACT)
def test_what_was_done_is_named(chains: dict[int, int], kind: str) -> None:
    pick = _tampering.picks(chains, [kind], random.Random(7))[kind][0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _tampering.KINDS[kind](cursor, [pick])
    assert {one.fault for one in verify().findings} <= EXACT[kind]


def test_a_swap_is_told_as_a_move(chains: dict[int, int]) -> None:
    as_owner("UPDATE audit_line SET seq = 9 - seq WHERE shard_id = %s AND seq IN (3, 6)", min(chains))
    told = {(one.fault, one.seq): one.told for one in verify().findings}
    assert told[Fault.MOVED, 3] == "it fits as line 6"
    assert told[Fault.MOVED, 6] == "it fits as line 3"


def test_an_end_that_is_cut_with_its_head_is_seen_by_the_anchor_alone(chains: dict[int, int], tmp_path: Path) -> None:
    pick = _tampering.picks(chains, ["cut the end with the head"], random.Random(3))["cut the end with the head"][0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _tampering.cut(cursor, [pick])
    assert verify(anchors=tmp_path / "none").holds
    found = verify().findings
    assert [(one.fault, one.shard_id, one.seq, one.last) for one in found] == [
        (Fault.CUT, pick.shard, pick.later + 1, pick.lines)
    ]


def test_one_chain_can_be_verified_alone(chains: dict[int, int]) -> None:
    first, second = sorted(chains)[:2]
    as_owner("UPDATE audit_line SET reason = 'x' WHERE shard_id = %s AND seq = 2", second)
    assert verify(shard_id=first).holds
    found = verify(shard_id=second)
    assert (len(found.findings), found.lines, found.shards) == (1, LINES, 1)


# --- From night to night -------------------------------------------------------------------------


def test_the_next_verification_goes_on_from_the_last(chains: dict[int, int]) -> None:
    first = audit.verify_and_keep(by=SYSTEM, now=NOW)
    assert (first.lines, first.holds) == (CHAINS * LINES, True)
    for number in range(3):
        write(number)
    second = audit.verify_and_keep(by=SYSTEM, now=NOW, since_last=True)
    assert (second.lines, second.holds) == (1 + 3, True)  # the line about the first verification too
    as_owner("UPDATE audit_line SET reason = 'x' WHERE shard_id = %s AND seq = %s", shard().id, LINES + 2)
    assert audit.verify_and_keep(by=SYSTEM, now=NOW, since_last=True).holds  # behind the place
    assert not audit.verify_and_keep(by=SYSTEM, now=NOW).holds
    assert list(Verification.objects.order_by("id").values_list("findings", flat=True)) == [0, 0, 0, 1]


def test_what_was_verified_cannot_be_cut_between_nights(chains: dict[int, int], tmp_path: Path) -> None:
    """Also without an anchor: the place is signed."""
    audit.verify_and_keep(by=SYSTEM, now=NOW)
    at = min(chains)
    as_owner(
        "UPDATE audit_shard s SET lines = 5, head = l.mac FROM audit_line l WHERE s.id = %s AND l.shard_id = s.id"
        " AND l.seq = 5",
        at,
    )
    as_owner("DELETE FROM audit_line WHERE shard_id = %s AND seq > 5", at)
    for since_last in (False, True):
        found = verify(anchors=tmp_path / "none", since_last=since_last).findings
        assert {one.shard_id for one in found} == {at}


def test_a_place_that_is_not_signed_is_a_finding(chains: dict[int, int]) -> None:
    audit.verify_and_keep(by=SYSTEM, now=NOW)
    at = min(chains)
    Place.objects.filter(shard_id=at).update(seq=7)
    assert {one.shard_id for one in verify(since_last=True).findings} == {at}


def test_a_fault_is_told_in_the_servers_log_and_in_this_one(
    chains: dict[int, int], caplog: pytest.LogCaptureFixture
) -> None:
    as_owner("UPDATE audit_line SET reason = 'x' WHERE shard_id = %s AND seq = 2", min(chains))
    audit.verify_and_keep(by=SYSTEM, now=NOW)
    told = [record.msg for record in caplog.records if record.levelname == "ERROR"]
    assert [(one["event"], one.get("line")) for one in told] == [("audit.fault", 2), ("audit.verified", None)]
    assert Verification.objects.get().findings == 1
    assert Line.objects.filter(kind="audit.log.verified", details__findings=1).exists()


@pytest.mark.django_db(transaction=True)
def test_an_anchor_that_is_taken_while_it_verifies_is_no_finding(
    anchors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written after the verification's own instant does not show to it, and is not gone."""
    write(1)
    mine, read = shard(), sql.rows

    def meanwhile() -> None:
        try:
            connection.ensure_connection()
            _leased[connection.connection] = Shard(mine.id, mine.key, mine.lines, mine.head)
            write(2)
            audit.anchor(by=SYSTEM, now=NOW)
        finally:
            connection.close()

    def rows(statement: str, *values: Any) -> list[Any]:
        found = read(statement, *values)
        if statement == SHARDS and len(others) == 0:
            others.append(True)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile).result()
        return found

    others: list[bool] = []
    monkeypatch.setattr("vardnav.audit.verify.sql.rows", rows)
    assert verify().findings == ()
    assert others
    monkeypatch.undo()
    assert verify(anchors=anchors).findings == ()
