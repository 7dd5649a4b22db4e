from datetime import timedelta

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW, SYSTEM
from tests.logins import give_app, log_in_by_form
from vardnav.audit.models import Line
from vardnav.identity import actions, selectors
from vardnav.identity.models import Account
from vardnav.identity.rules import AccountTaken, LoginRefused, NotAnAdministrator, NotAStaffAccount
from vardnav.kernel.actor import Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def sofia() -> Account:
    return actions.open_account(
        login=" Sofia ", name="Sofia", hsa_id="SE5599990009-S1", password=PASSWORD, by=SYSTEM, now=NOW
    )


def test_the_right_password_is_a_first_step_and_leaves_a_line(sofia: Account) -> None:
    assert actions.log_in(login="SOFIA", password=PASSWORD, now=NOW) == sofia
    line = Line.objects.get(kind="identity.password.accepted")
    assert (line.user_id, line.outcome, line.activity, line.assurance) == ("SE5599990009-S1", "done", "access", 1)
    assert not Line.objects.filter(kind="identity.login.done").exists()
    sofia.refresh_from_db()
    assert sofia.last_login is None


def test_the_second_step_makes_it_a_login(sofia: Account) -> None:
    actions.log_in_by_code(sofia.id, give_app(sofia).at(NOW), now=NOW)
    line = Line.objects.get(kind="identity.login.done")
    assert (line.user_id, line.outcome, line.activity, line.assurance) == ("SE5599990009-S1", "done", "access", 3)
    sofia.refresh_from_db()
    assert sofia.last_login == NOW


def test_no_password_is_kept(sofia: Account) -> None:
    assert PASSWORD not in sofia.password
    assert sofia.password.startswith("argon2")


@pytest.mark.parametrize("login", ["sofia", "nobody"])
def test_a_refused_login_says_the_same_whether_the_name_exists_or_not(sofia: Account, login: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        actions.log_in(login=login, password="wrong", now=NOW)
    assert str(refused.value) == "The name or the password is wrong."
    assert Line.objects.get(kind="identity.login.refused").outcome == "denied"


def test_an_account_without_a_password_cannot_be_logged_in_to() -> None:
    made = factories.account()
    for password in ("", "!", made.password):
        with pytest.raises(LoginRefused):
            actions.log_in(login=made.login, password=password, now=NOW)


def fail(times: int) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            actions.log_in(login="sofia", password="wrong", now=NOW)


def test_a_closed_account_is_out_at_once_with_its_assignments(sofia: Account) -> None:
    going_on = factories.assignment(sofia)
    to_come = factories.assignment(sofia, starts_at=NOW + timedelta(days=1))
    actions.close_account(sofia.id, by=SYSTEM, now=NOW)
    assert selectors.actor(sofia.id, going_on.id, NOW) is None
    with pytest.raises(LoginRefused):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW)
    going_on.refresh_from_db()
    to_come.refresh_from_db()
    assert (going_on.ends_at, to_come.ends_at) == (NOW, to_come.starts_at)


def test_a_reset_password_is_known_to_its_answer_only_and_unlocks(sofia: Account) -> None:
    fail(5)
    given = actions.reset_password(sofia.id, by=SYSTEM, now=NOW)
    assert actions.log_in(login="sofia", password=given, now=NOW)
    with pytest.raises(LoginRefused):
        actions.log_in(login="sofia", password=PASSWORD, now=NOW)
    assert given not in str(list(Line.objects.values()))


def test_an_administrator_has_no_hand_in_a_residents_account() -> None:
    resident = factories.account(factories.person())
    with pytest.raises(NotAStaffAccount):
        actions.reset_password(resident.id, by=SYSTEM, now=NOW)


def test_logins_and_identities_are_taken_once(sofia: Account) -> None:
    for taken in ({"login": "sofia", "hsa_id": "SE5599990009-S2"}, {"login": "other", "hsa_id": "SE5599990009-S1"}):
        with pytest.raises(AccountTaken):
            actions.open_account(name="Other", by=SYSTEM, now=NOW, **taken)
    assert Line.objects.filter(kind="identity.account.opened").count() == 1


@pytest.mark.parametrize("role", [Role.CLINIC_STAFF, Role.CLINIC_HEAD, Role.REGION_PLANNER])
def test_only_administrators_keep_accounts(sofia: Account, role: Role) -> None:
    by = factories.staff(role=role)
    with pytest.raises(NotAnAdministrator):
        actions.open_account(login="x", name="x", hsa_id="SE5599990009-X", by=by, now=NOW)
    with pytest.raises(NotAnAdministrator):
        actions.close_account(sofia.id, by=by, now=NOW)
    with pytest.raises(NotAnAdministrator):
        actions.reset_password(sofia.id, by=by, now=NOW)


def test_a_session_ends_with_logging_out(client: Client) -> None:
    who = factories.person()
    factories.log_in(client, who)
    key = client.session.session_key
    assert client.get("/uppdrag/").status_code == 302
    client.post("/logga-ut/")
    client.cookies["sessionid"] = str(key)
    assert client.get("/konton/")["Location"].startswith("/logga-in/")


def test_a_session_of_a_closed_account_is_worth_nothing(client: Client) -> None:
    admin = factories.staff(role=Role.ADMINISTRATOR)
    factories.log_in(client, admin)
    assert client.get("/konton/").status_code == 200
    assert admin.account_id is not None
    actions.close_account(admin.account_id, by=SYSTEM, now=factories.NOW)
    assert client.get("/konton/")["Location"].startswith("/logga-in/")


def test_logging_in_makes_a_new_session(client: Client, sofia: Account) -> None:
    client.get("/logga-in/")
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    log_in_by_form(client, "sofia", PASSWORD)
    assert client.session.session_key != before
    assert "planted" not in client.session
