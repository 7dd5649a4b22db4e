"""Small numbers of people are not told: one to four could be recognised.

Where exactly one cell of a column is hidden it could be had by subtraction from the total, so the smallest of the
others is hidden with it. A nought is told: it is nobody. Residents' privacy before the planner's curiosity.
"""

from collections.abc import Mapping
from typing import TypeVar

LEAST = 5

K = TypeVar("K")


def is_small(count: int | None) -> bool:
    return count is not None and 0 < count < LEAST


def share_is_small(numerator: int, denominator: int) -> bool:
    """A share gives a small number away when either it or what remains is small."""
    return is_small(numerator) or is_small(denominator - numerator)


def hidden(column: Mapping[K, int | None]) -> frozenset[K]:
    """The keys whose number is not to be shown."""
    small = {key for key, count in column.items() if is_small(count)}
    if len(small) == 1:
        others = [(count, str(key), key) for key, count in column.items() if count and key not in small]
        if others:
            small.add(min(others, key=lambda one: one[:2])[2])
    return frozenset(small)
