"""Count wrong tries before they are judged, so that a thousand at once are not judged as the first.

A try is poured into its buckets and committed; only then is the password looked at. What turns out right is taken
back. So no lock is held while a password is hashed, and a name that nobody has is answered as one that somebody has.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.identity.actions.checks import check_administrator, staff_account
from vardnav.identity.doors import Door, factor, name
from vardnav.identity.models import Account, Tries
from vardnav.identity.rules import check_not_own, limits
from vardnav.identity.rules.factors import TooManyTries
from vardnav.kernel.actor import Actor
from vardnav.tables import sql

TIDY_EACH = 100  # rows
TAKE = """
INSERT INTO identity_tries (key, level, counted_until, gone_until) VALUES (%s, 0, %s, %s)
ON CONFLICT (key) DO UPDATE SET key = EXCLUDED.key
RETURNING id, level, counted_until, shut_until
"""
POUR = "UPDATE identity_tries SET level = %s, counted_until = %s, shut_until = %s, gone_until = %s WHERE id = %s"
TOO_MANY = "DELETE FROM identity_tries WHERE id IN (SELECT id FROM identity_tries ORDER BY level, gone_until LIMIT %s)"


@transaction.atomic
def count(doors: Sequence[Door], *, now: datetime) -> list[Door]:
    """Pour one try into each door's bucket; answers those it shuts for the next.

    Raises TooManyTries with `until` and `minutes`; then nothing is counted.
    """
    found = []
    for door in sorted(doors, key=lambda one: one.key):
        row_id, *bucket = sql.row(TAKE, [door.key, now, now]) or (0, 0, now, None)
        found.append((door, row_id, limits.Bucket(*bucket)))
    shut = [bucket.shut_until for _, _, bucket in found if bucket.shut_until and limits.is_shut(bucket, now)]
    if shut:
        raise TooManyTries(until=max(shut), minutes=ceil((max(shut) - now).total_seconds() / 60))
    shuts = []
    for door, row_id, before in found:
        after = limits.poured(before, door.limit, now)
        gone = max(after.counted_until + after.level * door.limit.leak, after.shut_until or now)
        sql.run(POUR, [after.level, after.counted_until, after.shut_until, gone, row_id])
        if after.shut_until:
            shuts.append(door)
        if not before.level and row_id % TIDY_EACH == 0:
            _keep_bounded(now)
    return shuts


@transaction.atomic
def take_back(doors: Sequence[Door]) -> None:
    """The try was right: an address gets its one back, every other door is as new."""
    for door in sorted(doors, key=lambda one: one.key):
        if door.kind != "address":
            Tries.objects.filter(key=door.key).delete()
            continue
        row = Tries.objects.select_for_update().filter(key=door.key).first()
        if row is not None:
            after = limits.taken_back(limits.Bucket(row.level, row.counted_until, row.shut_until))
            row.level, row.shut_until = after.level, after.shut_until
            row.save(update_fields=["level", "shut_until"])


def record_shut(shuts: Sequence[Door], *, by: Actor, now: datetime) -> None:
    """A line for each door that has just been shut. The network address is what an attack is stopped by."""
    for door in shuts:
        audit.record(
            "identity.login.shut",
            by=by,
            now=now,
            activity=Activity.ACCESS,
            outcome=Outcome.DENIED,
            what=door.kind,
            address=door.value if door.kind == "address" else "",
        )


@transaction.atomic
def open_again(account_id: int, *, by: Actor, now: datetime) -> None:
    """Raises NotAnAdministrator, OwnAccount, NotAStaffAccount."""
    check_administrator(by)
    check_not_own(account_id, by)
    account = staff_account(account_id)
    forget(account)
    audit.record("identity.login.opened", by=by, now=now, resource=("account", account_id))


def forget(account: Account) -> None:
    """A new password is a new beginning."""
    Tries.objects.filter(key__in=[name(account.login).key, factor(account.id).key]).delete()


def forget_tries(*, now: datetime) -> int:
    """Delete what has leaked away; answers how many rows."""
    return Tries.objects.filter(gone_until__lt=now).delete()[0]


def _keep_bounded(now: datetime) -> None:
    """However many names are tried, the table stays of a size; those with fewest tries go first."""
    forget_tries(now=now)
    over = Tries.objects.count() - limits.MOST_TRIES_KEPT
    if over > 0:
        sql.run(TOO_MANY, [over])
