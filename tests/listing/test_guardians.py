"""Two guardians agree, or the child stays."""

from datetime import timedelta

import pytest

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.listing import actions, selectors
from vardnav.listing.models import Listing, PendingChoice
from vardnav.listing.rules import ChoiceGone, NotTheOtherGuardian
from vardnav.outbox.models import Message
from vardnav.patients.models import Person
from vardnav.patients.rules import AccessDenied

pytestmark = pytest.mark.django_db
NOW = make.NOW


@pytest.fixture
def family() -> tuple[Person, Person, Person]:
    one, other = make.person("Maja Provberg"), make.person("Leo Provberg")
    return make.child(guardians=(one, other)), one, other


def test_a_single_guardian_lists_a_child_at_once() -> None:
    parent = make.person("Maja Provberg")
    kid = make.child(guardians=(parent,))
    answer = actions.choose_clinic(kid.id, make.clinic().id, by=make.resident(parent), now=NOW)
    assert answer["result"] == "listed"


def test_with_two_guardians_the_choice_waits_for_the_other(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    at = make.clinic("Ekens vårdcentral")
    answer = actions.choose_clinic(kid.id, at.id, by=make.resident(one), now=NOW)
    assert answer["result"] == "waiting_for_guardian"
    assert not Listing.objects.filter(person=kid).exists()
    assert Message.objects.get(recipient_id=other.id).template == "choice.waits"
    (pending,) = selectors.pending_for_me(by=make.resident(other), now=NOW)
    assert (pending.child_id, pending.clinic) == (kid.id, "Ekens vårdcentral")
    assert selectors.pending_for_me(by=make.resident(one), now=NOW) == []
    assert actions.confirm_choice(pending.id, by=make.resident(other), now=NOW)["result"] == "listed"
    assert Listing.objects.get(person=kid).clinic_id == at.id
    assert faults() == []


def test_who_asked_cannot_confirm_and_a_stranger_cannot_either(family: tuple[Person, Person, Person]) -> None:
    kid, one, _ = family
    actions.choose_clinic(kid.id, make.clinic().id, by=make.resident(one), now=NOW)
    pending = PendingChoice.objects.get()
    with pytest.raises(NotTheOtherGuardian):
        actions.confirm_choice(pending.id, by=make.resident(one), now=NOW)
    with pytest.raises(AccessDenied):
        actions.confirm_choice(pending.id, by=make.resident(make.person("Bo Främling")), now=NOW)


def test_a_refused_choice_tells_who_asked_and_cannot_be_answered_again(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    actions.choose_clinic(kid.id, make.clinic().id, by=make.resident(one), now=NOW)
    pending = PendingChoice.objects.get()
    actions.refuse_choice(pending.id, by=make.resident(other), now=NOW)
    assert Message.objects.filter(recipient_id=one.id, template="choice.refused").exists()
    with pytest.raises(ChoiceGone):
        actions.confirm_choice(pending.id, by=make.resident(other), now=NOW)
    assert not Listing.objects.filter(person=kid).exists()


def test_an_unanswered_choice_is_void_after_fourteen_days(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    actions.choose_clinic(kid.id, make.clinic().id, by=make.resident(one), now=NOW)
    end = NOW + timedelta(days=14)
    assert actions.void_choices(by=make.SYSTEM, now=end - timedelta(seconds=1)) == 0
    with pytest.raises(ChoiceGone):
        actions.confirm_choice(PendingChoice.objects.get().id, by=make.resident(other), now=end)
    assert actions.void_choices(by=make.SYSTEM, now=end) == 1
    assert Message.objects.filter(recipient_id=one.id, template="choice.void").exists()


def test_a_later_choice_replaces_the_one_that_waits(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    actions.choose_clinic(kid.id, make.clinic("A").id, by=make.resident(one), now=NOW)
    actions.choose_clinic(kid.id, make.clinic("B").id, by=make.resident(one), now=NOW)
    assert [p.clinic for p in selectors.pending_for_me(by=make.resident(other), now=NOW)] == ["B"]


def test_a_guardian_of_a_teenager_sees_the_clinic_and_not_the_doctor() -> None:
    parent, at = make.person("Maja Provberg"), make.clinic()
    teenager = make.child("Tova Provberg", age=14, guardians=(parent,))
    make.listed(teenager, at)
    make.named(teenager, make.doctor(at), at)
    seen = selectors.my_care(teenager.id, by=make.resident(parent), now=NOW)
    assert seen.current is not None
    assert (seen.doctor, seen.doctor_shown) == (None, False)
    assert selectors.my_care(teenager.id, by=make.resident(teenager), now=NOW).doctor is not None


def test_a_guardian_of_a_grown_child_sees_nothing() -> None:
    parent = make.person("Maja Provberg")
    grown = make.child("Siv Provberg", age=16, guardians=(parent,))
    with pytest.raises(AccessDenied):
        selectors.my_care(grown.id, by=make.resident(parent), now=NOW)
