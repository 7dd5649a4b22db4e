"""Identity numbers that no living person has: Skatteverket's test range, then reserve numbers.

A day has ten test numbers per sex (birth numbers 980-999: even for women, odd for men). When they run out come as
many coordination numbers (day + 60), then a region's reserve numbers R000-R999, which carry no sex.
"""

import numpy as np

from vardnav.demo.generate.arrays import Ints, rank_in_group
from vardnav.demo.generate.people import MALE

PER_KIND = 10  # of each sex and day
RESERVE_FROM = 10_000  # tails above are reserve numbers: 10_000 + nnn stands for Rnnn
MOST_RESERVES = 1_000


class TooManyBirths(ValueError):
    """More people were born on one day than there are numbers for."""


def numbers(born: Ints, sex: Ints, first: Ints) -> tuple[Ints, Ints]:
    """The first eight characters (as YYYYMMDD, the day raised by 60 in a coordination number) and the tail of each.

    The tail is the last four digits, or RESERVE_FROM + nnn for a reserve number. Rows listed in `first` are served
    before others born the same day, so that their numbers are the same in every region.
    """
    late = np.ones(len(born), dtype=np.int64)
    late[first] = 0
    origin = int(born.min())
    day = (born - origin).astype(np.int64)
    group = day * 2 + sex
    order = np.argsort(group * 2 + late, kind="stable")
    rank = np.empty(len(born), dtype=np.int64)
    rank[order] = rank_in_group(group[order], int(group.max()) + 1)
    eight = _calendar(origin, int(day.max()))[day]
    kind = rank // PER_KIND
    eight = eight + np.where(kind == 1, 60, 0)
    birth_number = 980 + 2 * ((rank * 3 + born) % PER_KIND) + (sex == MALE)
    tail = birth_number * 10 + _luhn(eight % 1_000_000 * 1000 + birth_number)
    reserve = np.flatnonzero(kind > 1)
    if len(reserve):
        by_day = reserve[np.argsort(day[reserve], kind="stable")]
        count = rank_in_group(day[by_day], int(day.max()) + 1)
        if int(count.max()) >= MOST_RESERVES:
            raise TooManyBirths("more people were born on one day than there are numbers for")
        tail[by_day] = RESERVE_FROM + count
    return eight.astype(np.int32), tail.astype(np.int16)


def _calendar(origin: int, days: int) -> Ints:
    """YYYYMMDD of each day from `origin` (days since 1970) on."""
    day = np.arange(origin, origin + days + 1).astype("datetime64[D]")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    month = day.astype("datetime64[M]").astype(np.int64) % 12 + 1
    of_month = (day - day.astype("datetime64[M]")).astype(np.int64) + 1
    result: Ints = year * 10_000 + month * 100 + of_month
    return result


def _luhn(nine: Ints) -> Ints:
    """The check digit of nine digits (the first is doubled)."""
    total = np.zeros(len(nine), dtype=np.int64)
    for place in range(9):
        digit = nine // 10**place % 10
        total += digit if place % 2 else digit * 2 // 10 + digit * 2 % 10
    result: Ints = -total % 10
    return result
