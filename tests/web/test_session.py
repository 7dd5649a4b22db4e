"""A session ends when what it stands on ends, and whoever is refused leaves a line."""

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as make
from tests.factories import SYSTEM
from tests.logins import log_in_by_form
from vardnav.audit.models import Line
from vardnav.identity import actions
from vardnav.identity.models import Account
from vardnav.kernel.actor import Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def sofia(client: Client) -> Account:
    """Logged in as staff with one assignment."""
    opened = actions.open_account(
        login="sofia", name="Sofia", hsa_id=f"{make.PREFIX}-S1", password=PASSWORD, by=SYSTEM, now=timezone.now()
    )
    make.assignment(opened, Role.CLINIC_STAFF, make.clinic())
    log_in_by_form(client, "sofia", PASSWORD)
    return opened


def is_in(client: Client) -> bool:
    return client.get("/uppdrag/").status_code == 200


def test_a_new_password_ends_the_sessions_of_the_old_one(sofia: Account, client: Client) -> None:
    assert is_in(client)
    actions.reset_password(sofia.id, by=SYSTEM, now=timezone.now())
    assert not is_in(client)


def test_a_closed_account_is_out_at_once(sofia: Account, client: Client) -> None:
    actions.close_account(sofia.id, by=SYSTEM, now=timezone.now())
    assert not is_in(client)


def test_every_refusal_for_want_of_a_right_leaves_a_line(sofia: Account, client: Client) -> None:
    others = make.assignment(make.account(name="Mats"), Role.CLINIC_HEAD, make.clinic("Annan"))
    assert client.post("/uppdrag/", {"assignment": others.id}).status_code == 403
    line = Line.objects.get(kind="access.denied")
    assert (line.user_id, line.outcome, line.details["deed"]) == (sofia.hsa_id, "denied", "not_your_assignment")


def test_a_figure_of_another_script_is_no_assignment(sofia: Account, client: Client) -> None:
    assert client.post("/uppdrag/", {"assignment": "²"}).status_code == 403


def test_the_line_of_a_chosen_assignment_tells_the_level_of_the_login(sofia: Account, client: Client) -> None:
    mine = sofia.assignments.get()
    assert client.post("/uppdrag/", {"assignment": mine.id}).status_code == 302
    assert Line.objects.get(kind="identity.assignment.chosen").assurance == 3
