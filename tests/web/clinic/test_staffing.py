from datetime import date, timedelta

from django.test import Client

from tests import factories as make
from tests.web.clinic.conftest import words
from vardnav.organisation.models import Employment, Unit
from vardnav.organisation.rules import EmploymentRole, Profession


def test_everyone_employed_today_stands_with_share_and_end(head: Client, eken: Unit) -> None:
    make.doctor(eken, "Eva Berg", share="0.80", duties_share="0.25", heads=700)
    make.doctor(eken, "Sam Student", role=EmploymentRole.TRAINEE)
    Employment.objects.filter(role="trainee").update(training_started_on=date(2024, 9, 1))
    make.employ(make.professional("Hanna Hyr"), eken, role=EmploymentRole.LOCUM, ends_on=date(2026, 5, 1))
    nurse = make.professional("Nina Sköld", profession=Profession.NURSE.value, specialty=None)
    make.employ(nurse, eken, role=EmploymentRole.STAFF, share="0.75")
    make.employ(make.professional("Slutat Redan"), eken, ends_on=make.TODAY)
    text = words(head.get("/bemanning/"))
    assert "Eva Berg Specialistläkare 80 % 25 %" in text
    assert "700 av 660" in text  # 1 100 x 0.80 x 0.75
    assert "ST sedan sep 2024" in text
    assert "Hyrläkare" in text
    assert "2026-04-30" in text  # the last day, not the day after
    assert "Sjuksköterska 0,75 1 person" in text
    assert "Slutat Redan" not in text


def test_a_doctor_who_ends_with_a_panel_is_marked(head: Client, eken: Unit) -> None:
    who = make.professional("Leo Lämnar")
    make.employ(who, eken, ends_on=make.TODAY + timedelta(days=30))
    make.PanelCount.objects.create(clinic=eken, doctor=who, heads=40, burden=40)
    assert "Lämna över" in words(head.get("/bemanning/"))


def test_an_empty_clinic_says_so(head: Client) -> None:
    assert "Ingen läkare är anställd i dag" in words(head.get("/bemanning/"))


def test_staffing_is_the_heads_page(staff: Client) -> None:
    assert staff.get("/bemanning/").status_code == 403
