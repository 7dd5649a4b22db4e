"""The second step: apps, recovery codes and passkeys, and who may change them."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from django.db import connection

from tests import factories
from tests.factories import NOW, SYSTEM
from tests.identity.conftest import PRESENT, Phone
from vardnav.audit.models import Line
from vardnav.identity import actions, selectors
from vardnav.identity.actions import Site
from vardnav.identity.models import Account, Challenge, Passkey, RecoveryCode, Totp
from vardnav.identity.rules import LoginRefused, NotAnAdministrator, NotAStaffAccount, OwnAccount
from vardnav.identity.rules.factors import (
    CodeRefused,
    LastFactor,
    PasskeyNotAdded,
    PasskeyRefused,
    PasswordExpired,
    TooManyTries,
)
from vardnav.identity.rules.limits import TOTP_STEP, Step
from vardnav.identity.selectors import actor_of
from vardnav.kernel.actor import Actor, Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
SITE = Site("vard.example", "https://vard.example")
HALF_MINUTE = timedelta(seconds=TOTP_STEP)


@pytest.fixture
def sofia() -> Account:
    return actions.open_account(
        login="sofia", name="Sofia", hsa_id="SE5599990009-SOFIA", password=PASSWORD, by=SYSTEM, now=NOW
    )


@pytest.fixture
def by(sofia: Account) -> Actor:
    return actor_of(sofia, None, assurance=3)


@pytest.fixture
def app(by: Actor) -> pyotp.TOTP:
    """Sofia's app, set up an hour ago."""
    made = pyotp.TOTP(actions.begin_app(by=by, now=NOW - timedelta(hours=1)))
    actions.confirm_app(made.at(NOW - timedelta(hours=1)), by=by, now=NOW - timedelta(hours=1))
    return made


def step_in(sofia: Account, code: str, now=NOW) -> bool:  # type: ignore[no-untyped-def]
    try:
        return bool(actions.log_in_by_code(sofia.id, code, now=now))
    except CodeRefused:
        return False


# --- The app

# how far the phone's clock is from ours, in half minutes -> let in
CLOCKS = [(-2, False), (-1, True), (0, True), (1, True), (2, False)]


@pytest.mark.parametrize(("off", "right"), CLOCKS)
def test_a_code_is_good_in_its_half_minute_and_the_ones_beside(
    sofia: Account, app: pyotp.TOTP, off: int, right: bool
) -> None:
    assert step_in(sofia, app.at(NOW + off * HALF_MINUTE)) is right


def test_a_code_lets_in_once_and_none_before_it_either(sofia: Account, app: pyotp.TOTP) -> None:
    before, this, after = (app.at(NOW + off * HALF_MINUTE) for off in (-1, 0, 1))
    assert step_in(sofia, this)
    assert not step_in(sofia, this)
    assert not step_in(sofia, before)
    assert step_in(sofia, after)


def test_the_code_that_confirmed_the_app_is_used_up(sofia: Account, by: Actor) -> None:
    made = pyotp.TOTP(actions.begin_app(by=by, now=NOW))
    actions.confirm_app(made.at(NOW), by=by, now=NOW)
    assert not step_in(sofia, made.at(NOW))


def test_an_app_that_is_not_confirmed_lets_nobody_in(sofia: Account, by: Actor) -> None:
    made = pyotp.TOTP(actions.begin_app(by=by, now=NOW))
    assert not step_in(sofia, made.at(NOW))
    assert selectors.step_after_password(sofia.id) is Step.ENROL
    with pytest.raises(CodeRefused):
        actions.confirm_app("000000" if made.at(NOW) != "000000" else "111111", by=by, now=NOW)
    assert actions.begin_app(by=by, now=NOW) == made.secret  # the page is shown again with the same


def test_a_new_app_takes_the_place_of_the_old_one(sofia: Account, by: Actor, app: pyotp.TOTP) -> None:
    new = pyotp.TOTP(actions.begin_app(by=by, now=NOW))
    assert step_in(sofia, app.at(NOW))
    actions.confirm_app(new.at(NOW), by=by, now=NOW)
    later = NOW + 10 * HALF_MINUTE
    assert not step_in(sofia, app.at(later), later)
    assert step_in(sofia, new.at(later), later)


def test_the_secret_is_not_in_the_database(app: pyotp.TOTP) -> None:
    assert app.secret not in str(list(Totp.objects.values()))
    assert app.secret not in str(list(Line.objects.values()))


def test_another_server_key_opens_no_secret_but_an_older_one_kept_does(
    sofia: Account, app: pyotp.TOTP, settings: object
) -> None:
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert not step_in(sofia, app.at(NOW))
    settings.SECRET_KEY_FALLBACKS = [old]  # type: ignore[attr-defined]
    assert step_in(sofia, app.at(NOW))


# --- Recovery codes


def test_ten_recovery_codes_let_in_once_each(sofia: Account, by: Actor, app: pyotp.TOTP) -> None:
    codes = actions.make_recovery_codes(by=by, now=NOW)
    assert len(set(codes)) == 10
    for code in codes:
        assert step_in(sofia, code.upper().replace("-", " "))
        assert not step_in(sofia, code)
    assert not RecoveryCode.objects.exists()
    assert Line.objects.filter(kind="identity.factor.code_used").count() == 10


def test_new_recovery_codes_make_the_old_ones_worthless(sofia: Account, by: Actor, app: pyotp.TOTP) -> None:
    old = actions.make_recovery_codes(by=by, now=NOW)
    new = actions.make_recovery_codes(by=by, now=NOW)
    assert not step_in(sofia, old[3])
    assert step_in(sofia, new[3])


def test_no_recovery_code_is_kept(by: Actor, app: pyotp.TOTP) -> None:
    codes = actions.make_recovery_codes(by=by, now=NOW)
    kept = str(list(RecoveryCode.objects.values())) + str(list(Line.objects.values()))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    assert kept.count("$argon2id$") == 10


@pytest.mark.parametrize("code", ["", "0", "x", "000000", "1234567", "²", "0-2222-2222-2222", "0" * 40, "å23456"])
def test_what_is_no_code_is_refused(sofia: Account, by: Actor, app: pyotp.TOTP, code: str) -> None:
    actions.make_recovery_codes(by=by, now=NOW)
    assert not step_in(sofia, code)


def test_wrong_codes_shut_the_second_step_and_the_password_does_not_open_it(sofia: Account, app: pyotp.TOTP) -> None:
    wrong = "000000" if app.at(NOW) != "000000" else "111111"
    for _ in range(5):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW)
        assert not step_in(sofia, wrong)
    actions.log_in(login="sofia", password=PASSWORD, now=NOW)
    with pytest.raises(TooManyTries):
        actions.log_in_by_code(sofia.id, app.at(NOW), now=NOW)
    assert step_in(sofia, app.at(NOW + timedelta(minutes=1)), NOW + timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_send_one_code_at_once_one_is_let_in(sofia: Account, app: pyotp.TOTP) -> None:
    def enter(_: int) -> bool:
        try:
            return step_in(sofia, app.at(NOW))
        except TooManyTries:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(enter, range(8))) == 1


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_are_all_counted(sofia: Account) -> None:
    def guess(_: int) -> type[Exception]:
        try:
            actions.log_in(login="sofia", password="wrong", now=NOW)
        except (LoginRefused, TooManyTries) as refusal:
            return type(refusal)
        finally:
            connection.close()
        raise AssertionError

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(guess, range(16)))
    assert answers.count(LoginRefused) == 5


# --- Passkeys


@pytest.fixture
def key(by: Actor, phone: Callable[..., Phone]) -> Phone:
    """Sofia's phone, with a passkey."""
    made = phone()
    add(made, by)
    return made


def add(phone: Phone, by: Actor) -> Passkey:
    question = actions.ask_new_passkey(site=SITE, by=by, now=NOW)
    answer = phone.create(question.options)
    return actions.add_passkey(
        answer, name=" Telefon ", asked=question.asked, handle=phone.handle, site=SITE, by=by, now=NOW
    )


def enter(phone: Phone, **instead: str) -> Account:
    question = actions.ask_passkey(site=SITE, now=NOW)
    return actions.log_in_by_passkey(phone.sign(question.options, **instead), asked=question.asked, site=SITE, now=NOW)


def test_a_passkey_lets_in_alone_and_is_counted(sofia: Account, key: Phone) -> None:
    key.count = 7
    assert enter(key) == sofia
    kept = Passkey.objects.get()
    assert (kept.name, kept.sign_count, kept.used_at) == ("Telefon", 7, NOW)
    line = Line.objects.get(kind="identity.login.done")
    assert (line.assurance, line.details) == (3, {"how": "passkey"})


def test_the_question_is_for_this_site_and_demands_its_owner(by: Actor, key: Phone) -> None:
    new = json.loads(actions.ask_new_passkey(site=SITE, by=by, now=NOW).options)
    assert new["rp"] == {"id": "vard.example", "name": "Vårdnav"}
    wanted = new["authenticatorSelection"]
    assert (wanted["userVerification"], wanted["residentKey"]) == ("required", "required")
    assert len(new["excludeCredentials"]) == 1
    question = json.loads(actions.ask_passkey(site=SITE, now=NOW).options)
    assert (question["rpId"], question["userVerification"]) == ("vard.example", "required")
    assert not question.get("allowCredentials")  # says of nobody whether they have a key


def other_origin(key: Phone) -> None:
    key.origin = "https://vard.example.evil.example"


def other_port(key: Phone) -> None:
    key.origin = "https://vard.example:8443"


def other_domain(key: Phone) -> None:
    key.domain = "evil.example"


def not_opened_by_its_owner(key: Phone) -> None:
    key.flags = PRESENT


def count_goes_back(key: Phone) -> None:
    key.count = 4


def count_stands_still(key: Phone) -> None:
    key.count = 5


def another_key(key: Phone) -> None:
    key.key = Phone().key


def unknown_key(key: Phone) -> None:
    key.key_id = b"nobody has this"


def of_another_account(key: Phone) -> None:
    key.handle = b"x" * 32


WRONGS = [
    other_origin,
    other_port,
    other_domain,
    not_opened_by_its_owner,
    count_goes_back,
    count_stands_still,
    another_key,
    unknown_key,
    of_another_account,
]


@pytest.mark.parametrize("make_wrong", WRONGS, ids=lambda one: one.__name__)
def test_a_key_that_is_wrong_in_one_thing_is_refused(key: Phone, make_wrong: Callable[[Phone], None]) -> None:
    key.count = 5
    enter(key)
    key.count = 6
    make_wrong(key)
    with pytest.raises(PasskeyRefused):
        enter(key)
    assert Passkey.objects.get().sign_count == 5
    assert Line.objects.filter(kind="identity.login.refused", outcome="denied").count() == 1


@pytest.mark.parametrize("make_wrong", [other_origin, other_domain, not_opened_by_its_owner])
def test_a_key_that_is_wrong_in_one_thing_is_not_added(
    by: Actor, phone: Callable[..., Phone], make_wrong: Callable[[Phone], None]
) -> None:
    made = phone()
    make_wrong(made)
    with pytest.raises(PasskeyNotAdded):
        add(made, by)
    assert not Passkey.objects.exists()


def test_a_question_is_answered_once_right_or_wrong(sofia: Account, key: Phone) -> None:
    for first in ({}, {"signature": "AAAA"}):
        question = actions.ask_passkey(site=SITE, now=NOW)
        right = key.sign(question.options)
        sent = key.sign(question.options, **first)
        if first:
            with pytest.raises(PasskeyRefused):
                actions.log_in_by_passkey(sent, asked=question.asked, site=SITE, now=NOW)
        else:
            assert actions.log_in_by_passkey(sent, asked=question.asked, site=SITE, now=NOW) == sofia
        with pytest.raises(PasskeyRefused) as refused:
            actions.log_in_by_passkey(right, asked=question.asked, site=SITE, now=NOW)
        assert refused.value.facts == {"why": "challenge"}


def test_a_question_is_good_for_three_minutes(sofia: Account, key: Phone) -> None:
    for seconds, right in ((179, True), (181, False)):
        question = actions.ask_passkey(site=SITE, now=NOW)
        then = NOW + timedelta(seconds=seconds)
        answer = key.sign(question.options)
        if right:
            assert actions.log_in_by_passkey(answer, asked=question.asked, site=SITE, now=then) == sofia
        else:
            with pytest.raises(PasskeyRefused):
                actions.log_in_by_passkey(answer, asked=question.asked, site=SITE, now=then)


def test_the_answer_to_another_question_is_refused(key: Phone) -> None:
    """A question put to somebody else's browser, an own one, or one for adding a key."""
    theirs, mine = actions.ask_passkey(site=SITE, now=NOW), actions.ask_passkey(site=SITE, now=NOW)
    with pytest.raises(PasskeyRefused):
        actions.log_in_by_passkey(key.sign(theirs.options), asked=mine.asked, site=SITE, now=NOW)
    with pytest.raises(PasskeyRefused):
        actions.log_in_by_passkey(key.sign(theirs.options), asked=b"", site=SITE, now=NOW)


def test_a_question_for_adding_is_no_question_for_entering(by: Actor, key: Phone) -> None:
    adding = actions.ask_new_passkey(site=SITE, by=by, now=NOW)
    with pytest.raises(PasskeyRefused):
        actions.log_in_by_passkey(key.sign(adding.options), asked=adding.asked, site=SITE, now=NOW)


def test_one_accounts_question_adds_no_key_to_another(by: Actor, phone: Callable[..., Phone]) -> None:
    other = factories.staff()
    question = actions.ask_new_passkey(site=SITE, by=by, now=NOW)
    made = phone()
    answer = made.create(question.options)
    with pytest.raises(PasskeyNotAdded):
        actions.add_passkey(answer, name="x", asked=question.asked, handle=made.handle, site=SITE, by=other, now=NOW)


def test_a_key_after_a_password_must_be_the_same_persons(sofia: Account, key: Phone) -> None:
    other = factories.account()
    question = actions.ask_passkey(site=SITE, now=NOW, account_id=other.id)
    with pytest.raises(PasskeyRefused):
        actions.log_in_by_passkey(
            key.sign(question.options), asked=question.asked, site=SITE, now=NOW, account_id=other.id
        )


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", "x" * 20_000, '{"id": 1}', '{"id":"AA","rawId":"AA"}'])
def test_what_is_no_answer_is_refused(by: Actor, key: Phone, answer: str) -> None:
    question = actions.ask_passkey(site=SITE, now=NOW)
    with pytest.raises(PasskeyRefused):
        actions.log_in_by_passkey(answer, asked=question.asked, site=SITE, now=NOW)
    question = actions.ask_new_passkey(site=SITE, by=by, now=NOW)
    with pytest.raises(PasskeyNotAdded):
        actions.add_passkey(answer, name="x", asked=question.asked, handle=b"x", site=SITE, by=by, now=NOW)


def test_the_passkey_of_a_closed_account_is_worth_nothing(sofia: Account, key: Phone) -> None:
    actions.close_account(sofia.id, by=SYSTEM, now=NOW)
    with pytest.raises(PasskeyRefused):
        enter(key)


def test_questions_that_nobody_answered_are_forgotten() -> None:
    for minutes in (0, 1, 10):
        actions.ask_passkey(site=SITE, now=NOW + timedelta(minutes=minutes))
    assert Challenge.objects.count() == 1


# --- Who changes what


def test_the_last_second_step_stays(by: Actor, app: pyotp.TOTP, phone: Callable[..., Phone]) -> None:
    with pytest.raises(LastFactor):
        actions.remove_app(by=by, now=NOW)
    passkey = add(phone(), by)
    actions.remove_app(by=by, now=NOW)
    with pytest.raises(LastFactor):
        actions.remove_passkey(passkey.id, by=by, now=NOW)


def test_nobody_changes_anothers_passkey(sofia: Account, by: Actor, key: Phone, app: pyotp.TOTP) -> None:
    other, mine = factories.staff(), Passkey.objects.get()
    actions.name_passkey(mine.id, "Min", by=other)
    actions.remove_passkey(mine.id, by=other, now=NOW)
    assert Passkey.objects.get().name == "Telefon"


def test_an_administrator_resets_everything_and_the_password_too(
    sofia: Account, by: Actor, app: pyotp.TOTP, key: Phone
) -> None:
    codes = actions.make_recovery_codes(by=by, now=NOW)
    admin = factories.staff(role=Role.ADMINISTRATOR)
    given = actions.reset_factors(sofia.id, by=admin, now=NOW)
    assert not step_in(sofia, codes[0])
    assert not step_in(sofia, app.at(NOW))
    with pytest.raises(PasskeyRefused):
        enter(key)
    with pytest.raises(LoginRefused):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW)
    assert actions.log_in(login="sofia", password=given, now=NOW) == sofia
    assert selectors.step_after_password(sofia.id) is Step.PASSWORD
    assert Line.objects.get(kind="identity.factor.reset").user_name == admin.name
    assert given not in str(list(Line.objects.values()))


def test_only_an_administrator_resets_and_never_their_own(sofia: Account) -> None:
    with pytest.raises(NotAnAdministrator):
        actions.reset_factors(sofia.id, by=factories.staff(), now=NOW)
    admin = factories.staff(role=Role.ADMINISTRATOR)
    assert admin.account_id is not None
    with pytest.raises(OwnAccount):
        actions.reset_factors(admin.account_id, by=admin, now=NOW)
    with pytest.raises(NotAStaffAccount):
        actions.reset_factors(factories.account(factories.person()).id, by=admin, now=NOW)


# hours after it was given -> the temporary password lets in
HOURS = [(0, True), (71, True), (72, False), (100, False)]


@pytest.mark.parametrize(("hours", "right"), HOURS)
def test_a_temporary_password_is_good_for_72_hours(sofia: Account, hours: int, right: bool) -> None:
    given = actions.reset_password(sofia.id, by=SYSTEM, now=NOW)
    then = NOW + timedelta(hours=hours)
    if right:
        assert actions.log_in(login="sofia", password=given, now=then)
        return
    with pytest.raises(PasswordExpired):
        actions.log_in(login="sofia", password=given, now=then)
    with pytest.raises(LoginRefused):  # only who has it is told that it has run out
        actions.log_in(login="sofia", password="wrong", now=then)


def test_each_change_is_noticed(sofia: Account, by: Actor, app: pyotp.TOTP, key: Phone) -> None:
    actions.make_recovery_codes(by=by, now=NOW)
    noticed = selectors.notices_of(sofia.id, untold=True)
    assert {one.kind for one in noticed} == {"app_added", "passkey_added", "codes_made"}
    actions.mark_told([one.id for one in noticed], account_id=sofia.id)
    assert not selectors.notices_of(sofia.id, untold=True)


# figures to Python, that no app makes
STRANGE = ["\u00b2" * 6, "\uff11\uff12\uff13\uff14\uff15\uff16", "\u0661\u0662\u0663\u0664\u0665\u0666"]


@pytest.mark.parametrize("code", STRANGE)
def test_figures_of_other_scripts_are_a_wrong_code_and_no_fault(
    sofia: Account, app: pyotp.TOTP, by: Actor, code: str
) -> None:
    assert not step_in(sofia, code)
    actions.begin_app(by=by, now=NOW)
    with pytest.raises(CodeRefused):
        actions.confirm_app(code, by=by, now=NOW)


def test_a_passkeys_answer_that_is_nested_without_end_is_a_wrong_one() -> None:
    asked = actions.ask_passkey(site=SITE, now=NOW).asked
    with pytest.raises(PasskeyRefused):
        actions.log_in_by_passkey("[" * 16_000, asked=asked, site=SITE, now=NOW)
