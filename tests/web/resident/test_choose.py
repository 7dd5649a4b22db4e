"""From a clinic's page to the receipt: choosing, waiting in line, answering an offer."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.listing import actions
from vardnav.listing.models import ClinicCount, Listing, QueuePlace
from vardnav.outbox.models import Message
from vardnav.patients.models import Person

KEY = "4f1c9a43-35cf-4d3f-9c68-7d5b4f4f4a11"


def key_of(client: Client, address: str) -> str:
    return str(client.get(address).context["form"].initial["key"])


def test_choosing_a_clinic_from_its_page_to_the_receipt(astrid: Person, client: Client) -> None:
    old, new = make.clinic("Gamla vårdcentralen"), make.clinic("Ekens vårdcentral")
    make.listed(astrid, old)
    make.named(astrid, make.doctor(old, "Eva Berg"), old)
    assert "Välj den här vårdcentralen" in text_of(client.get(f"/vardcentraler/{new.id}/"))
    check = client.get(f"/vardcentraler/{new.id}/valj/")
    words = text_of(check)
    assert "Vårdcentral nu Gamla vårdcentralen Ny vårdcentral Ekens vårdcentral" in words
    assert "Börjar gälla tis 17 mars 2026" in words
    assert "Eva Berg slutar vara fast läkare 17 mars 2026" in words
    key = check.context["form"].initial["key"]
    done = client.post(f"/vardcentraler/{new.id}/valj/", {"key": key}, follow=True)
    assert done.redirect_chain == [("/min-vardcentral/klart/valt/", 302)]
    assert "Du har valt Ekens vårdcentral" in text_of(done)
    assert "Det här händer nu" in text_of(done)
    assert Listing.objects.get(person=astrid, ends_on=None).clinic_id == new.id


def test_sending_twice_chooses_once_and_answers_the_same(astrid: Person, client: Client) -> None:
    clinic = make.clinic()
    for _ in range(2):
        answer = client.post(f"/vardcentraler/{clinic.id}/valj/", {"key": KEY})
        assert answer.headers["Location"] == "/min-vardcentral/klart/valt/"
    assert Listing.objects.filter(person=astrid).count() == 1
    assert Message.objects.filter(recipient_id=astrid.id).count() == 1


def test_a_form_without_its_key_is_refused_and_nothing_is_done(astrid: Person, client: Client) -> None:
    clinic = make.clinic()
    assert client.post(f"/vardcentraler/{clinic.id}/valj/", {}).status_code == 422
    assert not Listing.objects.filter(person=astrid).exists()


def test_the_clinic_one_has_cannot_be_chosen_again(astrid: Person, client: Client) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    make.listed(astrid, clinic)
    assert "Ekens vårdcentral är redan vald" in text_of(client.get(f"/vardcentraler/{clinic.id}/valj/"))
    assert client.post(f"/vardcentraler/{clinic.id}/valj/", {"key": KEY}).status_code == 409


def test_a_place_taken_meanwhile_leads_to_the_queue(astrid: Person, client: Client) -> None:
    clinic = make.clinic(listed=999, cap=1000)
    address = f"/vardcentraler/{clinic.id}/valj/"
    key = key_of(client, address)
    ClinicCount.objects.filter(clinic=clinic).update(listed=1000)
    refused = client.post(address, {"key": key})
    assert refused.status_code == 409
    assert "Vårdcentralen är full. Du kan ställa dig i kö." in text_of(refused)
    assert f'href="/vardcentraler/{clinic.id}/ko/"' in refused.content.decode()


def test_waiting_in_line_and_seeing_ones_place(astrid: Person, client: Client) -> None:
    clinic = make.full_clinic("Fulla vårdcentralen")
    for days in (3, 2, 1):
        make.queued(make.person(), clinic, joined_at=make.NOW - timedelta(days=days))
    address = f"/vardcentraler/{clinic.id}/ko/"
    assert "3 personer. Den som ställde sig i kön före dig" in text_of(client.get(address))
    done = client.post(address, {"key": KEY}, follow=True)
    assert "Du står i kö" in text_of(done)
    assert "3 står före i kön till Fulla vårdcentralen" in text_of(done)
    assert "3 står före dig i kön till Fulla vårdcentralen" in text_of(client.get("/min-vardcentral/"))
    assert "3 står före dig" in text_of(client.get("/hem/"))


def test_one_queue_at_a_time(astrid: Person, client: Client) -> None:
    make.queued(astrid, make.full_clinic("Fulla vårdcentralen"))
    other = make.full_clinic("Andra fulla")
    page = client.get(f"/vardcentraler/{other.id}/ko/")
    assert "Man kan stå i en kö åt gången, och platsen i kön till Fulla vårdcentralen finns kvar" in text_of(page)
    refused = client.post(f"/vardcentraler/{other.id}/ko/", {"key": KEY})
    assert refused.status_code == 409
    assert "Du står redan i en kö" in text_of(refused)


def test_there_is_no_queue_where_there_is_room(astrid: Person, client: Client) -> None:
    clinic = make.clinic()
    assert "Det behövs ingen kö" in text_of(client.get(f"/vardcentraler/{clinic.id}/ko/"))
    assert client.post(f"/vardcentraler/{clinic.id}/ko/", {"key": KEY}).status_code == 409


def test_leaving_the_queue(astrid: Person, client: Client) -> None:
    make.queued(astrid, make.full_clinic("Fulla vårdcentralen"))
    assert "Vill du lämna kön till Fulla vårdcentralen?" in text_of(client.get("/min-vardcentral/lamna-kon/"))
    done = client.post("/min-vardcentral/lamna-kon/", {"key": KEY}, follow=True)
    assert "Du har lämnat kön" in text_of(done)
    assert QueuePlace.objects.get(person=astrid).state == "left"
    assert client.get("/min-vardcentral/lamna-kon/").status_code == 409


@pytest.fixture
def offered(astrid: Person) -> Person:
    clinic = make.full_clinic("Fulla vårdcentralen")
    make.queued(astrid, clinic)
    make.free_place(clinic)
    actions.fill_from_queue(clinic.id, by=make.SYSTEM, now=make.NOW)
    return astrid


def test_an_offer_stands_first_at_home_with_its_deadline(offered: Person, client: Client) -> None:
    words = text_of(client.get("/hem/"))
    assert words.index("Svara om du vill ha platsen på Fulla vårdcentralen") < words.index("Läs ditt nya meddelande")
    assert "Svara senast mån 23 mars kl. 10.00" in words


def test_accepting_an_offer(offered: Person, client: Client) -> None:
    assert "Svara senast" in text_of(client.get("/min-vardcentral/erbjudande/"))
    done = client.post("/min-vardcentral/erbjudande/", {"key": KEY, "answer": "yes"}, follow=True)
    assert "Du har valt Fulla vårdcentralen" in text_of(done)


def test_declining_an_offer(offered: Person, client: Client) -> None:
    done = client.post("/min-vardcentral/erbjudande/", {"key": KEY, "answer": "no"}, follow=True)
    assert "Du har tackat nej" in text_of(done)
    assert QueuePlace.objects.get(person=offered).state == "declined"


def test_an_answer_must_be_chosen(offered: Person, client: Client) -> None:
    page = client.post("/min-vardcentral/erbjudande/", {"key": KEY})
    assert page.status_code == 422
    assert "Välj om du vill ha platsen." in text_of(page)
    assert KEY in page.content.decode()
    assert QueuePlace.objects.get(person=offered).state == "offered"


def test_an_offer_that_ran_out_says_so(offered: Person, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    later = make.NOW + timedelta(days=8)
    monkeypatch.setattr("vardnav.web.clock.now", lambda: later)
    client.cookies.clear()  # no session lasts eight days
    make.log_in(client, offered)
    answer = client.post("/min-vardcentral/erbjudande/", {"key": KEY, "answer": "yes"})
    assert answer.status_code == 409
    assert "Erbjudandet är redan besvarat eller har gått ut" in text_of(answer)


def test_a_closed_clinic_has_no_page(astrid: Person, client: Client) -> None:
    closed = make.clinic(ends_on=make.TODAY - timedelta(days=1))
    for address in (f"/vardcentraler/{closed.id}/", f"/vardcentraler/{closed.id}/valj/"):
        assert client.get(address).status_code == 404
