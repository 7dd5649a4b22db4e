"""Authority is an object: person, role, unit, from, to, reason; never global (Patient Data Act 4:2)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.factories import NOW, SYSTEM
from vardnav.audit.models import Line
from vardnav.identity import actions, selectors
from vardnav.identity.models import Account, Assignment
from vardnav.identity.rules import BadAssignment, NotAnAdministrator, NotAStaffAccount
from vardnav.kernel.actor import Purpose, Role

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def sofia() -> Account:
    return factories.account()


def grant(to: Account, **changes: object) -> Assignment:
    values = {
        "account_id": to.id,
        "role": Role.CLINIC_STAFF,
        "unit_hsa_id": "SE5599990009-U1",
        "unit_name": "Eken",
        "provider_hsa_id": "SE5599990009-REGION",
        "starts_at": NOW,
        "ends_at": None,
        "reason": "Anställd",
        "by": SYSTEM,
        "now": NOW,
        **changes,
    }
    return actions.grant_assignment(**values)  # type: ignore[arg-type]


def test_an_assignment_carries_role_unit_purpose_and_reason(sofia: Account) -> None:
    made = grant(sofia)
    actor = selectors.actor(sofia.id, made.id, NOW)
    assert actor is not None
    assert actor.acting is not None
    assert (actor.role, actor.unit_hsa_id, actor.acting.purpose) == (
        Role.CLINIC_STAFF,
        "SE5599990009-U1",
        Purpose.CARE,
    )
    line = Line.objects.get(kind="identity.assignment.granted")
    assert (line.reason, line.details["unit"]) == ("Anställd", "SE5599990009-U1")


def test_an_assignment_that_ends_is_refused_the_same_second(sofia: Account) -> None:
    made = grant(sofia, ends_at=NOW + timedelta(hours=1))
    ends = NOW + timedelta(hours=1)
    last = selectors.actor(sofia.id, made.id, ends - SECOND)
    after = selectors.actor(sofia.id, made.id, ends)
    assert last is not None
    assert last.role is Role.CLINIC_STAFF
    assert after is not None
    assert after.role is None


def test_an_assignment_that_has_not_begun_is_refused(sofia: Account) -> None:
    made = grant(sofia, starts_at=NOW + SECOND)
    actor = selectors.actor(sofia.id, made.id, NOW)
    assert actor is not None
    assert actor.acting is None


def test_ending_takes_hold_at_once_on_open_pages(client: Client) -> None:
    admin = factories.staff(role=Role.ADMINISTRATOR)
    factories.log_in(client, admin)
    assert client.get("/konton/").status_code == 200
    assert admin.acting is not None
    actions.end_assignment(admin.acting.assignment_id, by=SYSTEM, now=timezone.now())
    answer = client.get("/konton/")
    assert (answer.status_code, answer["Location"]) == (302, "/uppdrag/")


def test_an_assignment_of_somebody_else_cannot_be_taken(sofia: Account) -> None:
    made = grant(factories.account(name="Bo"))
    actor = selectors.actor(sofia.id, made.id, NOW)
    assert actor is not None
    assert actor.acting is None


def test_ending_twice_keeps_the_first_end(sofia: Account) -> None:
    made = grant(sofia)
    actions.end_assignment(made.id, by=SYSTEM, now=NOW + SECOND)
    actions.end_assignment(made.id, by=SYSTEM, now=NOW + timedelta(days=9))
    made.refresh_from_db()
    assert made.ends_at == NOW + SECOND
    assert Line.objects.filter(kind="identity.assignment.ended").count() == 1


@pytest.mark.parametrize("changes", [{"ends_at": NOW}, {"ends_at": NOW - SECOND}, {"reason": "  "}])
def test_an_assignment_without_length_or_reason_is_refused(sofia: Account, changes: dict[str, object]) -> None:
    with pytest.raises(BadAssignment):
        grant(sofia, **changes)


def test_residents_and_closed_accounts_get_none(sofia: Account) -> None:
    actions.close_account(sofia.id, by=SYSTEM, now=NOW)
    for account in (sofia, factories.account(factories.person())):
        with pytest.raises(NotAStaffAccount):
            grant(account)


@pytest.mark.parametrize("role", [Role.CLINIC_STAFF, Role.CLINIC_HEAD, Role.REGION_PLANNER])
def test_only_administrators_give_and_end(sofia: Account, role: Role) -> None:
    by, made = factories.staff(role=role), grant(sofia)
    with pytest.raises(NotAnAdministrator):
        grant(sofia, by=by)
    with pytest.raises(NotAnAdministrator):
        actions.end_assignment(made.id, by=by, now=NOW)


def test_accounts_are_listed_in_swedish_order_page_by_page() -> None:
    names = ["Åsa Ek", "Örjan Ek", "Ärla Ek", "Zara Ek", "adam Ek", "Bo Ek", "Bo Ek"]
    for name in names:
        factories.account(name=name)
    seen: list[str] = []
    after = ""
    while page := selectors.staff_accounts(now=NOW, after=after, most=2):
        seen += [row.name for row in page]
        after = page[-1].sort
    assert seen == ["adam Ek", "Bo Ek", "Bo Ek", "Zara Ek", "Åsa Ek", "Ärla Ek", "Örjan Ek"]


def test_the_list_shows_assignments_valid_now_and_no_residents(sofia: Account) -> None:
    grant(sofia)
    grant(sofia, starts_at=NOW - timedelta(days=9), ends_at=NOW)
    factories.account(factories.person())
    [row] = selectors.staff_accounts(now=NOW)
    assert [one.unit_name for one in row.assignments] == ["Eken"]
    assert selectors.count_staff_accounts() == 1
