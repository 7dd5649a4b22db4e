"""My clinic and my doctor: what shows, undo, leave, and who may."""

from datetime import date, timedelta

from django.test import Client

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.audit.models import Line
from vardnav.listing.models import Listing
from vardnav.listing.rules import Origin
from vardnav.patients.models import Person


def test_the_page_shows_my_clinic_and_my_doctor(astrid: Person, client: Client) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    make.listed(astrid, clinic)
    make.named(astrid, make.doctor(clinic, "Eva Berg"), clinic)
    words = text_of(client.get("/min-vardcentral/"))
    assert "Ekens vårdcentral" in words
    assert "063-15 30 00" in words
    assert "Eva Berg Specialist i allmänmedicin" in words
    assert "2 byten kvar" in words


def test_reading_ones_own_page_leaves_a_line(astrid: Person, client: Client) -> None:
    client.get("/min-vardcentral/")
    line = Line.objects.get(kind="listing.care.read")
    assert (line.patient_id, line.user_id) == (astrid.id, astrid.personal_number)


def test_who_has_no_clinic_is_told_how_to_get_one(astrid: Person, client: Client) -> None:
    words = text_of(client.get("/min-vardcentral/"))
    assert "Du är inte listad på någon vårdcentral" in words
    assert "Välja vårdcentral" in words


def test_used_up_changes_say_when_the_next_is_possible(astrid: Person, client: Client) -> None:
    old, middle, new = (make.clinic(f"Vårdcentral {name}") for name in "ABC")
    first, second = make.TODAY - timedelta(days=200), make.TODAY - timedelta(days=100)
    make.listed(astrid, old, since=date(2020, 1, 1), ends_on=first)
    make.listed(astrid, middle, since=first, ends_on=second, previous_ends_on=first, origin=Origin.CHOSEN)
    make.listed(astrid, new, since=second, previous_ends_on=second, origin=Origin.CHOSEN)
    words = text_of(client.get("/min-vardcentral/"))
    assert "Inga byten kvar just nu" in words
    assert "28 aug 2026" in words  # a year after the first of the two
    refused = client.get(f"/vardcentraler/{old.id}/valj/")
    assert "Det går inte att byta just nu" in text_of(refused)


def test_a_change_can_be_undone_before_it_begins(astrid: Person, client: Client) -> None:
    old, new = make.clinic("Gamla vårdcentralen"), make.clinic("Nya vårdcentralen")
    make.listed(astrid, old)
    make.named(astrid, make.doctor(old), old)
    key = client.get(f"/vardcentraler/{new.id}/valj/").context["form"].initial["key"]
    client.post(f"/vardcentraler/{new.id}/valj/", {"key": key})
    assert "Nya vårdcentralen från och med tis 17 mars 2026" in text_of(client.get("/min-vardcentral/"))
    page = client.get("/min-vardcentral/angra/")
    assert "Eva Berg fortsätter att vara fast läkare" in text_of(page)
    done = client.post("/min-vardcentral/angra/", {"key": key}, follow=True)
    assert "Bytet är ångrat" in text_of(done)
    assert "Gamla vårdcentralen är kvar som vårdcentral, utan uppehåll" in text_of(done)
    assert Listing.objects.get(person=astrid, ends_on=None).clinic_id == old.id


def test_without_a_change_there_is_nothing_to_undo(astrid: Person, client: Client) -> None:
    make.listed(astrid, make.clinic())
    answer = client.get("/min-vardcentral/angra/")
    assert answer.status_code == 409
    assert "Det finns inget byte att ångra" in text_of(answer)


def test_leaving_says_what_happens_and_does_it_once(astrid: Person, client: Client) -> None:
    clinic = make.clinic("Ekens vårdcentral")
    make.listed(astrid, clinic)
    page = client.get("/min-vardcentral/lamna/")
    assert "Från och med tis 17 mars 2026 finns ingen vårdcentral som ansvarar" in text_of(page)
    key = page.context["form"].initial["key"]
    done = client.post("/min-vardcentral/lamna/", {"key": key}, follow=True)
    assert "Listningen är avslutad" in text_of(done)
    assert Listing.objects.get(person=astrid).ends_on == date(2026, 3, 17)
    again = client.get("/min-vardcentral/lamna/")
    assert again.status_code == 409
    assert "Listningen slutar" in text_of(client.get("/min-vardcentral/"))


def test_a_receipt_that_is_no_longer_true_leads_to_the_page_itself(astrid: Person, client: Client) -> None:
    assert client.get("/min-vardcentral/klart/valt/").headers["Location"] == "/min-vardcentral/"
    assert client.get("/min-vardcentral/klart/paahittat/").status_code == 404


def test_a_young_person_sees_the_page_but_a_guardian_chooses(client: Client, db: None) -> None:
    parent, clinic = make.person("Johanna Provberg"), make.clinic("Ekens vårdcentral")
    teenager = make.child("Ada Provberg", age=15, guardians=(parent,))
    make.listed(teenager, clinic)
    make.log_in(client, teenager)
    words = text_of(client.get("/min-vardcentral/"))
    assert "Ekens vårdcentral" in words
    assert "En vårdnadshavare väljer vårdcentral tills du har fyllt 16 år" in words
    other = make.clinic("Björkens vårdcentral")
    assert "En vårdnadshavare väljer" in text_of(client.get(f"/vardcentraler/{other.id}/valj/"))
    refused = client.post(f"/vardcentraler/{other.id}/valj/", {"key": "4f1c9a43-35cf-4d3f-9c68-7d5b4f4f4a11"})
    assert refused.status_code == 403
    assert Listing.objects.get(person=teenager).clinic_id == clinic.id


def test_nothing_is_chosen_for_the_dead(client: Client, db: None) -> None:
    clinic = make.clinic()
    person = make.person(deceased_on=date(2026, 3, 1))
    make.log_in(client, person)
    assert "Uppgifterna kan inte ändras" in text_of(client.get("/min-vardcentral/"))
    refused = client.post(f"/vardcentraler/{clinic.id}/valj/", {"key": "4f1c9a43-35cf-4d3f-9c68-7d5b4f4f4a11"})
    assert refused.status_code == 409
    assert not Listing.objects.filter(person=person).exists()


def test_protected_identity_shows_the_mark_and_no_address(client: Client, db: None) -> None:
    clinic = make.clinic()
    person = make.person("Maria Testgren", protected=True)
    make.listed(person, clinic)
    make.log_in(client, person)
    for address in ("/hem/", "/min-vardcentral/", "/hitta-vardcentral/", f"/vardcentraler/{clinic.id}/"):
        page = client.get(address)
        words = text_of(page)
        assert "Hemgatan" not in words
        assert "070-174 06 05" not in words
        assert "hemifrån" not in words
        assert " min " not in words
    assert "Skyddade personuppgifter" in text_of(client.get("/min-vardcentral/"))


def test_staff_and_strangers_do_not_get_in(client: Client, db: None) -> None:
    assert client.get("/min-vardcentral/").headers["Location"].startswith("/logga-in/?next=")
    make.log_in(client, make.staff(make.clinic()))
    assert client.get("/min-vardcentral/").status_code == 403
