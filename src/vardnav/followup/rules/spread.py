"""How a figure is spread over clinics and people: percentiles, medians, histograms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median


def weighted_percentile(values: Iterable[tuple[float, int]], share: float) -> float | None:
    """The smallest value that at least `share` of the heads do not exceed; pairs are (value, heads)."""
    rows = sorted((value, heads) for value, heads in values if heads > 0)
    needed = share * sum(heads for _, heads in rows)
    passed = 0
    for value, heads in rows:
        passed += heads
        if passed >= needed - 1e-9:
            return value
    return None


@dataclass(frozen=True, slots=True)
class Bin:
    """Values above `low` and up to `high`; None is open."""

    low: float | None
    high: float | None
    count: int
    above: bool  # beyond the goal


def histogram(values: Sequence[float], *, goal: float, width: float, below: int = 2, above: int = 8) -> list[Bin]:
    """Bins of one width around the goal, which is always an edge; the outermost two are open.

    A value on the goal meets it, so each bin holds the values above its low edge up to its high edge.
    """
    edges = [goal + width * step for step in range(-below, above + 1)]
    limits: list[tuple[float | None, float | None]] = [(None, edges[0])]
    limits += [(low, high) for low, high in pairwise(edges)]
    limits.append((edges[-1], None))
    return [
        Bin(
            low,
            high,
            sum((low is None or value > low) and (high is None or value <= high) for value in values),
            above=low is not None and low >= goal,
        )
        for low, high in limits
    ]


@dataclass(frozen=True, slots=True)
class Load:
    """Listed per full-time specialist, seen over the clinics of a region."""

    clinics: int
    without_specialist: int
    mean: float | None  # the middle of the clinics' own figures
    median: float | None
    above: int
    values: tuple[float, ...]

    @property
    def counted(self) -> dict[str, float | None]:
        """Under the keys of the indicators that are had this way."""
        return {"median_listed_per_specialist": self.median, "share_above": self.share_above}

    @property
    def share_above(self) -> float | None:
        """A clinic that has listed people and no specialist is above whatever the guide value is."""
        return (self.above + self.without_specialist) / self.clinics if self.clinics else None


def load(clinics: Iterable[tuple[int, float]], ceiling: float) -> Load:
    """From (listed, full-time specialists) of each clinic; clinics without anybody listed do not count."""
    rows = [(listed, float(fte)) for listed, fte in clinics if listed > 0]
    values = tuple(listed / fte for listed, fte in rows if fte > 0)
    return Load(
        clinics=len(rows),
        without_specialist=sum(fte <= 0 for _, fte in rows),
        mean=fmean(values) if values else None,
        median=median(values) if values else None,
        above=sum(value > ceiling for value in values),
        values=values,
    )
