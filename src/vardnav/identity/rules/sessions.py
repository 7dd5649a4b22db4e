"""How long somebody stays logged in, and how they came in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from vardnav.kernel.errors import Refusal

SEEN_EACH = timedelta(minutes=1)  # how often it is written down that somebody is still there
WARNED_BEFORE = timedelta(minutes=2)  # how long before the end a page says so (WCAG 2.2.1 asks for 20 seconds)
BEFORE_LOGIN = timedelta(minutes=15)  # a visitor who is on the way to a provider and back


class Way(StrEnum):
    """How a session began."""

    OIDC_STAFF = "oidc-staff"
    OIDC_RESIDENT = "oidc-resident"
    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - the name of a way in


@dataclass(frozen=True, slots=True)
class Limits:
    """A session ends when nobody has used it for `idle`, and `longest` after it began whatever is done."""

    idle: timedelta
    longest: timedelta

    def ends_at(self, begun_at: datetime, seen_at: datetime) -> datetime:
        return min(seen_at + self.idle, begun_at + self.longest)


class SessionGone(Refusal):
    """The session has ended already, or is somebody else's."""


def is_due(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to write down again that somebody is there."""
    return now - seen_at >= SEEN_EACH
