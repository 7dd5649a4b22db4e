from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from tests import factories as make
from tests.web.clinic.conftest import words
from vardnav.audit.models import Line
from vardnav.kernel.actor import Role
from vardnav.listing import actions as listing
from vardnav.listing.models import Listing
from vardnav.organisation.models import Professional, Unit
from vardnav.outbox.models import Message

LATELY = make.TODAY - timedelta(days=3)


def newcomer(name: str, at: Unit) -> int:
    who = make.person(name)
    make.listed(who, at, since=LATELY, welcomed=False)
    return who.id


def test_an_empty_day_says_that_nothing_waits(staff: Client) -> None:
    page = staff.get("/i-dag/")
    assert page.status_code == 200
    assert "Inget väntar" in words(page)


def test_the_day_counts_what_waits(staff: Client, eken: Unit, eva: Professional) -> None:
    newcomer("Nora Nylund", eken)
    full = make.doctor(eken, "Bo Full", share="0.10", heads=200)
    make.employ(make.professional("Ida Slutar"), eken)
    ends = make.professional("Leo Lämnar")
    make.employ(ends, eken, ends_on=make.TODAY + timedelta(days=30))
    make.PanelCount.objects.create(clinic=eken, doctor=ends, heads=40, burden=40)
    text = words(staff.get("/i-dag/"))
    assert "Nya listade att välkomna 1" in text
    assert "Listade att lämna över, läkaren slutar 40" in text
    assert "Listade utan fast läkare 1" in text
    assert "Läkare över sin kapacitet 1" in text
    assert full.id


def test_offers_that_run_out_within_two_days_are_shown(staff: Client, eken: Unit) -> None:
    make.ClinicCount.objects.filter(clinic=eken).update(cap=10, listed=9)
    make.queued(make.person("Kö Körsson"), eken)
    listing.fill_from_queue(eken.id, by=make.SYSTEM, now=make.NOW - timedelta(days=6))
    text = words(staff.get("/i-dag/"))
    assert "Erbjudanden som går ut inom två dygn 1" in text
    assert "Kö Körsson" in text


def test_how_it_goes_is_measured_against_the_goals(staff: Client, eken: Unit, eva: Professional) -> None:
    for name in ("Ett Prov", "Två Prov"):
        who = make.person(name, burden=Decimal("1.50"))
        make.listed(who, eken)
    make.named(who, eva, eken)
    text = words(staff.get("/i-dag/"))
    assert "Har fast läkare 50 %" in text
    assert "Mål: minst 55 %" in text
    assert "Målet nås inte" in text
    assert "Listade per heltidsspecialist 2" in text


def test_the_chosen_are_welcomed_and_get_a_message(staff: Client, eken: Unit) -> None:
    one, other = newcomer("Nora Nylund", eken), newcomer("Olle Nylund", eken)
    page = staff.post("/i-dag/valkomna/", {"person": [str(one)]}, follow=True)
    assert "1 invånare är välkomnad" in words(page)
    assert Listing.objects.get(person_id=one).welcomed_by == "Sofia Exempelgren"
    assert Listing.objects.get(person_id=other).welcomed_at is None
    assert list(Message.objects.values_list("recipient_id", flat=True)) == [one]


def test_all_are_welcomed_in_one_go(staff: Client, eken: Unit) -> None:
    newcomer("Nora Nylund", eken)
    newcomer("Olle Nylund", eken)
    page = staff.post("/i-dag/valkomna/", {"all": "1"}, follow=True)
    assert "2 invånare är välkomnade" in words(page)
    assert "Nya listade" not in words(page)


@pytest.mark.parametrize("chosen", [[], ["x"]])
def test_welcoming_nobody_changes_nothing(staff: Client, eken: Unit, chosen: list[str]) -> None:
    newcomer("Nora Nylund", eken)
    page = staff.post("/i-dag/valkomna/", {"person": chosen}, follow=True)
    assert "Ingen är vald" in words(page)
    assert Message.objects.count() == 0


def test_another_clinics_newcomers_cannot_be_welcomed(stranger: Client, eken: Unit) -> None:
    one = newcomer("Nora Nylund", eken)
    page = stranger.post("/i-dag/valkomna/", {"person": [str(one)]}, follow=True)
    assert "Du kan bara göra det här för din egen vårdcentral" in words(page)
    assert Listing.objects.get(person_id=one).welcomed_at is None


def test_news_fetches_only_the_part_that_changes(staff: Client, eken: Unit) -> None:
    newcomer("Nora Nylund", eken)
    part = staff.get("/i-dag/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Nora Nylund" in part


def test_each_person_shown_leaves_a_line(staff: Client, eken: Unit) -> None:
    ids = {newcomer(f"Nora Ny{number}", eken) for number in range(3)}
    staff.get("/i-dag/")
    lines = Line.objects.filter(kind="listing.new.read")
    assert set(lines.values_list("patient_id", flat=True)) == ids
    assert lines.count() == 3


@pytest.mark.parametrize("role", [Role.REGION_PLANNER, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["/i-dag/", "/listade/", "/ko-och-tak/", "/bemanning/"])
def test_the_desk_is_the_clinics_own(client: Client, eken: Unit, role: Role, path: str) -> None:
    make.log_in(client, make.staff(eken, role))
    assert client.get(path).status_code == 403


def test_a_resident_has_no_desk(client: Client, eken: Unit) -> None:
    make.log_in(client, make.person())
    assert client.get("/i-dag/").status_code == 403


def test_nobody_is_sent_to_log_in(client: Client) -> None:
    assert client.get("/i-dag/").headers["Location"].startswith("/logga-in/")
