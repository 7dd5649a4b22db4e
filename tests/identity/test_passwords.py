"""Which passwords are taken (ASVS 5.0 V6.2), and how they are kept and changed."""

import pytest

from tests.factories import NOW, SYSTEM
from vardnav.audit.models import Line
from vardnav.identity import actions, selectors
from vardnav.identity.actions.passwords import common
from vardnav.identity.models import Account
from vardnav.identity.rules import LoginRefused, digest
from vardnav.identity.rules.factors import PasswordRefused, TooManyTries, WrongPassword, check_password_choice
from vardnav.identity.selectors import actor_of
from vardnav.kernel.actor import Actor

PASSWORD = "correct horse battery staple"
WORDS = ["sofia.ex", "Sofia Exempelgren", "Region Jämtland Härjedalen"]

TAKEN = [
    "kaffe utan socker",
    "  blanka runt om  ",
    "bara små bokstäver",
    "47114711 8899 1234",
    "åäö🦉 ✓ любой знак",
    "grön häst åker tåg",
    "Tr0ub4dor&3xyz",
    "vårregn i Bräcke kommun",
    "x9" * 1 + "kQ3-mm81pvz",
    " ".join("abcdefgh"[i % 8] + str(i) for i in range(50)),
]
REFUSED = [
    ("short", "elva tecken"),
    ("short", ""),
    ("short", "🦉" * 11),
    ("long", "lång " * 41),
    ("word", "min Vardnav-inloggning"),
    ("word", "VÅRDNAV är bra"),
    ("word", "hej Sofia hej hej"),
    ("word", "Exempelgren på tur"),
    ("word", "sofia.ex.sofia.ex"),
    ("word", "härjedalen är vackert"),
    ("common", "123456789012"),
    ("common", "qwertyuiopasdf"),
    ("common", "password1234"),
    ("common", "!!Password2026!!"),
    ("common", "passwordpassword"),
    ("common", "Sommaren2026!"),
    ("common", "lösenord12345"),
    ("common", "aaaaaaaaaaaaa"),
    ("common", "abc123abc123"),
    ("common", "1q2w3e4r5t6y"),
]


@pytest.mark.parametrize("password", TAKEN)
def test_a_password_that_is_taken(password: str) -> None:
    check_password_choice(password, words=WORDS, common=common())


@pytest.mark.parametrize(("why", "password"), REFUSED)
def test_a_password_that_is_refused(why: str, password: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        check_password_choice(password, words=WORDS, common=common())
    assert refused.value.facts == {"why": why}


def test_the_list_is_the_20_000_most_used() -> None:
    assert len(common()) > 19_000
    assert {"123456", "password", "qwerty"} <= common()


pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia() -> Account:
    return actions.open_account(
        login="sofia", name="Sofia", hsa_id="SE5599990009-SOFIA", password=PASSWORD, by=SYSTEM, now=NOW
    )


@pytest.fixture
def by(sofia: Account) -> Actor:
    return actor_of(sofia, None, assurance=3)


def test_a_password_is_kept_as_argon2id_no_weaker_than_owasp_asks(
    sofia: Account, cost_of_a_password: dict[str, int]
) -> None:
    algorithm, kind, version = sofia.password.split("$")[:3]
    assert (algorithm, kind, version) == ("argon2", "argon2id", "v=19")
    assert cost_of_a_password["memory_cost"] >= 19_456
    assert cost_of_a_password["time_cost"] >= 2
    assert cost_of_a_password["parallelism"] >= 1


def test_a_change_wants_the_one_there_is_and_ends_the_sessions_it_began(sofia: Account, by: Actor) -> None:
    proof = digest(sofia.password)
    with pytest.raises(WrongPassword):
        actions.change_password(new="kaffe utan socker", current="wrong", words=[], by=by, now=NOW)
    assert selectors.actor(sofia.id, None, NOW, proof=proof)
    actions.change_password(new="kaffe utan socker", current=PASSWORD, words=[], by=by, now=NOW)
    assert selectors.actor(sofia.id, None, NOW, proof=proof) is None
    assert actions.log_in(login="sofia", password="kaffe utan socker", now=NOW) == sofia
    with pytest.raises(LoginRefused):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW)
    line = Line.objects.get(kind="identity.password.changed")
    assert (line.user_id, line.assurance) == ("SE5599990009-SOFIA", 3)


def test_the_current_one_cannot_be_guessed_there_either(by: Actor) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            actions.change_password(new="kaffe utan socker", current="wrong", words=[], by=by, now=NOW)
    with pytest.raises(TooManyTries):
        actions.change_password(new="kaffe utan socker", current=PASSWORD, words=[], by=by, now=NOW)


def test_a_temporary_one_is_not_chosen_again(sofia: Account) -> None:
    given = actions.reset_password(sofia.id, by=SYSTEM, now=NOW)
    by = actor_of(sofia, None, assurance=1)
    with pytest.raises(PasswordRefused) as refused:
        actions.change_password(new=given, current=None, words=[], by=by, now=NOW)
    assert refused.value.facts == {"why": "same"}
