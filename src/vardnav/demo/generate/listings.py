"""Who is listed where since when: about three years of choices, changes, moves and a clinic that closed."""

from dataclasses import dataclass

import numpy as np

from vardnav.demo.generate.arrays import Flags, Floats, Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.choices import Choices
from vardnav.demo.generate.organisation import Organisation, opened
from vardnav.demo.generate.population import Population
from vardnav.demo.generate.spec import RegionSpec

CHOSEN, PASSIVE, MOVED, CLINIC_CLOSED, NEWBORN = range(5)
ORIGINS = ("chosen", "passive", "moved", "clinic_closed", "newborn")

UNLISTED_HOUSEHOLDS, UNLISTED_ADULTS = 0.016, 0.034
NEVER_CHOSE = 0.06
OWN_CHOICE = 0.08  # adults who choose by themselves, apart from the household
CHANGES_A_YEAR, OWN_CHANGES_A_YEAR = 0.034, 0.007  # households; adults by themselves
MOVED_SHARE = 0.3  # of the changes
CHANGED_TWICE = 0.12  # of those who changed
CAME_TO_THE_REGION = 0.035  # of the households, in the period
ONCE_LISTED = 0.3  # of the unlisted
CHANGE_TOMORROW = 0.0006
LEFT_BY_CLOSED = 0.4  # of the heir's residents came from the closed clinic
DAYS_A_MONTH = 30.44
EARLIEST = 1700  # days before the period in which listings that lasted began
APART = 20  # days at most between the first listings of a household
SETTLED = 90  # days between two changes at the least
LISTED_CAST = ("resident", "parent", "other_guardian", "child_of_two", "child_of_one", "protected")
QUEUED_AT_HOME = 2  # the clinic the queued person is listed with


@dataclass(frozen=True, slots=True)
class Listings:
    """Per person the listing that is valid today, and every row of the table in order of person and start."""

    clinic: Ints  # -1: unlisted
    since: Ints
    leaving: Flags  # ends tomorrow
    person: Ints
    at: Ints
    starts: Ints
    ends: Ints  # -1: open
    origin: Ints


@dataclass(slots=True)
class _Draft:
    clinic: Ints
    place: Ints  # which of the area's nearest clinics
    first: Ints  # day the person's first listing begins
    origin: Ints
    changed: Ints  # day of the last change, -1: none
    before: Ints  # clinic before it
    why: Ints
    earlier: Ints  # day of the change before that, -1: none
    twice_before: Ints
    ended: Ints  # day an unlisted person's listing ended, -1: never listed
    tomorrow: Ints  # clinic from tomorrow, -1: no change


def listings(spec: RegionSpec, choices: Choices, organisation: Organisation, people: Population) -> Listings:
    today = _day(spec)
    begin = today - round(spec.months * DAYS_A_MONTH)
    draft = _current(spec, choices, people, begin)
    _first_days(spec, draft, people, opened(organisation), begin, today)
    _changes(spec, choices, draft, people, begin, today)
    _closing(spec, organisation, draft)
    _endings(spec, choices, draft, people, begin, today)
    _cast(draft, people, begin)
    return _rows(draft, today)


def _day(spec: RegionSpec) -> int:
    return int(np.datetime64(spec.today, "D").astype(np.int64))


def _drawn(rise: Floats, near: Ints, area: Ints, draw: Floats) -> tuple[Ints, Ints]:
    place = np.zeros(len(area), dtype=np.int8)
    for k in range(rise.shape[1] - 1):
        place += draw > rise[area, k]
    return place, near[area, place]


def _current(spec: RegionSpec, choices: Choices, people: Population, begin: int) -> _Draft:
    rng = stream(spec.seed, "listings")
    n, households = len(people), len(people.first_of) - 1
    rise, near = choices.rise.astype(np.float32), choices.near.astype(np.int16)
    adult = people.age >= 18
    draw = rng.random(households, dtype=np.float32)[people.household]
    alone = np.flatnonzero(adult & (rng.random(n, dtype=np.float32) < OWN_CHOICE))
    draw[alone] = rng.random(len(alone), dtype=np.float32)
    place, clinic = _drawn(rise, near, people.area, draw)
    chance = rng.random(households, dtype=np.float32)[people.household]
    passive = chance > 1 - NEVER_CHOSE
    clinic[passive] = choices.default[people.area[passive]]
    unlisted = (chance < UNLISTED_HOUSEHOLDS) | (adult & (rng.random(n, dtype=np.float32) < UNLISTED_ADULTS))
    clinic[unlisted] = -1
    origin = np.where(passive, PASSIVE, CHOSEN).astype(np.int8)
    none = np.full(n, -1, dtype=np.int32)
    small = none.astype(np.int16)
    return _Draft(
        clinic, place, none.copy(), origin, none.copy(), small.copy(), origin.copy(), none.copy(), small.copy(),
        none.copy(), small.copy(),
    )  # fmt: skip


def _first_days(spec: RegionSpec, draft: _Draft, people: Population, opened: Ints, begin: int, today: int) -> None:
    rng = stream(spec.seed, "first listings")
    households = len(people.first_of) - 1
    first = begin - 30 - rng.integers(0, EARLIEST, households, dtype=np.int32)
    came = rng.random(households, dtype=np.float32) < CAME_TO_THE_REGION
    first[came] = rng.integers(begin, today - APART, int(came.sum()))
    draft.first = first[people.household]
    # a day of one's own, so that a household does not look like one row
    draft.first += rng.integers(0, APART, len(people), dtype=np.int32)
    here = came[people.household] & (draft.origin == CHOSEN)
    draft.origin[here] = MOVED
    draft.first = np.maximum(draft.first, opened.max())
    born = people.born >= draft.first
    draft.first[born] = people.born[born]
    draft.origin[born] = NEWBORN


def _changes(spec: RegionSpec, choices: Choices, draft: _Draft, people: Population, begin: int, today: int) -> None:
    rng = stream(spec.seed, "changes")
    n, households = len(people), len(people.first_of) - 1
    years = (today - begin) / 365.25
    shared = rng.random(households, dtype=np.float32) < 1 - np.exp(-CHANGES_A_YEAR * years)
    day = rng.integers(begin, today, households, dtype=np.int32)[people.household]
    moved = (rng.random(households, dtype=np.float32) < MOVED_SHARE)[people.household]
    alone = (people.age >= 18) & (rng.random(n, dtype=np.float32) < 1 - np.exp(-OWN_CHANGES_A_YEAR * years))
    day[alone] = rng.integers(begin, today, int(alone.sum()))
    moved[alone] = rng.random(int(alone.sum()), dtype=np.float32) < MOVED_SHARE
    changed = (shared[people.household] | alone) & (draft.clinic >= 0) & (draft.origin != PASSIVE)
    changed &= day > draft.first + SETTLED
    rows = np.flatnonzero(changed)
    near, count = choices.near, choices.near.shape[1]
    step = rng.integers(1, max(2, count), households)[people.household[rows]]
    place = (draft.place[rows] + step) % count
    before = near[people.area[rows], place]
    far = moved[rows]
    before[far] = rng.integers(0, int(near.max()) + 1, households)[people.household[rows[far]]]
    differs = before != draft.clinic[rows]
    rows, place, before, far = rows[differs], place[differs], before[differs], far[differs]
    draft.changed[rows] = day[rows]
    draft.before[rows] = before
    draft.why[rows] = np.where(far, MOVED, CHOSEN)
    again = np.flatnonzero(rng.random(len(rows)) < CHANGED_TWICE)
    earlier = day[rows[again]] - rng.integers(SETTLED + 30, 600, len(again))
    third = near[people.area[rows[again]], (place[again] + 1) % count]
    fits = (earlier > draft.first[rows[again]] + SETTLED) & (third != before[again])
    draft.earlier[rows[again[fits]]] = earlier[fits]
    draft.twice_before[rows[again[fits]]] = third[fits]


def _closing(spec: RegionSpec, organisation: Organisation, draft: _Draft) -> None:
    if organisation.closed is None:
        return
    rng = stream(spec.seed, "the clinic that closed")
    ended = organisation.units[organisation.closed].ends_on
    day = int(np.datetime64(ended, "D").astype(np.int64))
    there = (draft.clinic == organisation.heir) & (draft.changed < 0) & (draft.first < day - SETTLED)
    rows = np.flatnonzero(there)
    rows = rows[rng.random(len(rows)) < LEFT_BY_CLOSED]
    draft.changed[rows] = day
    draft.before[rows] = organisation.closed
    draft.why[rows] = CLINIC_CLOSED


def _endings(spec: RegionSpec, choices: Choices, draft: _Draft, people: Population, begin: int, today: int) -> None:
    """Listings that were withdrawn, and changes that take effect tomorrow."""
    rng = stream(spec.seed, "endings")
    rows = np.flatnonzero((draft.clinic < 0) & (draft.first < today - 400))
    rows = rows[rng.random(len(rows)) < ONCE_LISTED]
    day = rng.integers(begin, today - 10, len(rows))
    rows, day = rows[day > draft.first[rows] + SETTLED], day[day > draft.first[rows] + SETTLED]
    draft.ended[rows] = day
    draft.before[rows] = choices.near[people.area[rows], draft.place[rows]]
    draft.origin[rows[draft.origin[rows] == PASSIVE]] = CHOSEN
    settled = np.maximum(draft.first, draft.changed) < today - SETTLED
    likely = np.flatnonzero((people.age >= 18) & (draft.clinic >= 0) & settled)
    chosen = likely[rng.random(len(likely)) < max(CHANGE_TOMORROW, min(1.0, 3 / max(1, len(likely))))]
    other = (draft.place[chosen] + 1) % choices.near.shape[1]
    to = choices.near[people.area[chosen], other]
    open_to = (to != draft.clinic[chosen]) & ~np.isin(to, choices.capped)
    draft.tomorrow[chosen[open_to]] = to[open_to]


def _cast(draft: _Draft, people: Population, begin: int) -> None:
    for role, row in people.cast.items():
        draft.changed[row] = draft.earlier[row] = draft.tomorrow[row] = draft.ended[row] = -1
        draft.origin[row] = CHOSEN
        draft.clinic[row] = 0 if role in LISTED_CAST else QUEUED_AT_HOME if role == "queued" else -1
        draft.first[row] = begin - 400
        if people.born[row] > draft.first[row]:
            draft.first[row], draft.origin[row] = people.born[row], NEWBORN


def _rows(draft: _Draft, today: int) -> Listings:
    everyone = np.arange(len(draft.clinic), dtype=np.int32)
    listed = draft.clinic >= 0
    changed, twice = draft.changed >= 0, draft.earlier >= 0
    ended = draft.ended >= 0
    leaving = draft.tomorrow >= 0
    since = np.where(changed, draft.changed, draft.first)
    tomorrow = today + 1
    last_end = np.where(leaving, tomorrow, -1)
    first_end = np.where(twice, draft.earlier, draft.changed)
    first_at = np.where(twice, draft.twice_before, draft.before)
    parts = [
        (listed & ~changed, draft.clinic, draft.first, last_end, draft.origin),
        (listed & changed, draft.clinic, draft.changed, last_end, draft.why),
        (listed & changed, first_at, draft.first, first_end, draft.origin),
        (listed & twice, draft.before, draft.earlier, draft.changed, np.full(len(listed), CHOSEN)),
        (leaving, draft.tomorrow, np.full(len(listed), tomorrow), np.full(len(listed), -1), draft.why * 0),
        (ended, draft.before, draft.first, draft.ended, draft.origin),
    ]
    person = np.concatenate([everyone[mask] for mask, *_ in parts])
    at, starts, ends, origin = (
        np.concatenate([part[column][part[0]].astype(np.int32) for part in parts]) for column in range(1, 5)
    )
    order = np.argsort(person.astype(np.int64) << 20 | (starts + 2**19), kind="stable")
    return Listings(
        np.where(listed, draft.clinic, -1).astype(np.int32),
        since.astype(np.int32),
        leaving,
        person[order],
        at[order],
        starts[order],
        ends[order],
        origin[order].astype(np.int8),
    )
