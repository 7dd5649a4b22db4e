"""Forget whole months that are older than the log is kept (HSLF-FS 2016:40 4:9: at least five years)."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import JsonbLoader

from vardnav.audit.actions.lines import record
from vardnav.audit.chain import COLUMNS, START, Fields, current_key, instant, mac_of
from vardnav.audit.models import Cut
from vardnav.audit.rules import MONTHS_AHEAD, LogDoesNotHold, check_may_forget
from vardnav.audit.verify import cut_signature, verify
from vardnav.kernel.actor import Actor
from vardnav.kernel.progress import Progress, silent
from vardnav.tables import sql

# ruff: noqa: S608 - names of tables come from the database's own list of parts, and match PART
PARTS = (
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent = 'audit_line'::regclass AND c.relname ~ '^audit_line_[0-9]{4}_[0-9]{2}$' ORDER BY 1"
)
ADD_MONTHS = "SELECT audit_add_months((now() + make_interval(months => %s))::date)"
BEFORE = "SELECT mac FROM audit_line WHERE shard_id = %s AND seq = %s"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A month that is gone from the database, and the file that has it."""

    month: date
    lines: int
    file: Path


@dataclass(slots=True)
class Run:
    """Lines of one chain that follow on each other within a month."""

    shard_id: int
    first: int
    last: int
    mac: bytes


def add_months() -> int:
    """Make parts for the months ahead; answers how many."""
    added = sql.row(ADD_MONTHS, [MONTHS_AHEAD])
    assert added is not None  # noqa: S101 - a function answers one row
    return int(added[0])


def forget_months(
    *, before: date, folder: Path, by: Actor, now: datetime, anchors: Path | None = None, progress: Progress = silent
) -> list[Forgotten]:
    """Drop the months before one, each exported to a file in the folder first; a signed record tells what is gone.

    The owner of the database alone may do it. Lines without a month of their own (audit_line_other) stay.

    Raises TooYoung, LogDoesNotHold.
    """
    check_may_forget(before, now=now, years=settings.AUDIT_YEARS)
    months = [month for month in _months() if month < before]
    if not months:
        return []
    if not verify(anchors=anchors, progress=progress).holds:
        raise LogDoesNotHold
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [_forget(month, folder, by, now) for month in months]


def _months() -> list[date]:
    return [date(int(name[-7:-3]), int(name[-2:]), 1) for (name,) in sql.rows(PARTS)]


@transaction.atomic
def _forget(month: date, folder: Path, by: Actor, now: datetime) -> Forgotten:
    part = f"audit_line_{month:%Y_%m}"
    sql.run(f"LOCK TABLE {part} IN SHARE MODE")
    file = folder / f"{part}.jsonl.gz"
    runs = _export(part, file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    lines = _check_file(file)
    if lines != sum(run.last - run.first + 1 for run in runs):
        raise LogDoesNotHold
    for run in runs:
        _cut(run, month, file.name, digest, by, now)
    sql.run("SELECT audit_forget_month(%s)", [month])
    record(
        "audit.month.forgotten",
        by=by,
        now=now,
        resource=("month", f"{month:%Y-%m}"),
        lines=lines,
        file=file.name,
        digest=digest,
    )
    return Forgotten(month, lines, file)


def _cut(run: Run, month: date, file: str, digest: str, by: Actor, now: datetime) -> None:
    name, key = current_key()
    cut = Cut(
        month=month,
        shard_id=run.shard_id,
        first_seq=run.first,
        last_seq=run.last,
        mac=run.mac,
        file=file,
        digest=digest,
        key=name,
        cut_at=now,
        cut_by=by.name,
    )
    cut.signature = cut_signature(key, cut)
    cut.save()


# --- The file ------------------------------------------------------------------------------------


def _export(part: str, file: Path) -> list[Run]:
    """Write a line of JSON for each line of the log, with the MAC before it, so that the file verifies by itself."""
    runs: list[Run] = []
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8") as out:
            for key, shard_id, seq, mac, *fields in _rows(part):
                run = runs[-1] if runs and runs[-1].shard_id == shard_id and runs[-1].last == seq - 1 else None
                before = run.mac if run else _mac_before(shard_id, seq)
                if run is None:
                    runs.append(run := Run(shard_id, seq, seq, mac))
                run.last, run.mac = seq, mac
                line = dict(zip(COLUMNS, fields, strict=True))
                told = {"key": key, "shard": shard_id, "seq": seq, "before": before.hex(), "mac": mac.hex()}
                out.write(json.dumps({**told, "line": line}, ensure_ascii=False, default=instant) + "\n")
        raw.flush()
        os.fsync(raw.fileno())
    return runs


def _rows(part: str) -> Iterator[tuple[Any, ...]]:
    columns = ", ".join(f"l.{name}" for name in COLUMNS)
    statement = (
        f"SELECT s.key, l.shard_id, l.seq, l.mac, {columns} FROM {part} l JOIN audit_shard s ON s.id = l.shard_id"
        " ORDER BY l.shard_id, l.seq"
    )
    with psycopg.ServerCursor(connection.connection, "audit_forget") as cursor:
        cursor.adapters.register_loader("jsonb", JsonbLoader)  # Django's gives text
        cursor.execute(statement)
        while rows := cursor.fetchmany(5000):
            yield from rows


def _mac_before(shard_id: int, seq: int) -> bytes:
    if seq == 1:
        return START
    found = sql.row(BEFORE, [shard_id, seq - 1])
    if found is None:
        cut = Cut.objects.get(shard_id=shard_id, last_seq=seq - 1)
        return bytes(cut.mac)
    return bytes(found[0])


def _check_file(file: Path) -> int:
    """Reckon every line of an exported file anew; answers how many. Raises LogDoesNotHold."""
    lines = 0
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        for text in rows:
            told = json.loads(text)
            key, line = settings.AUDIT_KEYS[told["key"]], _fields(told["line"])
            before = bytes.fromhex(told["before"])
            if mac_of(key, told["shard"], told["seq"], before, line).hex() != told["mac"]:
                raise LogDoesNotHold
            lines += 1
    return lines


def _fields(line: dict[str, Any]) -> Fields:
    return tuple(line[name] for name in COLUMNS)
