"""Write lines. A failing line fails the transaction it stands in: no line, no data."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from vardnav.audit.models import Command, Line
from vardnav.audit.rules import Activity, KeyReused, Outcome, user_id
from vardnav.kernel.actor import Actor

Answer = dict[str, Any]


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
    _line(kind, by, now, activity, outcome, patient_id, resource, reason, details).save(force_insert=True)


def record_reads(
    kind: str, patient_ids: Iterable[int], *, by: Actor, now: datetime, reason: str = "", **details: object
) -> None:
    """Write one line for each patient that an answer shows."""
    Line.objects.bulk_create(
        _line(kind, by, now, Activity.READ, Outcome.DONE, patient_id, None, reason, details)
        for patient_id in patient_ids
    )


def once(key: str | None, kind: str, *, by: Actor, now: datetime, do: Callable[[], Answer]) -> Answer:
    """Run `do` at most once for a user's key; a retry gets the first answer.

    The key's row is taken before the work, in the same transaction, so that two simultaneous tries
    cannot both do it: the second waits on the unique index and then reads the answer.

    Raises KeyReused when the key was another kind of command's.
    """
    if key is None:
        return do()
    with transaction.atomic():
        who = user_id(by)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_command (user_id, key, kind, answer, recorded_at) VALUES (%s, %s, %s, 'null', %s)"
                " ON CONFLICT DO NOTHING RETURNING id",
                [who, key[:80], kind, now],
            )
            row = cursor.fetchone()
        if row is None:
            earlier = Command.objects.get(user_id=who, key=key[:80])
            if earlier.kind != kind:
                raise KeyReused
            answered: Answer = earlier.answer
            return answered
        answer = do()
        Command.objects.filter(id=row[0]).update(answer=answer)
        return answer


def _line(
    kind: str,
    by: Actor,
    now: datetime,
    activity: Activity,
    outcome: Outcome,
    patient_id: int | None,
    resource: tuple[str, object] | None,
    reason: str,
    details: dict[str, object],
) -> Line:
    acting = by.acting
    return Line(
        recorded_at=now,
        kind=kind,
        activity=activity.value,
        outcome=outcome.value,
        actor_kind=by.kind.value,
        account_id=by.account_id,
        user_id=user_id(by),
        user_name=by.name,
        assignment_id=acting.assignment_id if acting else None,
        role=acting.role.value if acting else "",
        purpose=acting.purpose.value if acting else "",
        unit_hsa_id=acting.unit_hsa_id if acting else "",
        unit_name=acting.unit_name if acting else "",
        patient_id=patient_id,
        resource_type=resource[0] if resource else "",
        resource_id=str(resource[1]) if resource else "",
        reason=reason,
        details=details,
        request_id=by.request_id,
    )
