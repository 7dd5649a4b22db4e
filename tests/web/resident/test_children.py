"""My children: two guardians, teenagers, and what is not mine to see."""

import pytest
from django.test import Client

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.listing.models import Listing, PendingChoice
from vardnav.patients.models import Person

KEY = "4f1c9a43-35cf-4d3f-9c68-7d5b4f4f4a11"


@pytest.fixture
def erik(astrid: Person) -> Person:
    return make.person("Erik Provberg")


@pytest.fixture
def elsa(astrid: Person, erik: Person) -> Person:
    return make.child("Elsa Provberg", guardians=(astrid, erik))


def test_a_choice_for_a_child_waits_for_the_other_guardian(
    astrid: Person, elsa: Person, erik: Person, client: Client
) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    check = text_of(client.get(f"/barn/{elsa.id}/valj/{clinic.id}/"))
    assert "Ni är två vårdnadshavare" in check
    assert "inom 14 dagar" in check
    done = client.post(f"/barn/{elsa.id}/valj/{clinic.id}/", {"key": KEY}, follow=True)
    assert "Valet väntar på den andra vårdnadshavaren" in text_of(done)
    assert "Väntar på svar Ekens vårdcentral, på den andra vårdnadshavaren" in text_of(client.get("/barn/"))
    assert not Listing.objects.filter(person=elsa).exists()

    make.log_in(client, erik)
    choice = PendingChoice.objects.get(person=elsa)
    home = text_of(client.get("/hem/"))
    assert "Svara om Elsa Provberg ska byta till Ekens vårdcentral" in home
    address = f"/barn/{elsa.id}/svara/{choice.id}/"
    assert "Ska Elsa Provberg listas på Ekens vårdcentral?" in text_of(client.get(address))
    done = client.post(address, {"key": KEY, "answer": "yes"}, follow=True)
    assert "Elsa Provberg byter till Ekens vårdcentral" in text_of(done)
    assert Listing.objects.get(person=elsa).clinic_id == clinic.id


def test_the_other_guardian_may_say_no(astrid: Person, elsa: Person, erik: Person, client: Client) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    client.post(f"/barn/{elsa.id}/valj/{clinic.id}/", {"key": KEY})
    choice = PendingChoice.objects.get(person=elsa)
    make.log_in(client, erik)
    done = client.post(f"/barn/{elsa.id}/svara/{choice.id}/", {"key": KEY, "answer": "no"}, follow=True)
    assert "Du har sagt nej till valet" in text_of(done)
    make.log_in(client, astrid)
    assert "Den andra vårdnadshavaren har sagt nej till Ekens vårdcentral" in text_of(client.get("/meddelanden/"))


def test_who_asked_cannot_answer(astrid: Person, elsa: Person, client: Client) -> None:
    clinic = make.clinic()
    client.post(f"/barn/{elsa.id}/valj/{clinic.id}/", {"key": KEY})
    choice = PendingChoice.objects.get(person=elsa)
    answer = client.post(f"/barn/{elsa.id}/svara/{choice.id}/", {"key": KEY, "answer": "yes"})
    assert answer.status_code == 409
    assert not Listing.objects.filter(person=elsa).exists()


def test_one_guardian_decides_alone(astrid: Person, client: Client) -> None:
    hugo, clinic = make.child("Hugo Provberg", age=4, guardians=(astrid,)), make.clinic("Ekens vårdcentral")
    assert "Ni är två" not in text_of(client.get(f"/barn/{hugo.id}/valj/{clinic.id}/"))
    done = client.post(f"/barn/{hugo.id}/valj/{clinic.id}/", {"key": KEY}, follow=True)
    assert done.redirect_chain == [(f"/barn/{hugo.id}/klart/valt/", 302)]
    assert "Hugo Provberg byter till Ekens vårdcentral" in text_of(done)
    undone = client.post(f"/barn/{hugo.id}/angra/", {"key": KEY}, follow=True)
    assert "Bytet är ångrat" in text_of(undone)


def test_a_teenagers_guardian_sees_the_clinic_and_not_the_contacts(astrid: Person, client: Client) -> None:
    ada, clinic = make.child("Ada Provberg", age=14, guardians=(astrid,)), make.clinic("Ekens vårdcentral")
    make.listed(ada, clinic)
    make.named(ada, make.doctor(clinic, "Eva Berg"), clinic)
    for address in ("/barn/", f"/barn/{ada.id}/"):
        words = text_of(client.get(address))
        assert "Ekens vårdcentral" in words
        assert "Eva Berg" not in words
    assert "Från 13 år" in text_of(client.get("/barn/"))
    assert client.get(f"/barn/{ada.id}/vem-har-last/").status_code == 403
    other = make.clinic("Björkens vårdcentral")
    assert "Eva Berg" not in text_of(client.get(f"/barn/{ada.id}/valj/{other.id}/"))


def test_from_sixteen_the_child_is_gone_from_the_list(astrid: Person, client: Client) -> None:
    grown = make.child("Olle Provberg", age=16, guardians=(astrid,))
    assert "Inga barn att visa" in text_of(client.get("/barn/"))
    assert client.get(f"/barn/{grown.id}/").status_code == 403


@pytest.mark.parametrize(
    "address",
    ["", "angra/", "lamna/", "lamna-kon/", "erbjudande/", "vem-har-last/", "klart/valt/", "hitta-vardcentral/"],
)
def test_somebody_elses_child_is_closed(astrid: Person, client: Client, address: str) -> None:
    stranger = make.child("Främmande Barn", guardians=(make.person("Annan Vuxen"),))
    answer = client.get(f"/barn/{stranger.id}/{address}")
    assert answer.status_code == 403
    assert "Främmande" not in answer.content.decode()


def test_somebody_elses_child_cannot_be_listed(astrid: Person, client: Client) -> None:
    stranger, clinic = make.child(guardians=(make.person("Annan Vuxen"),)), make.clinic()
    assert client.post(f"/barn/{stranger.id}/valj/{clinic.id}/", {"key": KEY}).status_code == 403
    assert client.post(f"/barn/{stranger.id}/lamna/", {"key": KEY}).status_code == 403
    assert not Listing.objects.filter(person=stranger).exists()


def test_finding_a_clinic_for_a_child_keeps_the_child_in_the_links(
    astrid: Person, elsa: Person, client: Client
) -> None:
    clinic = make.clinic()
    page = client.get(f"/barn/{elsa.id}/hitta-vardcentral/")
    assert "Hitta vårdcentral för Elsa Provberg" in text_of(page)
    assert f'href="/barn/{elsa.id}/vardcentraler/{clinic.id}/"' in page.content.decode()
    points = client.get(f"/barn/{elsa.id}/vardcentraler.geojson").json()
    assert points["features"][0]["properties"]["href"] == f"/barn/{elsa.id}/vardcentraler/{clinic.id}/"
    its = client.get(f"/barn/{elsa.id}/vardcentraler/{clinic.id}/")
    assert f'href="/barn/{elsa.id}/valj/{clinic.id}/"' in its.content.decode()


def test_one_of_two_guardians_cannot_leave_the_child_without_a_clinic(
    astrid: Person, elsa: Person, client: Client
) -> None:
    make.listed(elsa, make.clinic())
    assert "Avsluta listningen" not in text_of(client.get(f"/barn/{elsa.id}/"))
    assert client.get(f"/barn/{elsa.id}/lamna/").status_code == 403
    assert client.post(f"/barn/{elsa.id}/lamna/", {"key": KEY}).status_code == 403
    assert Listing.objects.get(person=elsa).ends_on is None
