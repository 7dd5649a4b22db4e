"""The demo: a region read in like any other, and people to log in as, in a demo only."""

import pytest
from django.utils.timezone import now

from vardnav.demo import actions, selectors
from vardnav.demo.generate.cast import CLINIC
from vardnav.identity.actions import log_in
from vardnav.identity.models import Account, Assignment
from vardnav.identity.selectors import valid_assignments
from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.listing.models import ClinicCount
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db


def test_everyone_who_is_introduced_can_log_in() -> None:
    actions.load(region="small")
    introduced = selectors.people()
    assert [person.role for person in introduced] == [
        "resident",
        "parent",
        "clinic_staff",
        "clinic_head",
        "region_planner",
        "administrator",
        "log_reviewer",
    ]
    for person in introduced:
        account = log_in(login=person.username, password=person.password, now=now())
        assert account.name == person.name
        roles = [one.role for one in valid_assignments(account.id, now())]
        assert roles == ([person.role] if person.role in {role.value for role in Role} else [])
    assert Assignment.objects.get(role=Role.CLINIC_STAFF.value, account__login="sofia").unit_hsa_id.endswith(CLINIC)


def test_the_known_people_have_their_stories() -> None:
    actions.load(region="small")
    people = {
        person.first_name: person
        for person in Person.objects.filter(last_name__in=("Exempelsson", "Testgren", "Demolund"))
    }
    assert people["Maria"].protected
    assert people["Astrid"].named_doctors.filter(ends_on__isnull=True).exists()
    assert not people["Jonas"].listings.filter(ends_on__isnull=True).exists()
    capped = ClinicCount.objects.filter(cap__isnull=False)
    assert any(count.waiting > 0 for count in capped)


def test_the_same_demo_again_is_nothing_to_do_and_another_is_refused() -> None:
    actions.load(region="small")
    accounts = Account.objects.count()
    actions.load(region="small")
    assert Account.objects.count() == accounts
    with pytest.raises(Refusal, match="another demo"):
        actions.load(region="small", seed=2)


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(Refusal, match="no region"):
        actions.load(region="atlantis")


def test_a_known_password_is_for_demos_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.DEMO", False)
    monkeypatch.delenv("VARDNAV_DEMO")
    with pytest.raises(Refusal, match="VARDNAV_DEMO"):
        actions.load(region="small")
    assert not Account.objects.exists()
