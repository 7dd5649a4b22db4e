"""Lots, risks and due days: the pure rules, each with its cases."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import PREFIX
from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role
from vardnav.reviews.rules import (
    RISKS,
    JudgementNotFounded,
    NotAllJudged,
    NotYourReview,
    OwnLine,
    Patient,
    ReviewParameters,
    Risk,
    Seen,
    Staff,
    State,
    Verdict,
    bounds_of,
    check_may_answer,
    check_may_finish,
    check_may_follow,
    check_may_judge,
    check_may_review,
    check_verdict,
    draw,
    draw_risks,
    due_on,
    previous_month,
    risks_of,
    size_of,
    state_of,
)

IDS = st.sets(st.integers(1, 10**9), max_size=300)
P = ReviewParameters()


@given(ids=IDS, seed=st.text(max_size=20), size=st.integers(0, 40), shuffle=st.randoms())
def test_the_same_seed_draws_the_same_lines(ids: set[int], seed: str, size: int, shuffle: Any) -> None:
    first = draw(sorted(ids), seed, size)
    other = list(ids)
    shuffle.shuffle(other)
    assert draw(other, seed, size) == first
    assert len(set(first)) == len(first) == min(size, len(ids))
    assert set(first) <= ids


def test_the_lot_is_what_the_page_says_it_is() -> None:
    """Worked with sha256sum: printf 'abc:1' | sha256sum; abc:1 81a3, abc:2 0ba8, abc:3 3f45 (first digits)."""
    import hashlib

    lots = {one: hashlib.sha256(f"abc:{one}".encode()).hexdigest() for one in range(1, 50)}
    assert draw(range(1, 50), "abc", 3) == sorted(lots, key=lambda one: lots[one])[:3]
    assert draw(range(1, 50), "abd", 3) != draw(range(1, 50), "abc", 3)


def test_every_line_has_the_same_chance() -> None:
    """Each of 50 lines is among 10 drawn in a fifth of 2,000 seeds; four standard deviations are 72."""
    times = dict.fromkeys(range(50), 0)
    for seed in range(2000):
        for one in draw(range(50), str(seed), 10):
            times[one] += 1
    assert max(abs(count - 400) for count in times.values()) < 72


@pytest.mark.parametrize(
    ("lines", "size"),
    [(0, 0), (5, 5), (20, 20), (21, 20), (1000, 20), (1001, 21), (5000, 100), (10_000, 200), (100_000, 200)],
)
def test_two_per_cent_at_least_20_and_at_most_200(lines: int, size: int) -> None:
    assert size_of(lines, P) == size


def test_of_risks_the_gravest_come_first_and_what_is_alike_once() -> None:
    risks = {
        1: frozenset({Risk.SAME_SURNAME}),
        2: frozenset({Risk.OWN_RECORD}),
        3: frozenset({Risk.OWN_RECORD}),
        4: frozenset({Risk.EMERGENCY, Risk.PROTECTED}),
    }
    alike = {1: "a", 2: "b", 3: "b", 4: "c"}
    found = draw_risks(risks, alike, "x", 3)
    assert found[0] in {2, 3}
    assert found[1:] == [4, 1]
    assert draw_risks(risks, alike, "x", 2) == found[:2]


DAY = date(2026, 3, 16)
ASTRID = Patient(1, ("astrid", "exempelsson", 1984), household="h1", address="hemgatan 5, 83131")
SOFIA = Staff(f"{PREFIX}-S1", ("sofia", "exempelgren", 1985))
PLAIN = Seen(
    line_id=1,
    on=DAY,
    kind="patients.person.read",
    patient=ASTRID,
    staff=SOFIA,
    colleagues=frozenset(),
    contacts=((date(2024, 1, 1), None),),
    patients_that_day=3,
)


def with_patient(**other: Any) -> Seen:
    return replace(PLAIN, patient=replace(ASTRID, **other))


CASES: list[tuple[str, Seen, set[Risk]]] = [
    ("nothing stands out", PLAIN, set()),
    ("the same name and year", with_patient(name=SOFIA.name), {Risk.OWN_RECORD}),
    ("another year is another person", with_patient(name=("sofia", "exempelgren", 1955)), {Risk.SAME_SURNAME}),
    ("a relative's name", with_patient(name=("bo", "exempelgren", 1955)), {Risk.SAME_SURNAME}),
    ("the same household", replace(PLAIN, staff=replace(SOFIA, households=frozenset({"h1"}))), {Risk.HOUSEHOLD}),
    (
        "the same address",
        replace(PLAIN, staff=replace(SOFIA, addresses=frozenset({"hemgatan 5, 83131"}))),
        {Risk.HOUSEHOLD},
    ),
    ("no address is nobody's", with_patient(household="", address=""), set()),
    ("a colleague", replace(PLAIN, colleagues=frozenset({ASTRID.name})), {Risk.COLLEAGUE}),
    ("oneself is no colleague", with_patient(name=SOFIA.name), {Risk.OWN_RECORD}),
    ("protected", with_patient(protected=True), {Risk.PROTECTED}),
    ("well known", with_patient(well_known=True), {Risk.WELL_KNOWN}),
    ("in an emergency", replace(PLAIN, emergency=True), {Risk.EMERGENCY}),
    ("refused", replace(PLAIN, denied=True), {Risk.DENIED}),
    ("a hundred patients is not very many", replace(PLAIN, patients_that_day=100), set()),
    ("a hundred and one is", replace(PLAIN, patients_that_day=101), {Risk.MANY_PATIENTS}),
    ("never a contact", replace(PLAIN, contacts=()), {Risk.NO_CONTACT}),
    ("contact from tomorrow", replace(PLAIN, contacts=((DAY + timedelta(1), None),)), {Risk.NO_CONTACT}),
    ("contact from today", replace(PLAIN, contacts=((DAY, None),)), set()),
    ("ended 29 days ago", replace(PLAIN, contacts=((date(2020, 1, 1), DAY - timedelta(29)),)), set()),
    ("ended 30 days ago", replace(PLAIN, contacts=((date(2020, 1, 1), DAY - timedelta(30)),)), {Risk.NO_CONTACT}),
    ("a relative in a list", replace(with_patient(name=("bo", "exempelgren", 1)), kind="listing.panel.read"), set()),
]


@pytest.mark.parametrize(("why", "seen", "found"), CASES, ids=[case[0] for case in CASES])
def test_risks_of_cases(why: str, seen: Seen, found: set[Risk]) -> None:
    assert risks_of(seen) == found


def test_every_risk_has_its_rule_its_weight_and_a_case() -> None:
    assert set(RISKS) == set(Risk)
    assert {risk for _, _, found in CASES for risk in found} == set(Risk)
    assert all(risk.weight > 0 for risk in Risk)


@pytest.mark.parametrize(
    ("month", "starts", "ends"),
    [
        (date(2026, 2, 1), "2026-01-31T23:00", "2026-02-28T23:00"),
        (date(2026, 3, 1), "2026-02-28T23:00", "2026-03-31T22:00"),  # an hour shorter
        (date(2026, 10, 1), "2026-09-30T22:00", "2026-10-31T23:00"),  # an hour longer
        (date(2026, 12, 1), "2026-11-30T23:00", "2026-12-31T23:00"),
    ],
)
def test_a_month_begins_and_ends_by_the_clock_in_sweden(month: date, starts: str, ends: str) -> None:
    from datetime import UTC

    assert [one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") for one in bounds_of(month)] == [starts, ends]


def test_a_review_is_due_on_the_20th_of_the_next_month() -> None:
    assert due_on(date(2026, 12, 1), 20) == date(2027, 1, 20)
    assert previous_month(date(2027, 1, 1)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("judged", "decided", "finished", "today", "state"),
    [
        (3, 3, None, 20, State.OPEN),
        (10, 9, None, 20, State.WAITING),
        (9, 9, None, 21, State.LATE),
        (10, 10, 20, 25, State.DONE),
        (10, 10, 21, 25, State.DONE_LATE),
    ],
)
def test_how_a_review_stands(judged: int, decided: int, finished: int | None, today: int, state: State) -> None:
    done = date(2026, 4, finished) if finished else None
    found = state_of(
        sampled=10,
        judged=judged,
        decided=decided,
        due_on=date(2026, 4, 20),
        finished_on=done,
        today=date(2026, 4, today),
    )
    assert found is state


def acting(role: Role, unit: str = "U1", hsa_id: str = "S1", account_id: int = 1) -> Actor:
    there = Acting(1, role, Purpose.ADMINISTRATION, unit, unit)
    return Actor(ActorKind.STAFF, "x", account_id=account_id, hsa_id=hsa_id, acting=there)


REVIEWER = Role.LOG_REVIEWER


@pytest.mark.parametrize("role", list(Role))
def test_only_a_reviewer_reviews_and_at_the_own_unit_or_the_region(role: Role) -> None:
    for unit, regional in (("U1", False), ("U2", False), ("U2", True)):
        if role is REVIEWER and (unit == "U1" or regional):
            check_may_review(acting(role), unit, regional=regional)
        else:
            with pytest.raises(NotYourReview):
                check_may_review(acting(role), unit, regional=regional)


@pytest.mark.parametrize(
    ("role", "unit", "regional", "allowed"),
    [
        (Role.CLINIC_HEAD, "U1", False, True),
        (Role.CLINIC_HEAD, "U2", False, False),
        (Role.CLINIC_HEAD, None, False, False),
        (Role.CLINIC_STAFF, "U1", False, False),
        (Role.ADMINISTRATOR, "U1", False, False),
        (Role.REGION_PLANNER, None, False, True),
        (REVIEWER, "U1", False, True),
        (REVIEWER, None, False, False),
        (REVIEWER, None, True, True),
    ],
)
def test_who_follows_figures(role: Role, unit: str | None, regional: bool, allowed: bool) -> None:
    if allowed:
        check_may_follow(acting(role), unit, regional=regional)
    else:
        with pytest.raises(NotYourReview):
            check_may_follow(acting(role), unit, regional=regional)


def test_nobody_judges_their_own_line_by_id_or_by_account() -> None:
    check_may_judge(acting(REVIEWER), "S2", 2)
    for user_id, account_id in (("S1", 2), ("S2", 1), ("S1", None)):
        with pytest.raises(OwnLine):
            check_may_judge(acting(REVIEWER), user_id, account_id)


def test_a_head_answers_for_the_staff_of_the_unit_and_not_for_herself() -> None:
    check_may_answer(acting(Role.CLINIC_HEAD), "U1", "S2", 2)
    with pytest.raises(OwnLine):
        check_may_answer(acting(Role.CLINIC_HEAD), "U1", "S1", 1)
    for other in (acting(Role.CLINIC_HEAD, "U2"), acting(Role.CLINIC_STAFF), acting(REVIEWER)):
        with pytest.raises(NotYourReview):
            check_may_answer(other, "U1", "S9", 9)


def test_what_is_not_warranted_needs_words_and_a_review_every_judgement() -> None:
    check_verdict(Verdict.WARRANTED, "")
    for verdict in (Verdict.NEEDS_EXPLANATION, Verdict.UNWARRANTED):
        with pytest.raises(JudgementNotFounded):
            check_verdict(verdict, "för kort ")
    check_may_finish(0, 0)
    with pytest.raises(NotAllJudged):
        check_may_finish(3, 2)
