"""What the region follows: definitions, goals and arithmetic, without a database."""

from vardnav.followup.rules import indicators
from vardnav.followup.rules.days import month_ends, month_start, months_back
from vardnav.followup.rules.figures import Figures, alone, side_by_side, together
from vardnav.followup.rules.indicator import (
    Goal,
    Indicator,
    Level,
    Measure,
    Measured,
    Target,
    Words,
    target,
)
from vardnav.followup.rules.indicators import BY_KEY, INDICATORS
from vardnav.followup.rules.small import LEAST, hidden, is_small, share_is_small
from vardnav.followup.rules.spread import Bin, Load, histogram, load, weighted_percentile
from vardnav.followup.rules.tally import Tally, total

__all__ = [
    "BY_KEY",
    "INDICATORS",
    "LEAST",
    "Bin",
    "Figures",
    "Goal",
    "Indicator",
    "Level",
    "Load",
    "Measure",
    "Measured",
    "Tally",
    "Target",
    "Words",
    "alone",
    "hidden",
    "histogram",
    "indicators",
    "is_small",
    "load",
    "month_ends",
    "month_start",
    "months_back",
    "share_is_small",
    "side_by_side",
    "target",
    "together",
    "total",
    "weighted_percentile",
]
