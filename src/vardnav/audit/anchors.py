"""Anchors: what all chains looked like at one time, written where the database cannot reach.

A chain whose end is cut together with its head is whole in itself. An anchor remembers how long it was. Each is a line
of JSON in a file for its month; it carries the MAC of the anchor before it and one of its own, so that the file cannot
be changed either without the key. Files are to be shipped to another machine (docs/operations.md).
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from vardnav.audit.chain import current_key, signature_of
from vardnav.tables import sql

SHARDS = "SELECT id, lines, head FROM audit_shard ORDER BY id"  # one statement, hence one instant
STILL = (
    "SELECT l.shard_id, max(l.seq) FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[]) AS a (shard, seq, mac)"
    " JOIN audit_line l ON l.shard_id = a.shard AND l.seq = a.seq AND l.mac = a.mac GROUP BY 1"
)
FIRST = "0" * 64


class AnchorsBroken(Exception):
    """The anchors' own chain does not hold."""


@dataclass(frozen=True, slots=True)
class Anchor:
    number: int
    at: str
    before: str  # MAC of the anchor before
    shards: Mapping[int, tuple[int, bytes]]  # how many lines, and the last one's MAC
    restored: str  # why a backup was put back just before
    kept: Mapping[int, int]  # and how far the chains then still were what earlier anchors knew; the rest is lost
    key: str
    mac: str

    def __str__(self) -> str:
        return f"anchor {self.number} of {self.at}"

    def text(self) -> str:
        shards = {str(id_): [lines, head.hex()] for id_, (lines, head) in self.shards.items()}
        told: dict[str, object] = {
            "number": self.number,
            "at": self.at,
            "before": self.before,
            "key": self.key,
            "mac": self.mac,
        }
        if self.restored:
            told |= {"restored": self.restored, "kept": {str(id_): lines for id_, lines in self.kept.items()}}
        return json.dumps({**told, "shards": shards}, separators=(",", ":"))


def folder_of(folder: Path | None) -> Path:
    return Path(settings.AUDIT_ANCHORS) if folder is None else folder


def take(folder: Path | None, *, now: datetime, restored: str = "") -> Anchor:
    """Append an anchor of all chains as they are committed now; it is on the disk when this answers.

    Raises AnchorsBroken when the last anchor in the folder is not one of ours.
    """
    folder = folder_of(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder):
        last = _last(folder)
        name, key = current_key()
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        shards = {id_: (lines, bytes(head)) for id_, lines, head in sql.rows(SHARDS)}
        number, before = (last.number + 1, last.mac) if last else (1, FIRST)
        kept = _kept(folder) if restored else {}
        mac = _mac(key, number, at, before, shards, restored, kept)
        anchor = Anchor(number, at, before, shards, restored, kept, name, mac)
        # Files are read in order: never to one before the last, also when the clock has gone back past a month's end.
        _write(max([folder / f"{at[:7]}.jsonl", *_files(folder)[-1:]]), anchor)
    return anchor


def read(folder: Path | None) -> Iterator[Anchor]:
    """All anchors, oldest first. Raises AnchorsBroken at the first that does not fit the one before it."""
    last: Anchor | None = None
    for path in _files(folder_of(folder)):
        for text in path.read_text().splitlines():
            anchor = _read(text, path)
            expected = (last.number + 1, last.mac) if last else (anchor.number, anchor.before)
            if (anchor.number, anchor.before) != expected:
                raise AnchorsBroken(f"{anchor} in {path.name} does not follow on {last}")
            yield (last := anchor)


def _kept(folder: Path) -> dict[int, int]:
    """How far each chain is still the one that was anchored."""
    kept: dict[int, int] = {}
    places: set[tuple[int, int, bytes]] = set()
    for anchor in read(folder):
        kept |= dict.fromkeys(anchor.shards, 0)
        places |= {(id_, lines, head) for id_, (lines, head) in anchor.shards.items() if lines}
    columns = [[place[part] for place in places] for part in range(3)]
    return kept | dict(sql.rows(STILL, columns))


def _mac(
    key: bytes,
    number: int,
    at: str,
    before: str,
    shards: Mapping[int, tuple[int, bytes]],
    restored: str,
    kept: Mapping[int, int],
) -> str:
    told = [[id_, lines, head.hex()] for id_, (lines, head) in shards.items()]
    return signature_of(key, "anchor", number, at, before, told, restored, sorted(kept.items())).hex()


def _read(text: str, path: Path) -> Anchor:
    try:
        told = json.loads(text)
        shards = {int(id_): (int(lines), bytes.fromhex(head)) for id_, (lines, head) in told["shards"].items()}
        kept = {int(id_): int(lines) for id_, lines in told.get("kept", {}).items()}
        known = (told["number"], told["at"], told["before"], shards, told.get("restored", ""), kept)
        anchor = Anchor(*known, told["key"], told["mac"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AnchorsBroken(f"a line of {path.name} is no anchor") from error
    key = settings.AUDIT_KEYS.get(anchor.key)
    if key is None:
        raise AnchorsBroken(f"{anchor} in {path.name} is made with a key that is not among the settings")
    if _mac(key, *known) != anchor.mac:
        raise AnchorsBroken(f"{anchor} in {path.name} does not fit its MAC")
    return anchor


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("????-??.jsonl"))


def _last(folder: Path) -> Anchor | None:
    for path in reversed(_files(folder)):
        if lines := path.read_text().splitlines():  # a file may be empty: the disk was full when it was made
            return _read(lines[-1], path)
    return None


def _write(path: Path, anchor: Anchor) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        text, before = f"{anchor.text()}\n".encode(), os.fstat(handle).st_size
        if os.write(handle, text) < len(text):  # a full disk takes a part: half an anchor would break all that follow
            os.ftruncate(handle, before)
            raise OSError(errno.ENOSPC, "there is no room for an anchor", str(path))
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """A job and a person at the keyboard do not write at once."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
