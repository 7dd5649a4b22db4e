"""What an actor sees of what other units have about a person: one statement, for one person or for a whole list.

An opening closes by itself because time is asked when the data are read; no job has to come round.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.patients.rules import Deed, Opened, OpeningKind, Relation, Sight, allows
from vardnav.tables import sql

NONE: Mapping[str, datetime] = MappingProxyType({})
# Blocks that stand; openings in force for this unit (consent) or this member of staff (emergency); emergency needs.
STANDING = """
SELECT person_id, 'block', 0::bigint, ARRAY[unit_hsa_id], made_at, made_at
FROM patients_block WHERE person_id = ANY(%(people)s) AND lifted_at IS NULL
UNION ALL
SELECT person_id, kind, id, units, opened_at, ends_at
FROM patients_opening
WHERE person_id = ANY(%(people)s) AND unit_hsa_id = %(unit)s AND closed_at IS NULL AND ends_at > %(now)s
    AND opened_at <= %(now)s AND (kind = 'consent' OR account_id = %(account)s)
UNION ALL
SELECT person_id, 'need', id, NULL, stated_at, ends_at
FROM patients_need
WHERE person_id = ANY(%(people)s) AND unit_hsa_id = %(unit)s AND account_id = %(account)s AND reason = 'emergency'
    AND stated_at <= %(now)s AND ends_at > %(now)s
"""


def sight(person_id: int, relation: Relation, *, by: Actor, now: datetime) -> Sight:
    """What the actor sees of one person; `relation` is what the check before it found."""
    if by.kind not in (ActorKind.STAFF, ActorKind.SERVICE):
        return Sight(by, True, NONE, ())
    return _sight(_standing([person_id], by, now), relation, by)


def sights(relations: Mapping[int, Relation], *, by: Actor, now: datetime) -> dict[int, Sight]:
    """The same for everybody in a list: each person's id and the relation that put them there."""
    if by.kind not in (ActorKind.STAFF, ActorKind.SERVICE):
        return {person_id: Sight(by, True, NONE, ()) for person_id in relations}
    found: dict[int, list[tuple[Any, ...]]] = {person_id: [] for person_id in relations}
    for row in _standing(relations, by, now):
        found[row[0]].append(row)
    return {person_id: _sight(rows, relations[person_id], by) for person_id, rows in found.items()}


def _standing(person_ids: Iterable[int], by: Actor, now: datetime) -> list[tuple[Any, ...]]:
    values = {"people": list(person_ids), "unit": by.unit_hsa_id or "", "account": by.account_id or 0, "now": now}
    return sql.rows(STANDING, values)


def _sight(rows: Iterable[tuple[Any, ...]], relation: Relation, by: Actor) -> Sight:
    blocks: dict[str, datetime] = {}
    openings: list[Opened] = []
    in_need = False
    for _, kind, opening_id, units, begins, ends in rows:
        if kind == "block":
            blocks[units[0]] = begins
        elif kind == "need":
            in_need = True
        else:
            openings.append(Opened(opening_id, OpeningKind(kind), tuple(units), begins, ends))
    # A key that only writes is still told how it went; what it reads, its scope has said before.
    others = by.kind is ActorKind.SERVICE or allows(by, relation, Deed.READ_OTHER_UNITS)
    return Sight(by, others, blocks, tuple(openings), in_need)
