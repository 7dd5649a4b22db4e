"""Parts of the generator that a whole region shows too coarsely."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely

from vardnav.demo import figures, generate
from vardnav.demo.generate.clinics import clinic_sites
from vardnav.demo.generate.geography import areas, boundaries
from vardnav.demo.generate.numbers import RESERVE_FROM, TooManyBirths, numbers
from vardnav.kernel import personal_number
from vardnav.kernel.personal_number import NumberKind

TODAY = date(2026, 11, 22)


def written(eight: int, tail: int) -> str:
    return f"{eight}{tail:04}" if tail < RESERVE_FROM else f"{eight}R{tail - RESERVE_FROM:03}"


def test_a_day_gives_test_numbers_then_coordination_numbers_then_reserve_numbers() -> None:
    born = np.full(90, (date(2001, 2, 28) - date(1970, 1, 1)).days)
    sex = np.arange(90) % 2
    found = [written(*pair) for pair in zip(*numbers(born, sex, np.array([0])), strict=True)]
    parsed = [personal_number.parse(number, TODAY) for number in found]
    assert len(set(found)) == 90
    assert all(number.is_test for number in parsed)
    kinds = [number.kind for number in parsed]
    assert kinds == [NumberKind.PERSONAL] * 20 + [NumberKind.COORDINATION] * 20 + [NumberKind.RESERVE] * 50
    assert all(number.birth_date == date(2001, 2, 28) for number in parsed)


def test_more_births_than_numbers_are_refused() -> None:
    born = np.zeros(1100, dtype=np.int64)
    with pytest.raises(TooManyBirths):
        numbers(born, np.zeros(1100, dtype=np.int64), np.array([0]))


def test_the_reference_tables_hold_all_of_sweden() -> None:
    assert len(figures.municipalities()) == 290
    assert len(figures.counties()) == 21
    assert {m.county_code for m in figures.municipalities()} == {county.code for county in figures.counties()}
    assert sum(m.population for m in figures.municipalities()) == pytest.approx(10_590_000, rel=0.01)
    codes = {m.code for m in figures.municipalities()}
    assert set(figures.places()) <= codes
    assert {code for county in figures.counties() for _, code in county.hospitals} <= codes


@pytest.mark.parametrize("county", figures.counties(), ids=lambda county: county.slug)
def test_each_county_has_areas_and_clinics_inside_its_municipalities(county: figures.County) -> None:
    spec = generate.find(county.code, today=TODAY)
    where = areas(spec)
    assert where.population.sum() == spec.population
    large = np.array([m.population >= 3000 for m in spec.municipalities])[where.municipality]
    assert where.population[large].min() >= 1500
    assert where.population[large].max() <= 2500
    for index, municipality in enumerate(spec.municipalities):
        own = where.municipality == index
        shape = shapely.buffer(boundaries()[municipality.code], 0.01)
        assert shapely.contains_xy(shape, where.longitude[own], where.latitude[own]).all()
    sites = clinic_sites(spec, where)
    assert {site.municipality_code for site in sites} == {m.code for m in spec.municipalities}
    assert len({site.name for site in sites}) == len(sites)


def test_stockholm_has_the_action_plans_gps() -> None:
    spec = generate.find("stockholm", today=TODAY)
    assert round(spec.county.gps_per_thousand * spec.population / 1000) == pytest.approx(1240, abs=5)


@pytest.mark.parametrize("name", ["stockholm", "skane", "gotland", "vasterbotten"])
def test_a_county_can_be_scaled_down(name: str, tmp_path: Path) -> None:
    generate.region(generate.find(name, today=TODAY, residents=4000), tmp_path, lambda what, share: None)
    import polars as pl

    assert len(pl.read_parquet(tmp_path / "residents.parquet")) == 4000


def test_progress_rises_to_one(tmp_path: Path) -> None:
    heard: list[float] = []
    generate.region(generate.find("small", today=TODAY), tmp_path, lambda what, share: heard.append(share))
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)


@pytest.mark.parametrize(("name", "residents"), [("atlantis", None), ("small", 10), ("stockholm", 3)])
def test_an_unknown_region_is_refused_in_one_sentence(name: str, residents: int | None) -> None:
    with pytest.raises(generate.UnknownRegion):
        generate.find(name, today=TODAY, residents=residents)
