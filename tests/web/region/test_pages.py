"""What the planner reads on each page."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.web.region.conftest import text_of
from vardnav.kernel.actor import Actor, Role
from vardnav.listing.models import Cap
from vardnav.organisation.models import Unit
from vardnav.organisation.rules import CapacityParameters
from vardnav.parameters.actions import set_value

ADDRESSES = [
    "/laget/",
    "/laget/manader.csv",
    "/laget/definitioner/",
    "/laget/manad/2026-02/",
    "/regionen/vardcentraler/",
    "/regionen/vardcentraler.csv",
    "/regionen/vardcentraler.xlsx",
    "/regionen/karta/kommuner.json",
    "/regionen/karta/punkter.json",
    "/tak-och-beslut/",
    "/tak-och-beslut/nytt/",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", [Role.CLINIC_STAFF, Role.CLINIC_HEAD, Role.ADMINISTRATOR, None])
def test_the_desk_is_the_planners_alone(client: Client, planner: Actor, address: str, role: Role | None) -> None:
    who = make.resident(make.person("Astrid Exempelsson")) if role is None else make.staff(make.clinic(), role)
    make.log_in(client, who)
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_there(client: Client, clinics: dict[str, Unit], address: str) -> None:
    assert client.get(address).status_code == 200


def test_before_the_first_count_the_desk_says_so(client: Client, planner: Actor) -> None:
    for address in ("/laget/", "/regionen/vardcentraler/"):
        assert "Regionen är inte räknad än" in text_of(client.get(address))
    assert client.get("/regionen/vardcentraler.csv").status_code == 404
    assert client.get("/tak-och-beslut/").status_code == 200


def test_laget_begins_with_what_must_be_decided(client: Client, clinics: dict[str, Unit]) -> None:
    Cap.objects.create(
        clinic=clinics["Eken"],
        heads=25,
        starts_on=make.TODAY,
        ends_on=make.TODAY + timedelta(days=300),
        state="asked",
        asked_at=make.NOW - timedelta(days=4),
        asked_by="Mats Provholm",
    )
    text = text_of(client.get("/laget/"))
    assert "Ansökningar om listningstak äldsta från 12 mars 2026 1" in text
    assert "Vårdcentraler utan någon specialist Björkens vårdcentral, Alens vårdcentral 2" in text
    assert "Köer där ingen fått erbjudande på 30 dagar 1" in text  # three people: not told
    assert text.index("Att ta ställning till") < text.index("Mot målen")


def test_the_goals_are_told_with_their_parts(client: Client, clinics: dict[str, Unit]) -> None:
    text = text_of(client.get("/laget/"))
    assert "Har fast läkare 34,3 % Mål: minst 55 % Målet nås inte" in text
    assert "Listade per heltidsspecialist 35 Mål: högst 1 100 Målet nås" in text
    assert "Vårdcentraler över riktvärdet 66,7 % 2 av 3 vårdcentraler" in text
    assert "Listade vars fasta läkare har en anställning där som täcker dagen: 12" in text
    assert "Nämnare Listade den dagen: 35" in text


def test_the_goal_line_is_the_regions_own(client: Client, clinics: dict[str, Unit]) -> None:
    set_value(
        "ceiling",
        300,
        starts_on=make.LONG_AGO,
        source="Regionfullmäktige",
        known=(CapacityParameters,),
        by=make.SYSTEM,
        now=make.NOW,
    )
    page = client.get("/laget/")
    assert 'data-goal="300"' in page.content.decode()
    assert "Mål: högst 300 Målet nås" in text_of(page)


def test_a_month_is_told_against_the_month_before(client: Client, clinics: dict[str, Unit]) -> None:
    text = text_of(client.get("/laget/manad/2026-03/"))
    assert "Månaden är inte slut." in text
    assert "Listade 35 29" in text
    assert "Nya under månaden 6 0" in text
    assert "Månaden är inte slut." not in text_of(client.get("/laget/manad/2026-02/"))
    assert client.get("/laget/manad/2020-02/").status_code == 404
    assert client.get("/laget/manad/2026-13/").status_code == 404


def test_one_clinic_shows_its_doctors_against_capacity(client: Client, clinics: dict[str, Unit]) -> None:
    text = text_of(client.get(reverse("web:region_clinic", args=[clinics["Eken"].id])))
    assert "Eva Berg Specialistläkare 50 % – Listade" not in text
    assert "Eva Berg" in text
    assert "6 av 550" in text
    assert client.get(reverse("web:region_clinic", args=[999_999])).status_code == 404


def test_a_small_queue_is_not_told_anywhere(client: Client, clinics: dict[str, Unit]) -> None:
    """Three wait at Björken."""
    place = reverse("web:region_clinic", args=[clinics["Björken"].id])
    for address in ("/laget/", place, "/regionen/vardcentraler/?kolumner=alla", "/tak-och-beslut/"):
        assert "Står i kö 3" not in text_of(client.get(address))
    assert "Står i kö .." in text_of(client.get(place))
    assert "Längsta väntan .." in text_of(client.get(place))
    lines = client.get("/regionen/vardcentraler.csv").content.decode("utf-8-sig").splitlines()
    row = dict(zip(lines[0].split(";"), next(line for line in lines if "Björken" in line).split(";"), strict=True))
    assert (row["Kö"], row["Längsta väntan"], row["Medelväntan"]) == ("..", "..", "..")


def test_one_municipality_tells_of_those_who_live_there(client: Client, clinics: dict[str, Unit]) -> None:
    code = clinics["Alen"].municipality_id
    text = text_of(client.get(reverse("web:region_municipality", args=[code])))
    assert "Åre kommun" in text
    assert "6 invånare, 1 vårdcentraler" in text
    assert "Invånare som är listade 100,0 %" in text
    assert client.get(reverse("web:region_municipality", args=["0000"])).status_code == 404


def test_the_map_has_the_municipalities_and_the_clinics(client: Client, clinics: dict[str, Unit]) -> None:
    areas = json.loads(client.get("/regionen/karta/kommuner.json?indicator=named_share").content)
    (feature,) = areas["features"]  # the other has no boundary
    assert feature["properties"]["name"] == "Östersund"
    assert feature["properties"]["value"] == pytest.approx(41.38)
    assert feature["properties"]["label"] == "Har fast läkare: 41,4\N{NO-BREAK SPACE}%"
    points = json.loads(client.get("/regionen/karta/punkter.json").content)["features"]
    assert {point["properties"]["name"]: point["properties"]["status"] for point in points} == {
        "Ekens vårdcentral": "success",
        "Björkens vårdcentral": "neutral",
        "Alens vårdcentral": "neutral",
    }


def test_the_map_is_sent_once_for_each_count(client: Client, clinics: dict[str, Unit]) -> None:
    from vardnav.followup import actions

    address = "/regionen/karta/kommuner.json?indicator=named_share"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{address}&x=1", headers={"If-None-Match": '"old"'}).status_code == 200
    actions.take_snapshot(make.TODAY, by=make.SYSTEM, now=make.NOW + timedelta(minutes=10))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_map_has_its_table_on_the_same_page(client: Client, clinics: dict[str, Unit]) -> None:
    page = client.get("/regionen/vardcentraler/?karta=travel_median").content.decode()
    assert "data-map" in page
    assert "kommuner.json?indicator=travel_median" in page
    assert page.count('<tr class="row-link">') == 3


def test_old_figures_say_that_they_are_old(
    client: Client, planner: Actor, clinics: dict[str, Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Siffrorna är inte nya" not in text_of(client.get("/laget/"))
    monkeypatch.setattr("vardnav.web.clock.now", lambda: make.NOW + timedelta(hours=1))
    client.cookies.clear()  # no session lasts an idle hour
    make.log_in(client, planner)
    assert "Siffrorna är inte nya" in text_of(client.get("/laget/"))


def test_definitions_are_in_the_language_of_the_page(client: Client, clinics: dict[str, Unit]) -> None:
    assert "Listade delat med heltider" in text_of(client.get("/laget/definitioner/"))
    english = client.get("/laget/definitioner/", headers={"Accept-Language": "en"})
    assert "Listed divided by full-time specialists" in text_of(english)


@pytest.mark.parametrize(
    "address", ["/laget/", "/regionen/vardcentraler/?kolumner=alla", "/tak-och-beslut/", "/laget/manad/2026-03/"]
)
def test_a_page_asks_the_database_a_fixed_number_of_times(
    client: Client, clinics: dict[str, Unit], address: str, django_assert_max_num_queries: object
) -> None:
    client.get(address)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get(address)
