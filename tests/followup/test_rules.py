"""Worked numbers."""

from datetime import date
from decimal import Decimal

import pytest

from tests.followup.page import PLACE, page
from vardnav.followup import rules
from vardnav.followup.rules import BY_KEY, INDICATORS, Goal, Level, Tally, indicators, target, total
from vardnav.organisation.rules import CapacityParameters

DEFAULTS = CapacityParameters()
EKEN = Tally(
    clinics=1,
    residents=10_000,
    residents_listed=9_400,
    residents_named=5_000,
    listed=9_000,
    burden=Decimal(9_450),
    named=4_950,
    doctor_gone=12,
    passive=630,
    specialists_fte=Decimal("7.50"),
    specialists_heads=9,
    trainees_fte=Decimal("3.00"),
    locums_fte=Decimal("0.50"),
    capacity=8_000,
    queue=20,
    wait_days=500,
    oldest_wait_days=61,
    caps=1,
    joined_month=70,
    chosen_month=41,
    left_month=64,
)


@pytest.mark.parametrize(
    ("key", "value", "numerator", "denominator"),
    [
        ("listed", 9_000, 9_000, None),
        ("listed_per_specialist", 1_200, 9_000, Decimal("7.50")),
        ("named_share", 0.55, 4_950, 9_000),
        ("doctor_gone", 12, 12, None),
        ("specialists_fte_per_thousand", 0.75, Decimal("7.50"), 10_000),
        ("specialists_per_thousand", 0.9, 9, 10_000),
        ("residents_listed_share", 0.94, 9_400, 10_000),
        ("residents_named_share", 0.5, 5_000, 10_000),
        ("burden", 1.05, Decimal(9_450), 9_000),
        ("occupancy", 1.125, 9_000, 8_000),
        ("queue", 20, 20, None),
        ("mean_wait_days", 25, 500, 20),
        ("oldest_wait_days", 61, 61, None),
        ("passive_share", 0.07, 630, 9_000),
        ("chosen_month", 41, 41, None),
    ],
)
def test_a_figure_is_its_numerator_by_its_denominator(
    key: str, value: float, numerator: object, denominator: object
) -> None:
    of = BY_KEY[key].of
    assert of is not None
    made = of(EKEN)
    assert made.value == pytest.approx(value)
    assert (made.numerator, made.denominator) == (numerator, denominator)


def test_a_clinic_without_specialists_has_no_figure_rather_than_nought() -> None:
    made = indicators.PER_SPECIALIST.of(Tally(clinics=1, listed=4_000))
    assert made.value is None
    assert indicators.OLDEST_WAIT.of(Tally()).value is None


def test_clinics_add_up_and_the_longest_wait_is_the_longer() -> None:
    both = EKEN + Tally(clinics=1, listed=1_000, specialists_fte=Decimal("2.50"), oldest_wait_days=14, queue=4)
    assert (both.clinics, both.listed, both.queue, both.oldest_wait_days) == (2, 10_000, 24, 61)
    assert indicators.PER_SPECIALIST.of(both).value == 1_000
    assert total([]) == Tally()


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal.CEILING, 1_100, True),
        (Goal.CEILING, 1_100.4, False),  # 1 100 on the screen, and above all the same
        (Goal.CEILING, 900, True),
        (Goal.NAMED, 0.55, True),
        (Goal.NAMED, 0.5499, False),
        (Goal.DOCTORS, 0.90909091, True),
        (Goal.DOCTORS, 0.53, False),
        (Goal.FULL, 1.0, True),
        (Goal.FULL, 1.01, False),
        (Goal.CEILING, None, None),
    ],
)
def test_on_the_goal_is_met(goal: Goal, value: float | None, met: bool | None) -> None:
    made = target(goal, DEFAULTS)
    assert made is not None
    assert made.is_met(value) is met


def test_the_goal_is_the_regions_own_where_it_has_set_one() -> None:
    own = CapacityParameters(ceiling=1_000, goal_named_doctor_percent=60)
    found = [target(goal, own) for goal in (Goal.CEILING, Goal.NAMED, Goal.DOCTORS)]
    assert [one.value for one in found if one] == [1_000, 0.6, 1.0]
    assert target(None, own) is None


def test_clinics_above_the_guide_value_are_counted_with_those_that_have_nobody() -> None:
    clinics = [(1_000, 1.0), (2_200, 2.0), (3_300, 2.0), (4_000, 0), (0, 0), (0, 3)]
    found = rules.load(clinics, ceiling=1_100)
    assert (found.clinics, found.above, found.without_specialist) == (4, 1, 1)
    assert found.values == (1_000, 1_100, 1_650)
    assert (found.mean, found.median, found.share_above) == (1_250, 1_100, 0.5)
    assert rules.load([], ceiling=1_100).share_above is None


def test_the_guide_value_is_an_edge_of_the_histogram() -> None:
    bins = rules.histogram([300, 1_100, 1_100.1, 1_300, 1_301, 9_000], goal=1_100, width=200, below=1, above=2)
    told = [(one.low, one.high, one.count, one.above) for one in bins]
    assert told == [
        (None, 900, 1, False),
        (900, 1_100, 1, False),
        (1_100, 1_300, 2, True),
        (1_300, 1_500, 1, True),
        (1_500, None, 1, True),
    ]


@pytest.mark.parametrize(
    ("share", "minutes"),
    [(0.5, 10), (0.9, 10), (0.91, 25), (0.95, 25), (1.0, 60)],
)
def test_half_of_the_people_have_at_most_the_median(share: float, minutes: int) -> None:
    assert rules.weighted_percentile([(25, 9), (10, 90), (60, 1), (5, 0)], share) == minutes


def test_nobody_has_no_percentile() -> None:
    assert rules.weighted_percentile([(5, 0)], 0.5) is None


@pytest.mark.parametrize(
    ("column", "hidden"),
    [
        ({"a": 0, "b": 5, "c": 900}, set()),
        ({"a": 1, "b": 4, "c": 900}, {"a", "b"}),
        ({"a": 3, "b": 0, "c": 40, "d": 900}, {"a", "c"}),  # alone it could be had from the total
        ({"a": 3, "b": 0}, {"a"}),
        ({"a": None, "b": 2, "c": 7}, {"b", "c"}),
    ],
)
def test_small_numbers_of_people_are_hidden(column: dict[str, int | None], hidden: set[str]) -> None:
    assert rules.hidden(column) == hidden


@pytest.mark.parametrize(
    ("numerator", "small"), [(0, False), (4, True), (5, False), (95, False), (96, True), (100, False)]
)
def test_a_share_is_hidden_when_either_part_is_small(numerator: int, small: bool) -> None:
    assert rules.share_is_small(numerator, 100) is small


def test_a_month_stands_for_its_last_day_and_the_current_one_for_today() -> None:
    ends = rules.month_ends(date(2026, 3, 16), 4)
    assert ends == [date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 16)]
    assert rules.month_ends(date(2024, 3, 31), 1) == [date(2024, 2, 29), date(2024, 3, 31)]


def test_every_indicator_says_all_that_a_reader_needs() -> None:
    assert len({one.key for one in INDICATORS}) == len(INDICATORS)
    for one in INDICATORS:
        assert one.levels, one.key
        for words in (one.name, one.short, one.definition, one.numerator, one.missing, one.source):
            assert words.sv, one.key
            assert words.en, one.key
        assert one.definition.sv != one.definition.en, one.key
        if one.of is not None:
            one.of(Tally())  # a region without anybody


def test_what_cannot_be_added_is_counted_at_its_level() -> None:
    counted = {one.key for one in INDICATORS if one.of is None}
    assert counted == {
        "median_listed_per_specialist",
        "share_above",
        "median_wait_days",
        "travel_median",
        "travel_p95",
    }
    assert all(Level.CLINIC in BY_KEY[key].levels for key in ("travel_median", "travel_p95"))


def test_the_page_of_indicators_is_written_from_the_definitions() -> None:
    assert PLACE.read_text(encoding="utf-8") == page(), "run: python -m tests.followup.page"
