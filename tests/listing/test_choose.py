"""A resident chooses, changes, takes back and leaves."""

from datetime import date, timedelta

import pytest

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.audit.models import Line
from vardnav.kernel.actor import Role
from vardnav.listing import actions
from vardnav.listing.models import ClinicCount, Listing, NamedDoctor, PanelCount
from vardnav.listing.rules import (
    AlreadyListedThere,
    ClinicClosed,
    ClinicFull,
    Deceased,
    Exemption,
    NotExempt,
    NotListed,
    NotYourClinic,
    NoUpcomingChange,
    TooManyChanges,
    TooYoung,
)
from vardnav.outbox.models import Message
from vardnav.patients.rules import AccessDenied

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY
TOMORROW = TODAY + timedelta(days=1)


def periods(of: int) -> list[tuple[int, date, date | None]]:
    rows = Listing.objects.filter(person_id=of).order_by("starts_on")
    return [(row.clinic_id, row.starts_on, row.ends_on) for row in rows]


def test_a_choice_holds_from_the_day_after_and_ends_the_one_before() -> None:
    who, old, new = make.person(), make.clinic("A"), make.clinic("B")
    make.listed(who, old, since=date(2024, 1, 1))
    answer = actions.choose_clinic(who.id, new.id, by=make.resident(who), now=NOW)
    assert answer == {"result": "listed", "clinic": "B", "starts_on": TOMORROW.isoformat()}
    assert periods(who.id) == [(old.id, date(2024, 1, 1), TOMORROW), (new.id, TOMORROW, None)]
    assert faults() == []


def test_a_change_leaves_its_line_and_its_message_in_the_same_transaction() -> None:
    who, new = make.person(), make.clinic("B")
    actions.choose_clinic(who.id, new.id, by=make.resident(who), now=NOW)
    line = Line.objects.get(kind="listing.listing.made")
    assert (line.patient_id, line.user_id, line.resource_id) == (who.id, who.personal_number, new.hsa_id)
    assert Message.objects.get(recipient_id=who.id).facts == {"clinic": "B", "starts_on": TOMORROW.isoformat()}


def test_the_named_doctor_ends_with_the_listing() -> None:
    who, old, new = make.person(), make.clinic("A"), make.clinic("B")
    eva = make.doctor(old)
    make.listed(who, old)
    make.named(who, eva, old)
    actions.choose_clinic(who.id, new.id, by=make.resident(who), now=NOW)
    assert NamedDoctor.objects.get(person=who).ends_on == TOMORROW
    assert PanelCount.objects.get(doctor=eva).heads == 0
    assert faults() == []


def test_a_change_that_has_not_begun_can_be_taken_back_with_its_doctor() -> None:
    who, old, new = make.person(), make.clinic("A"), make.clinic("B")
    eva = make.doctor(old)
    make.listed(who, old, since=date(2024, 1, 1))
    make.named(who, eva, old)
    actions.choose_clinic(who.id, new.id, by=make.resident(who), now=NOW)
    actions.withdraw_change(who.id, by=make.resident(who), now=NOW + timedelta(hours=1))
    assert periods(who.id) == [(old.id, date(2024, 1, 1), None)]
    assert NamedDoctor.objects.get(person=who).ends_on is None
    assert PanelCount.objects.get(doctor=eva).heads == 1
    assert faults() == []


def test_a_change_that_has_begun_cannot_be_taken_back() -> None:
    who, old, new = make.person(), make.clinic("A"), make.clinic("B")
    make.listed(who, old)
    actions.choose_clinic(who.id, new.id, by=make.resident(who), now=NOW)
    with pytest.raises(NoUpcomingChange):
        actions.withdraw_change(who.id, by=make.resident(who), now=NOW + timedelta(days=1))


def test_a_new_choice_replaces_one_that_has_not_begun_and_counts_once() -> None:
    who, old, second, third = make.person(), make.clinic("A"), make.clinic("B"), make.clinic("C")
    make.listed(who, old, since=date(2024, 1, 1))
    by = make.resident(who)
    actions.choose_clinic(who.id, second.id, by=by, now=NOW)
    actions.choose_clinic(who.id, third.id, by=by, now=NOW + timedelta(minutes=5))
    assert periods(who.id) == [(old.id, date(2024, 1, 1), TOMORROW), (third.id, TOMORROW, None)]
    assert faults() == []
    actions.choose_clinic(who.id, second.id, by=by, now=NOW + timedelta(days=40))
    with pytest.raises(TooManyChanges) as refusal:
        actions.choose_clinic(who.id, old.id, by=by, now=NOW + timedelta(days=80))
    assert refusal.value.facts["again_on"] == date(2027, 3, 16)


def test_the_clinic_one_has_is_no_choice() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at)
    with pytest.raises(AlreadyListedThere):
        actions.choose_clinic(who.id, at.id, by=make.resident(who), now=NOW)


def test_a_closed_clinic_and_a_hospital_cannot_be_chosen() -> None:
    who = make.person()
    closed = make.clinic("Stängd", ends_on=TOMORROW)
    for at in (closed.id, make.unit("Lasarettet", make.UnitKind.HOSPITAL_CLINIC).id, 999_999):
        with pytest.raises(ClinicClosed):
            actions.choose_clinic(who.id, at, by=make.resident(who), now=NOW)
    assert periods(who.id) == []


def test_a_full_clinic_refuses_and_says_how_many_wait() -> None:
    who, full = make.person(), make.full_clinic()
    make.queued(make.person("Bo Provgren"), full)
    with pytest.raises(ClinicFull) as refusal:
        actions.choose_clinic(who.id, full.id, by=make.resident(who), now=NOW)
    assert refusal.value.facts["ahead"] == 1
    assert ClinicCount.objects.get(clinic=full).listed == 1000


def test_a_newborn_of_the_family_passes_the_cap_and_lets_nobody_else_in() -> None:
    full, parent = make.full_clinic(), make.person("Maja Provberg")
    Listing.objects.create(
        person=parent, clinic=full, starts_on=date(2024, 1, 1), origin="passive", made_at=NOW, made_by="t"
    )
    baby = make.child("Lilla Provberg", age=0, guardians=(parent,))
    nurse = make.staff(full)
    make.queued(baby, full)
    answer = actions.take_in_exempt(baby.id, full.id, exemption=Exemption.NEWBORN_OF_FAMILY, by=nurse, now=NOW)
    assert answer["result"] == "listed"
    count = ClinicCount.objects.get(clinic=full)
    assert (count.listed, count.allowance, count.waiting) == (1001, 1, 0)
    with pytest.raises(ClinicFull):
        actions.choose_clinic((w := make.person("Bo Provgren")).id, full.id, by=make.resident(w), now=NOW)


def test_somebody_leaving_a_clinic_above_its_cap_frees_no_place() -> None:
    full = make.full_clinic()
    ClinicCount.objects.filter(clinic=full).update(listed=1001, allowance=1)
    who = make.person()
    Listing.objects.create(
        person=who, clinic=full, starts_on=date(2024, 1, 1), origin="passive", made_at=NOW, made_by="t"
    )
    waits = make.queued(make.person("Bo Provgren"), full)
    actions.leave_clinic(who.id, by=make.resident(who), now=NOW)
    waits.refresh_from_db()
    assert waits.state == "waiting"
    assert ClinicCount.objects.get(clinic=full).allowance == 0


def test_leaving_ends_the_listing_tomorrow_and_leaving_twice_is_refused() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at, since=date(2024, 1, 1))
    actions.leave_clinic(who.id, by=make.resident(who), now=NOW)
    assert periods(who.id) == [(at.id, date(2024, 1, 1), TOMORROW)]
    with pytest.raises(NotListed):
        actions.leave_clinic(who.id, by=make.resident(who), now=NOW)
    actions.choose_clinic(who.id, at.id, by=make.resident(who), now=NOW)
    assert periods(who.id)[1:] == [(at.id, TOMORROW, None)]
    assert faults() == []


def test_nobody_chooses_for_a_stranger() -> None:
    who, stranger, at = make.person(), make.person("Bo Provgren"), make.clinic()
    with pytest.raises(AccessDenied):
        actions.choose_clinic(who.id, at.id, by=make.resident(stranger), now=NOW)
    with pytest.raises(AccessDenied):
        actions.choose_clinic(who.id, at.id, by=make.staff(at), now=NOW)
    with pytest.raises(AccessDenied):
        actions.choose_clinic(who.id, at.id, by=make.staff(at, Role.REGION_PLANNER), now=NOW)
    with pytest.raises(AccessDenied):
        actions.choose_clinic(10**9, at.id, by=make.resident(stranger), now=NOW)


def test_staff_register_choices_of_their_own_clinic_only() -> None:
    who, here, there = make.person(), make.clinic("A"), make.clinic("B")
    make.listed(who, here)
    with pytest.raises(NotYourClinic):
        actions.choose_clinic(who.id, there.id, by=make.staff(here), now=NOW)


def test_a_teenager_does_not_choose_and_a_sixteen_year_old_does() -> None:
    at = make.clinic()
    teenager, grown = make.child("Tova Provberg", age=15), make.child("Siv Provberg", age=16)
    with pytest.raises(TooYoung):
        actions.choose_clinic(teenager.id, at.id, by=make.resident(teenager), now=NOW)
    assert actions.choose_clinic(grown.id, at.id, by=make.resident(grown), now=NOW)["result"] == "listed"


def test_nothing_changes_for_the_dead() -> None:
    who = make.person(deceased_on=date(2026, 1, 1))
    with pytest.raises(Deceased):
        actions.choose_clinic(who.id, make.clinic().id, by=make.resident(who), now=NOW)


def test_a_retry_with_the_same_key_gets_the_same_answer_and_acts_once() -> None:
    who, at = make.person(), make.clinic()
    first = actions.choose_clinic(who.id, at.id, by=make.resident(who), now=NOW, key="k1")
    again = actions.choose_clinic(who.id, at.id, by=make.resident(who), now=NOW + timedelta(days=3), key="k1")
    assert first == again
    assert Listing.objects.filter(person=who).count() == 1


def test_a_choice_on_the_night_the_clocks_change_holds_from_the_next_swedish_day() -> None:
    who, at = make.person(), make.clinic()
    just_after_midnight = make.datetime(2026, 3, 28, 23, 30, tzinfo=make.UTC)  # 00:30 on 29 March in Stockholm
    answer = actions.choose_clinic(who.id, at.id, by=make.resident(who), now=just_after_midnight)
    assert answer["starts_on"] == "2026-03-30"


def test_staff_touch_no_listing_and_no_queue_place_of_another_clinic() -> None:
    """Neither with a relation of their own nor with a stated need."""
    who, here, full = make.person(), make.clinic("Här"), make.full_clinic()
    make.listed(who, here)
    make.queued(who, full)
    nurse, elsewhere = make.staff(here), make.staff(full)
    with pytest.raises(NotYourClinic):
        actions.leave_queue(who.id, by=nurse, now=NOW)
    with pytest.raises(NotYourClinic):
        actions.leave_clinic(who.id, by=elsewhere, now=NOW)
    actions.choose_clinic(who.id, make.clinic("Ny").id, by=make.resident(who), now=NOW)
    with pytest.raises(NotYourClinic):
        actions.withdraw_change(who.id, by=nurse, now=NOW)
    assert periods(who.id)[0] == (here.id, date(2024, 1, 1), TOMORROW)


def test_neither_an_older_child_nor_a_baby_of_another_clinics_family_passes_the_cap() -> None:
    full, here, elsewhere = make.full_clinic(), make.person("Maja Provberg"), make.person("Bo Provgren")
    ClinicCount.objects.filter(clinic=full).update(allowance=1)
    make.listed(here, full)
    make.listed(elsewhere, make.clinic("Annan"))
    nurse = make.staff(full)
    for child in (make.child(age=1, guardians=(here,)), make.child(age=0, guardians=(elsewhere,))):
        make.queued(child, full)
        with pytest.raises(NotExempt):
            actions.take_in_exempt(child.id, full.id, exemption=Exemption.NEWBORN_OF_FAMILY, by=nurse, now=NOW)
