"""How many wrong tries a way in stands. The tables are also the page docs/rules/login.md."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.audit.models import Line
from vardnav.identity import actions, doors, selectors
from vardnav.identity.actions import throttle
from vardnav.identity.models import Account, Tries
from vardnav.identity.rules import LoginRefused, NotAnAdministrator, OwnAccount
from vardnav.identity.rules import limits as rules
from vardnav.identity.rules.factors import TooManyTries
from vardnav.identity.rules.limits import ADDRESS, NAME, Bucket, Limit
from vardnav.kernel.actor import Role

PASSWORD = "correct horse battery staple"
RULES = Path(__file__).resolve().parents[2] / "docs/rules/login.md"
MINUTE = timedelta(minutes=1)

# wrong tries in a row, each as soon as it is let -> minutes it is shut after the last
NAMES = [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 60), (20, 60)]
GUESSES = 33  # on the first day
# who is behind one address: logins, of them wrong, within minutes -> the most it is shut for, in minutes
CROWDS = [
    ("a clinic of 60 in the morning, every tenth mistypes", 6, 15, 0),
    ("a hospital of 1,000 in an hour, every tenth mistypes", 100, 60, 0),
    ("the day after a change of passwords: 1,000, every third wrong, within two hours", 333, 120, 1),
    ("a guesser with a list of names, ten a second", 600, 1, 1),
]


def pour(times: int, limit: Limit) -> tuple[Bucket, datetime]:
    """That many tries, each at the first instant it is let."""
    bucket, now = None, NOW
    for _ in range(times):
        if bucket is not None and bucket.shut_until:
            now = max(now, bucket.shut_until)
        bucket = rules.poured(bucket, limit, now)
    assert bucket is not None
    return bucket, now


@pytest.mark.parametrize(("times", "minutes"), NAMES)
def test_each_further_wrong_try_shuts_a_name_for_twice_as_long(times: int, minutes: int) -> None:
    bucket, now = pour(times, NAME)
    shut = (bucket.shut_until - now) if bucket.shut_until else timedelta()
    assert shut == minutes * MINUTE


@pytest.mark.parametrize(("who", "wrong", "minutes", "longest"), CROWDS)
def test_a_crowd_behind_one_address_is_not_shut_out(who: str, wrong: int, minutes: int, longest: int) -> None:
    bucket, now, shut, refused = None, NOW, timedelta(), 0
    for _ in range(wrong):
        now += timedelta(minutes=minutes) / wrong
        if bucket is not None and rules.is_shut(bucket, now):
            refused += 1
            continue
        bucket = rules.poured(bucket, ADDRESS, now)
        shut = max(shut, (bucket.shut_until - now) if bucket.shut_until else timedelta())
    assert shut == longest * MINUTE, who
    assert (refused > 400) == ("guesser" in who)


def test_a_guesser_gets_few_tries_a_day() -> None:
    """At a name, always at the first instant."""
    tried, bucket, now = 0, None, NOW
    while now < NOW + timedelta(days=1):
        bucket = rules.poured(bucket, NAME, now)
        tried += 1
        now = bucket.shut_until or now
    assert tried == GUESSES


@given(some.lists(some.integers(0, 7200), max_size=60))
def test_a_bucket_never_holds_more_than_was_poured_nor_shuts_for_longer_than_the_longest(gaps: list[int]) -> None:
    bucket, now = None, NOW
    for poured, gap in enumerate(gaps, 1):
        now += timedelta(seconds=gap)
        bucket = rules.poured(bucket, NAME, now)
        assert 1 <= bucket.level <= poured
        assert bucket.shut_until is None or timedelta() < bucket.shut_until - now <= NAME.longest
        assert (bucket.shut_until is None) == (bucket.level < NAME.free)


def test_the_page_of_the_rules_has_these_figures() -> None:
    page = RULES.read_text()
    for times, minutes in NAMES:
        assert f"| {times} | {minutes} |" in page
    assert f"A guesser gets {GUESSES} tries on the first day" in page
    for who, *figures in CROWDS:
        assert f"| {who} | {' | '.join(map(str, figures))} |" in page


# --- The real thing --------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia() -> Account:
    return actions.open_account(
        login="sofia", name="Sofia", hsa_id="SE5599990009-SOFIA", password=PASSWORD, by=SYSTEM, now=NOW
    )


def fail(login: str = "sofia", times: int = 1, **more: str) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            actions.log_in(login=login, password="wrong", now=NOW, **more)


@pytest.mark.parametrize("login", ["sofia", "nobody", " SOFIA "])
def test_a_name_that_nobody_has_is_shut_as_one_that_somebody_has(sofia: Account, login: str) -> None:
    fail(login, 5)
    with pytest.raises(TooManyTries) as shut:
        actions.log_in(login=login.strip(), password=PASSWORD, now=NOW + timedelta(seconds=59))
    assert shut.value.facts == {"until": NOW + MINUTE, "minutes": 1}
    assert str(shut.value) == "Too many wrong tries; it opens again by itself."


def test_it_opens_again_and_the_right_password_forgets_all(sofia: Account) -> None:
    fail(times=5)
    assert actions.log_in(login="sofia", password=PASSWORD, now=NOW + MINUTE) == sofia
    fail(times=4)
    assert actions.log_in(login="sofia", password=PASSWORD, now=NOW)


def test_the_fifth_try_may_still_be_right(sofia: Account) -> None:
    fail(times=4)
    assert actions.log_in(login="sofia", password=PASSWORD, now=NOW) == sofia


def test_many_names_from_one_address_shut_the_address_and_no_other(sofia: Account) -> None:
    for number in range(ADDRESS.free):
        throttle.count([doors.name(f"name{number}"), *doors.address("192.0.2.1")], now=NOW)
    with pytest.raises(TooManyTries):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW, address="192.0.2.1")
    assert actions.log_in(login="sofia", password=PASSWORD, now=NOW, address="192.0.2.2") == sofia


def test_right_logins_do_not_fill_an_address(sofia: Account) -> None:
    for _ in range(3):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW, address="192.0.2.1")
    assert [row.level for row in Tries.objects.all()] == [0]


def test_a_browser_that_one_has_been_in_by_is_not_shut_by_strangers(sofia: Account) -> None:
    fail(times=5, address="192.0.2.1")
    assert actions.log_in(login="sofia", password=PASSWORD, now=NOW, browser="mark") == sofia
    fail(times=5, browser="mark")
    with pytest.raises(TooManyTries):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW, browser="mark")


def test_what_is_kept_names_nobody_and_tells_when_it_may_go(sofia: Account) -> None:
    fail(times=2, address="192.0.2.1")
    kept = str(list(Tries.objects.values()))
    assert "sofia" not in kept
    assert "192.0.2.1" not in kept
    actions.forget_tries(now=NOW + timedelta(hours=3))
    assert [row.level for row in Tries.objects.all()] == [2]  # the name's: it leaks one in two hours
    actions.forget_tries(now=NOW + timedelta(hours=5))
    assert not Tries.objects.exists()


def test_the_table_stays_of_a_size_and_those_shut_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_TRIES_KEPT", 20)
    monkeypatch.setattr(throttle, "TIDY_EACH", 10)
    for _ in range(5):
        throttle.count([doors.name("sofia")], now=NOW)
    for number in range(100):
        throttle.count([doors.name(f"name{number}")], now=NOW)
    assert Tries.objects.count() <= 30
    assert selectors.shut_logins(["sofia"], NOW) == {"sofia": NOW + MINUTE}


def test_a_door_that_shuts_leaves_a_line(sofia: Account) -> None:
    fail(times=5, address="192.0.2.1")
    line = Line.objects.get(kind="identity.login.shut")
    assert (line.user_id, line.outcome) == ("SE5599990009-SOFIA", "denied")
    assert line.details == {"what": "name", "address": ""}
    assert Line.objects.filter(kind="identity.login.refused").count() == 5


def test_an_administrator_opens_it_and_nobody_else(sofia: Account) -> None:
    fail(times=5)
    admin = factories.staff(role=Role.ADMINISTRATOR)
    with pytest.raises(NotAnAdministrator):
        actions.open_again(sofia.id, by=factories.staff(), now=NOW)
    assert admin.account_id is not None
    with pytest.raises(OwnAccount):
        actions.open_again(admin.account_id, by=admin, now=NOW)
    actions.open_again(sofia.id, by=admin, now=NOW)
    assert actions.log_in(login="sofia", password=PASSWORD, now=NOW) == sofia
    assert Line.objects.get(kind="identity.login.opened").user_name == admin.name


def test_a_refusal_costs_as_many_statements_for_a_name_that_nobody_has(sofia: Account) -> None:
    def statements(login: str) -> int:
        before = len(connection.queries_log)
        fail(login)
        return len(connection.queries_log) - before

    connection.force_debug_cursor = True
    try:
        statements("warm")
        assert statements("sofia") == statements("nobody")
    finally:
        connection.force_debug_cursor = False
