"""A small region with numbers one can count by hand, and a planner who is logged in."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests import factories as make
from vardnav.followup import actions as followup
from vardnav.kernel.actor import Actor, Role
from vardnav.listing.rules import Origin
from vardnav.organisation.models import Unit
from vardnav.organisation.rules import EmploymentRole, ProviderForm, UnitKind

SQUARE = {"type": "Polygon", "coordinates": [[[14, 63], [15, 63], [15, 64], [14, 64], [14, 63]]]}


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("vardnav.web.clock.now", lambda: make.NOW)
    return make.NOW


@pytest.fixture
def planner(db: None, client: Client) -> Actor:
    make.region()
    office = make.unit("Hälso- och sjukvårdsförvaltningen", UnitKind.REGION_OFFICE)
    return make.log_in(client, make.staff(office, Role.REGION_PLANNER, name="Gunilla Provberg"))


@pytest.fixture
def clinics(planner: Actor) -> dict[str, Unit]:
    """Eken: 20 listed, 12 named, two half-time specialists. Björken: 9 listed and nobody. Alen: 6 and a trainee."""
    town = make.municipality("Östersund")
    town.boundary = SQUARE
    town.save()
    country = make.municipality("Åre", latitude=63.4, longitude=13.1)
    home, far = make.area(town), make.area(country, latitude=63.4, longitude=13.1)
    found = {
        "Eken": make.clinic("Ekens vårdcentral", municipality=town),
        "Björken": make.clinic(
            "Björkens vårdcentral", municipality=town, care_provider=make.care_provider(ProviderForm.PRIVATE), cap=30
        ),
        "Alen": make.clinic("Alens vårdcentral", municipality=country),
    }
    doctors = [make.doctor(found["Eken"], name, share="0.50") for name in ("Eva Berg", "Ali Sund")]
    make.doctor(found["Alen"], "Tove Lund", role=EmploymentRole.TRAINEE)
    for number in range(20):
        who = make.person(f"Eken P{number}", home=home)
        make.listed(
            who, found["Eken"], since=date(2025, 6, 1) if number < 14 else date(2026, 3, 2), origin=Origin.CHOSEN
        )
        if number < 12:
            make.named(who, doctors[number % 2], found["Eken"], since=date(2025, 6, 1))
    for number in range(9):
        make.listed(make.person(f"Björken P{number}", home=home), found["Björken"])
    for number in range(6):
        make.listed(make.person(f"Alen P{number}", home=far), found["Alen"])
    for number in range(3):
        who = make.person(f"Kö P{number}", home=home)
        make.queued(who, found["Björken"], joined_at=datetime(2026, 2, 1, 9, tzinfo=UTC) + timedelta(days=number))
    followup.take_history(6, by=make.SYSTEM, now=make.NOW)
    return found


def text_of(response: object) -> str:
    """The page's words with ordinary spaces."""
    content = response.content.decode()  # type: ignore[attr-defined]
    main = content.split("<main", 1)[-1].split("</main>", 1)[0]
    text = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return " ".join(text.split())
