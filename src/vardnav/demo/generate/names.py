"""Names and addresses: ordinary names drawn by sex and generation, streets and postal codes that do not exist.

Postal codes begin with 99, a series Postnord does not use, so that no address can be a living person's.
"""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from vardnav.demo import figures
from vardnav.demo.generate import cast
from vardnav.demo.generate.arrays import Floats, Ints

RARE = 0.03  # weight of a first name that is only in Faker's list
RARE_LAST = 0.9  # thousands of bearers of a surname that is only in Faker's list
GENERATION = 10.0  # years around the peak within which most bearers are born
DECADES = tuple(range(1915, 2035, 5))
OWN_SURNAME = 0.38  # of partners keep a surname of their own

FOLD = str.maketrans("åäöéèüáóíñç", "aaoeeuaoinc", " '-.")
STREET_STARTS = (
    "Björk", "Gran", "Tall", "Asp", "Rönn", "Hägg", "Lind", "Ek", "Ask", "Lärk", "Trast", "Svalu", "Ripe", "Järp",
    "Tjäder", "Ugle", "Räv", "Älg", "Hermelin", "Ekorr", "Blåklocke", "Ljung", "Lingon", "Hjortron", "Blåbärs",
    "Kvarn", "Smed", "Såg", "Tjär", "Kol", "Fäbod", "Skid", "Släd", "Flott", "Stenbrotts", "Källar", "Månskens",
    "Solglänte", "Norrskens", "Snödrivs", "Vårflods", "Höstlövs", "Midvinter", "Midsommar", "Morgon", "Kvälls",
)  # fmt: skip
STREET_ENDS = ("provvägen", "provgatan", "provstigen", "provgränd", "provbacken", "provslingan")


@dataclass(frozen=True, slots=True)
class NameTables:
    first: list[str]
    last: list[str]
    rise: Floats  # [sex, generation, first name], cumulative weights
    last_rise: Floats

    def first_names(self, rng: np.random.Generator, sex: Ints, birth_year: Ints) -> Ints:
        """An index into `first` for each person, likely for the sex and the generation."""
        generation = np.clip((birth_year - DECADES[0]) // 5, 0, len(DECADES) - 1)
        group = sex.astype(np.int64) * len(DECADES) + generation
        draw = rng.random(len(sex))
        chosen = np.empty(len(sex), dtype=np.int16)
        order = np.argsort(group, kind="stable")
        cuts = np.searchsorted(group[order], np.arange(2 * len(DECADES) + 1))
        flat = self.rise.reshape(2 * len(DECADES), -1)
        for number, (begin, end) in enumerate(pairwise(cuts)):
            rows = order[begin:end]
            chosen[rows] = np.searchsorted(flat[number], draw[rows] * flat[number, -1], side="right")
        return chosen

    def last_names(self, rng: np.random.Generator, count: int) -> Ints:
        draw = rng.random(count) * self.last_rise[-1]
        chosen: Ints = np.searchsorted(self.last_rise, draw, side="right").astype(np.int16)
        return chosen


@cache
def tables() -> NameTables:
    from faker.providers.person.sv_SE import Provider

    common = figures.rows("first_names.csv")
    men, women = set(Provider.first_names_male), set(Provider.first_names_female)
    of_sex = {"f": women - men, "m": men}
    first = sorted({row["name"] for row in common} | of_sex["f"] | of_sex["m"])
    weights = np.zeros((2, len(DECADES), len(first)))
    place = {name: index for index, name in enumerate(first)}
    for sex, letter in enumerate("fm"):
        weights[sex][:, [place[name] for name in sorted(of_sex[letter])]] = RARE
    middle = np.array(DECADES) + 2.5
    for row in common:
        near = np.exp(-(((middle - int(row["peak"])) / GENERATION) ** 2) / 2)
        weights["fm".index(row["sex"]), :, place[row["name"]]] = float(row["weight"]) * near + RARE
    bearers = {row["name"]: float(row["thousands"]) for row in figures.rows("last_names.csv")}
    last = sorted(set(Provider.last_names) | set(bearers))
    rise = np.cumsum([bearers.get(name, RARE_LAST) for name in last])
    first += [person.first_name for person in cast.PEOPLE]
    last += [person.last_name for person in cast.PEOPLE]
    return NameTables(first, last, np.cumsum(weights, axis=2), rise)


@cache
def streets() -> list[str]:
    return [start + end for end in STREET_ENDS for start in STREET_STARTS]


def folded(name: str) -> str:
    """As in an e-mail address: lower case, a-z only."""
    return name.lower().translate(FOLD)


def surnames(rng: np.random.Generator, household: Ints, role: Ints, first_of: Ints) -> Ints:
    """The household shares a surname; some partners, and the young who moved in, keep their own."""
    table = tables()
    of_household = table.last_names(rng, int(household.max()) + 1)
    chosen = of_household[household]
    partner = (role <= 1) & (np.arange(len(role)) != first_of[household])
    own = np.flatnonzero(partner & (rng.random(len(role)) < OWN_SURNAME))
    chosen[own] = table.last_names(rng, len(own))
    return chosen
