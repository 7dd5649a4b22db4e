"""Caps: asked, decided, granted on the region's own paper."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.web.region.conftest import text_of
from vardnav.audit.models import Line
from vardnav.listing.models import Cap, ClinicCount
from vardnav.organisation.models import Unit

UNTIL = date(2026, 12, 31)


@pytest.fixture
def asked(clinics: dict[str, Unit]) -> Cap:
    return Cap.objects.create(
        clinic=clinics["Eken"],
        heads=25,
        starts_on=make.TODAY,
        ends_on=UNTIL,
        state="asked",
        reason="Två specialister slutar",
        asked_at=make.NOW - timedelta(days=4),
        asked_by="Mats Provholm",
    )


def test_a_request_stands_with_its_reason_and_the_clinics_figures(client: Client, asked: Cap) -> None:
    assert "Ekens vårdcentral: tak 25" in text_of(client.get("/tak-och-beslut/"))
    text = text_of(client.get(f"/tak-och-beslut/{asked.id}/"))
    assert "Två specialister slutar" in text
    assert "20 av 25" in text
    assert "16 mars 2026 till och med 30 dec 2026" in text


def test_a_granted_cap_takes_hold_at_once_and_is_written_down(client: Client, asked: Cap) -> None:
    given = {"grant": "yes", "decision": "HSN 2026/77. Bristen är tillfällig."}
    page = client.post(f"/tak-och-beslut/{asked.id}/", given, follow=True)
    assert "Taket för Ekens vårdcentral är beviljat." in text_of(page)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("granted", "Gunilla Provberg")
    assert ClinicCount.objects.get(clinic=asked.clinic).cap == 25
    assert Line.objects.filter(kind="listing.cap.granted", user_name="Gunilla Provberg").count() == 1


def test_a_refusal_is_kept_with_its_reasons(client: Client, asked: Cap) -> None:
    client.post(f"/tak-och-beslut/{asked.id}/", {"grant": "no", "decision": "HSN 2026/78. Det finns plats."})
    text = text_of(client.get("/tak-och-beslut/"))
    assert "Avslaget HSN 2026/78. Det finns plats. Gunilla Provberg" in text
    assert "Ingen ansökan väntar" in text


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Välj om taket ska beviljas eller avslås."),
        ({"grant": "yes"}, "Skriv beslutet och skälen."),
        ({"grant": "yes", "decision": "kort"}, "Skriv minst tio tecken."),
    ],
)
def test_a_decision_without_reasons_is_not_taken(client: Client, asked: Cap, given: dict[str, str], words: str) -> None:
    page = client.post(f"/tak-och-beslut/{asked.id}/", given)
    assert page.status_code == 422
    assert words in text_of(page)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_two_planners_cannot_decide_the_same_request(client: Client, asked: Cap) -> None:
    given = {"grant": "no", "decision": "HSN 2026/78. Det finns plats."}
    client.post(f"/tak-och-beslut/{asked.id}/", given)
    page = client.post(f"/tak-och-beslut/{asked.id}/", given | {"grant": "yes"}, follow=True)
    assert "Ansökan är redan avgjord. Ingenting är ändrat." in text_of(page)
    asked.refresh_from_db()
    assert asked.state == "refused"


def test_a_refusal_of_the_rules_keeps_what_was_written(client: Client, asked: Cap) -> None:
    """Another cap covers some of those days."""
    Cap.objects.filter(id=asked.id).update(clinic=Unit.objects.get(name="Björkens vårdcentral"))
    page = client.post(f"/tak-och-beslut/{asked.id}/", {"grant": "yes", "decision": "HSN 2026/79. Bristen är stor."})
    assert page.status_code == 422
    text = text_of(page)
    assert "får inte krocka med ett annat" in text
    assert "HSN 2026/79. Bristen är stor." in text
    asked.refresh_from_db()
    assert asked.state == "asked"


def outside(clinics: dict[str, Unit], **given: Any) -> dict[str, Any]:
    return {
        "clinic": clinics["Eken"].id,
        "heads": 22,
        "starts_on": "2026-03-16",
        "ends_on": "2026-12-31",
        "decision": "HSN 2026/80. Sökt på papper.",
        **given,
    }


def test_a_cap_asked_on_paper_is_granted(client: Client, clinics: dict[str, Unit]) -> None:
    page = client.post("/tak-och-beslut/nytt/", outside(clinics), follow=True)
    assert "Taket för Ekens vårdcentral är beviljat." in text_of(page)
    cap = Cap.objects.get(clinic=clinics["Eken"])
    assert (cap.heads, cap.state, cap.ends_on) == (22, "granted", UNTIL)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ends_on": "2026-03-16"}, "gäller en begränsad tid, högst två år"),
        ({"ends_on": "2029-03-16"}, "gäller en begränsad tid, högst två år"),
        ({"heads": "0"}, "större än eller lika med 1"),
        ({"heads": ""}, "Skriv hur många som högst får vara listade."),
        ({"clinic": ""}, "Välj en vårdcentral."),
        ({"starts_on": "i morgon"}, "giltigt datum"),
        ({"decision": "x"}, "Skriv minst tio tecken."),
    ],
)
def test_a_cap_that_cannot_be_is_explained_and_nothing_is_lost(
    client: Client, clinics: dict[str, Unit], given: dict[str, str], words: str
) -> None:
    page = client.post("/tak-och-beslut/nytt/", outside(clinics, **given))
    assert page.status_code == 422
    assert words in text_of(page)
    assert given.get("decision", "HSN 2026/80. Sökt på papper.") in page.content.decode()
    assert not Cap.objects.filter(clinic=clinics["Eken"]).exists()


def test_a_cap_that_soon_ends_is_marked(client: Client, clinics: dict[str, Unit]) -> None:
    Cap.objects.update(ends_on=make.TODAY + timedelta(days=30))
    assert "30 upphör snart" in text_of(client.get("/tak-och-beslut/"))
    assert "Tak som upphör inom 60 dagar 1" in text_of(client.get("/laget/"))


def test_an_unknown_request_is_not_found(client: Client, clinics: dict[str, Unit]) -> None:
    assert client.get("/tak-och-beslut/999999/").status_code == 404
