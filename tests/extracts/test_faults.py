"""Every fault is told with file, line, column, value and remedy, and nothing is written."""

# ruff: noqa: E501  a table of cases reads best in rows

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.extracts.conftest import (
    ASTRID,
    CHILD,
    CLINIC,
    DOCTOR,
    HOSPITAL,
    MARIA,
    NOW,
    NURSE,
    OTHER,
    PARENT,
    Bend,
    take_in,
)
from vardnav.extracts.actions import FaultyExtract
from vardnav.kernel.errors import Refusal
from vardnav.organisation.models import Region
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db
Rows = list[str]


def swap(old: str, new: str) -> Callable[[Rows], Rows]:
    def bend(rows: Rows) -> Rows:
        assert any(old in row for row in rows), old
        return [row.replace(old, new) for row in rows]

    return bend


def more(*lines: str) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows, *lines]


def without(column: str) -> Callable[[Rows], Rows]:
    def bend(rows: Rows) -> Rows:
        nr = rows[0].split(",").index(column)
        return [",".join(value for at, value in enumerate(row.split(",")) if at != nr) for row in rows]

    return bend


# table, what is bent, then: line, column, value, a part of the fault
CASES = {
    "a column is missing": ("areas", without("population"), 1, "population", "", "missing"),
    "a column is unknown": ("region", swap("hsa_id", "hsaid"), 1, "hsaid", "hsaid", "unknown column"),
    "a value is missing": ("areas", swap("Frösön", ""), 3, "name", "", "missing"),
    "not a number": ("areas", swap("1800", "18 00"), 3, "population", "18 00", "not a whole number"),
    "a decimal comma": ("areas", swap("1.05", '"1,05"'), 2, "care_need_index", "1,05", "not a number"),
    "out of bounds": ("areas", swap("63.17", "14.60"), 3, "latitude", "14.60", "out of bounds"),
    "not a day": ("units", swap("2010-01-01", "2010-02-30"), 3, "starts_on", "2010-02-30", "not a date"),
    "another way to write a day": ("units", swap("2010-01-01", "20100101"), 3, "starts_on", "20100101", "not a date"),
    "neither true nor false": ("residents", swap("true", "ja"), 4, "protected", "ja", "neither true nor false"),
    "not an instant": ("queue", swap("T08:00:00Z", " 08:00"), 2, "joined_at", "2026-10-01 08:00", "not an instant"),
    "an unknown word": ("units", swap("hospital_clinic", "clinik"), 4, "kind", "clinik", "unknown word"),
    "not an HSA-id": ("care_providers", swap("SE2321000214-0000", "SE232100-0000"), 2, "hsa_id", "SE232100-0000", "HSA-id"),
    "not languages": ("units", swap("en pl", "en;pl"), 2, "languages", "en;pl", "not languages"),
    "too long a code": ("areas", swap("2380-002", "2380-002-and-very-much-more"), 3, "code", None, "longer"),
    "not an identity number": ("residents", swap(ASTRID, "8403149928"), 2, "personal_number", "8403149928", "identity number"),
    "a day that is not": ("residents", swap(ASTRID, "198402309928"), 2, "personal_number", "198402309928", "no such day"),
    "a wrong check digit": ("residents", swap(ASTRID, "198403149929"), 2, "personal_number", "198403149929", "check digit"),
    "another birthday": ("residents", swap("1984-03-14", "1984-03-15"), 2, "birth_date", "1984-03-15", "contradicts"),
    "another sex": ("residents", swap("1984-03-14,female", "1984-03-14,male"), 2, "sex", "male", "contradicts"),
    "died before birth": ("residents", swap("1.25,false,", "1.25,false,1950-01-01"), 2, "deceased_on", "1950-01-01", "before the birth"),
    "no burden": ("residents", swap("1.25", "0"), 2, "burden", "0", "out of bounds"),
    "the same person twice": ("residents", lambda rows: [*rows, rows[1]], 6, "personal_number", ASTRID, "there already"),
    "an unknown area": ("residents", swap("2380-001,Provgatan", "2380-009,Provgatan"), 2, "area_code", "2380-009", "not found in areas"),
    "more than full time": ("employments", swap("0.80", "1.80"), 3, "share", "1.80", "out of bounds"),
    "work at an unknown unit": ("employments", swap(f"{NURSE},{CLINIC}", f"{NURSE},SE1-X"), 2, "unit_hsa_id", "SE1-X", "not an HSA-id"),
    "work at a unit that is not there": (
        "employments", swap(f"{NURSE},{CLINIC}", f"{NURSE},{CLINIC}9"), 2, "unit_hsa_id", f"{CLINIC}9", "not found in units",
    ),
    "the same work twice": (
        "employments", more(f"{DOCTOR},{CLINIC},specialist,2020-01-01,,0.20,0,"), 4, "starts_on", "2020-01-01", "overlaps the period on line 3",
    ),
    "a guardian younger than the child": (
        "guardians", swap(f"{CHILD},{PARENT}", f"{PARENT},{CHILD}"), 2, "guardian_personal_number", CHILD, "not older",
    ),
    "an unknown guardian": (
        "guardians", more(f"{CHILD},20000101R001,2019-05-11,"), 3, "guardian_personal_number", "20000101R001", "not found in residents",
    ),
    "a period that ends first": ("listings", swap("2023-01-15,chosen", "2014-01-15,chosen"), 2, "ends_on", "2014-01-15", "ends before"),
    "two clinics at a time": (
        "listings", swap(f"{OTHER},2023-01-15", f"{OTHER},2023-02-15"), 3, "starts_on", "2023-01-15", "overlaps the period on line 2",
    ),
    "two clinics without an end": (
        "listings", more(f"{MARIA},2025-01-01,{OTHER},,chosen"), 6, "starts_on", "2025-01-01", "overlaps the period on line 4",
    ),
    "listed with a hospital": (
        "listings", more(f"{CHILD},2025-01-01,{HOSPITAL},,chosen"), 6, "unit_hsa_id", HOSPITAL, "not a clinic",
    ),
    "a doctor who is a nurse": (
        "named_doctors", more(f"{PARENT},2025-01-01,{CLINIC},{NURSE},,"), 4, "professional_hsa_id", NURSE, "not a doctor",
    ),
    "a doctor of another clinic": (
        "named_doctors", more(f"{PARENT},2025-01-01,{OTHER},{DOCTOR},2026-01-01,"), 4, "professional_hsa_id", DOCTOR, "no employment",
    ),
    "a doctor where one is not listed": (
        "named_doctors", more(f"{CHILD},2025-01-01,{CLINIC},{DOCTOR},,"), 4, "unit_hsa_id", CLINIC, "not listed",
    ),
    "a cap on a hospital": ("caps", more(f"{HOSPITAL},2026-01-01,5,2027-01-01,"), 3, "unit_hsa_id", HOSPITAL, "not a clinic"),
    "two caps at a time": ("caps", more(f"{OTHER},2027-01-01,5,2028-01-01,"), 3, "starts_on", "2027-01-01", "overlaps"),
    "a cap for nobody": ("caps", swap(",100,", ",0,"), 2, "heads", "0", "out of bounds"),
    "a queue where there is room": (
        "queue", more(f"{ASTRID},{CLINIC},2026-10-01T08:00:00Z,0"), 3, "unit_hsa_id", CLINIC, "no limit today",
    ),
    "waiting where one is listed": (
        "listings", more(f"{CHILD},2025-01-01,{OTHER},,chosen"), 2, "unit_hsa_id", OTHER, "listed with that clinic already",
    ),
    "a second region": ("region", more("20,Region Dalarna,SE2321000180-0000"), 3, "code", "20", "a region too many"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_where_it_stands(tiny: Bend, case: str) -> None:
    table, bend, line, column, value, says = CASES[case]
    with pytest.raises(FaultyExtract) as refused:
        take_in(tiny(**{table: bend}))
    faults = refused.value.faults.table()
    here = faults.filter(pl.col("fault").str.contains(says, literal=True), pl.col("line") == line)
    assert here.height == 1, faults.to_dicts()
    row = here.row(0, named=True)
    assert row["column"] == column
    assert value is None or row["value"] == value
    assert row["file"] == ("queue.csv" if case == "waiting where one is listed" else f"{table}.csv")
    assert row["remedy"].endswith((".", ")."))
    assert not Region.objects.exists(), "nothing is written"
    assert str(refused.value).endswith("nothing was written to the database.")


def test_all_faults_are_told_at_once(tiny: Bend, tmp_path: Path) -> None:
    folder = tiny(areas=swap("1800", "x"), units=swap("2010-01-01", "y"), queue=swap(",0", ",-1"))
    with pytest.raises(FaultyExtract) as refused:
        take_in(folder)
    refused.value.faults.write(tmp_path / "report.csv")
    assert (tmp_path / "report.csv").read_text().splitlines() == [
        "file,line,column,value,fault,remedy",
        "areas.csv,3,population,x,not a whole number,Write a whole number with digits only.",
        "units.csv,3,starts_on,y,not a date,Write the date as YYYY-MM-DD.",
        "queue.csv,2,priority_class,-1,out of bounds,Write a value between 0 and 100.",
    ]


@pytest.mark.parametrize(
    ("name", "content", "says", "line"),
    [
        ("region.csv", b"code,name,hsa_id\n23,Region X, Y,SE1-1\n", "more fields", 2),
        ("caps.csv", b"unit_hsa_id,starts_on,heads,ends_on,decision\n\n\xff\xfe,,,,\n", "utf-8", 3),
        ("rooms.csv", b"a\n1\n", "unknown table", 0),
        ("areas.parquet", b"not parquet", "twice", 0),
    ],
)
def test_a_broken_file_is_told(tiny: Bend, name: str, content: bytes, says: str, line: int) -> None:
    folder = tiny()
    (folder / name).write_bytes(content)
    with pytest.raises(FaultyExtract) as refused:
        take_in(folder)
    told = refused.value.faults.table().filter(pl.col("file").str.starts_with(name.split(".")[0]))
    assert [row["line"] for row in told.to_dicts() if says in row["fault"].lower()] == [line], told.to_dicts()


def test_a_missing_folder_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no folder"):
        take_in(tmp_path / "nowhere")
    with pytest.raises(Refusal, match="no table"):
        take_in(tmp_path)


def test_an_overlap_with_the_database_is_a_fault(tiny: Bend) -> None:
    take_in(tiny())
    with pytest.raises(FaultyExtract) as refused:
        take_in(
            tiny(
                listings=lambda rows: [rows[0], f"{ASTRID},2024-01-01,{OTHER},,chosen"], named_doctors=lambda rows: None
            )
        )
    row = refused.value.faults.table().row(0, named=True)
    assert (row["line"], row["fault"]) == (2, "overlaps a period in the database")


def test_another_region_is_refused(tiny: Bend) -> None:
    take_in(tiny())
    with pytest.raises(FaultyExtract) as refused:
        take_in(tiny(region=swap("23,", "20,")))
    assert refused.value.faults.table()["fault"].to_list() == ["the database serves another region"]


def test_the_first_import_needs_the_region(tiny: Bend) -> None:
    with pytest.raises(FaultyExtract) as refused:
        take_in(tiny(region=lambda rows: None))
    assert "the table is missing" in refused.value.faults.table()["fault"].to_list()


def test_a_cap_that_has_run_out_lets_nobody_wait(tiny: Bend) -> None:
    with pytest.raises(FaultyExtract) as refused:
        take_in(tiny(), NOW + timedelta(days=200))
    assert refused.value.faults.table()["fault"].to_list() == ["the clinic has no limit today"]


def test_references_may_lead_into_the_database(tiny: Bend) -> None:
    take_in(tiny())
    folder = tiny()
    for table in ("units", "residents", "professionals", "areas"):
        (folder / f"{table}.csv").unlink()
    assert take_in(folder).rows == 0
    assert Person.objects.count() == 4
