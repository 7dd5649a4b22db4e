"""The figures of one place on one day, with the small numbers hidden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vardnav.followup.rules.indicator import Indicator, Measure, Measured
from vardnav.followup.rules.indicators import INDICATORS
from vardnav.followup.rules.small import hidden, is_small
from vardnav.followup.rules.tally import Tally

# Who knows how long the only one in the queue has waited knows something about that one.
TELLS_OF_QUEUE = frozenset({"mean_wait_days", "median_wait_days", "oldest_wait_days"})
SMALL_COUNTS = tuple(one for one in INDICATORS if one.measured is Measured.PEOPLE and one.of is not None)
TOO_FEW = Measure(None, hidden=True)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a place has, and what is not to be told of it.

    `counted` holds what cannot be added (percentiles), by the indicator's key.
    """

    tally: Tally
    counted: Mapping[str, float | None] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    def of(self, indicator: Indicator) -> Measure:
        if indicator.key in self.hidden or (indicator.key in TELLS_OF_QUEUE and "queue" in self.hidden):
            return TOO_FEW
        if indicator.of is not None:
            return indicator.of(self.tally)
        return Measure(self.counted.get(indicator.key))


def alone(tally: Tally, counted: Mapping[str, float | None] | None = None) -> Figures:
    """The figures of a place that nobody sees beside others of its kind."""
    small = {one.key for one in SMALL_COUNTS if one.of is not None and is_small(_whole(one, tally))}
    return Figures(tally, counted or {}, frozenset(small))


def side_by_side(places: Mapping[Any, Figures]) -> dict[Any, Figures]:
    """The same places with each column's small numbers hidden, so that no total gives them away."""
    found: dict[Any, set[str]] = {key: set() for key in places}
    for indicator in SMALL_COUNTS:
        column = {key: _whole(indicator, figures.tally) for key, figures in places.items()}
        for key in hidden(column):
            found[key].add(indicator.key)
    return {key: replace(figures, hidden=frozenset(found[key])) for key, figures in places.items()}


def together(places: Iterable[Figures], tally: Tally) -> Figures:
    """The sum of some places; a column where any of them is hidden stays hidden."""
    covered = frozenset(key for figures in places for key in figures.hidden)
    return replace(alone(tally), hidden=covered | alone(tally).hidden)


def _whole(indicator: Indicator, tally: Tally) -> int:
    value = indicator.of(tally).value if indicator.of is not None else None
    return int(value or 0)
