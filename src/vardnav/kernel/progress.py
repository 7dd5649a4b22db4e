"""How long work tells how far it has come: what it does, how many it has done, of how many."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
