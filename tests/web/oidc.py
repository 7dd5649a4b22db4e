"""A foreign provider: a real HTTP server with its own keys, in which no line is ours."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from django.test import Client
from oidc_provider_mock import run_server_in_thread

from vardnav.identity.rules import claims as names
from vardnav.identity.rules.claims import Population

STAFF = "http://id.sambi.se/loa/loa"
RESIDENTS = "http://id.elegnamnden.se/loa/1.0/loa"


def staff(hsa_id: str, level: int = 3, **more: str) -> dict[str, str]:
    return {"name": "Sofia Exempelgren", "acr": f"{STAFF}{level}", names.HSA_ID: hsa_id, **more}


def resident(number: str, level: int = 3, **more: str) -> dict[str, str]:
    return {"name": "Astrid Exempelsson", "acr": f"{RESIDENTS}{level}", names.PERSONAL: number, **more}


def commission(unit: str, purpose: str = "Vård och behandling") -> dict[str, str]:
    return {
        names.COMMISSION: f"{unit}-U1",
        names.COMMISSION_NAME: f"Uppdrag {purpose}",
        names.COMMISSION_PURPOSE: purpose,
        names.UNIT: unit,
    }


@dataclass
class Mock:
    """The running provider."""

    issuer: str
    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def knows(self, sub: str, claims: dict[str, Any]) -> str:
        httpx.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()
        return sub

    def chosen(self, url: str, sub: str) -> str:
        """Where the provider sends the browser of somebody who has identified themselves."""
        answer = httpx.post(url, data={"sub": sub})
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@contextmanager
def mock() -> Iterator[Mock]:
    with run_server_in_thread() as server:
        yield Mock(f"http://localhost:{server.server_port}")


def settings_for(issuer: str) -> dict[str, tuple[str, str, str]]:
    return {one.value: (issuer, "vardnav", "secret") for one in Population}


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def begin(client: Client, who: str, **query: str) -> str:
    answer = client.get(f"/legitimera/{who}/", query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def shown(body: bytes) -> dict[str, Any]:
    return dict(json.loads(body))
