"""The first administrator opens by hand; what is done by hand is in the log too."""

import pytest
from django.utils import timezone
from typer.testing import CliRunner, Result

from tests import factories
from tests.logins import give_app
from vardnav.audit.models import Line
from vardnav.cli import account, audit
from vardnav.identity import actions
from vardnav.identity.models import Account, Assignment
from vardnav.identity.rules import LoginRefused
from vardnav.identity.rules.limits import Step
from vardnav.identity.selectors import factors_of, step_after_password
from vardnav.kernel.actor import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def database_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands use the database that the test already has."""
    monkeypatch.setattr(account, "ready", lambda: None)
    monkeypatch.setattr(audit, "ready", lambda: None)


def run(*words: str) -> Result:
    return CliRunner().invoke(account.app, list(words))


def opened(login: str = "anna") -> str:
    """The password that was printed."""
    result = run("open", login, "--name", "Anna Ek", "--hsa-id", "se5599990009-anna")
    assert result.exit_code == 0, result.output
    return result.output.split()[-1]


def test_the_first_administrator_can_log_in() -> None:
    office = factories.unit("Regionkontoret", factories.UnitKind.REGION_OFFICE)
    password = opened()
    assert run("assign", "anna", "administrator", office.hsa_id.lower(), "--reason", "Den första").exit_code == 0
    assert actions.log_in(login="anna", password=password, now=factories.NOW).hsa_id == "SE5599990009-ANNA"
    assert Assignment.objects.get().role == Role.ADMINISTRATOR
    kinds = list(Line.objects.order_by("id").values_list("kind", "user_id"))
    assert kinds[:2] == [("identity.account.opened", "cli"), ("identity.assignment.granted", "cli")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("assign", "nobody", "clinic_staff", "{unit}", "--reason", "x"), "There is no account 'nobody'."),
        (("assign", "anna", "boss", "{unit}", "--reason", "x"), "There is no role 'boss'"),
        (("assign", "anna", "clinic_staff", "SE1", "--reason", "x"), "There is no unit SE1."),
        (("end", "anna"), "anna has no such assignment to end."),
        (("close", "nobody"), "There is no account 'nobody'."),
        (("open", "anna", "--name", "x", "--hsa-id", "SE5599990009-X"), "There is an account with that login"),
        (("open", "bo", "--name", "x", "--hsa-id", "x"), "is not an HSA-id"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    opened()
    unit = factories.unit("Eken").hsa_id
    result = run(*(word.format(unit=unit) for word in words))
    assert result.exit_code != 0
    assert str(result.exception).startswith(sentence) or sentence in str(result.exception)


def test_the_password_printed_must_be_changed_and_a_second_step_set_up() -> None:
    made = actions.log_in(login="anna", password=opened(), now=factories.NOW)
    assert step_after_password(made.id) is Step.PASSWORD
    assert made.password_until is not None


def test_who_has_lost_everything_begins_anew() -> None:
    first = opened()
    give_app(Account.objects.get(login="anna"))
    for _ in range(5):
        with pytest.raises(LoginRefused):
            actions.log_in(login="anna", password="wrong", now=timezone.now())
    assert "anna may try again." in run("unlock", "anna").output
    result = run("reset", "anna")
    password = result.output.split()[-1]
    assert password != first
    made = actions.log_in(login="anna", password=password, now=timezone.now())
    assert not factors_of(made.id).has_second
    assert Line.objects.get(kind="identity.factor.reset").user_id == "cli"


def test_assignments_end_at_once_and_only_where_asked() -> None:
    opened()
    units = [factories.unit("Eken"), factories.unit("Alen")]
    for unit in units:
        run("assign", "anna", "clinic_staff", unit.hsa_id, "--reason", "x", "--days", "30")
    assert "1 assignment(s)" in run("end", "anna", "--unit", units[0].hsa_id).output
    assert "1 assignment(s)" in run("end", "anna").output


def test_a_closed_account_shows_in_the_list() -> None:
    opened()
    assert "open" in run("list", "Anna").output
    assert run("close", "anna").exit_code == 0
    assert "closed" in run("list").output
    assert not Account.objects.get(login="anna").is_active


def test_the_log_is_counted_and_its_tail_names_no_resident() -> None:
    astrid = factories.person()
    by = factories.resident(astrid)
    from vardnav.listing.selectors import my_care

    my_care(astrid.id, by=by, now=factories.NOW)
    opened()
    tail = CliRunner().invoke(audit.app, ["tail"]).output
    assert f"listing.care.read by resident patient {astrid.id}" in tail
    assert astrid.personal_number not in tail
    assert astrid.last_name not in tail
    counted = CliRunner().invoke(audit.app, ["count"]).output
    assert counted.startswith("2 lines in all.")
    assert "1  identity.account.opened" in counted
