"""Pages for anybody: help with the region's own values, privacy, accessibility, about."""

from datetime import date

import pytest
from django.test import Client

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.listing.rules import ListingParameters
from vardnav.parameters.actions import set_value
from vardnav.web.public.views import TOPICS


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/tillganglighet/", "/om/", "/dina-uppgifter/", "/hjalp/"])
def test_anybody_may_read(client: Client, address: str) -> None:
    make.region("Region Exempel")
    answer = client.get(address)
    assert answer.status_code == 200
    assert "<h1>" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("topic", list(TOPICS))
def test_every_help_topic_has_a_text(client: Client, topic: str) -> None:
    answer = client.get(f"/hjalp/{topic}/")
    assert answer.status_code == 200
    assert len(text_of(answer)) > 400


@pytest.mark.django_db
def test_an_unknown_topic_is_not_found(client: Client) -> None:
    assert client.get("/hjalp/nagot-annat/").status_code == 404


@pytest.mark.django_db
def test_help_tells_the_regions_own_values(client: Client) -> None:
    set_value(
        "max_changes",
        3,
        starts_on=date(2020, 1, 1),
        source="RF 2020/1",
        known=(ListingParameters,),
        by=make.SYSTEM,
        now=make.NOW,
    )
    assert "Högst 3 gånger på 12 månader" in text_of(client.get("/hjalp/vardcentral/"))


@pytest.mark.django_db
def test_the_accessibility_statement_has_a_way_to_complain(client: Client) -> None:
    page = client.get("/tillganglighet/")
    assert "Säg till om något inte fungerar" in text_of(page)
    assert "https://www.digg.se/tdosanmalan" in page.content.decode()
