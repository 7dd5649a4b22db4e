"""What an indicator is: words, arithmetic, a goal."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from vardnav.followup.rules.small import share_is_small
from vardnav.followup.rules.tally import Tally
from vardnav.organisation.rules import CapacityParameters

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Words:
    """The same said in both languages of the screen."""

    sv: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.sv


class Level(StrEnum):
    REGION = "region"
    MUNICIPALITY = "municipality"
    CLINIC = "clinic"


class Measured(StrEnum):
    """How a value is written."""

    PEOPLE = "people"  # whole people; small numbers are hidden
    SHARE = "share"  # 0 to 1, as per cent
    RATIO = "ratio"  # people for each something
    PER_THOUSAND = "per_thousand"
    INDEX = "index"
    DAYS = "days"
    MINUTES = "minutes"
    FULL_TIME = "full_time"
    COUNT = "count"  # clinics, caps: not people


class Goal(StrEnum):
    """A goal the region has: where it comes from and which side of it is good."""

    CEILING = "ceiling"  # at most the guide value
    NAMED = "named"  # at least the share
    DOCTORS = "doctors"  # at least one full-time specialist for as many inhabitants as the guide value
    FULL = "full"  # at most what the doctors can carry


@dataclass(frozen=True, slots=True)
class Target:
    value: float
    at_most: bool

    def is_met(self, value: float | None) -> bool | None:
        """On the goal is met; nothing is neither. The exact value counts, not the rounded one on the screen."""
        if value is None:
            return None
        return value <= self.value if self.at_most else value >= self.value


def target(goal: Goal | None, p: CapacityParameters) -> Target | None:
    """The goal in figures: what the region has set, else the national values."""
    if goal is None:
        return None
    return {
        Goal.CEILING: Target(float(p.ceiling), at_most=True),
        Goal.NAMED: Target(p.goal_named_doctor_percent / 100, at_most=False),
        Goal.DOCTORS: Target(1000 / p.ceiling, at_most=False),
        Goal.FULL: Target(1.0, at_most=True),
    }[goal]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and what it was made of; no value when there is nothing to divide by."""

    value: float | None
    numerator: Number | None = None
    denominator: Number | None = None
    hidden: bool = False  # too few people to tell


def ratio(numerator: Number, denominator: Number, scale: int = 1) -> Measure:
    value = scale * float(numerator) / float(denominator) if denominator else None
    return Measure(value, numerator, denominator)


def share_of_people(numerator: int, denominator: int) -> Measure:
    """A share whose small numbers stay hidden."""
    made = ratio(numerator, denominator)
    if share_is_small(numerator, denominator):
        return Measure(None, None, denominator, hidden=True)
    return made


def count(number: Number) -> Measure:
    return Measure(float(number), number)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure's definition, and how it is had from what can be added."""

    key: str
    name: Words
    short: Words
    definition: Words
    numerator: Words
    denominator: Words | None
    missing: Words
    source: Words
    measured: Measured
    levels: tuple[Level, ...]
    of: Callable[[Tally], Measure] | None = None  # None: cannot be added, is counted at each level
    goal: Goal | None = None
    steps: tuple[float, ...] = ()  # limits of the map's classes
