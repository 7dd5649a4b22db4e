from datetime import timedelta

import pytest
from django.test import Client

from tests import factories as make
from tests.web.clinic.conftest import words
from vardnav.audit.models import Line
from vardnav.kernel.actor import Role
from vardnav.listing import actions as listing
from vardnav.listing.models import Cap
from vardnav.organisation.models import Unit

WISH = {"heads": "9500", "starts_on": "2026-04-01", "ends_on": "2026-12-31", "reason": "Två vakanser"}


def test_the_queue_stands_in_the_order_of_its_offers(staff: Client, eken: Unit) -> None:
    make.ClinicCount.objects.filter(clinic=eken).update(cap=10, listed=10)
    days = {"Sist Anna": 1, "Först Bo": 9, "Mitt Cia": 5}
    for name, days_ago in days.items():
        make.queued(make.person(name), eken, joined_at=make.NOW - timedelta(days=days_ago))
    make.queued(make.person("Klass Dan"), eken, joined_at=make.NOW - timedelta(days=20), priority_class=1)
    make.free_place(eken)
    listing.fill_from_queue(eken.id, by=make.SYSTEM, now=make.NOW)
    page = staff.get("/ko-och-tak/")
    assert [row.name for row in page.context["rows"]] == ["Först Bo", "Mitt Cia", "Sist Anna", "Klass Dan"]
    assert [row.position for row in page.context["rows"]] == [0, 1, 2, 3]
    text = words(page)
    assert "Svara senast mån 23 mars kl. 10.00" in text
    assert "Lovade platser 1" in text
    assert Line.objects.filter(kind="listing.queue.read").count() == 4


def test_a_clinic_without_a_cap_has_no_queue(staff: Client) -> None:
    text = words(staff.get("/ko-och-tak/"))
    assert "Inget tak" in text
    assert "Ingen väntar" in text
    assert "Ansök om tak" not in text


def test_the_head_asks_for_a_cap_and_sees_the_decision(head: Client, eken: Unit) -> None:
    page = head.post("/ko-och-tak/ansok/", WISH, follow=True)
    assert "Ansökan är skickad" in words(page)
    assert "Väntar på beslut" in words(page)
    cap = Cap.objects.get()
    assert (cap.heads, cap.ends_on.isoformat(), cap.asked_by) == (9500, "2027-01-01", "Mats Provholm")
    assert "2026-04-01 – 2026-12-31" in words(page)
    planner = make.staff(eken, Role.REGION_PLANNER)
    listing.decide_cap(cap.id, grant=True, decision="RS 2026/7", today=make.TODAY, by=planner, now=make.NOW)
    assert "Beviljat" in words(head.get("/ko-och-tak/"))
    assert "Regionen har beslutat om taket på 9 500" in words(head.get("/i-dag/"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"heads": "många"}, "Skriv ett heltal"),
        ({"heads": "0"}, "större än eller lika med 1"),
        ({"starts_on": "2026-03-01"}, "bakåt i tiden"),
        ({"ends_on": "2026-03-31"}, "högst två år"),
        ({"ends_on": "2029-01-01"}, "högst två år"),
        ({"reason": ""}, "Skriv varför"),
    ],
)
def test_a_wish_that_cannot_be_is_kept_with_what_is_wrong(head: Client, wrong: dict[str, str], says: str) -> None:
    page = head.post("/ko-och-tak/ansok/", WISH | wrong)
    assert page.status_code == 422
    assert says in words(page)
    assert Cap.objects.count() == 0


def test_a_request_is_withdrawn_until_it_is_decided(head: Client, stranger: Client, eken: Unit) -> None:
    head.post("/ko-och-tak/ansok/", WISH)
    cap = Cap.objects.get()
    page = stranger.post(f"/ko-och-tak/ansok/{cap.id}/ta-tillbaka/", follow=True)
    assert "bara göra det här för din egen vårdcentral" in words(page)
    page = head.post(f"/ko-och-tak/ansok/{cap.id}/ta-tillbaka/", follow=True)
    assert "Ansökan är tillbakatagen" in words(page)
    assert Cap.objects.count() == 0
    assert Line.objects.filter(kind="listing.cap.withdrawn").count() == 1
    page = head.post(f"/ko-och-tak/ansok/{cap.id}/ta-tillbaka/", follow=True)
    assert "redan avgjord" in words(page)


def test_staff_do_not_ask_for_caps(staff: Client) -> None:
    assert staff.get("/ko-och-tak/ansok/").status_code == 403
    assert staff.post("/ko-och-tak/ansok/", WISH).status_code == 403
    assert staff.post("/ko-och-tak/ansok/1/ta-tillbaka/").status_code == 403


def test_another_clinics_queue_is_not_ours(stranger: Client, eken: Unit) -> None:
    make.ClinicCount.objects.filter(clinic=eken).update(cap=10, listed=10)
    make.queued(make.person("Kö Körsson"), eken)
    assert "Kö Körsson" not in words(stranger.get("/ko-och-tak/"))
