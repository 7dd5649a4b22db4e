"""What can be added: a clinic and a clinic make a municipality, municipalities make the region."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

LARGEST = frozenset({"oldest_wait_days"})  # the sum of two is the larger


@dataclass(frozen=True, slots=True)
class Tally:
    """Numerators and denominators of one clinic, of several, or of those who live somewhere."""

    clinics: int = 0
    residents: int = 0
    residents_listed: int = 0
    residents_named: int = 0
    listed: int = 0
    burden: Decimal = Decimal(0)
    named: int = 0
    doctor_gone: int = 0
    passive: int = 0
    specialists_fte: Decimal = Decimal(0)
    specialists_heads: int = 0
    trainees_fte: Decimal = Decimal(0)
    locums_fte: Decimal = Decimal(0)
    capacity: int = 0
    queue: int = 0
    wait_days: int = 0
    oldest_wait_days: int = 0
    offers_open: int = 0
    offers_made: int = 0
    caps: int = 0
    free_places: int = 0
    joined_month: int = 0
    chosen_month: int = 0
    left_month: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return total((self, other))

    @property
    def unnamed(self) -> int:
        return self.listed - self.named

    @property
    def net_month(self) -> int:
        return self.joined_month - self.left_month


NAMES = tuple(one.name for one in fields(Tally))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    rows = list(tallies)
    together: dict[str, Any] = {}
    for name in NAMES:
        values = [getattr(row, name) for row in rows]
        if values:
            together[name] = max(values) if name in LARGEST else sum(values)
    return Tally(**together)
