"""The table of clinics: filter, order, files."""

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests import factories as make
from tests.web.region.conftest import text_of
from vardnav.followup import actions as followup
from vardnav.organisation.models import Unit

ALEN, BJORKEN, EKEN = "Alens vårdcentral", "Björkens vårdcentral", "Ekens vårdcentral"


def names(client: Client, query: str) -> list[str]:
    """The clinics of the table, and of the file with the same address."""
    lines = client.get(f"/regionen/vardcentraler.csv?{query}").content.decode("utf-8-sig")
    found = [row["Vårdcentral"] for row in csv.DictReader(io.StringIO(lines), delimiter=";")]
    page = client.get(f"/regionen/vardcentraler/?{query}").content.decode()
    places = [page.find(f'">{name}</a>') for name in found]
    assert places == sorted(places)
    assert page.count('<tr class="row-link">') == len(found)
    return found


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("sort=name", [ALEN, BJORKEN, EKEN]),
        ("sort=-name", [EKEN, BJORKEN, ALEN]),
        ("sort=-listed", [EKEN, BJORKEN, ALEN]),
        ("sort=listed", [ALEN, BJORKEN, EKEN]),
        ("", [ALEN, BJORKEN, EKEN]),  # without specialists first: no figure is worse
        ("sort=listed_per_specialist", [EKEN, ALEN, BJORKEN]),
        ("sort=-named_share", [EKEN, ALEN, BJORKEN]),
        ("sort=nonsense", [ALEN, BJORKEN, EKEN]),
        ("q=björk", [BJORKEN]),
        ("q=åre", [ALEN]),
        ("vardgivare=Vårdgivare private", [BJORKEN]),
        ("urval=tak", [BJORKEN]),
        ("urval=ko", [BJORKEN]),
        ("urval=utan-specialist&sort=name", [ALEN, BJORKEN]),
        ("urval=over&sort=name", [ALEN, BJORKEN]),
        ("urval=fast-lakare&sort=name", [ALEN, BJORKEN]),
        ("urval=nonsense&sort=name", [ALEN, BJORKEN, EKEN]),
        ("q=finns-inte", []),
    ],
)
def test_the_address_says_which_and_in_what_order(
    client: Client, clinics: dict[str, Unit], query: str, wanted: list[str]
) -> None:
    assert names(client, query) == wanted


def test_the_municipality_filters(client: Client, clinics: dict[str, Unit]) -> None:
    assert names(client, f"kommun={clinics['Alen'].municipality_id}") == [ALEN]


def test_what_is_hidden_has_no_place_in_the_order(client: Client, clinics: dict[str, Unit]) -> None:
    """Three wait at Björken and nobody elsewhere: sorting by the queue must not say so."""
    assert names(client, "sort=-queue")[-1] == BJORKEN
    assert names(client, "sort=queue")[-1] == BJORKEN


def test_the_region_and_the_goal_stand_under_the_table(client: Client, clinics: dict[str, Unit]) -> None:
    text = text_of(client.get("/regionen/vardcentraler/"))
    assert "Hela regionen 35 35" in text
    assert "Mål ≤ 1 100 ≥ 55 %" in text
    assert "Urvalet 20 20" in text_of(client.get("/regionen/vardcentraler/?q=eken"))


def test_excel_has_what_is_filtered_and_what_it_means(client: Client, clinics: dict[str, Unit]) -> None:
    response = client.get("/regionen/vardcentraler.xlsx?q=eken&sort=name")
    assert response["Content-Disposition"] == 'attachment; filename="vardcentraler-2026-03-16.xlsx"'
    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Vårdcentraler", "Definitioner", "Om uppgifterna"]
    rows = list(book["Vårdcentraler"].iter_rows(values_only=True))
    eken = dict(zip(rows[0], rows[1], strict=True))
    assert (eken["Vårdcentral"], eken["Listade"], eken["Per specialist"], eken["Fast läkare"]) == (EKEN, 20, 20, 0.6)
    assert rows[2][1] is None
    assert rows[3][1] == "Hela regionen"
    definitions = {row[0]: row for row in book["Definitioner"].iter_rows(values_only=True)}
    assert definitions["Listade per heltidsspecialist"][5].startswith("Mål: högst 1")
    assert set(rows[0][5:]) - {"Tak", "Lediga platser"} <= {said for said in _shorts() if said}, (
        "every column has its definition"
    )
    about = dict(row[:2] for row in book["Om uppgifterna"].iter_rows(values_only=True))
    assert about["Sökord"] == "eken"
    assert about["Region"] == "Region Exempel"


def _shorts() -> set[str]:
    from vardnav.followup.rules import INDICATORS

    return {one.short.sv for one in INDICATORS}


def test_a_name_is_never_a_formula(client: Client, clinics: dict[str, Unit]) -> None:
    Unit.objects.filter(id=clinics["Eken"].id).update(name='=HYPERLINK("http://x")')
    lines = client.get("/regionen/vardcentraler.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in lines
    book = load_workbook(io.BytesIO(client.get("/regionen/vardcentraler.xlsx").content))
    cell = next(cell for row in book["Vårdcentraler"].iter_rows() for cell in row if "HYPERLINK" in str(cell.value))
    assert cell.data_type == "s"


def test_small_numbers_are_hidden_in_files_and_not_to_be_had_by_subtraction(
    client: Client, clinics: dict[str, Unit]
) -> None:
    """Six new at Eken, three more at Björken: both are hidden, the region is told."""
    for number in range(3):
        make.listed(make.person(f"Ny P{number}"), clinics["Björken"], since=make.TODAY.replace(day=3))
    followup.take_snapshot(make.TODAY, by=make.SYSTEM, now=make.NOW)
    lines = client.get("/regionen/vardcentraler.csv?sort=name").content.decode("utf-8-sig")
    rows = {row["Vårdcentral"]: row for row in csv.DictReader(io.StringIO(lines), delimiter=";")}
    assert [rows[name]["Nya"] for name in (ALEN, BJORKEN, EKEN)] == ["0", "..", ".."]
    part = client.get("/regionen/vardcentraler.csv?q=eken").content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(part), delimiter=";"))["Nya"] == ".."  # nor by filtering


def test_the_months_of_a_chart_are_a_file(client: Client, clinics: dict[str, Unit]) -> None:
    for address in (
        "/laget/manader.csv",
        f"/regionen/vardcentraler/{clinics['Eken'].id}/manader.csv",
        f"/regionen/vardcentraler/kommun/{clinics['Eken'].municipality_id}/manader.csv",
    ):
        text = client.get(address).content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert [row["Dag"] for row in rows][-2:] == ["2026-02-28", "2026-03-16"]
        assert len(rows) == 7
    assert client.get("/regionen/vardcentraler/999999/manader.csv").status_code == 404
    assert client.get("/regionen/vardcentraler/kommun/0000/manader.csv").status_code == 404
