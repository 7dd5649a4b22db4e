"""Age and sex of a region's residents, like Sweden's and as old as the county is."""

from functools import cache

import numpy as np

from vardnav.demo import figures
from vardnav.demo.generate.arrays import Floats, Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.geography import Areas
from vardnav.demo.generate.spec import RegionSpec

OLDEST = 105
FEMALE, MALE = 0, 1
# The R2 sequence (Roberts 2018) spreads age and sex evenly in every area, however small
STEP_AGE, STEP_SEX = 0.7548776662466927, 0.5698402909980532


@cache
def pyramid() -> tuple[Floats, Floats]:
    """Women and men (thousands) in each one-year class 0-105, drawn from the five-year classes.

    Inside a class the number runs evenly towards the next class; the class keeps its sum.
    """
    table = figures.rows("age_pyramid.csv")
    return tuple(_one_year([float(row[sex]) for row in table]) for sex in ("women", "men"))  # type: ignore[return-value]


def _one_year(classes: list[float]) -> Floats:
    padded = [classes[0], *classes, 0.0]
    years: list[float] = []
    for before, here, after in zip(padded, padded[1:], padded[2:], strict=False):
        slope = (after - before) / 2 / 25
        slope = max(-here / 15, min(here / 15, slope))
        years += [here / 5 + slope * step for step in (-2, -1, 0, 1, 2)]
    return np.array(years + [years[-1] / 2] * (OLDEST + 1 - len(years)))


def tilted(mean_age: float) -> tuple[Floats, Floats]:
    """The pyramid with each class weighted exp(k x age), k such that the mean age is the county's."""
    women, men = pyramid()
    age = np.arange(OLDEST + 1) + 0.5
    low, high = -0.03, 0.03
    for _ in range(50):
        k = (low + high) / 2
        weight = (women + men) * np.exp(k * age)
        low, high = (k, high) if (weight * age).sum() / weight.sum() < mean_age else (low, k)
    return women * np.exp(low * age), men * np.exp(low * age)


def ages(spec: RegionSpec, areas: Areas, left_out: Ints) -> tuple[Ints, Ints, Ints]:
    """Area, age and sex of everyone, in order of area; `left_out` people per area are placed by other means."""
    women, men = tilted(spec.county.mean_age)
    both = women + men
    share_women = women / both
    rise = np.cumsum(both) / both.sum()
    area = np.repeat(np.arange(len(areas)), areas.population - left_out)
    number = np.arange(1, len(area) + 1)
    young_or_old = _bend(spec, areas)
    quantile = (number * STEP_AGE % 1.0) ** young_or_old[area]
    age = np.minimum(np.searchsorted(rise, quantile, side="right"), OLDEST)
    sex = np.where(number * STEP_SEX % 1.0 < share_women[age], FEMALE, MALE)
    return area.astype(np.int32), age.astype(np.int16), sex.astype(np.int8)


def _bend(spec: RegionSpec, areas: Areas) -> Floats:
    """Exponent per area: below 1 older than the county, above 1 younger; small municipalities are older."""
    rng = stream(spec.seed, "young and old areas")
    size = np.array([m.population for m in spec.municipalities], dtype=float)
    rural = np.log(size.max() / size)[areas.municipality]
    bend = rng.normal(0, 0.12, len(areas)) - 0.06 * rural
    bend -= np.average(bend, weights=areas.population)
    result: Floats = np.exp(bend)
    return result


def births(spec: RegionSpec, age: Ints) -> Ints:
    """A day of birth (days since 1970) for each age today, any day of the year alike."""
    today = np.datetime64(spec.today, "D")
    back = np.array([_years_before(today, years) for years in range(OLDEST + 3)], dtype=np.int64)
    first, last = back[age + 1] + 1, back[age]
    draw = stream(spec.seed, "births").random(len(age), dtype=np.float32)
    born = first + (draw * (last - first + 1)).astype(np.int64)
    return np.minimum(born, last).astype(np.int32)


def _years_before(today: np.datetime64, years: int) -> int:
    """Same day so many years ago, as days since 1970 (29 February becomes 28 February)."""
    day = today.astype(object)
    try:
        return int(np.datetime64(day.replace(year=day.year - years), "D").astype(np.int64))
    except ValueError:
        return int(np.datetime64(day.replace(year=day.year - years, day=28), "D").astype(np.int64))
