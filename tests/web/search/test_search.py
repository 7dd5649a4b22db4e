from datetime import datetime

import pytest
from django.test import Client

from tests import factories as make
from tests.web.clinic.conftest import words
from vardnav.audit.models import Line
from vardnav.kernel.actor import Role
from vardnav.organisation.models import Unit
from vardnav.patients.models import Person


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("vardnav.web.clock.now", lambda: make.NOW)
    return make.NOW


@pytest.fixture
def eken(db: None) -> Unit:
    make.region()
    return make.clinic("Ekens vårdcentral")


@pytest.fixture
def staff(client: Client, eken: Unit) -> Client:
    make.log_in(client, make.staff(eken))
    return client


@pytest.fixture
def lisa(eken: Unit) -> Person:
    who = make.person("Lisa Åkerlund")
    make.listed(who, eken)
    return who


@pytest.fixture
def ulla(eken: Unit) -> Person:
    return make.person("Ulla Åkesson")


@pytest.mark.parametrize("query", ["åker", "LISA", "lisa åk", "åkerlund lisa"])
def test_our_own_are_found_by_name_and_leave_a_line(staff: Client, lisa: Person, ulla: Person, query: str) -> None:
    page = staff.post("/sok/", {"q": query})
    assert "Lisa Åkerlund" in words(page)
    assert "Ulla" not in words(page)
    assert list(Line.objects.filter(activity="read").values_list("patient_id", flat=True)) == [lisa.id]


@pytest.mark.parametrize("written", ["{0}", "{1}-{2}", "{1} {2}", "{3}-{2}"])
def test_anybody_is_found_by_number_but_shows_only_after_a_reason(staff: Client, ulla: Person, written: str) -> None:
    number = ulla.personal_number
    query = written.format(number, number[:8], number[8:], number[2:8])
    page = staff.post("/sok/", {"q": query})
    text = words(page)
    assert "Ange varför du behöver uppgifterna" in text
    assert "Ulla" not in text
    assert f"/person/{ulla.id}/behov/" in page.content.decode()
    assert Line.objects.get(patient_id=ulla.id).kind == "patients.search.hit"


def test_our_own_are_found_by_number_at_once(staff: Client, lisa: Person) -> None:
    assert "Lisa Åkerlund" in words(staff.post("/sok/", {"q": lisa.personal_number}))


@pytest.mark.parametrize("written", ["{0}", "{1}-{2}", "{3}-{2}", "19{3} {2}", "8403149929"])
def test_a_number_in_an_address_is_sent_back(staff: Client, ulla: Person, written: str) -> None:
    number = ulla.personal_number
    page = staff.get("/sok/", {"q": written.format(number, number[:8], number[8:], number[2:8])})
    assert page.status_code == 302
    assert page.headers["Location"] == "/sok/"
    assert "får inte stå i en adress" in words(staff.get("/sok/"))
    assert not Line.objects.filter(patient_id=ulla.id).exists()


def test_a_number_that_is_none_says_why(staff: Client) -> None:
    assert "kontrollsiffran" in words(staff.post("/sok/", {"q": "19840314-9929"}))


def test_a_number_that_nobody_has_says_so(staff: Client) -> None:
    assert "Ingen i regionen har det personnumret" in words(staff.post("/sok/", {"q": "19121212-1212"}))


def test_clinics_and_pages_are_found_by_address(staff: Client) -> None:
    make.clinic("Granens vårdcentral")
    page = staff.get("/sok/?q=granen")
    assert "Granens vårdcentral" in words(page)
    assert "Kö och tak" in words(staff.get("/sok/?q=listningstak"))
    assert "/hjalp/" in staff.get("/sok/?q=hjälp").content.decode()


def test_protected_identity_shows_its_mark(staff: Client, eken: Unit) -> None:
    hidden = make.person("Hemma Gömd", protected=True)
    make.listed(hidden, eken)
    text = words(staff.post("/sok/", {"q": "gömd"}))
    assert "Skyddade personuppgifter" in text
    assert "Hemgatan" not in text


@pytest.mark.parametrize("role", [Role.REGION_PLANNER, Role.ADMINISTRATOR])
def test_planners_and_administrators_find_no_people(client: Client, lisa: Person, eken: Unit, role: Role) -> None:
    make.log_in(client, make.staff(eken, role))
    for query in ("lisa", lisa.personal_number):
        page = client.post("/sok/", {"q": query})
        assert page.status_code == 200
        assert "Lisa" not in words(page)
    assert not Line.objects.filter(patient_id=lisa.id).exists()
    page = client.post("/sok/", {"q": "ekens"})
    assert "Ekens vårdcentral" in words(page)
    where = "/regionen/vardcentraler/" if role is Role.REGION_PLANNER else "/vardcentraler/"
    assert f'href="{where}{eken.id}/"' in page.content.decode()


def test_residents_find_clinics_and_their_own_pages(client: Client, lisa: Person) -> None:
    make.log_in(client, lisa)
    page = client.get("/sok/?q=ekens")
    assert f"/vardcentraler/{make.Unit.objects.get().id}/" in page.content.decode()
    assert "Barn" in words(client.get("/sok/?q=barn"))
    assert "Personer" not in words(client.post("/sok/", {"q": "ulla"}))


@pytest.mark.parametrize("query", ["", " ", "%", "_", "'; drop", "x" * 500])
def test_odd_questions_are_answered(staff: Client, lisa: Person, query: str) -> None:
    page = staff.post("/sok/", {"q": query})
    assert page.status_code == 200
    assert "Lisa" not in words(page)


def test_the_frames_form_posts(staff: Client) -> None:
    frame = staff.get("/i-dag/").content.decode()
    assert '<form class="search" role="search" action="/sok/" method="post">' in frame


def test_nobody_is_sent_to_log_in(client: Client, db: None) -> None:
    assert client.get("/sok/").headers["Location"].startswith("/logga-in/")
