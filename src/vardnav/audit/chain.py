"""The chain of the log: each line carries an HMAC over itself and over the line before it in its shard.

A shard is a chain of its own, leased by one database connection at a time, so that writers never wait for each other
and the head of the chain can be remembered between lines. The key is not in the database: who can write there cannot
make a line that fits. A cut tail is seen against an anchor outside (vardnav.audit.anchors).
"""

import hmac
import json
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from vardnav.tables import sql

START = b"\0" * 32  # what stands before a shard's first line
Fields = tuple[Any, ...]
# Every column that a line tells something by, in the order of its MAC, with its type.
COLUMNS = {
    "id": "bigint",
    "recorded_at": "timestamptz",
    "kind": "text",
    "activity": "text",
    "outcome": "text",
    "emergency": "boolean",
    "actor_kind": "text",
    "assurance": "smallint",
    "account_id": "bigint",
    "user_id": "text",
    "user_name": "text",
    "assignment_id": "bigint",
    "role": "text",
    "purpose": "text",
    "unit_hsa_id": "text",
    "unit_name": "text",
    "provider_hsa_id": "text",
    "patient_id": "bigint",
    "resource_type": "text",
    "resource_id": "text",
    "resource_unit_hsa_id": "text",
    "resource_provider_hsa_id": "text",
    "reason": "text",
    "details": "jsonb",
    "request_id": "text",
}


class Shard:
    """A chain this connection has the lease of: how many lines it has, and the last one's MAC."""

    __slots__ = ("head", "id", "key", "lines")

    def __init__(self, id_: int, key: bytes, lines: int, head: bytes) -> None:
        self.id, self.key, self.lines, self.head = id_, key, lines, head

    def macs(self, lines: list[Fields]) -> list[bytes]:
        """The MACs of lines that follow on the head, in their order."""
        found, mac = [], self.head
        for seq, line in enumerate(lines, self.lines + 1):
            mac = mac_of(self.key, self.id, seq, mac, line)
            found.append(mac)
        return found


def mac_of(key: bytes, shard_id: int, seq: int, before: bytes, line: Fields) -> bytes:
    """HMAC-SHA-256 over the MAC before, the place in the chain and every column, in the order of COLUMNS."""
    return hmac.digest(key, b"%b%d.%d." % (before, shard_id, seq) + canonical(line), "sha256")


def signature_of(key: bytes, what: str, *told: object) -> bytes:
    """HMAC-SHA-256 over something beside the lines: an anchor, a cut, a place that was verified."""
    return hmac.digest(key, f"{what}:".encode() + canonical(told), "sha256")


def instant(value: object) -> str:
    """An instant as the MAC has it; nothing else is turned into text."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"a line of the log holds no {type(value).__name__}")


_json = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=instant).encode


def canonical(line: Fields) -> bytes:
    """One text for one line: JSON of the columns, instants in UTC, keys in order."""
    return _json(line).encode()


def plain(value: Any) -> Any:
    """Details as the database gives them back, whose numbers know no difference between 2e16 and 20000000000000000."""
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise TypeError("details of a line are named by text")
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def current_key() -> tuple[str, bytes]:
    """The key that new chains, anchors and cuts are made with, and its name."""
    return next(iter(settings.AUDIT_KEYS.items()))


_leased: WeakKeyDictionary[psycopg.Connection[Any], Shard] = WeakKeyDictionary()

LEASE = "SELECT audit_lease(%s)"
# Locked: behind a pooler two clients can have one connection's lease. They wait for each other then, and none fails.
HEAD = "SELECT lines, head FROM audit_shard WHERE id = %s FOR NO KEY UPDATE"


def shard() -> Shard:
    """The chain of this connection; its lease is an advisory lock, which ends with the connection."""
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    found = _leased.get(here.connection)
    return found or _lease(here.connection)


def again() -> Shard:
    """The chain as the database has it: what this connection remembered was rolled back."""
    held = shard()
    found = sql.row(HEAD, [held.id])
    if found is None:  # the shard itself was rolled back
        return _lease(connections[DEFAULT_DB_ALIAS].connection)
    held.lines, held.head = found[0], bytes(found[1])
    return held


def _lease(connection: "psycopg.Connection[Any]") -> Shard:
    name, key = current_key()
    leased = sql.row(LEASE, [name])
    assert leased is not None  # noqa: S101 - a function answers one row
    found = sql.row(HEAD, [leased[0]])
    assert found is not None  # noqa: S101 - it was made or locked just now
    _leased[connection] = held = Shard(leased[0], key, found[0], bytes(found[1]))
    return held
