"""Residents and their guardians as rows of text and dates, a piece at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from vardnav.demo.generate import cast, names
from vardnav.demo.generate.arrays import Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.contact import FIRST_FREE_MOBILE, MOBILES, postal_code
from vardnav.demo.generate.geography import Areas
from vardnav.demo.generate.households import CHILD, GUARDIAN
from vardnav.demo.generate.numbers import RESERVE_FROM
from vardnav.demo.generate.population import Population
from vardnav.demo.generate.spec import RegionSpec

PIECE = 200_000
HAVE_PHONE, HAVE_EMAIL = 0.95, 0.6  # of the adults
PHONE_FROM = 13  # years of age
DISTINCT_EMAILS = 100_000
HIGHEST_HOUSE = 90
CODES_PER_AREA = 3

SCHEMA = {
    "personal_number": pl.String, "first_name": pl.String, "last_name": pl.String, "birth_date": pl.Date,
    "sex": pl.String, "area_code": pl.String, "address": pl.String, "postal_code": pl.String, "city": pl.String,
    "phone": pl.String, "email": pl.String, "household": pl.String, "burden": pl.Float64, "protected": pl.Boolean,
    "deceased_on": pl.Date,
}  # fmt: skip
GUARDIANS = {
    "child_personal_number": pl.String, "guardian_personal_number": pl.String, "starts_on": pl.Date,
    "ends_on": pl.Date,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Homes:
    """One address per household, telephone and e-mail per person (-1: none)."""

    street: Ints
    house: Ints
    code: Ints
    phone: Ints
    email: Ints


def personal_numbers(people: Population) -> pl.Series:
    """Everybody's identity number, twelve characters, in order of row."""
    tails = [f"{n:04}" for n in range(RESERVE_FROM)] + [f"R{n:03}" for n in range(1000)]
    eight = pl.Series(people.eight).cast(pl.String)
    return (eight + pl.Series(tails).gather(people.tail.astype(np.uint32))).alias("personal_number")


def _homes(spec: RegionSpec, areas: Areas, people: Population) -> _Homes:
    rng = stream(spec.seed, "homes")
    households, n = len(people.first_of) - 1, len(people)
    area = people.area[people.first_of[:-1]]
    codes = rng.integers(0, 1000, len(areas))[area] + rng.integers(0, CODES_PER_AREA, households)
    phone = rng.integers(FIRST_FREE_MOBILE, len(MOBILES), n, dtype=np.int16)
    adult = people.age >= 18
    reach = rng.random(n, dtype=np.float32) < np.where(adult, HAVE_PHONE, 0.6)
    phone[~(reach & (people.age >= PHONE_FROM))] = -1
    email = rng.integers(0, DISTINCT_EMAILS, n, dtype=np.int32)
    email[~adult | (rng.random(n, dtype=np.float32) >= HAVE_EMAIL)] = -1
    return _Homes(
        rng.integers(0, len(names.streets()), households, dtype=np.int16),
        rng.integers(1, HIGHEST_HOUSE, households, dtype=np.int16),
        (codes % 1000).astype(np.int16),
        phone,
        email,
    )


def pieces(spec: RegionSpec, areas: Areas, people: Population, number: pl.Series) -> Iterator[pl.DataFrame]:
    homes = _homes(spec, areas, people)
    table = names.tables()
    text = {
        "first": pl.Series(table.first),
        "last": pl.Series(table.last),
        "mail_first": pl.Series([names.folded(name) for name in table.first]),
        "mail_last": pl.Series([names.folded(name) for name in table.last]),
        "street": pl.Series(names.streets()),
        "code": pl.Series([postal_code(n) for n in range(1000)]),
        "phone": pl.Series(MOBILES),
        "area": pl.Series(areas.codes),
        "city": pl.Series(areas.cities),
        "sex": pl.Series(["female", "male"]),
    }
    for begin in range(0, len(people), PIECE):
        yield _piece(people, homes, text, number, begin, min(begin + PIECE, len(people)))


def _at(text: pl.Series, index: Ints) -> pl.Series:
    """The text at each index, empty where it is -1."""
    found = text.gather(np.maximum(index, 0).astype(np.uint32))
    if index.min(initial=0) >= 0:
        return found
    return pl.select(pl.when(pl.lit(pl.Series(index >= 0))).then(pl.lit(found))).to_series()


def _piece(
    people: Population, homes: _Homes, text: dict[str, pl.Series], number: pl.Series, begin: int, end: int
) -> pl.DataFrame:
    rows = slice(begin, end)
    home = people.household[rows]
    first, last, email = people.first_name[rows], people.last_name[rows], homes.email[rows]
    frame = pl.DataFrame(
        {
            "personal_number": number.slice(begin, end - begin),
            "first_name": _at(text["first"], first),
            "last_name": _at(text["last"], last),
            "birth_date": pl.Series(people.born[rows].astype(np.int32)).cast(pl.Date),
            "sex": _at(text["sex"], people.sex[rows]),
            "area_code": _at(text["area"], people.area[rows]),
            "address": _at(text["street"], homes.street[home]) + " " + pl.Series(homes.house[home]).cast(pl.String),
            "postal_code": _at(text["code"], homes.code[home]),
            "city": _at(text["city"], people.area[rows]),
            "phone": _at(text["phone"], homes.phone[rows]),
            "email": _emails(text, first, last, email),
            "household": pl.Series(home + 1).cast(pl.String),
            "burden": people.burden[rows],
            "protected": people.protected[rows],
            "deceased_on": pl.Series([None], dtype=pl.Date).extend_constant(None, end - begin - 1),
        },
    )
    for role, row in people.cast.items():
        if begin <= row < end:
            person = cast.resident(role)
            frame[row - begin, "phone"] = person.phone or None
            frame[row - begin, "email"] = person.email or None
    return frame


def _emails(text: dict[str, pl.Series], first: Ints, last: Ints, number: Ints) -> pl.Series:
    has = np.flatnonzero(number >= 0)
    mail = (
        _at(text["mail_first"], first[has])
        + "."
        + _at(text["mail_last"], last[has])
        + pl.Series(number[has]).cast(pl.String)
        + "@example.se"
    )
    place = np.full(len(number), -1, dtype=np.int64)
    place[has] = np.arange(len(has))
    return _at(mail, place)


def guardian_rows(people: Population) -> tuple[Ints, Ints]:
    """Child and guardian (rows) of each guardianship: the household's one or two guardians for every child."""
    children = np.flatnonzero(people.role == CHILD)
    first = people.first_of[people.household[children]]
    second = np.minimum(first + 1, len(people) - 1)
    two = (people.role[second] == GUARDIAN) & (people.household[second] == people.household[children])
    only = people.cast["child_of_one"]
    parent, other = people.cast["parent"], people.cast["other_guardian"]
    child = np.concatenate((children, children[two]))
    guardian = np.concatenate((first, second[two]))
    kept = ~((child == only) & (guardian == other))
    child, guardian = child[kept], guardian[kept]
    order = np.argsort(child * 2 + (guardian != parent), kind="stable")
    return child[order], guardian[order]


def guardians(people: Population, number: pl.Series) -> Iterator[pl.DataFrame]:
    child, guardian = guardian_rows(people)
    for begin in range(0, len(child), PIECE):
        rows = slice(begin, begin + PIECE)
        born = people.born[child[rows]].astype(np.int32)
        yield pl.DataFrame(
            {
                "child_personal_number": number.gather(child[rows].astype(np.uint32)),
                "guardian_personal_number": number.gather(guardian[rows].astype(np.uint32)),
                "starts_on": pl.Series(born).cast(pl.Date),
                "ends_on": pl.Series([None], dtype=pl.Date).extend_constant(None, len(born) - 1),
            }
        )
