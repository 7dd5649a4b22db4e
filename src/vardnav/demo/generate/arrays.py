"""Arrays by what they hold, and the few operations on groups that the generator is made of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]


def seats(shares: Floats, total: int) -> Ints:
    """`total` divided in proportion to `shares` in whole numbers, the sum exact (largest remainders)."""
    exact = shares * (total / shares.sum())
    whole: Ints = np.floor(exact).astype(np.int64)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return whole


def starts(groups: Ints, count: int) -> Ints:
    """Where each of `count` groups begins in an array sorted by group; one more entry for the end."""
    ends: Ints = np.cumsum(np.bincount(groups, minlength=count))
    return np.concatenate((np.zeros(1, dtype=np.int64), ends))


def rank_in_group(groups: Ints, count: int) -> Ints:
    """The place (from 0) of each row inside its group, for rows sorted by group."""
    rank: Ints = np.arange(len(groups)) - starts(groups, count)[groups]
    return rank


def order_by(groups: Ints, value: Floats) -> Ints:
    """Rows in order of group, and inside the group by value (0 <= value < 2**20, to a 1/1024)."""
    key = groups.astype(np.int64) << 30 | (np.clip(value, 0, 2**20 - 1) * 1024).astype(np.int64)
    return np.argsort(key, kind="stable")
