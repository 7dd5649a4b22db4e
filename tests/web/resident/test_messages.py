"""Every message in both languages, and new until it has been seen."""

import re

import pytest
from django.test import Client
from django.utils import translation

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.outbox import actions as outbox
from vardnav.outbox import selectors
from vardnav.outbox.rules import Template
from vardnav.outbox.selectors import Received
from vardnav.patients.models import Person
from vardnav.web.resident.messages import WORDS, worded

FACTS = {
    "clinic": "Ekens vårdcentral",
    "doctor": "Eva Berg",
    "starts_on": "2026-03-17",
    "ends_on": "2026-03-17",
    "expires_at": "2026-03-23T09:00:00+00:00",
    "unit": "Ekens vårdcentral",
    "opened_at": "2026-03-16T09:00:00+00:00",
}
FIELD = re.compile(r"{(\w+)}")


def message(template: Template, facts: dict[str, str]) -> Received:
    return Received(1, template, facts, make.NOW, is_new=True)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("template", list(Template))
def test_every_template_is_worded_in_both_languages(template: Template, language: str) -> None:
    with translation.override(language):
        words = worded(message(template, FACTS))
    assert words.title
    assert words.body
    assert "{" not in words.title + words.body
    assert "–" not in words.title + words.body


@pytest.mark.parametrize("template", list(Template))
def test_both_languages_tell_the_same_facts(template: Template) -> None:
    told = {language: set(FIELD.findall(words.title + words.body)) for language, words in WORDS[template].items()}
    assert told["sv"] == told["en"]
    assert told["sv"] <= set(FACTS)


def test_dates_are_written_as_people_write_them() -> None:
    words = worded(message(Template.OFFER_MADE, FACTS))
    assert words.body.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "Platsen är din om du tackar ja senast mån 23 mars kl. 10.00"
    )


def test_a_message_that_lacks_a_fact_is_still_shown() -> None:
    assert worded(message(Template.DOCTOR_NAMED, {})).title == "– är din läkare"


def test_messages_are_new_until_they_are_seen(astrid: Person, client: Client) -> None:
    outbox.send(Template.WELCOME, to=astrid.id, by=make.SYSTEM, now=make.NOW, clinic="Ekens vårdcentral")
    assert "Läs ditt nya meddelande" in text_of(client.get("/hem/"))
    assert "Välkommen till Ekens vårdcentral Nytt" in text_of(client.get("/meddelanden/"))
    assert selectors.unread(astrid.id) == 0
    assert "Du har inget att göra just nu" not in text_of(client.get("/meddelanden/"))
    assert "Läs ditt nya meddelande" not in text_of(client.get("/hem/"))


def test_messages_to_others_do_not_show(astrid: Person, client: Client) -> None:
    other = make.person("Annan Person")
    outbox.send(Template.WELCOME, to=other.id, by=make.SYSTEM, now=make.NOW, clinic="Hemliga vårdcentralen")
    assert "Hemliga" not in text_of(client.get("/meddelanden/")) + text_of(client.get("/hem/"))
