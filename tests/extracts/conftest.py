"""A tiny region as CSV, written down by hand: every test bends a copy of it."""

# ruff: noqa: E501  rows stay rows

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from vardnav.extracts import actions
from vardnav.kernel.actor import system

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BY = system("test")
CLINIC, OTHER, HOSPITAL = "SE2321000214-A1001", "SE2321000214-A1002", "SE2321000214-S1001"
DOCTOR, NURSE = "SE5599990009-DEMO3", "SE5599990009-DEMO1"
ASTRID, MARIA, PARENT, CHILD = "198403149928", "199111309861", "198806029941", "201905119945"

TINY = {
    "region": """
        code,name,hsa_id
        23,Region Jämtland Härjedalen,SE2321000214-0000""",
    "municipalities": """
        code,name,county_code,population,latitude,longitude
        2380,Östersund,23,64000,63.18,14.64""",
    "areas": """
        code,name,municipality_code,population,latitude,longitude,care_need_index
        2380-001,Östersund (centrum),2380,2000,63.18,14.64,1.05
        2380-002,Frösön,2380,1800,63.17,14.6,""",
    "care_providers": """
        hsa_id,name,form
        SE2321000214-0000,Region Jämtland Härjedalen,region""",
    "units": f"""
        hsa_id,name,kind,care_provider_hsa_id,municipality_code,address,postal_code,city,latitude,longitude,phone,languages,starts_on,ends_on
        {CLINIC},Östersunds hälsocentral,clinic,SE2321000214-0000,2380,Provgatan 1,831 30,Östersund,63.18,14.64,,en pl,2008-04-01,
        {OTHER},"Frösö hälsocentral, Frösön",clinic,SE2321000214-0000,2380,,,,63.17,14.6,,,2010-01-01,
        {HOSPITAL},Medicinkliniken,hospital_clinic,SE2321000214-0000,2380,,,,63.17,14.62,,,2005-01-01,""",
    "professionals": f"""
        hsa_id,first_name,last_name,birth_year,sex,profession,specialty,languages
        {NURSE},Sofia,Exempelgren,1985,female,nurse,,
        {DOCTOR},Helena,Demoström,1973,female,doctor,general_medicine,de""",
    "employments": f"""
        professional_hsa_id,unit_hsa_id,role,starts_on,ends_on,share,duties_share,training_started_on
        {NURSE},{CLINIC},staff,2015-01-01,,1.00,0.00,
        {DOCTOR},{CLINIC},specialist,2012-09-01,,0.80,0.10,""",
    "residents": f"""
        personal_number,first_name,last_name,birth_date,sex,area_code,address,postal_code,city,phone,email,household,burden,protected,deceased_on
        {ASTRID},Astrid,Exempelsson,1984-03-14,female,2380-001,Provgatan 2,831 30,Östersund,,,1,1.25,false,
        {PARENT},Johanna,Provberg,1988-06-02,female,2380-002,Provgatan 3,832 30,Frösön,,johanna@example.se,2,0.70,false,
        {MARIA},Maria,Testgren,1991-11-30,female,2380-001,Hemliga gatan 4,831 30,Östersund,070-174 06 08,,3,0.64,true,
        {CHILD},Elsa,Provberg,2019-05-11,female,2380-002,Provgatan 3,832 30,Frösön,,,2,0.55,false,""",
    "guardians": f"""
        child_personal_number,guardian_personal_number,starts_on,ends_on
        {CHILD},{PARENT},2019-05-11,""",
    "listings": f"""
        personal_number,starts_on,unit_hsa_id,ends_on,origin
        {ASTRID},2015-03-01,{OTHER},2023-01-15,chosen
        {ASTRID},2023-01-15,{CLINIC},,chosen
        {MARIA},2020-01-01,{CLINIC},,passive
        {PARENT},2018-06-01,{CLINIC},,chosen""",
    "named_doctors": f"""
        personal_number,starts_on,unit_hsa_id,professional_hsa_id,ends_on,above_reason
        {ASTRID},2023-02-01,{CLINIC},{DOCTOR},,
        {MARIA},2021-01-01,{CLINIC},{DOCTOR},,""",
    "caps": f"""
        unit_hsa_id,starts_on,heads,ends_on,decision
        {OTHER},2026-04-01,100,2027-04-01,HSN 2026/12""",
    "queue": f"""
        personal_number,unit_hsa_id,joined_at,priority_class
        {CHILD},{OTHER},2026-10-01T08:00:00Z,0""",
}

Bend = Callable[..., Path]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.fixture
def tiny(tmp_path: Path) -> Bend:
    """Write the tiny region; each table named gets other lines: `tiny(queue=lambda lines: lines[:1])`."""
    made = 0

    def write(**bent: Callable[[list[str]], list[str] | None]) -> Path:
        nonlocal made
        made += 1
        folder = tmp_path / f"tiny{made}"
        folder.mkdir()
        for table, text in TINY.items():
            content = bent.get(table, lambda rows: rows)(lines(text))
            if content is not None:
                (folder / f"{table}.csv").write_text("\n".join(content) + "\n", encoding="utf-8")
        return folder

    return write


def take_in(folder: Path, now: datetime = NOW) -> actions.Imported:
    return actions.import_region(folder, by=BY, now=now)


def put_out(folder: Path, **how: object) -> Path:
    actions.export_region(folder, by=BY, now=NOW, **how)  # type: ignore[arg-type]
    return folder


def same_bytes(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    return all((one / name).read_bytes() == (other / name).read_bytes() for name in names)
