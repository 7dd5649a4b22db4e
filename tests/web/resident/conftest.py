"""A resident who is logged in, at a standing clock."""

from datetime import datetime

import pytest
from django.test import Client

from tests import factories as make
from vardnav.patients.models import Person


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("vardnav.web.clock.now", lambda: make.NOW)
    return make.NOW


@pytest.fixture
def astrid(db: None, client: Client) -> Person:
    """A resident who has just logged in with `client`; unlisted until a test says otherwise."""
    make.region()
    person = make.person("Astrid Exempelsson")
    make.log_in(client, person)
    return person


def text_of(response: object) -> str:
    """The page's words with ordinary spaces."""
    import re

    content = response.content.decode()  # type: ignore[attr-defined]
    main = content.split("<main", 1)[-1].split("</main>", 1)[0]
    text = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    return " ".join(text.split())
