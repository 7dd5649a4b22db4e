"""Write lines. A failing line fails the transaction it stands in: no line, no data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from vardnav.audit.models import Command
from vardnav.audit.rules import COMMANDS_KEPT, LONGEST_KEY, Activity, KeyReused, KeyTooLong, Outcome, user_id
from vardnav.kernel.actor import Actor
from vardnav.tables import sql

Answer = dict[str, Any]


INSERT = (
    "INSERT INTO audit_line (recorded_at, kind, activity, outcome, actor_kind, account_id, user_id, user_name,"
    " assignment_id, role, purpose, unit_hsa_id, unit_name, patient_id, resource_type, resource_id, reason, details,"
    " request_id) VALUES "
)
ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
PATIENT = 13  # its place among a row's values
INSERT_OF_ALL = (
    INSERT.removesuffix("VALUES ")  # noqa: S608 - our own text only
    + "SELECT %s, %s, %s, %s, %s, %s::bigint, %s, %s, %s::bigint, %s, %s, %s, %s, one.patient_id, %s, %s, %s, %s, %s"
    " FROM unnest(%s::bigint[]) WITH ORDINALITY AS one (patient_id, place) ORDER BY one.place"
)
TAKE_KEY = (
    "INSERT INTO audit_command (user_id, key, kind, answer, recorded_at) VALUES (%s, %s, %s, 'null', %s)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
Values = tuple[Any, ...]


def record(
    kind: str,
    *,
    by: Actor,
    now: datetime,
    activity: Activity = Activity.WRITE,
    outcome: Outcome = Outcome.DONE,
    patient_id: int | None = None,
    resource: tuple[str, object] | None = None,
    reason: str = "",
    **details: object,
) -> None:
    """Write one line in the caller's transaction."""
    sql.run(INSERT + ROW, _values(kind, by, now, activity, outcome, patient_id, resource, reason, details))


def record_reads(
    kind: str, patient_ids: Iterable[int], *, by: Actor, now: datetime, reason: str = "", **details: object
) -> None:
    """Write one line for each patient that an answer shows, in its order. A list may be a whole clinic's."""
    shown = list(patient_ids)
    if not shown:
        return
    values = _values(kind, by, now, Activity.READ, Outcome.DONE, None, None, reason, details)
    sql.run(INSERT_OF_ALL, [*values[:PATIENT], *values[PATIENT + 1 :], shown])


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


def _values(
    kind: str,
    by: Actor,
    now: datetime,
    activity: Activity,
    outcome: Outcome,
    patient_id: int | None,
    resource: tuple[str, object] | None,
    reason: str,
    details: dict[str, object],
) -> Values:
    """A line in the order of INSERT."""
    acting = by.acting
    return (
        now,
        kind,
        activity.value,
        outcome.value,
        by.kind.value,
        by.account_id,
        user_id(by),
        by.name,
        acting.assignment_id if acting else None,
        acting.role.value if acting else "",
        acting.purpose.value if acting else "",
        acting.unit_hsa_id if acting else "",
        acting.unit_name if acting else "",
        patient_id,
        resource[0] if resource else "",
        str(resource[1]) if resource else "",
        reason,
        Jsonb(details),
        by.request_id,
    )
