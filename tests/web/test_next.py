"""Where one goes after logging in: back to the page one asked for, and never to somebody else's."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests import factories as make
from tests.factories import NOW, SYSTEM
from tests.logins import log_in_by_form
from vardnav.identity import actions

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def astrid() -> None:
    number = make.person().personal_number
    actions.open_account(login="astrid", name="Astrid", personal_number=number, password=PASSWORD, by=SYSTEM, now=NOW)


def go(client: Client, where: str) -> str:
    answer = log_in_by_form(client, "astrid", PASSWORD, going_to=where)
    assert answer.status_code == 302
    return str(answer["Location"])


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_logging_in_leads_nowhere_else(astrid: None, client: Client, where: str) -> None:
    assert go(client, where) == "/"


@pytest.mark.parametrize("where", ["hem", "../x", "/min-vardcentral/?a=1&b=2"])
def test_the_page_asked_for_is_an_address_and_never_the_name_of_a_view(
    astrid: None, client: Client, where: str
) -> None:
    assert go(client, where) == where


def test_the_whole_address_comes_along_to_the_login(client: Client) -> None:
    answer = client.get("/vem-har-last/?enhet=A&sida=2")
    assert parse_qs(urlsplit(answer["Location"]).query) == {"next": ["/vem-har-last/?enhet=A&sida=2"]}
