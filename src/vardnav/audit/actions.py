"""Write lines. A failing line fails the transaction it stands in: no line, no data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from vardnav.audit.chain import Fields, Shard, again, shard
from vardnav.audit.models import Command
from vardnav.audit.rules import (
    COMMANDS_KEPT,
    LONGEST_KEY,
    Activity,
    ChainBroken,
    KeyReused,
    KeyTooLong,
    Outcome,
    user_id,
)
from vardnav.kernel.actor import Actor
from vardnav.tables import sql

Answer = dict[str, Any]


# Every column that a line tells something by, in the order of its MAC, with its type.
COLUMNS = {
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
PATIENT = list(COLUMNS).index("patient_id")
DETAILS = list(COLUMNS).index("details")
# One statement leads the chain on and puts the line in; it does nothing where the head is not what it was taken for.
# ruff: noqa: S608 - statements are made of our own constants only
LED_ON = (
    "WITH chain AS (UPDATE audit_shard SET lines = lines + %s, head = %s"
    " WHERE id = %s AND lines = %s AND head = %s RETURNING id, lines), line AS (INSERT INTO audit_line ("
    + ", ".join(COLUMNS)
    + ", shard_id, seq, mac) SELECT "
)
TYPED = [f"%s::{kind}" for kind in COLUMNS.values()]
APPEND = f"{LED_ON}{', '.join(TYPED)}, chain.id, chain.lines, %s FROM chain) SELECT count(*) FROM chain"
TYPED_OF_ALL = [*TYPED[:PATIENT], "one.patient_id", *TYPED[PATIENT + 1 :]]
APPEND_ALL = (
    f"{LED_ON}{', '.join(TYPED_OF_ALL)}, chain.id, chain.lines - %s + one.place, one.mac"
    " FROM chain, unnest(%s::bigint[], %s::bytea[]) WITH ORDINALITY AS one (patient_id, mac, place)"
    " ORDER BY one.place) SELECT count(*) FROM chain"
)
TAKE_KEY = (
    "INSERT INTO audit_command (user_id, key, kind, answer, recorded_at) VALUES (%s, %s, %s, 'null', %s)"
    " ON CONFLICT DO NOTHING RETURNING id"
)


def record(
    kind: str,
    *,
    by: Actor,
    now: datetime,
    activity: Activity = Activity.WRITE,
    outcome: Outcome = Outcome.DONE,
    patient_id: int | None = None,
    resource: tuple[str, object] | None = None,
    of: tuple[str, str] | None = None,
    reason: str = "",
    emergency: bool = False,
    **details: object,
) -> None:
    """Write one line in the caller's transaction.

    `resource` is what it was done to: its type and id; `of` the unit and the care provider (HSA-ids) whose data it
    is, when they are not the actor's own.
    """
    line = _fields(kind, by, now, activity, outcome, patient_id, resource, of, reason, emergency, details)
    _append([line], lambda chain, macs: (APPEND, [1, macs[-1], *_place(chain), *_values(line), macs[-1]]))


def record_reads(
    kind: str, patient_ids: Iterable[int], *, by: Actor, now: datetime, reason: str = "", **details: object
) -> None:
    """Write one line for each patient that an answer shows, in its order. A list may be a whole clinic's."""
    shown = list(patient_ids)
    if not shown:
        return
    common = _fields(kind, by, now, Activity.READ, Outcome.DONE, None, None, None, reason, False, details)
    lines = [(*common[:PATIENT], one, *common[PATIENT + 1 :]) for one in shown]
    values = _values(common)
    values = [*values[:PATIENT], *values[PATIENT + 1 :]]
    many = len(shown)
    _append(
        lines,
        lambda chain, macs: (APPEND_ALL, [many, macs[-1], *_place(chain), *values, many, shown, macs]),
    )


def _append(lines: list[Fields], statement: Callable[[Shard, list[bytes]], tuple[str, list[Any]]]) -> None:
    """Put lines at the end of this connection's chain; once more when the chain was rolled back meanwhile."""
    chain = shard()
    for _ in range(2):
        macs = chain.macs(lines)
        answered = sql.row(*statement(chain, macs))
        if answered is not None and answered[0]:
            chain.lines, chain.head = chain.lines + len(lines), macs[-1]
            return
        chain = again()
    raise ChainBroken


def _place(chain: Shard) -> tuple[int, int, bytes]:
    return chain.id, chain.lines, chain.head


def _values(line: Fields) -> list[Any]:
    """As the statement wants them: details as JSON."""
    return [*line[:DETAILS], Jsonb(line[DETAILS]), *line[DETAILS + 1 :]]


def once(key: str | None, kind: str, *, by: Actor, now: datetime, do: Callable[[], Answer]) -> Answer:
    """Run `do` at most once for a user's key; a retry gets the first answer.

    The key's row is taken before the work, in the same transaction, so that two simultaneous tries
    cannot both do it: the second waits on the unique index and then reads the answer.

    Raises KeyReused when the key was another kind of command's, KeyTooLong.
    """
    if key is None:
        return do()
    if len(key) > LONGEST_KEY:  # cut, two keys could be one, and the second command would never be done
        raise KeyTooLong(most=LONGEST_KEY)
    with transaction.atomic(savepoint=False):
        who = user_id(by)
        taken = sql.row(TAKE_KEY, [who, key, kind, now])
        if taken is None:
            earlier = Command.objects.get(user_id=who, key=key)
            if earlier.kind != kind:
                raise KeyReused
            answered: Answer = earlier.answer
            return answered
        answer = do()
        sql.run("UPDATE audit_command SET answer = %s WHERE id = %s", [Jsonb(answer), taken[0]])
        return answer


def forget_commands(*, now: datetime) -> int:
    """Delete the answers of commands that nobody sends again any more; answers how many."""
    return Command.objects.filter(recorded_at__lt=now - COMMANDS_KEPT).delete()[0]


def _fields(
    kind: str,
    by: Actor,
    now: datetime,
    activity: Activity,
    outcome: Outcome,
    patient_id: int | None,
    resource: tuple[str, object] | None,
    of: tuple[str, str] | None,
    reason: str,
    emergency: bool,
    details: dict[str, object],
) -> Fields:
    """A line in the order of COLUMNS."""
    acting = by.acting
    of = of or ((acting.unit_hsa_id, acting.provider_hsa_id) if acting else ("", ""))
    return (
        now,
        kind,
        activity.value,
        outcome.value,
        emergency,
        by.kind.value,
        by.assurance,
        by.account_id,
        user_id(by),
        by.name,
        acting.assignment_id if acting else None,
        acting.role.value if acting else "",
        acting.purpose.value if acting else "",
        acting.unit_hsa_id if acting else "",
        acting.unit_name if acting else "",
        acting.provider_hsa_id if acting else "",
        patient_id,
        resource[0] if resource else "",
        str(resource[1]) if resource else "",
        *of,
        reason,
        details,
        by.request_id,
    )
