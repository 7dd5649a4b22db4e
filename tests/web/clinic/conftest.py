"""A clinic with a doctor, its staff logged in, at a standing clock."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from vardnav.kernel.actor import Role
from vardnav.organisation.models import Professional, Unit


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("vardnav.web.clock.now", lambda: make.NOW)
    return make.NOW


@pytest.fixture
def eken(db: None) -> Unit:
    make.region()
    return make.clinic("Ekens vårdcentral")


@pytest.fixture
def eva(eken: Unit) -> Professional:
    return make.doctor(eken, "Eva Berg")


@pytest.fixture
def staff(client: Client, eken: Unit) -> Client:
    make.log_in(client, make.staff(eken))
    return client


@pytest.fixture
def head(client: Client, eken: Unit) -> Client:
    make.log_in(client, make.staff(eken, Role.CLINIC_HEAD, name="Mats Provholm"))
    return client


@pytest.fixture
def stranger(eken: Unit) -> Client:
    """Staff of another clinic."""
    client = Client()
    make.log_in(client, make.staff(make.clinic("Granens vårdcentral"), Role.CLINIC_HEAD, name="Nils Främling"))
    return client


def words(response: Any) -> str:
    """What the page says, with ordinary spaces."""
    main = response.content.decode().split("<main", 1)[-1].split("</main>", 1)[0]
    text = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return " ".join(text.split())
