"""Everybody who lives in the region, as columns of small numbers; residents.py turns them into text."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from vardnav.demo.generate import cast, names, people
from vardnav.demo.generate.arrays import Flags, Floats, Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.geography import Areas
from vardnav.demo.generate.households import CHILD, GUARDIAN, PARTNER_OR_ALONE, households
from vardnav.demo.generate.numbers import numbers
from vardnav.demo.generate.spec import RegionSpec

PROTECTED = 0.001  # about 1 in 1,000 (Skatteverket: some 29,000 of 10.5 million have protected identity, rounded down)


@dataclass(frozen=True, slots=True)
class Population:
    """One row per resident, in order of area and household, guardians first in their household."""

    area: Ints
    age: Ints
    sex: Ints
    born: Ints  # days since 1970
    household: Ints
    role: Ints
    eight: Ints  # see numbers.py
    tail: Ints
    first_name: Ints
    last_name: Ints
    burden: Floats
    protected: Flags
    first_of: Ints  # row of each household's first person; one more entry for the end
    cast: dict[str, int]  # row of each of the cast, by role

    def __len__(self) -> int:
        return len(self.area)

    @property
    def cast_rows(self) -> Ints:
        return np.array(sorted(self.cast.values()), dtype=np.int64)


def cast_area(spec: RegionSpec, areas: Areas) -> int:
    """The first area of the largest municipality: the cast lives there."""
    largest = max(range(len(spec.municipalities)), key=lambda i: spec.municipalities[i].population)
    return int(np.flatnonzero(areas.municipality == largest)[0])


def population(spec: RegionSpec, areas: Areas) -> Population:
    home = cast_area(spec, areas)
    left_out = np.zeros(len(areas), dtype=np.int64)
    left_out[home] = len(cast.RESIDENTS)
    area, age, sex = people.ages(spec, areas, left_out)
    born = people.births(spec, age)
    placed = households(spec.seed, area, age, sex, len(areas))
    extra = _cast_columns(spec, home, placed.count)
    columns = [area, age, sex, born, placed.household, placed.role]
    area, age, sex, born, household, role = (
        np.concatenate((column, more.astype(column.dtype))) for column, more in zip(columns, extra, strict=True)
    )
    who = np.concatenate((np.full(len(placed.role), -1), np.arange(len(cast.RESIDENTS))))
    # household numbers rise with the area, except the cast's, which come last in theirs
    order = np.lexsort((-age, role, household, area))
    area, age, sex, born, role, who = (column[order] for column in (area, age, sex, born, role, who))
    household = household[order]
    new = np.ones(len(household), dtype=bool)
    new[1:] = household[1:] != household[:-1]
    household = np.cumsum(new) - 1
    first_of = np.append(np.flatnonzero(new), len(household))
    rows = {cast.RESIDENTS[int(who[row])].role: int(row) for row in np.flatnonzero(who >= 0)}
    eight, tail = numbers(born, sex, np.array(sorted(rows.values())))
    first_name, last_name = _names(spec, sex, born, household, role, first_of, rows)
    protected = _protected(spec, household, rows)
    burden = burdens(spec, age, sex, areas.care_need_index[area])
    return Population(
        area, age, sex, born, household.astype(np.int32), role, eight, tail, first_name, last_name,
        burden, protected, first_of, rows,
    )  # fmt: skip


def _cast_columns(spec: RegionSpec, home: int, household: int) -> list[Ints]:
    born = np.array([(person.born - _EPOCH).days for person in cast.RESIDENTS])
    letters = sorted({person.household for person in cast.RESIDENTS})
    parents = {role for person in cast.RESIDENTS for role in person.guardians}
    kinds = [
        CHILD if person.guardians else GUARDIAN if person.role in parents else PARTNER_OR_ALONE
        for person in cast.RESIDENTS
    ]
    today = (spec.today - _EPOCH).days
    return [
        np.full(len(born), home),
        ((today - born) / 365.2425).astype(int),
        np.array([int(person.sex == "male") for person in cast.RESIDENTS]),
        born,
        np.array([household + letters.index(person.household) for person in cast.RESIDENTS]),
        np.array(kinds),
    ]


_EPOCH = date(1970, 1, 1)


def _names(
    spec: RegionSpec, sex: Ints, born: Ints, household: Ints, role: Ints, first_of: Ints, rows: dict[str, int]
) -> tuple[Ints, Ints]:
    rng = stream(spec.seed, "names")
    table = names.tables()
    first = table.first_names(rng, sex, 1970 + np.floor(born / 365.2425).astype(np.int64))
    last = names.surnames(rng, household, role, first_of)
    for role_name, row in rows.items():
        person = cast.resident(role_name)
        first[row] = table.first.index(person.first_name)
        last[row] = table.last.index(person.last_name)
    return first, last


def _protected(spec: RegionSpec, household: Ints, rows: dict[str, int]) -> Flags:
    """Whole households; of the cast only the one who is."""
    rng = stream(spec.seed, "protected identity")
    protected: Flags = (rng.random(int(household.max()) + 1) < PROTECTED)[household]
    for role, row in rows.items():
        protected[row] = cast.resident(role).protected
    return protected


AGES = (0, 1, 5, 12, 20, 30, 40, 50, 60, 70, 80, 90, 105)
NEED_BY_AGE = (1.6, 0.9, 0.6, 0.5, 0.65, 0.75, 0.8, 0.95, 1.2, 1.7, 2.3, 2.6, 2.4)
TAIL = 0.75  # standard deviation of the logarithm: the heaviest hundredth has ten times the median


def burdens(spec: RegionSpec, age: Ints, sex: Ints, need: Floats) -> Floats:
    """Relative care burden by age, sex and the area's care need index, with a heavy tail; the mean is 1.00.

    The shape by age follows the weights primary care is paid by (ACG and age bands in the regions' rule books),
    coarse; the tail is an assumption.
    """
    rng = stream(spec.seed, "burden")
    by_age = np.interp(np.arange(120), AGES, NEED_BY_AGE)[age]
    by_sex = np.where((sex == people.FEMALE) & (age >= 15) & (age < 50), 1.25, 1.0)
    by_need = 0.75 + 0.25 * need
    raw = by_age * by_sex * by_need * np.exp(TAIL * rng.standard_normal(len(age), dtype=np.float32))
    raw = np.maximum(raw / raw.mean(), 0.05)
    hundredths = np.maximum(np.round(raw * (100 / raw.mean())), 1).astype(np.int64)
    _even_out(hundredths)
    result: Floats = hundredths / 100.0
    return result


def _even_out(hundredths: Ints) -> None:
    """Spread what rounding left over, a hundredth at a time over the first rows, so that the mean is exactly 1."""
    over = int(hundredths.sum()) - 100 * len(hundredths)
    step = 1 if over > 0 else -1
    rows = np.flatnonzero(hundredths > 50)
    for begin in range(0, abs(over), len(rows)):
        hundredths[rows[: abs(over) - begin]] -= step
