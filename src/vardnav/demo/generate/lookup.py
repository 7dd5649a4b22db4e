"""Which region is meant: a county by name, the tiny known region of the tests, or a folder of real places."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from vardnav.demo import figures
from vardnav.demo.figures import County, Municipality
from vardnav.demo.generate import real_places
from vardnav.demo.generate.spec import SMALL, RegionSpec, UnknownRegion

SMALL_POPULATIONS = {"2380": 400, "2309": 200}
LEAST_RESIDENTS = 500


def region_names() -> list[str]:
    return [*(county.slug for county in figures.counties()), SMALL]


def find(name: str, *, today: date, seed: int = 1, residents: int | None = None) -> RegionSpec:
    """The spec of a region by its name, its county code or a folder; `residents` scales every municipality.

    Raises UnknownRegion.
    """
    if residents is not None and residents < LEAST_RESIDENTS:
        raise UnknownRegion(f"{residents} residents are too few for a region: give at least {LEAST_RESIDENTS}")
    if name == SMALL:
        return _small(today, seed, residents)
    for county in figures.counties():
        if name.lower() in {county.slug, county.code, county.region.lower()}:
            return _county(county, today, seed, residents)
    if Path(name).is_dir():
        if residents is not None:
            raise UnknownRegion("A region from a folder has the population its files say: leave out the number")
        return real_places.spec(Path(name), today, seed)
    raise UnknownRegion(f"There is no region or folder {name!r}. Regions: {', '.join(region_names())}.")


def _county(county: County, today: date, seed: int, residents: int | None) -> RegionSpec:
    inside = [m for m in figures.municipalities() if m.county_code == county.code]
    clinics = county.clinics
    if residents is not None:
        share = residents / sum(m.population for m in inside)
        clinics = None if share > 1 or clinics is None else max(1, round(clinics * share))
        inside = _scaled(inside, residents)
    return RegionSpec(county.slug, county, tuple(inside), today, seed, clinics=clinics)


def _small(today: date, seed: int, residents: int | None) -> RegionSpec:
    county = next(county for county in figures.counties() if county.code == "23")
    inside = tuple(
        replace(m, population=SMALL_POPULATIONS[m.code])
        for m in figures.municipalities()
        if m.code in SMALL_POPULATIONS
    )
    inside = tuple(_scaled(inside, residents)) if residents else inside
    return RegionSpec(SMALL, county, inside, today, seed, area_size=100, clinics=3, hospital_clinics=1)


def _scaled(inside: Iterable[Municipality], residents: int) -> list[Municipality]:
    """Every municipality in proportion, the sum exact (largest remainders)."""
    known = list(inside)
    total = sum(m.population for m in known)
    exact = [m.population * residents / total for m in known]
    whole = [int(value) for value in exact]
    by_remainder = sorted(range(len(known)), key=lambda i: (whole[i] - exact[i], known[i].code))
    for i in by_remainder[: residents - sum(whole)]:
        whole[i] += 1
    return [replace(m, population=n) for m, n in zip(known, whole, strict=True)]
