"""Public figures about Sweden that the demo regions are built from; each table names its source in its head."""

import tomllib
from csv import DictReader
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Municipality:
    code: str
    name: str
    county_code: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Place:
    municipality_code: str
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class County:
    """What differs between the regions; counties.toml explains each figure and gives its source."""

    code: str
    slug: str
    region: str
    org_number: str
    mean_age: float
    clinics: int | None
    listed_per_clinic: int
    gps_per_thousand: float
    trainees_per_thousand: float
    named_share: float
    private_share: float
    clinic_word: str
    phone: str
    hospitals: tuple[tuple[str, str], ...]

    @property
    def hsa_prefix(self) -> str:
        return f"SE{self.org_number}"


def rows(table: str) -> list[dict[str, str]]:
    """A reference table as rows; lines that begin with # tell where it comes from."""
    text = files(__package__).joinpath(table).read_text(encoding="utf-8")
    return list(DictReader(line for line in text.splitlines() if not line.startswith("#")))


@cache
def municipalities() -> tuple[Municipality, ...]:
    return tuple(
        Municipality(
            row["code"],
            row["name"],
            row["county_code"],
            int(row["population"]),
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in rows("municipalities.csv")
    )


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """The places of each municipality, the seat first; a municipality that is not there has only its point."""
    found: dict[str, tuple[Place, ...]] = {}
    for row in rows("places.csv"):
        code = row["municipality_code"]
        place = Place(code, row["place"], float(row["latitude"]), float(row["longitude"]))
        found[code] = (*found.get(code, ()), place)
    return found


@cache
def counties() -> tuple[County, ...]:
    text = files(__package__).joinpath("counties.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    return tuple(_county({"clinics": None, **content["default"], **row}) for row in content["county"])


def _county(row: dict[str, Any]) -> County:
    hospitals = tuple((name, municipality) for name, municipality in row["hospitals"])
    return County(**{**row, "hospitals": hospitals})
