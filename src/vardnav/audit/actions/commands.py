"""A command that is sent again is done once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from psycopg.types.json import Jsonb

from vardnav.audit.models import Command
from vardnav.audit.rules import COMMANDS_KEPT, LONGEST_KEY, KeyReused, KeyTooLong, user_id
from vardnav.kernel.actor import Actor
from vardnav.tables import sql

Answer = dict[str, Any]
TAKE_KEY = (
    "INSERT INTO audit_command (user_id, key, kind, answer, recorded_at) VALUES (%s, %s, %s, 'null', %s)"
    " ON CONFLICT DO NOTHING RETURNING id"
)


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
