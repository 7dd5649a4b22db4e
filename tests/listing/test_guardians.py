"""Two guardians agree, or the child stays."""

from datetime import timedelta

import pytest

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.listing import actions, selectors
from vardnav.listing.models import ClinicCount, Listing, PendingChoice
from vardnav.listing.rules import BothGuardiansDecide, ChoiceGone, NotTheOtherGuardian
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


def test_both_choosing_the_same_clinic_is_agreeing(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    at = make.clinic("Ekens vårdcentral")
    for _ in range(2):  # asking again is not agreeing with oneself
        assert actions.choose_clinic(kid.id, at.id, by=make.resident(one), now=NOW)["result"] == "waiting_for_guardian"
    assert actions.choose_clinic(kid.id, at.id, by=make.resident(other), now=NOW)["result"] == "listed"
    assert Listing.objects.get(person=kid).clinic_id == at.id
    assert list(PendingChoice.objects.order_by("id").values_list("state", flat=True)) == ["void", "confirmed"]
    assert faults() == []


def test_a_choice_that_has_run_out_is_not_agreed_with(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    at = make.clinic("Ekens vårdcentral")
    actions.choose_clinic(kid.id, at.id, by=make.resident(one), now=NOW)
    late = NOW + timedelta(days=14)
    answer = actions.choose_clinic(kid.id, at.id, by=make.resident(other), now=late)
    assert answer["result"] == "waiting_for_guardian"


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


def test_one_guardian_alone_cannot_leave_the_child_without_a_clinic(family: tuple[Person, Person, Person]) -> None:
    kid, one, _ = family
    make.listed(kid, make.clinic())
    with pytest.raises(BothGuardiansDecide):
        actions.leave_clinic(kid.id, by=make.resident(one), now=NOW)
    assert Listing.objects.get(person=kid).ends_on is None


def test_an_offered_place_is_held_until_the_other_guardian_has_answered(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    at, leaver = make.clinic(cap=1), make.person("Lage Lämnar")
    make.listed(leaver, at)
    actions.join_queue(kid.id, at.id, by=make.resident(one), now=NOW)
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    answer = actions.accept_offer(kid.id, by=make.resident(one), now=NOW + timedelta(days=1))
    assert answer["result"] == "waiting_for_guardian"
    pending = PendingChoice.objects.get()
    assert pending.expires_at == NOW + timedelta(days=7)  # the offer's end, before the guardian's fourteen days
    assert not Listing.objects.filter(person=kid).exists()
    actions.confirm_choice(pending.id, by=make.resident(other), now=NOW + timedelta(days=6))
    assert Listing.objects.get(person=kid).clinic_id == at.id
    count = ClinicCount.objects.get(clinic=at)
    assert (count.listed, count.held) == (1, 0)
    assert faults() == []


def test_the_clinic_does_not_answer_for_a_guardian(family: tuple[Person, Person, Person]) -> None:
    kid, one, _ = family
    here = make.clinic("Här")
    make.listed(kid, here)
    actions.choose_clinic(kid.id, make.clinic("Där").id, by=make.resident(one), now=NOW)
    for answer in (actions.confirm_choice, actions.refuse_choice):
        with pytest.raises(NotTheOtherGuardian):
            answer(PendingChoice.objects.get().id, by=make.staff(here), now=NOW)


def test_a_guardian_who_has_died_is_not_waited_for(family: tuple[Person, Person, Person]) -> None:
    kid, one, other = family
    Person.objects.filter(id=other.id).update(deceased_on=make.TODAY)
    answer = actions.choose_clinic(kid.id, make.clinic().id, by=make.resident(one), now=NOW)
    assert answer["result"] == "listed"


def test_a_choice_for_who_has_turned_sixteen_shows_to_no_guardian() -> None:
    one, other = make.person("Maja Provberg"), make.person("Leo Provberg")
    kid = make.person("Tova Provberg", born=make.date(2010, 3, 20))
    make.guardianship(kid, one)
    make.guardianship(kid, other)
    actions.choose_clinic(kid.id, make.clinic().id, by=make.resident(one), now=NOW)
    assert len(selectors.pending_for_me(by=make.resident(other), now=NOW + timedelta(days=3))) == 1
    on_the_birthday = NOW + timedelta(days=4)
    assert selectors.pending_for_me(by=make.resident(other), now=on_the_birthday) == []
    with pytest.raises(AccessDenied):
        actions.confirm_choice(PendingChoice.objects.get().id, by=make.resident(other), now=on_the_birthday)
