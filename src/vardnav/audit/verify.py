"""Reckon every chain anew from the lines as they stand in the database, and compare with the anchors.

For those who restore a backup: `verify()` is what to call afterwards; it says what is not as it was written, and what
the anchors knew that the backup did not. Then `actions.anchor(..., restored="why")` says that the loss is known, so
that later verifications tell only of what happens after it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg.types.json import JsonbLoader

from vardnav.audit import anchors as files
from vardnav.audit.chain import COLUMNS, START, signature_of
from vardnav.audit.models import Cut, Place
from vardnav.audit.walk import Anchored, Fault, Finding, Walk
from vardnav.kernel.progress import Progress, silent
from vardnav.tables import sql

# ruff: noqa: S608 - statements are made of our own constants only
SELECT = f"SELECT shard_id, seq, mac, {', '.join(COLUMNS)} FROM audit_line"
ALL = f"{SELECT} ORDER BY shard_id, seq, id"
ONE = f"{SELECT} WHERE shard_id = %s ORDER BY seq, id"
NEW = (
    f"SELECT l.shard_id, l.seq, l.mac, {', '.join(f'l.{name}' for name in COLUMNS)}"
    " FROM unnest(%s::bigint[], %s::bigint[]) AS s (id, seq) JOIN audit_line l ON l.shard_id = s.id AND l.seq > s.seq"
    " ORDER BY l.shard_id, l.seq, l.id"
)
SHARDS = "SELECT id, key, lines, head FROM audit_shard ORDER BY id"
BATCH = 5000
STEP = "Verified lines"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found. `places` is how far each chain holds, for the next to go on from."""

    shards: int
    lines: int
    anchors: int
    seconds: float
    findings: tuple[Finding, ...]
    lost: tuple[str, ...]  # what was lost when a backup was put back, as an anchor says
    places: Mapping[int, tuple[int, bytes]]

    @property
    def holds(self) -> bool:
        return not self.findings

    @property
    def lines_per_second(self) -> float:
        return self.lines / self.seconds if self.seconds else 0.0


@dataclass(slots=True)
class Known:
    """What is known of the chains beside their lines."""

    shards: dict[int, tuple[str, int, bytes]]
    starts: dict[int, tuple[int, bytes]]
    cuts: dict[int, dict[int, tuple[int, bytes]]]
    anchored: dict[int, dict[int, Anchored]]
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def walk(self, shard_id: int) -> Walk:
        shard = self.shards.get(shard_id)
        key = settings.AUDIT_KEYS.get(shard[0]) if shard else None
        return Walk(
            shard_id,
            key,
            start=self.starts.get(shard_id, (0, START)),
            cuts=self.cuts.get(shard_id),
            anchored=self.anchored.get(shard_id),
        )


def verify(
    *,
    anchors: Path | None = None,
    shard_id: int | None = None,
    since_last: bool = False,
    progress: Progress = silent,
) -> Verified:
    """Verify all chains, or one, or (`since_last`) only what was written since the last verification that was kept.

    `anchors` is the folder of the anchors, else the one of the settings; without any, a cut end is not seen.
    Within a transaction of the caller's nobody else may write meanwhile; else all is read as of one instant.
    """
    begun = time.perf_counter()
    told = _anchors(files.folder_of(anchors))  # before the instant: one taken after it knows lines that do not show
    with _one_instant():
        known = _known(told, shard_id, since_last=since_last)
        walks: dict[int, Walk] = {}
        lines = _walk_all(known, walks, shard_id, since_last=since_last, progress=progress)
        for id_, (key, many, head) in known.shards.items():
            walk = walks.setdefault(id_, known.walk(id_))
            walk.end(many, head)
            if key not in settings.AUDIT_KEYS:
                known.findings.append(Finding(id_, 1, many, Fault.KEY, f"made with key {key}, which is not known"))
    for id_, walk in walks.items():
        if id_ not in known.shards:
            walk.gone(walk.seq)
        known.findings.extend(walk.findings)
    return Verified(
        shards=len(walks),
        lines=lines,
        anchors=known.anchors,
        seconds=time.perf_counter() - begun,
        findings=tuple(sorted(known.findings)),
        lost=tuple(known.lost),
        places={id_: (walk.seq, walk.mac) for id_, walk in walks.items()},
    )


def _walk_all(
    known: Known, walks: dict[int, Walk], shard_id: int | None, *, since_last: bool, progress: Progress
) -> int:
    """Step through all rows in order; answers how many."""
    done, at, walk = 0, None, None
    total = sum(lines - known.starts.get(id_, (0, START))[0] for id_, (_, lines, _) in known.shards.items())
    for rows in _stream(known, shard_id, since_last=since_last):
        for row in rows:
            if row[0] != at or walk is None:
                at = row[0]
                walks[at] = walk = known.walk(at)
            walk.step(row[1], row[2], row[3:])
        done += len(rows)
        progress(STEP, done, max(total, done))
    return done


def _stream(known: Known, shard_id: int | None, *, since_last: bool) -> Iterator[list[tuple[Any, ...]]]:
    statement: str = ALL
    values: list[Any] = []
    if shard_id is not None:
        statement, values = ONE, [shard_id]
    elif since_last:
        ids = sorted(known.shards)
        statement, values = NEW, [ids, [known.starts.get(id_, (0, START))[0] for id_ in ids]]
    with psycopg.ServerCursor(connection.connection, "audit_verify") as cursor:
        cursor.adapters.register_loader("jsonb", JsonbLoader)  # Django's gives text
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _anchors(folder: Path) -> tuple[list[files.Anchor], str]:
    """The anchors in their order, as far as they hold; and what does not, in words."""
    found: list[files.Anchor] = []
    try:
        for anchor in files.read(folder):
            found.append(anchor)
    except files.AnchorsBroken as broken:
        return found, str(broken)
    return found, ""


def _known(anchors: tuple[list[files.Anchor], str], shard_id: int | None, *, since_last: bool) -> Known:
    shards = {id_: (key, lines, bytes(head)) for id_, key, lines, head in sql.rows(SHARDS)}
    if shard_id is not None:
        shards = {id_: shard for id_, shard in shards.items() if id_ == shard_id}
    known = Known(shards, {}, {}, {})
    _add_cuts(known)
    _add_places(known, shard_id, since_last=since_last)
    _add_anchors(known, *anchors, shard_id)
    return known


def _add_cuts(known: Known) -> None:
    for cut in Cut.objects.order_by("shard_id", "first_seq"):
        key = settings.AUDIT_KEYS.get(cut.key)
        if key is None or cut_signature(key, cut) != bytes(cut.signature):
            told = "the record of lines that were forgotten is not signed by a key that is known"
            known.findings.append(Finding(cut.shard_id, cut.first_seq, cut.last_seq, Fault.CHANGED, told))
            continue
        known.cuts.setdefault(cut.shard_id, {})[cut.first_seq] = (cut.last_seq, bytes(cut.mac))


def cut_signature(key: bytes, cut: Cut) -> bytes:
    told = (cut.month.isoformat(), cut.shard_id, cut.first_seq, cut.last_seq, bytes(cut.mac).hex(), cut.digest)
    return signature_of(key, "cut", *told, cut.cut_at, cut.cut_by)


def place_signature(key: bytes, shard_id: int, seq: int, mac: bytes) -> bytes:
    return signature_of(key, "place", shard_id, seq, mac.hex())


def _add_places(known: Known, shard_id: int | None, *, since_last: bool) -> None:
    """Where the last verification ended: to begin there, or to know that the lines before were there."""
    for place in Place.objects.all() if shard_id is None else Place.objects.filter(shard_id=shard_id):
        key, mac = settings.AUDIT_KEYS.get(place.key), bytes(place.mac)
        if key is None or place_signature(key, place.shard_id, place.seq, mac) != bytes(place.signature):
            told = "the place that was verified last is not signed by a key that is known"
            known.findings.append(Finding(place.shard_id, place.seq, place.seq, Fault.CHANGED, told))
        elif since_last and place.shard_id in known.shards:
            known.starts[place.shard_id] = (place.seq, mac)
        else:
            known.anchored[place.shard_id] = {place.seq: Anchored(mac, "the last verification")}


def _add_anchors(known: Known, anchors: list[files.Anchor], broken: str, shard_id: int | None) -> None:
    """What the anchors say. One taken after a restore says which lines are known to be lost."""
    for anchor in anchors:
        known.anchors += 1
        if anchor.restored:
            _forget_lost(known, anchor)
        for id_, (lines, head) in anchor.shards.items():
            if lines and shard_id in (None, id_):
                known.anchored.setdefault(id_, {}).setdefault(lines, Anchored(head, str(anchor)))
    if broken:
        known.findings.append(Finding(0, 0, 0, Fault.ANCHORS, broken))
    for id_, told in known.anchored.items():
        if id_ not in known.shards:
            last = max(told)
            known.findings.append(Finding(id_, 1, last, Fault.SHARD, f"the shard was there at {told[last].anchor}"))
        start = known.starts.get(id_, (0, START))[0]
        known.anchored[id_] = {lines: one for lines, one in told.items() if lines > start}


def _forget_lost(known: Known, anchor: files.Anchor) -> None:
    for id_, told in known.anchored.items():
        lines = anchor.kept.get(id_, 0)
        lost = [one for one in told if one > lines]
        if lost:
            known.lost.append(f"shard {id_}, lines {lines + 1}-{max(lost)}: lost before {anchor}: {anchor.restored}")
        for one in lost:
            del told[one]
    known.anchored = {id_: told for id_, told in known.anchored.items() if told}


@contextmanager
def _one_instant() -> Iterator[None]:
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
