"""Periods, HSA-ids, points, and refusals."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnav.kernel import hsa_id
from vardnav.kernel.errors import Refusal
from vardnav.kernel.period import Period
from vardnav.kernel.point import Point

# Around the days where calendars go wrong: month ends, leap days, changes to and from daylight saving.
EDGES = [date(2024, 2, 28), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31), date(2028, 2, 29)]
days = st.builds(lambda edge, shift: edge + timedelta(days=shift), st.sampled_from(EDGES), st.integers(-3, 3))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    starts_on = draw(days)
    ends_on = draw(st.none() | st.integers(1, 400).map(lambda n: starts_on + timedelta(days=n)))
    return Period(starts_on, ends_on)


@given(periods())
def test_the_first_day_counts_and_the_last_does_not(period: Period) -> None:
    assert period.starts_on in period
    assert period.starts_on - timedelta(days=1) not in period
    if period.ends_on is not None:
        assert period.ends_on not in period
        assert period.ends_on - timedelta(days=1) in period


@given(periods(), periods())
def test_periods_overlap_when_they_share_a_day(one: Period, other: Period) -> None:
    later = max(one.starts_on, other.starts_on)
    assert one.overlaps(other) is (later in one and later in other)
    assert one.overlaps(other) is other.overlaps(one)


def test_a_period_that_ends_before_it_starts_is_none() -> None:
    for ends_on in (date(2026, 1, 1), date(2025, 12, 31)):
        with pytest.raises(ValueError, match="cannot end"):
            Period(date(2026, 1, 1), ends_on)


def test_only_days_lie_in_a_period() -> None:
    assert "2026-01-01" not in Period(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SE2321000214-A1001", "SE2321000214-A1001"),
        (" se2321000214-a1001 ", "SE2321000214-A1001"),
        ("SE2321000214-1", "SE2321000214-1"),
    ],
)
def test_hsa_ids_are_read(text: str, value: str) -> None:
    assert hsa_id.parse(text) == value


@pytest.mark.parametrize("text", ["", "SE232100021-A", "NO2321000214-A", "SE2321000214A1001", "SE2321000214-Å", "x"])
def test_what_is_no_hsa_id_is_refused(text: str) -> None:
    with pytest.raises(hsa_id.NotAnHsaId, match="ten digits"):
        hsa_id.parse(text)


latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
points = st.builds(Point, latitudes, longitudes)


def test_known_distances() -> None:
    stockholm, ostersund = Point(59.3293, 18.0686), Point(63.1792, 14.6357)
    assert stockholm.km_to(ostersund) == pytest.approx(463, abs=3)
    assert Point(0, 0).km_to(Point(0, 1)) == pytest.approx(111.195, abs=0.01)


@given(points, points)
def test_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(one: Point, other: Point) -> None:
    there = one.km_to(other)
    assert 0 <= there <= 20_016
    assert there == pytest.approx(other.km_to(one), abs=1e-6)
    assert one.km_to(one) == 0


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (-91, 0), (0, 181), (0, -181), (float("nan"), 0)])
def test_points_off_the_earth_are_refused(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="degrees"):
        Point(latitude, longitude)


class CeilingReached(Refusal):
    """The doctor is at capacity.

    More words that no page shows.
    """


def test_a_refusal_has_a_code_and_a_sentence() -> None:
    refusal = CeilingReached(heads=3)
    assert (refusal.code, str(refusal), refusal.facts) == (
        "ceiling_reached",
        "The doctor is at capacity.",
        {"heads": 3},
    )
    assert str(CeilingReached("Other words.")) == "Other words."
