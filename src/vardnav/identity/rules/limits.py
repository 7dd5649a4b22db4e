"""How many wrong tries a way in stands, how long it is then shut, and what the ways in are called.

Each limit is a bucket: every wrong try pours one in, time lets it leak, and from `free` on each further one shuts for
twice as long as the one before. Why these figures, with worked cases: docs/rules/login.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CHALLENGE_LIVES = timedelta(minutes=3)
HALFWAY_LIVES = timedelta(minutes=15)  # from the right password to the second step
PROOF_LIVES = timedelta(minutes=10)  # how long a login may change how the account is logged in to
TEMPORARY_LIVES = timedelta(hours=72)
RECOVERY_CODES = 10
TOTP_STEP = 30
MOST_PASSKEYS = 10
MOST_TRIES_KEPT = 200_000


class Step(StrEnum):
    """What stands between a right password and being in."""

    PASSWORD = "password"  # noqa: S105  a temporary one is changed first
    ENROL = "enrol"
    PROVE = "prove"


class NoticeKind(StrEnum):
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of notice
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Limit:
    free: int
    first: timedelta
    longest: timedelta
    leak: timedelta


@dataclass(frozen=True, slots=True)
class Bucket:
    level: int
    counted_until: datetime
    shut_until: datetime | None


NAME = Limit(free=5, first=timedelta(minutes=1), longest=timedelta(hours=1), leak=timedelta(hours=2))
FACTOR = BROWSER = NAME
ADDRESS = Limit(free=100, first=timedelta(minutes=1), longest=timedelta(minutes=15), leak=timedelta(minutes=1))


def leaked(bucket: Bucket, limit: Limit, now: datetime) -> Bucket:
    """The bucket as it stands now: whole drops have gone, part of a drop stays to leak."""
    drops = min(max(0, (now - bucket.counted_until) // limit.leak), bucket.level)
    left = bucket.level - drops
    counted = bucket.counted_until + drops * limit.leak if left else now
    return Bucket(left, counted, bucket.shut_until)


def is_shut(bucket: Bucket, now: datetime) -> bool:
    return bucket.shut_until is not None and now < bucket.shut_until


def poured(bucket: Bucket | None, limit: Limit, now: datetime) -> Bucket:
    """The bucket after one more try."""
    before = leaked(bucket, limit, now) if bucket else Bucket(0, now, None)
    level = before.level + 1
    over = level - limit.free
    wait = min(limit.first * 2 ** min(over, 20), limit.longest) if over >= 0 else None
    return Bucket(level, before.counted_until, now + wait if wait else None)


def taken_back(bucket: Bucket) -> Bucket:
    """The bucket when the last try turned out to be right."""
    return Bucket(max(0, bucket.level - 1), bucket.counted_until, None)
