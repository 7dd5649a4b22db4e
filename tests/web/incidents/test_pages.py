"""The record of incidents as an administrator keeps it."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from vardnav.audit.models import Line
from vardnav.incidents.models import Incident
from vardnav.kernel.actor import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Client:
    factories.region()
    client = Client()
    factories.log_in(client, factories.staff(factories.clinic(), Role.ADMINISTRATOR, name="Anton Admin"))
    return client


def minutes(hours: float = 0) -> str:
    return f"{timezone.localtime() - timedelta(hours=hours):%Y-%m-%d %H:%M}"


def filled(**other: object) -> dict[str, object]:
    facts = {
        "title": "Inloggningen svarar inte",
        "text": "Ingen kan logga in.",
        "aware_at": minutes(20),
        "harms": ["availability"],
        "significant": "on",
    }
    return {**facts, **other}


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_an_incident_from_its_registration_to_its_end(admin: Client) -> None:
    assert "Ingen incident" in text(admin.get("/incidenter/"))
    made = admin.post("/incidenter/ny/", filled(), follow=True)
    one = Incident.objects.get()
    page = text(made)
    assert "Tidig varning" in page
    assert "Slutrapport" in page
    assert "Anmälan till IMY" not in page
    assert "Snart" in page
    assert "Incidenter att rapportera nu" in text(admin.get("/konton/"))
    url = f"/incidenter/{one.id}"
    assert admin.post(f"{url}/anteckning/", {"text": "Servern startas om."}).status_code == 302
    assert admin.post(f"{url}/skickat/early_warning/", {"sent_at": "i går"}).status_code == 422
    assert admin.post(f"{url}/skickat/final_report/", {"sent_at": minutes()}).status_code == 409
    for step in ("early_warning", "notification", "final_report"):
        answer = admin.post(f"{url}/skickat/{step}/", {"sent_at": minutes(), "reference": "D 7"})
        assert answer.status_code == 302, text(answer)
    assert "Incidenter att rapportera nu" not in text(admin.get("/konton/"))
    document = json.loads(text(admin.get(f"{url}/dokument.json")))
    assert [one["state"] for one in document["deadlines"]] == ["sent"] * 3
    assert document["notes"][0]["text"] == "Servern startas om."
    assert Line.objects.filter(kind="incidents.incident.exported").count() == 1
    admin.post(f"{url}/avsluta/")
    assert "Avslutad" in text(admin.get("/incidenter/"))
    assert admin.post(f"{url}/anteckning/", {"text": "Mer"}).status_code == 409


def test_a_personal_number_is_refused_and_what_was_written_is_kept(admin: Client) -> None:
    answer = admin.post("/incidenter/ny/", filled(text="Gäller 840314-9928 och mer"))
    assert answer.status_code == 422
    assert "Det står ett personnummer i texten" in text(answer)
    assert "Gäller 840314-9928 och mer</textarea>" in text(answer)
    assert not Incident.objects.exists()


def test_a_new_assessment_changes_what_is_to_be_sent(admin: Client) -> None:
    admin.post("/incidenter/ny/", filled())
    one = Incident.objects.get()
    facts = {"harms": ["confidentiality"], "concerns_people": "on", "why": "En lista kom fel."}
    page = text(admin.post(f"/incidenter/{one.id}/bedomning/", facts, follow=True))
    assert "Anmälan till IMY" in page
    assert "Tidig varning" not in page
    assert "En lista kom fel." in page
    assert admin.post(f"/incidenter/{one.id}/bedomning/", {"why": ""}).status_code == 422


def test_what_is_wrong_is_said_beside_its_field(admin: Client) -> None:
    page = text(admin.post("/incidenter/ny/", filled(aware_at=minutes(-5))))
    assert "inte ligger framåt i tiden" in page
    assert admin.get("/incidenter/4711/").status_code == 404
