"""Each row of each table, and the page that shows them."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.listing import cases
from tests.listing.page import page
from vardnav.listing.rules import (
    CapRefused,
    CeilingReached,
    ListingParameters,
    TooManyChanges,
    can_offer,
    changes_left,
    check_cap,
    check_ceiling,
    check_changes,
    has_room,
    months_later,
    window_start,
)
from vardnav.organisation.rules import CapacityParameters, EmploymentRole, capacity
from vardnav.patients.rules import GuardianParameters, age, guardian_relation, may_choose_alone

P = ListingParameters()
DAYS = st.dates(min_value=date(2019, 12, 1), max_value=date(2032, 3, 1))
MONTH_EDGES = st.builds(
    lambda year, month, back: date(year, month, 1) - timedelta(days=back),
    st.integers(2020, 2032),
    st.integers(1, 12),
    st.integers(0, 3),
)


@pytest.mark.parametrize(("role", "share", "duties", "expected"), cases.CAPACITY.rows)
def test_a_doctor_can_carry(role: EmploymentRole, share: Decimal, duties: Decimal, expected: int) -> None:
    assert capacity(role, share, duties, CapacityParameters()) == expected


@pytest.mark.parametrize(("made_on", "today", "again_on"), cases.CHANGES.rows)
def test_changes_are_counted_in_a_rolling_year(made_on: tuple[date, ...], today: date, again_on: date | None) -> None:
    if again_on is None:
        check_changes(list(made_on), today, P)
        assert changes_left(list(made_on), today, P) > 0
        return
    with pytest.raises(TooManyChanges) as refusal:
        check_changes(list(made_on), today, P)
    assert refusal.value.facts["again_on"] == again_on
    assert changes_left(list(made_on), today, P) == 0


@given(st.lists(DAYS | MONTH_EDGES, max_size=6), DAYS | MONTH_EDGES)
def test_the_day_a_refusal_names_is_the_first_that_is_allowed(made_on: list[date], today: date) -> None:
    made_on = [day for day in made_on if day <= today]
    try:
        check_changes(made_on, today, P)
    except TooManyChanges as refusal:
        again_on = refusal.facts["again_on"]
        assert isinstance(again_on, date)
        check_changes(made_on, again_on, P)
        with pytest.raises(TooManyChanges):
            check_changes(made_on, again_on - timedelta(days=1), P)


@given(DAYS | MONTH_EDGES, st.integers(1, 36))
def test_a_window_starts_on_a_day_that_exists_and_later_days_start_later(today: date, months: int) -> None:
    start = window_start(today, months)
    assert start <= today
    assert window_start(today + timedelta(days=1), months) >= start
    assert window_start(months_later(today, months), months) >= today


@pytest.mark.parametrize(("cap", "listed", "held", "waiting", "walks_in", "offered"), cases.ROOM.rows)
def test_there_is_room(cap: int | None, listed: int, held: int, waiting: int, walks_in: bool, offered: bool) -> None:
    assert has_room(cap, listed, held, waiting) is walks_in
    assert can_offer(cap, listed, held) is offered


@pytest.mark.parametrize(("heads", "burden", "most", "added", "reason", "outcome"), cases.CEILING.rows)
def test_above_capacity_needs_a_reason(
    heads: int, burden: Decimal, most: int, added: Decimal, reason: str, outcome: str
) -> None:
    def check() -> str | None:
        return check_ceiling(heads=heads, burden=burden, capacity=most, added_burden=added, reason=reason)

    if outcome == "refused":
        with pytest.raises(CeilingReached):
            check()
    else:
        assert check() == (reason if outcome == "kept" else None)


@pytest.mark.parametrize(("born", "today", "relation", "alone"), cases.AGES.rows)
def test_who_chooses_for_a_child(born: date, today: date, relation: str, alone: bool) -> None:
    p = GuardianParameters()
    assert guardian_relation(age(born, today), p).value == relation
    assert may_choose_alone(age(born, today), p) is alone


@pytest.mark.parametrize(
    ("heads", "from_on", "until_on", "field"),
    [
        (0, date(2026, 1, 1), date(2026, 6, 1), "heads"),
        (5000, date(2026, 6, 1), date(2026, 6, 1), "ends_on"),
        (5000, date(2026, 6, 1), date(2026, 5, 1), "ends_on"),
        (5000, date(2026, 1, 1), date(2029, 1, 1), "ends_on"),
    ],
)
def test_a_cap_that_does_not_fit_names_its_field(heads: int, from_on: date, until_on: date, field: str) -> None:
    with pytest.raises(CapRefused) as refusal:
        check_cap(heads, from_on, until_on)
    assert refusal.value.facts["field"] == field


def test_the_page_of_rules_shows_these_tables() -> None:
    shown = Path("docs/rules/listing.md").read_text(encoding="utf-8")
    assert shown == page(), "run: python -m tests.listing.page"
