"""Named doctors: at the clinic, on the day, within capacity or with a reason that shows."""

from datetime import timedelta

import pytest

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.kernel.actor import Role
from vardnav.listing import actions, selectors
from vardnav.listing.models import NamedDoctor, PanelCount
from vardnav.listing.rules import CapGone, CapRefused, CeilingReached, DoctorNotAtClinic, NotListed, NotThePlanner
from vardnav.listing.rules import NotYourClinic as NotYours
from vardnav.organisation.rules import EmploymentRole
from vardnav.patients.rules import AccessDenied

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY


def test_a_listed_resident_gets_a_named_doctor_today() -> None:
    who, at = make.person(), make.clinic()
    eva = make.doctor(at)
    make.listed(who, at)
    answer = actions.name_doctor(who.id, eva.id, by=make.staff(at), now=NOW)
    assert answer == {"result": "named", "doctor": "Eva Berg", "starts_on": TODAY.isoformat()}
    assert PanelCount.objects.get(doctor=eva).heads == 1
    seen = selectors.my_care(who.id, by=make.resident(who), now=NOW).doctor
    assert seen is not None
    assert seen.name == "Eva Berg"
    assert faults() == []


def test_changing_doctor_twice_a_day_leaves_one_period_a_day() -> None:
    who, at = make.person(), make.clinic()
    eva, nils = make.doctor(at), make.doctor(at, "Nils Ek")
    make.listed(who, at)
    make.named(who, eva, at)
    nurse = make.staff(at)
    actions.name_doctor(who.id, nils.id, by=nurse, now=NOW)
    actions.name_doctor(who.id, eva.id, by=nurse, now=NOW + timedelta(hours=1))
    rows = list(NamedDoctor.objects.filter(person=who).order_by("starts_on").values_list("doctor_id", "ends_on"))
    assert rows == [(eva.id, TODAY), (eva.id, None)]
    assert faults() == []


def test_above_capacity_needs_a_reason_which_is_kept() -> None:
    who, at = make.person(), make.clinic()
    full = make.doctor(at, share="0.50", heads=550)
    make.listed(who, at)
    nurse = make.staff(at)
    with pytest.raises(CeilingReached) as refusal:
        actions.name_doctor(who.id, full.id, by=nurse, now=NOW)
    assert refusal.value.facts["capacity"] == 550
    actions.name_doctor(who.id, full.id, reason="Samma hushåll som två andra", by=nurse, now=NOW)
    assert NamedDoctor.objects.get(person=who).above_reason == "Samma hushåll som två andra"


@pytest.mark.parametrize("role", [EmploymentRole.LOCUM, EmploymentRole.SENIOR_ADVISOR])
def test_locums_and_advisors_hold_no_panel(role: EmploymentRole) -> None:
    who, at = make.person(), make.clinic()
    visiting = make.doctor(at, role=role)
    make.listed(who, at)
    with pytest.raises(DoctorNotAtClinic):
        actions.name_doctor(who.id, visiting.id, by=make.staff(at), now=NOW)


def test_a_doctor_whose_employment_has_ended_or_lies_elsewhere_is_refused() -> None:
    who, at, other = make.person(), make.clinic("A"), make.clinic("B")
    make.listed(who, at)
    gone = make.professional("Ove Slut")
    make.employ(gone, at, ends_on=TODAY)
    for doctor in (gone, make.doctor(other)):
        with pytest.raises(DoctorNotAtClinic):
            actions.name_doctor(who.id, doctor.id, by=make.staff(at), now=NOW)


def test_only_the_clinic_that_has_the_resident_names_the_doctor() -> None:
    who, at, other = make.person(), make.clinic("A"), make.clinic("B")
    eva = make.doctor(at)
    make.listed(who, at)
    for by in (make.staff(other), make.staff(at, Role.REGION_PLANNER), make.resident(who)):
        with pytest.raises(AccessDenied):
            actions.name_doctor(who.id, eva.id, by=by, now=NOW)


def test_somebody_in_the_queue_has_no_doctor_yet() -> None:
    who, full = make.person(), make.full_clinic()
    make.queued(who, full)
    with pytest.raises(NotListed):
        actions.name_doctor(who.id, make.doctor(full).id, by=make.staff(full), now=NOW)


def test_a_doctor_named_before_the_listing_begins_starts_with_it() -> None:
    who, at = make.person(), make.clinic()
    eva = make.doctor(at)
    actions.choose_clinic(who.id, at.id, by=make.resident(who), now=NOW)
    answer = actions.name_doctor(who.id, eva.id, by=make.staff(at), now=NOW)
    assert answer["starts_on"] == (TODAY + timedelta(days=1)).isoformat()
    actions.withdraw_change(who.id, by=make.resident(who), now=NOW)
    assert not NamedDoctor.objects.filter(person=who).exists()
    assert faults() == []


def test_ending_a_named_doctor_is_counted_as_without() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at)
    make.named(who, make.doctor(at), at)
    actions.end_named_doctor(who.id, reason="Önskar ingen fast läkare", by=make.staff(at), now=NOW)
    assert selectors.without_doctor(at.id, on=TODAY).doctor_left == 1
    assert selectors.panel(at.id, on=TODAY).unnamed == 1
    assert faults() == []


def test_the_region_grants_what_a_head_asked_for_once() -> None:
    at = make.clinic(listed=0)
    head, planner = make.staff(at, Role.CLINIC_HEAD), make.staff(at, Role.REGION_PLANNER)
    when = {"heads": 500, "starts_on": TODAY, "ends_on": TODAY + timedelta(days=180)}
    with pytest.raises(NotYours):
        actions.ask_cap(at.id, **when, reason="", by=make.staff(at), now=NOW)
    asked = actions.ask_cap(at.id, **when, reason="Två läkare slutar", by=head, now=NOW)
    decide = {"grant": True, "decision": "RS 2026/3", "today": TODAY, "now": NOW}
    with pytest.raises(NotThePlanner):
        actions.decide_cap(asked.id, **decide, by=head)
    actions.decide_cap(asked.id, **decide, by=planner)
    assert selectors.panel(at.id, on=TODAY).cap == 500
    with pytest.raises(CapGone):
        actions.decide_cap(asked.id, **decide, by=planner)
    again = actions.ask_cap(at.id, **when, reason="Igen", by=head, now=NOW)
    with pytest.raises(CapRefused):
        actions.decide_cap(again.id, **decide, by=planner)
    again.refresh_from_db()
    assert again.state == "asked"
