"""Hem: what must I do now?"""

from datetime import timedelta

from django.test import Client

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.listing import actions
from vardnav.patients.models import Person


def test_who_has_everything_has_nothing_to_do(astrid: Person, client: Client) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    make.listed(astrid, clinic)
    make.named(astrid, make.doctor(clinic, "Eva Berg"), clinic)
    words = text_of(client.get("/hem/"))
    assert "Du har inget att göra just nu." in words
    assert "Ekens vårdcentral" in words
    assert "Eva Berg" in words


def test_the_unlisted_are_asked_to_choose(astrid: Person, client: Client) -> None:
    words = text_of(client.get("/hem/"))
    assert "Att göra nu Välj vårdcentral Du har ingen vårdcentral." in words


def test_who_waits_in_a_queue_is_not_asked_to_choose(astrid: Person, client: Client) -> None:
    make.queued(astrid, make.full_clinic())
    assert "Du har inget att göra just nu." in text_of(client.get("/hem/"))


def test_deadlines_stand_in_the_order_they_run_out(astrid: Person, client: Client) -> None:
    erik, clinic = make.person("Erik Provberg"), make.full_clinic("Fulla vårdcentralen")
    elsa = make.child("Elsa Provberg", guardians=(astrid, erik))
    asked_at = make.NOW - timedelta(days=13)
    other = make.clinic("Ekens vårdcentral")
    actions.choose_clinic(elsa.id, other.id, by=make.resident(erik), now=asked_at)
    make.queued(astrid, clinic)
    make.free_place(clinic)
    actions.fill_from_queue(clinic.id, by=make.SYSTEM, now=make.NOW)
    tasks = client.get("/hem/").context["tasks"]
    assert [task.text for task in tasks if task.answer_by] == [
        "Svara om Elsa Provberg ska byta till Ekens vårdcentral",
        "Svara om du vill ha platsen på Fulla vårdcentralen",
    ]


def test_a_childs_offer_is_mine_to_answer(astrid: Person, client: Client) -> None:
    make.listed(astrid, make.clinic())
    elsa, clinic = make.child("Elsa Provberg", guardians=(astrid,)), make.full_clinic("Fulla vårdcentralen")
    make.queued(elsa, clinic)
    make.free_place(clinic)
    actions.fill_from_queue(clinic.id, by=make.SYSTEM, now=make.NOW)
    (task,) = client.get("/hem/").context["tasks"]
    assert task.text == "Svara om Elsa Provberg ska ha platsen på Fulla vårdcentralen"
    assert task.url == f"/barn/{elsa.id}/erbjudande/"


def test_an_upcoming_change_can_be_undone_from_home(astrid: Person, client: Client) -> None:
    make.listed(astrid, make.clinic("Gamla vårdcentralen"))
    new = make.clinic("Nya vårdcentralen")
    actions.choose_clinic(astrid.id, new.id, by=make.resident(astrid), now=make.NOW)
    page = client.get("/hem/")
    assert "Nya vårdcentralen blir din vårdcentral tis 17 mars 2026" in text_of(page)
    assert 'href="/min-vardcentral/angra/"' in page.content.decode()
