"""The reviewer's desk, the head's answers and the region's figures, as pages."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from vardnav.audit.models import Line
from vardnav.incidents.models import Incident
from vardnav.kernel.actor import Actor, Role
from vardnav.organisation.models import Unit
from vardnav.patients.selectors import open_card
from vardnav.reviews.actions import draw_review
from vardnav.reviews.models import Judgement, Review

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Unit:
    factories.region()
    return factories.clinic()


@pytest.fixture
def review(clinic: Unit) -> Review:
    staff, now = factories.staff(clinic, name="Sofia Exempelgren"), timezone.now()
    for name in ("Xqa Ek", "Xqb Exempelgren"):
        who = factories.person(name, protected=name == "Xqb Exempelgren")
        factories.listed(who, clinic)
        open_card(who.id, by=staff, now=now)
    return draw_review(clinic.hsa_id, clinic.name, timezone.localdate(now).replace(day=1), by=factories.SYSTEM, now=now)


def client_of(who: Actor) -> Client:
    client = Client()
    factories.log_in(client, who)
    return client


@pytest.fixture
def reviewer(clinic: Unit) -> Client:
    return client_of(factories.staff(clinic, Role.LOG_REVIEWER, name="Lena Granskare"))


@pytest.fixture
def head(clinic: Unit) -> Client:
    return client_of(factories.staff(clinic, Role.CLINIC_HEAD, name="Mats Chef"))


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_a_reviewer_works_through_a_review_to_its_end(reviewer: Client, head: Client, review: Review) -> None:
    assert reviewer.get("/").headers["Location"] == "/granskningar/"
    items = list(review.sampled.order_by("place"))
    page = text(reviewer.get(f"/granskningar/{review.id}/"))
    assert "Sofia Exempelgren" in page
    assert "Xq" not in page
    listed = text(reviewer.get(f"/granskningar/{review.id}/?rad={items[-1].id}"))
    assert "Skyddade personuppgifter" in listed
    assert "Samma efternamn" in listed
    first, last = (f"/granskningar/rad/{item.id}" for item in items)
    refused = reviewer.post(f"{first}/bedom/", {"verdict": "unwarranted", "comment": "kort"})
    assert refused.status_code == 422
    assert "minst 10 tecken" in text(refused)
    assert ">kort</textarea>" in text(refused)
    asked = reviewer.post(f"{first}/bedom/", {"verdict": "needs_explanation", "comment": "Varför öppnades den?"})
    assert asked.status_code == 302
    assert "En fråga väntar på ditt svar" in text(head.get("/i-dag/"))
    assert "Varför öppnades den?" in text(head.get("/granskningar/fragor/"))
    assert head.post(f"{first}/svar/", {"text": "kort"}).status_code == 422
    assert head.post(f"{first}/svar/", {"text": "Hon ringde om en tid."}).status_code == 302
    assert "Hon ringde om en tid." in text(reviewer.get(f"/granskningar/{review.id}/?rad={items[0].id}"))
    for url, verdict in ((first, "warranted"), (last, "unwarranted")):
        reviewer.post(f"{url}/bedom/", {"verdict": verdict, "comment": "Grannen har öppnats"})
    answer = reviewer.post(f"{last}/incident/", follow=True)
    assert f"Incident {Incident.objects.get().id} är skapad" in text(answer)
    assert "Avsluta granskningen" in text(answer)
    reviewer.post(f"/granskningar/{review.id}/klar/")
    done = text(reviewer.get(f"/granskningar/{review.id}/"))
    assert "Inget kan ändras" in done
    assert 'name="verdict"' not in done
    assert Judgement.objects.count() == 3


def test_who_it_is_shows_on_one_answer_only(reviewer: Client, review: Review) -> None:
    item = review.sampled.order_by("place").first()
    assert item is not None
    shown = text(reviewer.post(f"/granskningar/rad/{item.id}/visa/"))
    assert "Xq" in shown
    assert Line.objects.filter(kind="reviews.patient.shown").count() == 1
    assert "Xq" not in text(reviewer.get(f"/granskningar/{review.id}/?rad={item.id}"))


def test_a_head_sees_states_and_no_lines(head: Client, review: Review) -> None:
    page = text(head.get("/granskningar/"))
    assert "Pågår" in page
    assert f"/granskningar/{review.id}/" not in page
    assert head.get(f"/granskningar/{review.id}/").status_code == 403


def test_the_region_gets_figures_as_a_table_and_a_file(clinic: Unit, review: Review) -> None:
    planner = client_of(factories.staff(clinic, Role.REGION_PLANNER))
    page = text(planner.get("/granskningar/resultat/"))
    assert clinic.name in page
    assert "saknar loggranskare" in page
    answer = planner.get("/granskningar/resultat.csv")
    rows = list(csv.reader(io.StringIO(text(answer).lstrip("\ufeff")), delimiter=";"))
    assert rows[1][:4] == [clinic.hsa_id, clinic.name, f"{review.month:%Y-%m}", "Månadens"]
    assert rows[1][7:9] == ["2", "2"]
    assert "Xq" not in text(answer)


def test_an_extra_review_and_a_flag_are_made_by_hand(clinic: Unit, reviewer: Client) -> None:
    wrong = reviewer.post("/granskningar/ny/", {"unit": clinic.hsa_id, "month": "mars", "reason": "Ett klagomål"})
    assert wrong.status_code == 422
    later = f"{timezone.localdate() + timedelta(days=40):%Y-%m}"
    assert reviewer.post("/granskningar/ny/", {"unit": clinic.hsa_id, "month": later, "reason": "x"}).status_code == 422
    month = f"{timezone.localdate():%Y-%m}"
    made = reviewer.post("/granskningar/ny/", {"unit": clinic.hsa_id, "month": month, "reason": "Ett klagomål"})
    assert made.status_code == 302
    assert "Regionens granskare för listan" in text(reviewer.get("/granskningar/bevakning/"))
    office = factories.unit("Kontoret", factories.UnitKind.REGION_OFFICE)
    regional = client_of(factories.staff(office, Role.LOG_REVIEWER))
    who = factories.person("Xqkänd Person")
    sent = {"number": who.personal_number, "reason": "Tidigare minister"}
    page = text(regional.post("/granskningar/bevakning/", sent, follow=True))
    assert "Tidigare minister" in page
    assert "Xq" not in page
    assert who.personal_number not in page
    nobody = regional.post("/granskningar/bevakning/", {**sent, "number": "191212121212"})
    assert nobody.status_code == 422
