from datetime import date

import pytest
from django.test import Client

from tests import factories
from tests.api.conftest import World
from vardnav.audit.models import Line

Headers = dict[str, str]
UNITS = "/api/v1/organisation/units"


def test_the_region_tells_its_name(client: Client, world: World, reader: Headers) -> None:
    assert client.get("/api/v1/organisation/region", headers=reader).json()["name"] == "Region Exempel"


def test_without_a_region_there_is_nothing_to_tell(client: Client, db: None, reader: Headers) -> None:
    answer = client.get("/api/v1/organisation/region", headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_units_are_found_by_kind_and_municipality(client: Client, world: World, reader: Headers) -> None:
    elsewhere = factories.unit("Åre HC", municipality=factories.municipality("Åre", code="2321"))
    found = client.get(UNITS, {"kind": "clinic", "municipality": "2321"}, headers=reader).json()
    assert [one["hsa_id"] for one in found["items"]] == [elsewhere.hsa_id]
    assert found["next"] is None
    kinds = {one["kind"] for one in client.get(UNITS, {"kind": "region_office"}, headers=reader).json()["items"]}
    assert kinds == {"region_office"}


def test_changed_units_are_those_that_open_or_close_since(client: Client, world: World, reader: Headers) -> None:
    closed = factories.unit("Stängda", ends_on=date(2026, 2, 1))
    found = client.get(UNITS, {"changed": "2026-01-01"}, headers=reader).json()["items"]
    assert [one["hsa_id"] for one in found] == [closed.hsa_id]
    assert closed.hsa_id not in [one["hsa_id"] for one in client.get(UNITS, headers=reader).json()["items"]]


def test_following_next_gives_every_unit_once(client: Client, world: World, reader: Headers) -> None:
    wanted = sorted([factories.unit(f"Enhet {n}").hsa_id for n in range(7)])
    wanted = sorted({*wanted, world.room.hsa_id, world.full.hsa_id})
    seen, address = [], f"{UNITS}?kind=clinic&limit=2"
    while address:
        page = client.get(address, headers=reader).json()
        seen += [one["hsa_id"] for one in page["items"]]
        address = page["next"]
    assert seen == wanted


def test_an_unchanged_list_is_not_sent_again(client: Client, world: World, reader: Headers) -> None:
    first = client.get(UNITS, headers=reader)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(UNITS, headers={**reader, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    factories.unit("Ny")
    assert client.get(UNITS, headers={**reader, "If-None-Match": first["ETag"]}).status_code == 200


def test_one_unit_is_shown_whole(client: Client, world: World, reader: Headers) -> None:
    found = client.get(f"{UNITS}/{world.room.hsa_id}", headers=reader).json()
    assert found["care_provider"]["form"] == "region"
    assert found["municipality"]["name"] == "Östersund"
    assert client.get(f"{UNITS}/{world.room.hsa_id.lower().replace('se', 'SE')}", headers=reader).status_code == 200


def test_a_unit_that_is_not_there_is_named(client: Client, world: World, reader: Headers) -> None:
    answer = client.get(f"{UNITS}/SE5599990009-NIX", headers=reader)
    assert (answer.status_code, answer.json()["facts"]) == (404, {"hsa_id": "SE5599990009-NIX"})


def test_doctors_stand_with_capacity_and_heads_and_no_patient(client: Client, world: World, reader: Headers) -> None:
    factories.listed(world.astrid, world.room)
    factories.named(world.astrid, world.doctor, world.room)
    found = client.get(f"{UNITS}/{world.room.hsa_id}/doctors", headers=reader)
    assert found.json()["items"] == [
        {
            "hsa_id": world.doctor.hsa_id,
            "name": "Eva Berg",
            "role": "specialist",
            "capacity": 1100,
            "heads": 11,
            "burden": 11.0,
            "ends_on": None,
        }
    ]
    assert world.astrid.personal_number not in found.content.decode()
    assert not Line.objects.filter(patient_id__isnull=False).exists()


def test_an_office_has_no_panel(client: Client, world: World, reader: Headers) -> None:
    assert client.get(f"{UNITS}/{world.office.hsa_id}/doctors", headers=reader).status_code == 404


@pytest.mark.parametrize(
    ("query", "field", "remedy"),
    [
        ({"kind": "moon"}, "kind", "Use one of"),
        ({"limit": "0"}, "limit", "Write 1 or more."),
        ({"limit": "9999"}, "limit", "Write 200 or less."),
        ({"limit": "många"}, "limit", "Write a whole number."),
        ({"changed": "i går"}, "changed", "ÅÅÅÅ-MM-DD"),
        ({"municipality": "Åre"}, "municipality", "in the form of the example"),
        ({"after": "x" * 41}, "after", "at most 40"),
        ({"after": "\0"}, "after", "in the form of the example"),
    ],
)
def test_a_query_that_does_not_fit_names_field_value_and_remedy(
    client: Client, world: World, reader: Headers, query: dict[str, str], field: str, remedy: str
) -> None:
    answer = client.get(UNITS, query, headers=reader)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert error["value"] == query[field]
    assert remedy in error["remedy"]
