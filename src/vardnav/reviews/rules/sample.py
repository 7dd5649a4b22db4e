"""Which lines of a month are looked at: drawn by lot from a seed, so that anybody can draw the same again."""

import hashlib
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from vardnav.parameters.rules import value
from vardnav.reviews.rules.risks import Risk

SOURCE = "Rutin för loggranskning (docs/rules/reviews.md), efter HSLF-FS 2016:40 4 kap. 9 §"


@dataclass(frozen=True, slots=True)
class ReviewParameters:
    """How much is looked at, and when it is to be done."""

    review_percent: int = value(2, low=0, high=100, unit="%", source=SOURCE)
    review_least: int = value(20, low=1, high=1000, unit="lines", source=SOURCE)
    review_most: int = value(200, low=1, high=5000, unit="lines", source=SOURCE)
    review_risk_most: int = value(50, low=0, high=5000, unit="lines", source=SOURCE)
    review_due_day: int = value(20, low=1, high=28, unit="day", source=SOURCE)
    review_many_patients: int = value(100, low=5, high=10_000, unit="patients", source=SOURCE)
    review_contact_days: int = value(30, low=0, high=366, unit="days", source="IMY:s vägledning om åtkomstkontroll")


def size_of(lines: int, p: ReviewParameters) -> int:
    """So many per cent, rounded up, at least and at most so many; never more than there are."""
    return min(lines, max(p.review_least, min(p.review_most, ceil(lines * p.review_percent / 100))))


def draw(ids: Iterable[int], seed: str, size: int) -> list[int]:
    """The lines whose lot is lowest, lowest first. A line's lot is the SHA-256 of `seed:id`.

    Whatever order they come in, and whoever draws, it is the same lines; a line more changes one of them at most.
    """
    return heapq.nsmallest(size, ids, key=lambda one: _lot(seed, one))


def draw_risks(risks: Mapping[int, frozenset[Risk]], alike: Mapping[int, object], seed: str, size: int) -> list[int]:
    """Lines with the most and gravest reasons first, equals by lot; of lines that are `alike` only one.

    Somebody who opens the same patient ten times a day for the same reasons is one thing to judge.
    """
    order = sorted(risks, key=lambda one: (-sum(risk.weight for risk in risks[one]), _lot(seed, one)))
    met: set[object] = set()
    found: list[int] = []
    for one in order:
        if len(found) == size:
            break
        if alike[one] not in met:
            met.add(alike[one])
            found.append(one)
    return found


def _lot(seed: str, one: int) -> bytes:
    return hashlib.sha256(f"{seed}:{one}".encode()).digest()
