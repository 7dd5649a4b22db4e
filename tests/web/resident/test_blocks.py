"""Blocks on the screen: what they mean, placing and lifting, and why a guardian cannot."""

import pytest
from django.test import Client

from tests import factories
from tests.web.resident.conftest import text_of
from vardnav.organisation.models import Unit
from vardnav.patients.models import Block, Opening, Person

pytestmark = pytest.mark.django_db
ASKED = "Bad om det vid besök i dag"
WHY = "Medvetslös, svår andnöd"


@pytest.fixture
def unit() -> Unit:
    factories.region()
    return factories.clinic("Ekens vårdcentral")


@pytest.fixture
def astrid(unit: Unit) -> Person:
    made = factories.person()
    factories.listed(made, unit)
    return made


def test_a_resident_places_and_lifts_a_block(client: Client, astrid: Person, unit: Unit) -> None:
    factories.log_in(client, astrid)
    page = text_of(client.get("/sparra/"))
    for said in (
        "Spärra Ekens vårdcentral",
        "Om det blir akut",
        "Ditt namn, personnummer och kontaktuppgifter spärras",
    ):
        assert said in page
    at = f"/sparra/{unit.hsa_id}/"
    assert "Vill du spärra uppgifterna från Ekens vårdcentral?" in text_of(client.get(at))
    answer = client.post(at, follow=True)
    assert "Uppgifterna från Ekens vårdcentral är spärrade." in text_of(answer)
    assert "Spärrad sedan" in text_of(answer)
    assert client.post(at).status_code == 409
    assert "Spärren för Ekens vårdcentral är hävd." in text_of(client.post(f"{at}hav/", follow=True))
    assert Block.objects.filter(lifted_at=None).count() == 0


def test_a_guardian_is_told_why_and_has_nothing_to_press(client: Client, unit: Unit) -> None:
    parent = factories.person("Johanna Provberg")
    child = factories.child(age=7, guardians=(parent,))
    factories.listed(child, unit)
    factories.log_in(client, parent)
    page = text_of(client.get(f"/barn/{child.id}/sparra/"))
    assert "Bara barnet självt kan spärra sina uppgifter" in page
    assert unit.name not in page
    assert "Häv spärren" not in page
    assert client.post(f"/barn/{child.id}/sparra/").status_code == 405
    assert client.post(f"/sparra/{unit.hsa_id}/").status_code == 409  # of one's own there is nothing
    assert not Block.objects.exists()


def test_staff_open_in_two_steps_and_the_person_reads_of_it(client: Client, astrid: Person, unit: Unit) -> None:
    factories.log_in(client, astrid)
    client.post(f"/sparra/{unit.hsa_id}/")
    desk, ours = Client(), factories.clinic("Alens vårdcentral")
    by = factories.log_in(desk, factories.staff(ours))
    at = f"/person/{astrid.id}/"
    desk.post(f"{at}behov/", {"reason": "in_the_room"})
    page = text_of(desk.get(at))
    assert "Det finns spärrade uppgifter" in page
    assert "Uppgifter hos annan vårdgivare visas inte." in page
    assert unit.name not in page
    assert desk.post(f"{at}oppna/nod/", {"reason": "akut"}).status_code == 422
    second = desk.post(f"{at}oppna/nod/", {"reason": WHY})
    step = text_of(desk.get(second["Location"]))
    assert "Ekens vårdcentral (spärrad)" in step
    assert WHY in step
    assert desk.post(second["Location"], {"reason": WHY}).status_code == 422
    opened = text_of(desk.post(second["Location"], {"reason": WHY, "units": [unit.hsa_id]}, follow=True))
    assert "Öppnat akut" in opened
    assert unit.name in opened
    told = text_of(client.get("/meddelanden/"))
    assert "Alens vårdcentral har öppnat dolda uppgifter akut" in told
    log = text_of(client.get("/vem-har-last/"))
    assert "Öppnade dolda uppgifter akut" in log
    assert WHY in log
    assert by.name in log
    shut = f"{at}oppna/{Opening.objects.exclude(opened_at=None).get().id}/stang/"
    assert unit.name not in text_of(desk.post(shut, follow=True))


def test_the_units_staff_block_at_the_persons_request(client: Client, astrid: Person, unit: Unit) -> None:
    factories.log_in(client, factories.staff(unit))
    at = f"/person/{astrid.id}/sparr/"
    assert "Bara personen själv bestämmer" in text_of(client.get(at))
    assert client.post(at, {"what": "place", "request": "ja"}).status_code == 422
    assert "Uppgifterna är spärrade." in text_of(client.post(at, {"what": "place", "request": ASKED}, follow=True))
    assert Block.objects.get().request == ASKED
    assert "Häv på personens begäran" in text_of(client.get(f"/person/{astrid.id}/"))
    assert "Spärren är hävd." in text_of(client.post(at, {"what": "lift", "request": ASKED}, follow=True))


def test_a_weak_login_is_told_how_to_log_in(client: Client, astrid: Person) -> None:
    by = factories.log_in(client, astrid)
    session = client.session
    session["assurance"] = by.assurance - 1
    session.save()
    answer = client.get("/min-vardcentral/")
    assert answer.status_code == 403
    assert "e-legitimation på tillitsnivå 3" in text_of(answer)
