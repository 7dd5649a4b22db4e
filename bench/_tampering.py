"""Tamperings with the log, done in its tables by somebody who may do everything there but has no key.

Each kind is done to many chains at once, one tampering a chain; each answers nothing and leaves every other chain be.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from vardnav.audit.chain import COLUMNS


@dataclass(frozen=True)
class Pick:
    """A chain to tamper with: how many lines it has, two places in it, and another chain's end."""

    shard: int
    lines: int
    seq: int  # never the last
    later: int  # after seq
    other: int
    other_lines: int


Do = Callable[[Any, list[Pick]], None]
KINDS: dict[str, Do] = {}
MOVES = "move a line to another chain"  # the only kind that touches two chains


def tampering(name: str) -> Callable[[Do], Do]:
    def add(do: Do) -> Do:
        KINDS[name] = do
        return do

    return add


def picks(chains: dict[int, int], kinds: Iterable[str], chance: random.Random) -> dict[str, list[Pick]]:
    """A kind for each chain; a line moves to a chain that is nobody else's."""
    names, ids = list(kinds), sorted(chains)
    chance.shuffle(ids)
    found: dict[str, list[Pick]] = {name: [] for name in names}
    while ids:
        shard, name = ids.pop(), chance.choice(names)
        if name == MOVES and not ids:
            if names == [MOVES]:
                break
            name = next(one for one in names if one != MOVES)
        other = ids.pop() if name == MOVES else 0
        seq = chance.randrange(2, chains[shard] - 1)
        later = chance.randrange(seq + 1, chains[shard])
        found[name].append(Pick(shard, chains[shard], seq, later, other, chains.get(other, 0)))
    return found


def touched(name: str, pick: Pick) -> set[int]:
    return {pick.shard, pick.other} if name == MOVES else {pick.shard}


def run(cursor: Any, statement: str, chosen: list[Pick], *fields: str) -> None:
    """The statement with the picks' fields as a table `p`."""
    table = ", ".join(["%s::bigint[]"] * len(fields))
    values = [[getattr(pick, name) for pick in chosen] for name in fields]
    cursor.execute(statement.replace("PICKS", f"unnest({table}) AS p ({', '.join(fields)})"), values)


# --- Kinds ---------------------------------------------------------------------------------------

OTHERS = {
    "id": "l.id + 1000000000",
    "recorded_at": "l.recorded_at + interval '1 microsecond'",
    "activity": "CASE l.activity WHEN 'read' THEN 'write' ELSE 'read' END",
    "outcome": "CASE l.outcome WHEN 'done' THEN 'denied' ELSE 'done' END",
    "actor_kind": "CASE l.actor_kind WHEN 'system' THEN 'service' ELSE 'system' END",
    "details": """l.details || '{"more": 1}'""",
}
OF_TYPE = {"text": "l.{} || 'x'", "bigint": "coalesce(l.{}, 0) + 1", "smallint": "l.{} + 1", "boolean": "NOT l.{}"}


def other_value(column: str) -> str:
    return OTHERS.get(column) or OF_TYPE[COLUMNS[column]].format(column)


@tampering("change a column")
def change(cursor: Any, chosen: list[Pick]) -> None:
    for number, column in enumerate(COLUMNS):
        run(
            cursor,
            f"UPDATE audit_line l SET {column} = {other_value(column)} FROM PICKS"
            " WHERE l.shard_id = p.shard AND l.seq = p.seq",
            chosen[number :: len(COLUMNS)],
            "shard",
            "seq",
        )


@tampering("change a MAC")
def change_mac(cursor: Any, chosen: list[Pick]) -> None:
    run(
        cursor,
        "UPDATE audit_line l SET mac = set_byte(l.mac, 7, 255 - get_byte(l.mac, 7)) FROM PICKS"
        " WHERE l.shard_id = p.shard AND l.seq = p.seq",
        chosen,
        "shard",
        "seq",
    )


@tampering("change the last line and the head's MAC alike")
def change_last(cursor: Any, chosen: list[Pick]) -> None:
    run(
        cursor,
        "UPDATE audit_line l SET user_name = 'Nobody', mac = sha256(l.mac) FROM PICKS"
        " WHERE l.shard_id = p.shard AND l.seq = p.lines",
        chosen,
        "shard",
        "lines",
    )
    run(cursor, "UPDATE audit_shard s SET head = sha256(s.head) FROM PICKS WHERE s.id = p.shard", chosen, "shard")


def delete(cursor: Any, chosen: list[Pick], condition: str) -> None:
    run(
        cursor,
        f"DELETE FROM audit_line l USING PICKS WHERE l.shard_id = p.shard AND {condition}",
        chosen,
        "shard",
        "seq",
        "later",
    )


@tampering("delete in the middle")
def delete_middle(cursor: Any, chosen: list[Pick]) -> None:
    delete(cursor, chosen, "l.seq BETWEEN p.seq AND p.later - 1")


@tampering("delete the first")
def delete_first(cursor: Any, chosen: list[Pick]) -> None:
    delete(cursor, chosen, "l.seq = 1")


@tampering("delete the last, leave the head")
def delete_last(cursor: Any, chosen: list[Pick]) -> None:
    delete(cursor, chosen, "l.seq > p.later")


@tampering("cut the end with the head")
def cut(cursor: Any, chosen: list[Pick]) -> None:
    lead_back(cursor, chosen, "later")
    delete(cursor, chosen, "l.seq > p.later")


@tampering("put an older state back")
def older(cursor: Any, chosen: list[Pick]) -> None:
    lead_back(cursor, chosen, "seq")
    delete(cursor, chosen, "l.seq > p.seq")


def lead_back(cursor: Any, chosen: list[Pick], to: str) -> None:
    run(
        cursor,
        f"UPDATE audit_shard s SET lines = l.seq, head = l.mac FROM PICKS, audit_line l"
        f" WHERE s.id = p.shard AND l.shard_id = p.shard AND l.seq = p.{to}",
        chosen,
        "shard",
        to,
    )


@tampering("roll the head back")
def roll_back(cursor: Any, chosen: list[Pick]) -> None:
    lead_back(cursor, chosen, "later")


def insert(cursor: Any, chosen: list[Pick], seq: str, mac: str) -> None:
    """A copy of a line, as somebody else's reading of somebody else."""
    copied = [name for name in COLUMNS if name not in ("id", "user_name")]
    run(
        cursor,
        f"INSERT INTO audit_line ({', '.join(copied)}, user_name, shard_id, seq, mac)"
        f" SELECT {', '.join(f'l.{name}' for name in copied)}, 'Nobody', l.shard_id, {seq}, {mac}"
        " FROM PICKS, audit_line l WHERE l.shard_id = p.shard AND l.seq = p.seq",
        chosen,
        "shard",
        "seq",
        "later",
        "lines",
    )


@tampering("forge a line in a place that is taken")
def forge_within(cursor: Any, chosen: list[Pick]) -> None:
    insert(cursor, chosen, "p.later", "sha256(l.mac)")


@tampering("forge a line at the end, with the head")
def forge_last(cursor: Any, chosen: list[Pick]) -> None:
    insert(cursor, chosen, "p.lines + 1", "sha256(l.mac)")
    run(
        cursor,
        "UPDATE audit_shard s SET lines = l.seq, head = l.mac FROM PICKS, audit_line l"
        " WHERE s.id = p.shard AND l.shard_id = p.shard AND l.seq = p.lines + 1",
        chosen,
        "shard",
        "lines",
    )


@tampering("duplicate a line")
def duplicate(cursor: Any, chosen: list[Pick]) -> None:
    columns = ", ".join(["id", *(name for name in COLUMNS if name not in ("id", "recorded_at"))])
    run(
        cursor,
        f"INSERT INTO audit_line ({columns}, recorded_at, shard_id, seq, mac)"
        f" SELECT {', '.join(f'l.{name.strip()}' for name in columns.split(','))},"
        " l.recorded_at + interval '1 microsecond', l.shard_id, l.seq, l.mac"
        " FROM PICKS, audit_line l WHERE l.shard_id = p.shard AND l.seq = p.seq",
        chosen,
        "shard",
        "seq",
    )


@tampering("say a line again at the end, with the head")
def replay(cursor: Any, chosen: list[Pick]) -> None:
    insert(cursor, chosen, "p.lines + 1", "l.mac")
    run(
        cursor,
        "UPDATE audit_shard s SET lines = l.seq, head = l.mac FROM PICKS, audit_line l"
        " WHERE s.id = p.shard AND l.shard_id = p.shard AND l.seq = p.lines + 1",
        chosen,
        "shard",
        "lines",
    )


@tampering("swap two lines")
def swap(cursor: Any, chosen: list[Pick]) -> None:
    run(
        cursor,
        "UPDATE audit_line l SET seq = p.seq + p.later - l.seq FROM PICKS"
        " WHERE l.shard_id = p.shard AND l.seq IN (p.seq, p.later)",
        chosen,
        "shard",
        "seq",
        "later",
    )


@tampering(MOVES)
def move(cursor: Any, chosen: list[Pick]) -> None:
    run(
        cursor,
        "UPDATE audit_line l SET shard_id = p.other, seq = p.other_lines + 1 FROM PICKS"
        " WHERE l.shard_id = p.shard AND l.seq = p.seq",
        chosen,
        "shard",
        "seq",
        "other",
        "other_lines",
    )
    run(
        cursor,
        "UPDATE audit_shard s SET lines = l.seq, head = l.mac FROM PICKS, audit_line l"
        " WHERE s.id = p.other AND l.shard_id = p.other AND l.seq = p.other_lines + 1",
        chosen,
        "other",
        "other_lines",
    )


@tampering("delete one and number the rest anew, with the head")
def renumber(cursor: Any, chosen: list[Pick]) -> None:
    delete(cursor, chosen, "l.seq = p.seq")
    run(
        cursor,
        "UPDATE audit_line l SET seq = l.seq - 1 FROM PICKS WHERE l.shard_id = p.shard AND l.seq > p.seq",
        chosen,
        "shard",
        "seq",
    )
    run(cursor, "UPDATE audit_shard s SET lines = s.lines - 1 FROM PICKS WHERE s.id = p.shard", chosen, "shard")


@tampering("remove the shard's row")
def remove_row(cursor: Any, chosen: list[Pick]) -> None:
    run(cursor, "DELETE FROM audit_shard s USING PICKS WHERE s.id = p.shard", chosen, "shard")


@tampering("remove a shard and all its lines")
def remove_all(cursor: Any, chosen: list[Pick]) -> None:
    remove_row(cursor, chosen)
    delete(cursor, chosen, "true")


@tampering("say that another key made it")
def other_key(cursor: Any, chosen: list[Pick]) -> None:
    run(cursor, "UPDATE audit_shard s SET key = 'another' FROM PICKS WHERE s.id = p.shard", chosen, "shard")
