"""What is answered when a way in is not open, or may not be changed like that."""

import re
from collections.abc import Iterable
from itertools import pairwise

from vardnav.kernel.errors import Refusal

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
FORBIDDEN_WORDS = ("vardnav", "vårdnav")
SHORTEST_WORD = 4  # a name as short as Bo stands in too many good passwords
USUAL = (  # noqa: SIM905
    "lösenord losenord sommar sommaren vinter vintern höst hösten vår våren välkommen valkommen sjukhus sjukhuset "
    "vårdcentral vardcentral vårdcentralen region regionen doktor läkare sjuksköterska sverige svensk hejsan hemlig "
    "januari februari mars april maj juni juli augusti september oktober november december "
    "måndag tisdag onsdag torsdag fredag lördag söndag journal patient omvårdnad"
).split()
ROWS = ("abcdefghijklmnopqrstuvwxyzåäö", "01234567890", "qwertyuiopå", "asdfghjklöä", "zxcvbnm")


class TooManyTries(Refusal):
    """Too many wrong tries; it opens again by itself."""

    status = 403


class PasswordExpired(Refusal):
    """A temporary password is good for 72 hours."""

    status = 403


class CodeRefused(Refusal):
    """The code is wrong, has been used or is no longer good."""

    status = 403


class PasskeyRefused(Refusal):
    """The passkey did not answer this question, or is not known here."""

    status = 403


class PasskeyNotAdded(Refusal):
    """The passkey could not be added."""

    status = 422


class TooManyPasskeys(Refusal):
    """An account has at most ten passkeys."""


class LastFactor(Refusal):
    """An account keeps at least one second step: add another first."""


class PasswordRefused(Refusal):
    """The password is too easy to guess."""

    status = 422


class WrongPassword(Refusal):
    """The current password is wrong."""

    status = 422


def check_password_choice(password: str, *, words: Iterable[str], common: frozenset[str]) -> None:
    """ASVS 5.0 V6.2: long, not known to everybody, not made of who or where one is. Any sign is welcome.

    Raises PasswordRefused with `why`: short, long, word or common.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordRefused(why="short")
    if len(password) > LONGEST_PASSWORD:
        raise PasswordRefused(why="long")
    low = password.lower()
    if any(word in low for word in _parts([*words, *FORBIDDEN_WORDS])):
        raise PasswordRefused(why="word")
    if is_common(low, common):
        raise PasswordRefused(why="common")


def _parts(words: Iterable[str]) -> set[str]:
    """The words within names: a region is called Region Jämtland Härjedalen, a person Anna Ek."""
    parts = {part for word in words for part in [word.lower(), *re.split(r"[^\wåäöé]+", word.lower())]}
    return {part for part in parts if len(part) >= SHORTEST_WORD and part not in USUAL}


def is_common(low: str, common: frozenset[str]) -> bool:
    """Among the most used, or one of them with figures about it, said twice, or a walk along the keyboard.

    Only 187 of the 20,000 most used have twelve signs: guessers lengthen the short ones like this, and so do people.
    """
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", low)
    known = common.union(USUAL)
    if low in known or core in known or len(set(low)) < 5:
        return True
    if any(low == low[:size] * (len(low) // size) + low[: len(low) % size] for size in range(1, len(low) // 2 + 1)):
        return True
    return _longest_walk(low) >= len(low) - 4


def _longest_walk(low: str) -> int:
    """The signs that follow their neighbour on a keyboard's row or in the alphabet, forwards or backwards."""
    beside = {pair for row in ROWS for one in (row, row[::-1]) for pair in pairwise(one)}
    return 1 + sum(pair in beside for pair in pairwise(low))
