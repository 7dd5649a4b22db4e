"""Finding a clinic: by name, place, language, room, queue and travel time; for anybody."""

import pytest
from django.test import Client

from tests import factories as make
from tests.web.resident.conftest import text_of
from vardnav.audit.models import Line
from vardnav.organisation.models import Unit
from vardnav.patients.models import Person


@pytest.fixture
def clinics(db: None) -> dict[str, Unit]:
    make.region()
    ostersund = make.municipality("Östersund", "2380", latitude=63.18, longitude=14.64)
    are = make.municipality("Åre", "2321", latitude=63.40, longitude=13.08)
    return {
        "near": make.clinic("Ekens vårdcentral", municipality=ostersund, languages=["ar"]),
        "far": make.clinic("Åre hälsocentral", municipality=are, languages=["fi"]),
        "full": make.full_clinic("Fulla vårdcentralen", municipality=ostersund),
    }


def names(client: Client, query: str = "") -> list[str]:
    return [row.name for row in client.get(f"/hitta-vardcentral/?{query}").context["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=åre", {"Åre hälsocentral"}),
        ("q=ÖSTERSUND", {"Ekens vårdcentral", "Fulla vårdcentralen"}),
        ("q=ekens+vårdcentral", {"Ekens vårdcentral"}),
        ("sprak=fi", {"Åre hälsocentral"}),
        ("plats=on", {"Ekens vårdcentral", "Åre hälsocentral"}),
        ("q=finns+inte", set()),
        ("sprak=xx&fran=9999&ordning=hej", {"Ekens vårdcentral", "Åre hälsocentral", "Fulla vårdcentralen"}),
    ],
)
def test_filters(clinics: dict[str, Unit], client: Client, query: str, found: set[str]) -> None:
    assert set(names(client, query)) == found


def test_nobody_logged_in_finds_clinics_by_name_and_from_a_municipality(
    clinics: dict[str, Unit], client: Client
) -> None:
    assert names(client) == ["Ekens vårdcentral", "Fulla vårdcentralen", "Åre hälsocentral"]
    assert names(client, "fran=2321")[0] == "Åre hälsocentral"
    assert "Logga in och välj" in text_of(client.get(f"/vardcentraler/{clinics['near'].id}/"))
    assert not Line.objects.exists()


def test_a_resident_sees_travel_time_from_home(clinics: dict[str, Unit], client: Client) -> None:
    person = make.person(home=make.area(make.municipality("Åre", "2321"), latitude=63.40, longitude=13.08))
    make.log_in(client, person)
    assert names(client)[0] == "Åre hälsocentral"
    assert "Ungefär 3 min med bil hemifrån" in text_of(client.get(f"/vardcentraler/{clinics['far'].id}/"))
    assert Line.objects.filter(kind="patients.home.read", patient_id=person.id).exists()


def test_with_protected_identity_nothing_is_reckoned_from_home(clinics: dict[str, Unit], client: Client) -> None:
    make.log_in(client, make.person(protected=True))
    page = client.get("/hitta-vardcentral/")
    assert all(row.minutes is None for row in page.context["rows"])
    points = client.get("/hitta-vardcentral/vardcentraler.geojson").json()["features"]
    assert {one["properties"]["label"] for one in points} == {"Har plats", "Full"}
    assert client.get("/hitta-vardcentral/?fran=2321").context["rows"][0].minutes is not None


def test_the_queue_orders_the_list(clinics: dict[str, Unit], client: Client) -> None:
    make.queued(make.person(), clinics["full"])
    assert names(client, "ordning=queue")[-1] == "Fulla vårdcentralen"
    assert "1 står i kö" in text_of(client.get("/hitta-vardcentral/"))


def test_the_map_has_the_clinics_of_the_list(clinics: dict[str, Unit], client: Client) -> None:
    found = client.get("/hitta-vardcentral/vardcentraler.geojson?q=ekens").json()["features"]
    assert [one["properties"]["name"] for one in found] == ["Ekens vårdcentral"]
    assert found[0]["properties"]["status"] == "success"
    assert found[0]["properties"]["href"] == f"/vardcentraler/{clinics['near'].id}/"


def test_the_maps_ground_may_be_kept_by_the_browser(clinics: dict[str, Unit], client: Client) -> None:
    make.municipality("Krokom", "2309", boundary={"type": "Polygon", "coordinates": []})
    answer = client.get("/hitta-vardcentral/kommuner.geojson")
    assert [one["properties"]["name"] for one in answer.json()["features"]] == ["Krokom"]
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_a_long_list_shows_twenty_and_then_more(db: None, client: Client) -> None:
    for number in range(25):
        make.clinic(f"Vårdcentral {number:02}")
    first = client.get("/hitta-vardcentral/?q=vårdcentral")
    assert len(first.context["rows"]) == 20
    assert "visa=40" in first.context["more"]
    assert len(client.get(f"/hitta-vardcentral/?{first.context['more']}").context["rows"]) == 25


def test_the_clinics_page_tells_doctors_room_languages_and_queue(clinics: dict[str, Unit], client: Client) -> None:
    make.doctor(clinics["near"], "Eva Berg", languages=["ar"])
    make.doctor(clinics["near"], "Anders Ek", heads=1100)
    words = text_of(client.get(f"/vardcentraler/{clinics['near'].id}/"))
    assert "Eva Berg Specialistläkare. Talar också arabiska Har plats" in words
    assert "Anders Ek Specialistläkare Fullt" in words
    assert "1 av 2 har plats för fler" in words
    assert "svenska, arabiska" in words


def test_staff_may_look_and_not_choose(clinics: dict[str, Unit], client: Client) -> None:
    make.log_in(client, make.staff(clinics["near"]))
    assert names(client)
    words = text_of(client.get(f"/vardcentraler/{clinics['near'].id}/"))
    assert "Har plats" in words
    assert "Välj den här" not in words


def test_one_who_is_listed_or_waits_there_is_told_so(clinics: dict[str, Unit], astrid: Person, client: Client) -> None:
    make.listed(astrid, clinics["near"])
    make.queued(astrid, clinics["full"])
    assert "Det här är vårdcentralen nu" in text_of(client.get(f"/vardcentraler/{clinics['near'].id}/"))
    assert "I kö hit" in text_of(client.get(f"/vardcentraler/{clinics['full'].id}/"))
