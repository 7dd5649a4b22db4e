"""The words of the log."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from vardnav.kernel.actor import Actor, Role
from vardnav.kernel.errors import Refusal

LONGEST_KEY = 80
COMMANDS_KEPT = timedelta(days=30)
FEWEST_YEARS = 5  # HSLF-FS 2016:40 4:9
MONTHS_AHEAD = 6  # for which the log has parts beforehand


class Activity(StrEnum):
    READ = "read"
    WRITE = "write"
    ACCESS = "access"  # logging in, choosing an assignment, being refused


class Outcome(StrEnum):
    DONE = "done"
    DENIED = "denied"


class KeyReused(Refusal):
    """The key was used for another kind of command: make a new one for each."""

    status = 422


class KeyTooLong(Refusal):
    """The key is too long: make one of at most 80 characters."""

    status = 422


class ChainBroken(Exception):
    """The log's chain does not go on from what the database holds: nothing is written, and nothing is shown."""


class TooYoung(Refusal):
    """Lines of that time are to be kept."""


class LogDoesNotHold(Refusal):
    """The log is not as it was written: nothing is forgotten of it."""


class NotAReviewer(Refusal):
    """Only an administrator searches the whole log."""

    status = 403


def check_may_review(by: Actor) -> None:
    """Raises NotAReviewer."""
    if by.role is not Role.ADMINISTRATOR:
        raise NotAReviewer


def user_id(by: Actor) -> str:
    """The identity a line carries: HSA-id, personal number, or the program's name."""
    return by.hsa_id or by.personal_number or by.name[:40]


def first_kept(now: datetime, years: int) -> date:
    """The first month that must be kept: the one that began `years` ago, or holds that day. Never under five years."""
    return date(now.year - max(years, FEWEST_YEARS), now.month, 1)


def check_may_forget(before: date, *, now: datetime, years: int) -> None:
    """Raises TooYoung."""
    kept = first_kept(now, years)
    if before > kept:
        raise TooYoung(before=f"{before:%Y-%m}", kept=f"{kept:%Y-%m}", years=max(years, FEWEST_YEARS))
