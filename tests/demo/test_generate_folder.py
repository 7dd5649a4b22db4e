"""A region on real places: Dalarna where its files are, and folders with faults."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from vardnav.demo import generate

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[2]
DALARNA = Path(os.environ.get("VARDNAV_SHARED_DATA", ROOT.parent / "shared" / "data")) / "dalarna"
here = pytest.mark.skipif(not DALARNA.is_dir(), reason=f"the files of Dalarna are not at {DALARNA}")

AREAS = "code,name,population\n2080R001,Falun (Vika),900\n2080R002,Falun (Hosjö),800\n2081R001,Borlänge (Romme),700\n"
POINTS = (
    "point,clinic,operator,class,latitude,longitude,municipality\n"
    "Falu lasarett,,Offentlig,Sjukhus,60.6087,15.6443,Falun\n"
    "Vårdcentral Ett,Vårdcentral Ett,Offentlig,Vårdcentral,60.61,15.63,Falun\n"
    "Vårdcentral Två,Vårdcentral Två,Offentlig,Vårdcentral,60.60,15.66,Falun\n"
    "Vårdcentral Tre,Vårdcentral Tre,Privat,Vårdcentral,60.62,15.60,Falun\n"
    "I mobilen,I mobilen,Offentlig,NULL,60.62,15.60,Region Dalarna\n"
)


@pytest.fixture(scope="module")
def dalarna(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dalarna")
    generate.region(generate.find(str(DALARNA), today=TODAY), out, lambda what, share: None)
    return out


@here
def test_dalarna_has_its_areas_and_people(dalarna: Path) -> None:
    areas = pl.read_parquet(dalarna / "areas.parquet")
    assert len(areas) == 119
    assert areas["population"].sum() == len(pl.read_parquet(dalarna / "residents.parquet")) == 288_387
    assert areas["care_need_index"].is_between(0.2, 5).all()
    järna = areas.filter(pl.col("name") == "Vansbro (Dala-Järna)").row(0, named=True)
    assert järna["latitude"] == pytest.approx(60.55, abs=0.03)


@here
def test_dalarna_has_its_points_of_care(dalarna: Path) -> None:
    units = pl.read_parquet(dalarna / "units.parquet")
    särna = units.filter(pl.col("name") == "Vårdcentral Särna").row(0, named=True)
    assert (särna["latitude"], särna["longitude"]) == (61.69134, 13.12466)
    clinics = units.filter(pl.col("kind") == "clinic", pl.col("ends_on").is_null())
    assert clinics["municipality_code"].n_unique() == 15
    assert 30 <= len(clinics) <= 36
    hospitals = units.filter(pl.col("kind") == "hospital_clinic")["name"]
    assert any("Falu Lasarett" in name for name in hospitals)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "regso.csv").write_text(AREAS, encoding="utf-8")
    (tmp_path / "service_points.csv").write_text(POINTS, encoding="utf-8")
    return tmp_path


def test_a_folder_of_ones_own_is_enough(folder: Path, tmp_path: Path) -> None:
    generate.region(generate.find(str(folder), today=TODAY), tmp_path / "out", lambda what, share: None)
    units = pl.read_parquet(tmp_path / "out" / "units.parquet").filter(pl.col("kind") == "clinic")
    assert units["name"].to_list() == [
        "Vårdcentral Ett", "Vårdcentral Två", "Vårdcentral Tre", "Borlänges vårdcentral",
    ]  # fmt: skip
    assert len(pl.read_parquet(tmp_path / "out" / "residents.parquet")) == 2400


FAULTS = [
    ("regso.csv", "900", "many", "regso.csv, line 2, column population: 'many' is not a number."),
    ("regso.csv", "900", "-1", "regso.csv, line 2, column population: '-1' is not between"),
    ("regso.csv", "2081R001", "9981R001", "regso.csv, line 4, column code: '9981R001' does not begin"),
    ("regso.csv", "2081R001", "0180R001", "spans the counties 01, 20"),
    ("regso.csv", "population", "people", "regso.csv: has no column population."),
    ("service_points.csv", "60.6087", "6.06", "service_points.csv, line 2, column latitude: '6.06'"),
    ("service_points.csv", "15.66,Falun", "15.66,Oz", "service_points.csv, line 4, column municipality: 'Oz'"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "message"), FAULTS)
def test_a_fault_is_named_with_file_line_and_column(
    folder: Path, file: str, right: str, wrong: str, message: str
) -> None:
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(generate.UnknownRegion) as refusal:
        generate.find(str(folder), today=TODAY)
    assert message in str(refusal.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "service_points.csv").unlink()
    with pytest.raises(generate.UnknownRegion, match=r"service_points\.csv: is not in"):
        generate.find(str(folder), today=TODAY)
