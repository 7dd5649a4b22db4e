from datetime import date, timedelta

import pytest
from django.test import Client

from tests import factories as make
from tests.web.clinic.conftest import words
from vardnav.audit.models import Line
from vardnav.identity.models import Assignment
from vardnav.listing.models import Listing, NamedDoctor, QueuePlace
from vardnav.organisation.models import Professional, Unit
from vardnav.outbox.models import Message
from vardnav.patients.models import Need, Person


@pytest.fixture
def listed(eken: Unit) -> Person:
    who = make.person("Lisa Listad")
    make.listed(who, eken)
    return who


@pytest.fixture
def outsider(eken: Unit) -> Person:
    """Somebody the clinic does not have."""
    return make.person("Ulla Utomstående")


@pytest.fixture
def opened(staff: Client, outsider: Person) -> Person:
    staff.post(f"/person/{outsider.id}/behov/", {"reason": "wants_to_list"})
    return outsider


def test_a_listed_residents_page_shows_what_stands(
    staff: Client, eken: Unit, eva: Professional, listed: Person
) -> None:
    make.named(listed, eva, eken)
    text = words(staff.get(f"/person/{listed.id}/"))
    assert "Lisa Listad" in text
    assert "Ekens vårdcentral från 2024-01-01" in text
    assert "Eva Berg från 2024-01-01" in text
    assert "Hemgatan 5, 831 31 Östersund" in text
    assert Line.objects.filter(patient_id=listed.id, activity="read").count() == 1


def test_protected_identity_shows_no_address_or_phone(staff: Client, eken: Unit) -> None:
    hidden = make.person("Hemma Gömd", protected=True)
    make.listed(hidden, eken)
    text = words(staff.get(f"/person/{hidden.id}/"))
    assert "Skyddade personuppgifter" in text
    for secret in ("Hemgatan", "831 31", "070-174", "example.se"):
        assert secret not in text


def test_without_a_relation_the_page_is_refused_with_the_way_forward(staff: Client, outsider: Person) -> None:
    page = staff.get(f"/person/{outsider.id}/")
    assert page.status_code == 403
    assert f"/person/{outsider.id}/behov/" in page.content.decode()
    assert "Ulla" not in page.content.decode()
    assert Line.objects.get(patient_id=outsider.id).kind == "access.denied"


def test_another_clinics_staff_are_refused(stranger: Client, listed: Person) -> None:
    assert stranger.get(f"/person/{listed.id}/").status_code == 403


def test_nobody_is_refused_like_a_stranger(staff: Client) -> None:
    assert staff.get("/person/99999999/").status_code == 403
    assert staff.get("/person/99999999/behov/").status_code == 404


def test_a_stated_need_opens_the_page_and_stands_in_the_log(staff: Client, outsider: Person) -> None:
    page = staff.post(f"/person/{outsider.id}/behov/", {"reason": "in_the_room"}, follow=True)
    assert page.status_code == 200
    assert "Öppnad med angivet behov" in words(page)
    assert Need.objects.get().stated_by == "Sofia Exempelgren"
    kinds = set(Line.objects.filter(patient_id=outsider.id).values_list("kind", flat=True))
    assert kinds == {"patients.need.stated", "listing.care.read"}


def test_a_need_is_this_staff_members_alone_and_ends_after_eight_hours(
    staff: Client, stranger: Client, opened: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stranger.get(f"/person/{opened.id}/").status_code == 403
    assert staff.get(f"/person/{opened.id}/").status_code == 200
    later = make.NOW + timedelta(hours=8)
    monkeypatch.setattr("vardnav.web.clock.now", lambda: later)
    assignment = Assignment.objects.get(account_id=Need.objects.get().account_id)
    staff.cookies.clear()  # no session lasts eight hours
    make.log_in(staff, make.actor_of(assignment.account, assignment, assurance=3))
    assert staff.get(f"/person/{opened.id}/").status_code == 403


@pytest.mark.parametrize(
    ("form", "says"),
    [({}, "Välj ett skäl"), ({"reason": "other", "text": "kort"}, "minst tio tecken"), ({"reason": "nej"}, "giltigt")],
)
def test_a_need_without_a_reason_opens_nothing(
    staff: Client, outsider: Person, form: dict[str, str], says: str
) -> None:
    page = staff.post(f"/person/{outsider.id}/behov/", form)
    assert page.status_code == 422
    assert says in words(page)
    assert Need.objects.count() == 0


def test_a_need_does_not_show_the_doctor_somebody_else_gave(staff: Client, opened: Person, eken: Unit) -> None:
    other = make.clinic("Tallens vårdcentral")
    make.listed(opened, other)
    make.named(opened, make.doctor(other, "Tage Tall"), other)
    text = words(staff.get(f"/person/{opened.id}/"))
    assert "Tallens vårdcentral" in text
    assert "Tage Tall" not in text


def test_the_named_doctor_is_given_changed_and_ended(
    staff: Client, eken: Unit, eva: Professional, listed: Person
) -> None:
    other = make.doctor(eken, "Olof Annan")
    page = staff.post(f"/person/{listed.id}/fast-lakare/", {"doctor": eva.id}, follow=True)
    assert "Eva Berg är nu fast läkare" in words(page)
    NamedDoctor.objects.update(starts_on=date(2026, 1, 1))
    staff.post(f"/person/{listed.id}/fast-lakare/", {"doctor": other.id})
    assert NamedDoctor.objects.get(ends_on=None).doctor == other
    page = staff.post(f"/person/{listed.id}/fast-lakare/avsluta/", {"why": "Går i pension"}, follow=True)
    assert "räknas nu som utan fast läkare" in words(page)
    assert not NamedDoctor.objects.filter(ends_on=None).exists()
    assert Line.objects.get(kind="listing.doctor.ended").reason == "Går i pension"


def test_ending_needs_a_reason(staff: Client, eken: Unit, eva: Professional, listed: Person) -> None:
    make.named(listed, eva, eken)
    page = staff.post(f"/person/{listed.id}/fast-lakare/avsluta/", {"why": ""})
    assert page.status_code == 422
    assert "Skriv varför" in words(page)


def test_above_capacity_the_field_asks_for_a_reason_and_keeps_the_doctor(
    staff: Client, eken: Unit, listed: Person
) -> None:
    full = make.doctor(eken, "Bo Full", share="0.10", heads=200)
    page = staff.post(f"/person/{listed.id}/fast-lakare/", {"doctor": full.id, "reason": "kort"})
    assert page.status_code == 409
    assert "Skriv ett skäl på minst tio tecken" in words(page)
    assert f'<option value="{full.id}" selected' in page.content.decode()
    assert 'value="kort"' in page.content.decode()


def test_a_choice_of_our_clinic_is_registered_once(staff: Client, eken: Unit, opened: Person) -> None:
    for _ in range(2):
        page = staff.post(f"/person/{opened.id}/lista/", {"key": "same"}, follow=True)
        assert "Valet är registrerat" in words(page)
    assert Listing.objects.get(person=opened).clinic == eken
    assert Message.objects.filter(recipient_id=opened.id).count() == 1


def test_a_full_clinic_offers_its_queue(staff: Client, eken: Unit, opened: Person) -> None:
    make.ClinicCount.objects.filter(clinic=eken).update(listed=10, cap=10)
    assert "Ställ i kö" in words(staff.get(f"/person/{opened.id}/"))
    page = staff.post(f"/person/{opened.id}/lista/", {"key": "one"})
    assert page.status_code == 409
    assert "Invånaren kan ställas i kö" in words(page)
    page = staff.post(f"/person/{opened.id}/ko/", {"key": "two"}, follow=True)
    assert "står i vår kö, med 0 före" in words(page)
    page = staff.post(f"/person/{opened.id}/ko/lamna/", follow=True)
    assert QueuePlace.objects.get().state == "left"


def test_an_exempt_person_is_taken_in_although_the_clinic_is_full(staff: Client, eken: Unit, opened: Person) -> None:
    make.ClinicCount.objects.filter(clinic=eken).update(listed=10, cap=10)
    assert staff.post(f"/person/{opened.id}/ta-in/", {}).status_code == 422
    page = staff.post(f"/person/{opened.id}/ta-in/", {"exemption": "care_home"}, follow=True)
    assert "listad utanför taket" in words(page)
    assert Listing.objects.get(person=opened).clinic == eken
    assert Line.objects.get(kind="listing.cap.exempted").reason == "care_home"


def test_too_many_changes_is_said_about_the_resident(staff: Client, eken: Unit, opened: Person) -> None:
    from vardnav.listing.rules import Origin

    other = make.clinic("Tallens vårdcentral")
    end = date(2026, 2, 1)
    make.listed(opened, other, since=date(2025, 10, 1), origin=Origin.CHOSEN, ends_on=end)
    make.listed(opened, other, since=end, origin=Origin.CHOSEN, previous_ends_on=end)
    page = staff.post(f"/person/{opened.id}/lista/", {"key": "one"})
    assert page.status_code == 409
    assert "Invånaren har redan bytt 2 gånger" in words(page)


def test_a_childs_page_says_that_both_guardians_choose(staff: Client, eken: Unit) -> None:
    child = make.child(guardians=(make.person("Maja Mor"), make.person("Pål Far")))
    staff.post(f"/person/{child.id}/behov/", {"reason": "wants_to_list"})
    assert "Båda vårdnadshavarna väljer" in words(staff.get(f"/person/{child.id}/"))


@pytest.mark.parametrize("deed", ["fast-lakare", "fast-lakare/avsluta", "lista", "ko", "ko/lamna", "ta-in", "valkomna"])
def test_no_deed_is_done_for_somebody_the_clinic_does_not_have(
    staff: Client, eva: Professional, outsider: Person, deed: str
) -> None:
    form = {"doctor": eva.id, "why": "skäl", "exemption": "care_home", "key": "k"}
    assert staff.post(f"/person/{outsider.id}/{deed}/", form).status_code == 403
    assert not Listing.objects.filter(person=outsider).exists()
    assert not NamedDoctor.objects.exists()
    assert not QueuePlace.objects.exists()


def test_the_dead_are_only_shown(staff: Client, eken: Unit, eva: Professional) -> None:
    dead = make.person("Avliden Person", deceased_on=make.TODAY - timedelta(days=1))
    make.listed(dead, eken)
    text = words(staff.get(f"/person/{dead.id}/"))
    assert "Avliden" in text
    assert "Ge fast läkare" not in text
    assert staff.post(f"/person/{dead.id}/fast-lakare/", {"doctor": eva.id}).status_code == 409
