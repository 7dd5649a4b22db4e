"""A clinic with room, a full one, a doctor, and keys of other systems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests import factories
from vardnav.api import limits
from vardnav.identity.actions import issue_key
from vardnav.organisation.models import Professional, Unit
from vardnav.patients.models import Person

Post = Callable[..., HttpResponse]


@dataclass
class World:
    room: Unit
    full: Unit
    office: Unit
    doctor: Professional
    astrid: Person


@pytest.fixture
def world(db: None) -> World:
    factories.region()
    room, full = factories.clinic(), factories.full_clinic()
    astrid = factories.person()
    return World(
        room=room,
        full=full,
        office=factories.unit("Regionkontoret", factories.UnitKind.REGION_OFFICE),
        doctor=factories.doctor(room, heads=10),
        astrid=astrid,
    )


@pytest.fixture(autouse=True)
def no_calls_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "counter", limits.Counter(limits.CALLS_PER_MINUTE))


def bearer(*scopes: str) -> dict[str, str]:
    """The header of a new key with these scopes."""
    now = timezone.now()
    _, token = issue_key(
        name="Bokningssystemet",
        scopes=frozenset(scopes),
        by=factories.SYSTEM,
        now=now,
        expires_at=now + timedelta(days=1),
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def reader(db: None) -> dict[str, str]:
    return bearer("organisation:read", "listing:read")


@pytest.fixture
def writer(db: None) -> dict[str, str]:
    return bearer("listing:write")


@pytest.fixture
def post(client: Client, writer: dict[str, str]) -> Post:
    def send(path: str, key: str | None = None, headers: dict[str, str] | None = None, **body: Any) -> HttpResponse:
        sent = {**(headers or writer), **({"Idempotency-Key": key} if key else {})}
        return client.post(f"/api/v1/listing/{path}", body, content_type="application/json", headers=sent)

    return send
