"""Write lines. A failing line fails the transaction it stands in: no line, no data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from vardnav.audit.chain import COLUMNS, Fields, Shard, again, plain, shard
from vardnav.audit.rules import Activity, ChainBroken, Outcome, user_id
from vardnav.kernel.actor import Acting, Actor
from vardnav.tables import sql

PATIENT = list(COLUMNS).index("patient_id")
DETAILS = list(COLUMNS).index("details")
IDS = "SELECT nextval('audit_line_id_seq') FROM generate_series(1, %s)"
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
TYPED_OF_ALL = ["one.id", *TYPED[1:PATIENT], "one.patient_id", *TYPED[PATIENT + 1 :]]
APPEND_ALL = (
    f"{LED_ON}{', '.join(TYPED_OF_ALL)}, chain.id, chain.lines - %s + one.place, one.mac"
    " FROM chain, unnest(%s::bigint[], %s::bigint[], %s::bytea[]) WITH ORDINALITY AS one (id, patient_id, mac, place)"
    " ORDER BY one.place) SELECT count(*) FROM chain"
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
    told = _fields(kind, by, now, activity, outcome, patient_id, resource, of, reason, emergency, details)
    line = (*_ids(1), *told)
    _append([line], lambda chain, macs: (APPEND, [1, macs[-1], *_place(chain), *_values(line), macs[-1]]))


def record_reads(
    kind: str,
    patient_ids: Iterable[int],
    *,
    by: Actor,
    now: datetime,
    of: tuple[str, str] | None = None,
    reason: str = "",
    emergency: bool = False,
    **details: object,
) -> None:
    """Write one line for each patient that an answer shows, in its order. A list may be a whole clinic's."""
    shown = list(patient_ids)
    if not shown:
        return
    told = (None, *_fields(kind, by, now, Activity.READ, Outcome.DONE, None, None, of, reason, emergency, details))
    resource = _resource(kind, None, shown[0])  # of a line about a patient
    common = tuple(resource[0] if name == "resource_type" else one for name, one in zip(COLUMNS, told, strict=True))
    many, ids = len(shown), _ids(len(shown))
    lines = [(id_, *common[1:PATIENT], one, *common[PATIENT + 1 :]) for id_, one in zip(ids, shown, strict=True)]
    values = _values(common)
    values = [*values[1:PATIENT], *values[PATIENT + 1 :]]
    _append(
        lines,
        lambda chain, macs: (APPEND_ALL, [many, macs[-1], *_place(chain), *values, many, ids, shown, macs]),
    )


def _ids(many: int) -> list[int]:
    """The lines' numbers, taken beforehand: they are what a page goes on from, so the MAC holds them too."""
    return [row[0] for row in sql.rows(IDS, [many])]


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


def _resource(kind: str, resource: tuple[str, object] | None, patient_id: int | None) -> tuple[str, str]:
    """What it was done to. About a patient it is always told: without more, what the kind names (room.thing.done)."""
    if resource is not None:
        return resource[0], str(resource[1])
    return (kind.split(".")[1] if patient_id is not None else ""), ""


def _acting(acting: Acting | None) -> tuple[str, str, str, str, str]:
    if acting is None:
        return "", "", "", "", ""
    return acting.role.value, acting.purpose.value, acting.unit_hsa_id, acting.unit_name, acting.provider_hsa_id


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
    """A line in the order of COLUMNS, without its id."""
    acting = by.acting
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
        *_acting(acting),
        patient_id,
        *_resource(kind, resource, patient_id),
        *(of or (by.unit_hsa_id or "", by.provider_hsa_id)),
        reason,
        plain(details) if details else details,
        by.request_id,
    )
