"""Caps, and those who wait for a place at a clinic that is full: the municipality's own (class 0) before others (1)."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from vardnav.demo.generate.arrays import Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.choices import Choices
from vardnav.demo.generate.listings import Listings
from vardnav.demo.generate.organisation import first_of_month
from vardnav.demo.generate.population import Population
from vardnav.demo.generate.spec import RegionSpec

ROOM = (0, 0, 3, 25)  # places left at the capped clinics, in turn: the first two are full
MOST_WAITING = 45
WAITED = 150  # days at most
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cap:
    clinic: int
    starts_on: date
    ends_on: date
    heads: int
    decision: str


@dataclass(frozen=True, slots=True)
class Queues:
    caps: list[Cap]
    person: Ints
    clinic: Ints
    joined: Ints  # seconds since 1970, UTC
    priority: Ints


def queues(spec: RegionSpec, choices: Choices, people: Population, listings: Listings) -> Queues:
    listed = np.bincount(listings.clinic[listings.clinic >= 0], minlength=int(choices.near.max()) + 1)
    caps: list[Cap] = []
    waiting: list[tuple[Ints, Ints, Ints, Ints]] = []
    for number, clinic in enumerate(int(clinic) for clinic in choices.capped):
        room = ROOM[number % len(ROOM)]
        caps += _caps(spec, number, clinic, int(listed[clinic]), room)
        if room == 0:
            taken = [people.cast_rows, *(rows for rows, *_ in waiting)]
            waiting.append(_queue(spec, choices, people, listings, clinic, np.concatenate(taken)))
    return Queues(caps, *(np.concatenate(column) for column in zip(*waiting, strict=True)))


def _caps(spec: RegionSpec, number: int, clinic: int, listed: int, room: int) -> list[Cap]:
    """A cap in force for a limited time, and for every other clinic the higher one it had before."""
    began, ends = first_of_month(spec.today, 7 + number % 4), first_of_month(spec.today, -5 - number % 6)
    decision = f"HSN {began.year}/{1200 + number}"
    caps = [Cap(clinic, began, ends, listed + room, decision)]
    if number % 2:
        before = first_of_month(spec.today, 19 + number % 4)
        caps.insert(0, Cap(clinic, before, began, round(1.05 * listed), f"HSN {before.year}/{1100 + number}"))
    return caps


def _queue(
    spec: RegionSpec, choices: Choices, people: Population, listings: Listings, clinic: int, taken: Ints
) -> tuple[Ints, Ints, Ints, Ints]:
    rng = stream(spec.seed, f"queue {clinic}")
    today = int(np.datetime64(spec.today, "D").astype(np.int64))
    nearby = (choices.near[:, :3] == clinic).any(axis=1)
    able = nearby[people.area] & (people.age >= 18) & (listings.clinic != clinic) & ~listings.leaving
    able &= listings.since < today - WAITED - 1
    able[taken] = False
    able[listings.person[listings.starts > today - WAITED - 1]] = False
    able[listings.person[listings.ends > today - WAITED - 1]] = False
    rows = np.flatnonzero(able)
    count = min(len(rows) // 8, int(rng.integers(12, MOST_WAITING)))
    person = rng.choice(rows, size=count, replace=False)
    if clinic == choices.capped[0]:
        person = np.append(person, people.cast["queued"])
    back = np.sort(rng.choice(WAITED * SECONDS_A_DAY, size=len(person), replace=False))[::-1]
    joined = today * SECONDS_A_DAY - back
    person = rng.permutation(person)
    priority = (~choices.local[people.area[person], clinic]).astype(np.int64)
    return person, np.full(len(person), clinic), joined, priority
