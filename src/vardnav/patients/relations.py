"""The ways a unit can have a resident. A room above registers its own when the program starts."""

from collections.abc import Callable
from datetime import date

Holds = Callable[[int, str, date], bool]

_registered: dict[str, Holds] = {}


def register(name: str, holds: Holds) -> None:
    """`holds(person_id, unit_hsa_id, on)` answers whether the unit has that relation to the resident."""
    _registered[name] = holds


def between(person_id: int, unit_hsa_id: str, on: date) -> str | None:
    """The name of the first relation that holds, for the log; None if there is none."""
    for name, holds in _registered.items():
        if holds(person_id, unit_hsa_id, on):
            return name
    return None
