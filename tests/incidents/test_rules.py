"""When each report falls due: cases worked by hand, around nights when the clock is moved and at the ends of months."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnav.incidents.rules import (
    AlreadySent,
    BadIncident,
    Harm,
    NotDue,
    PersonInText,
    State,
    Step,
    StillDue,
    check_incident,
    check_may_close,
    check_may_send,
    check_text,
    deadlines,
    due_at,
    hours_after,
    month_after,
    steps_of,
)

SWEDEN = ZoneInfo("Europe/Stockholm")


def at(text: str, fold: int = 0) -> datetime:
    """An instant by the clock in Sweden."""
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN, fold=fold)


def shown(instant: datetime) -> str:
    return instant.astimezone(SWEDEN).strftime("%Y-%m-%d %H:%M")


# aware, early warning, notification; the final report's last instant if the notification goes at its last instant
CASES = [
    ("2026-02-10 09:00", "2026-02-11 09:00", "2026-02-13 09:00", "2026-03-13 09:00", "a plain week"),
    ("2026-03-28 09:00", "2026-03-29 10:00", "2026-03-31 10:00", "2026-04-30 10:00", "spring: the night has 23 hours"),
    ("2026-10-24 09:00", "2026-10-25 08:00", "2026-10-27 08:00", "2026-11-27 08:00", "autumn: the night has 25 hours"),
    ("2026-12-31 23:30", "2027-01-01 23:30", "2027-01-03 23:30", "2027-02-03 23:30", "over New Year"),
    ("2026-01-28 12:00", "2026-01-29 12:00", "2026-01-31 12:00", "2026-02-28 12:00", "no 31 February"),
    ("2028-01-28 12:00", "2028-01-29 12:00", "2028-01-31 12:00", "2028-02-29 12:00", "a leap year"),
    ("2026-05-28 12:00", "2026-05-29 12:00", "2026-05-31 12:00", "2026-06-30 12:00", "no 31 June"),
]


@pytest.mark.parametrize(("aware", "warning", "notification", "final", "why"), CASES, ids=[case[4] for case in CASES])
def test_deadlines_of_cases(aware: str, warning: str, notification: str, final: str, why: str) -> None:
    assert shown(due_at(Step.EARLY_WARNING, at(aware), None)) == warning
    assert shown(due_at(Step.NOTIFICATION, at(aware), None)) == notification
    assert shown(due_at(Step.PRIVACY, at(aware), None)) == notification
    assert shown(due_at(Step.FINAL_REPORT, at(aware), None)) == final


# The month begins when the notification was sent, not when somebody became aware (NIS 2 article 23(4)(d)).
MONTHS = [
    ("2026-01-31 08:00", "2026-02-28 08:00"),
    ("2028-01-31 08:00", "2028-02-29 08:00"),
    ("2026-01-30 08:00", "2026-02-28 08:00"),
    ("2026-02-28 08:00", "2026-03-28 08:00"),
    ("2026-08-31 08:00", "2026-09-30 08:00"),
    ("2026-12-31 08:00", "2027-01-31 08:00"),
    ("2026-02-28 02:30", "2026-03-28 02:30"),
    ("2026-02-28 23:59", "2026-03-28 23:59"),
    ("2027-02-28 02:30", "2027-03-28 03:30"),  # 02:30 does not exist that night: the clock says 03:30
    ("2026-09-25 02:30", "2026-10-25 02:30"),  # comes twice: the first
]


@pytest.mark.parametrize(("sent", "due"), MONTHS)
def test_the_final_report_is_due_a_month_after_the_notification_was_sent(sent: str, due: str) -> None:
    long_before = at(sent) - timedelta(days=2)
    assert shown(due_at(Step.FINAL_REPORT, long_before, at(sent))) == due
    assert month_after(at(sent)) == due_at(Step.FINAL_REPORT, long_before, at(sent))


def test_of_a_time_that_comes_twice_a_month_ends_at_the_first() -> None:
    assert month_after(at("2026-09-25 02:30")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


INSTANTS = st.integers(1767225600, 1924992000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NIGHTS = st.sampled_from([datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
NEAR_NIGHTS = st.builds(lambda night, minutes: night + timedelta(minutes=minutes), NIGHTS, st.integers(-6000, 6000))


@given(aware=INSTANTS | NEAR_NIGHTS, after=st.integers(0, 72 * 60))
def test_hours_pass_and_a_month_is_never_longer_than_the_law_gives(aware: datetime, after: int) -> None:
    assert hours_after(aware, 24) - aware == timedelta(hours=24)
    sent = aware + timedelta(minutes=after)
    due = due_at(Step.FINAL_REPORT, aware, sent)
    began, ends = sent.astimezone(SWEDEN), due.astimezone(SWEDEN)
    assert (ends.year * 12 + ends.month) - (began.year * 12 + began.month) == 1
    assert ends.day == began.day or (ends + timedelta(days=1)).day == 1
    last = due_at(Step.FINAL_REPORT, aware, None).astimezone(SWEDEN)
    assert ends.date() <= last.date(), "sending early never moves the end to a later day"


@pytest.mark.parametrize(
    ("significant", "people", "steps"),
    [
        (True, True, ["early_warning", "notification", "privacy", "final_report"]),
        (True, False, ["early_warning", "notification", "final_report"]),
        (False, True, ["privacy"]),
        (False, False, []),
    ],
)
def test_what_an_incident_must_be_reported_by(significant: bool, people: bool, steps: list[str]) -> None:
    assert list(steps_of(significant, people)) == steps


AWARE = at("2026-02-10 09:00")


def states(now: str, **sent: str) -> dict[str, str]:
    done = {Step(step): (at(when), "x") for step, when in sent.items()}
    found = deadlines(AWARE, significant=True, concerns_people=True, sent=done, now=at(now))
    return {one.step.value: one.state.value for one in found}


def test_how_each_deadline_stands_as_time_goes() -> None:
    assert set(states("2026-02-10 10:00").values()) == {"waiting"}
    assert states("2026-02-11 04:00")["early_warning"] == "near"
    assert states("2026-02-11 09:00")["early_warning"] == "near", "the last instant is in time"
    assert states("2026-02-11 09:01")["early_warning"] == "late"
    assert states("2026-02-11 09:01", early_warning="2026-02-11 09:00")["early_warning"] == "sent"
    assert states("2026-02-12 09:01", early_warning="2026-02-11 09:01")["early_warning"] == "sent_late"
    assert states("2026-03-07 09:00", notification="2026-02-12 09:00")["final_report"] == "near"


def test_a_report_is_sent_once_in_its_order_and_not_in_the_future() -> None:
    now = at("2026-02-10 12:00")
    found = deadlines(AWARE, significant=True, concerns_people=False, sent={}, now=now)
    check_may_send(Step.EARLY_WARNING, found, now, AWARE, now)
    with pytest.raises(NotDue):
        check_may_send(Step.FINAL_REPORT, found, now, AWARE, now)
    with pytest.raises(NotDue):
        check_may_send(Step.PRIVACY, found, now, AWARE, now)
    with pytest.raises(BadIncident):
        check_may_send(Step.EARLY_WARNING, found, now + timedelta(minutes=1), AWARE, now)
    with pytest.raises(BadIncident):
        check_may_send(Step.EARLY_WARNING, found, AWARE - timedelta(minutes=1), AWARE, now)
    with pytest.raises(StillDue):
        check_may_close(found)
    sent = {Step.EARLY_WARNING: (now, "x")}
    found = deadlines(AWARE, significant=True, concerns_people=False, sent=sent, now=now)
    with pytest.raises(AlreadySent):
        check_may_send(Step.EARLY_WARNING, found, now, AWARE, now)


def test_a_report_sent_for_what_is_no_longer_so_stays_in_sight() -> None:
    sent = {Step.PRIVACY: (AWARE, "x")}
    found = deadlines(AWARE, significant=False, concerns_people=False, sent=sent, now=AWARE)
    assert [(one.step, one.state) for one in found] == [(Step.PRIVACY, State.SENT)]


ON = date(2026, 2, 10)


@pytest.mark.parametrize(
    "text",
    [
        "Gäller 19840314-9928.",
        "Gäller 840314-9928",
        "840314 9928 ringde",
        "198403149928",
        "8403149928",
        "19840314–9928",
        "Reservnummer 19840314R123 öppnades",
    ],
)
def test_a_personal_number_is_refused_in_every_form(text: str) -> None:
    with pytest.raises(PersonInText):
        check_text("Ingenting här", text, on=ON)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ring 070-174 06 05 eller 063-15 30 00",
        "Ärende 2026-0123456",
        "10.0.0.1:5432",
        "SE5599990009-S001",
        "840314-9929",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    check_text(text, on=ON)


def test_an_incident_has_a_title_a_text_a_harm_and_is_known() -> None:
    harm = [Harm.INTEGRITY]
    check_incident("a", "b", harm, AWARE, AWARE)
    for field, given_ in [
        ("title", (" ", "b", harm, AWARE)),
        ("text", ("a", "", harm, AWARE)),
        ("harms", ("a", "b", [], AWARE)),
        ("aware_at", ("a", "b", harm, AWARE + timedelta(seconds=1))),
    ]:
        with pytest.raises(BadIncident) as refused:
            check_incident(*given_, now=AWARE)  # type: ignore[arg-type]
        assert refused.value.facts["field"] == field
