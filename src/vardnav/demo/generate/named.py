"""Who has which named doctor since when: panels within the doctors' capacity in heads and burden, a few above."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from vardnav.demo.generate.arrays import Flags, Floats, Ints, starts
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.listings import Listings
from vardnav.demo.generate.organisation import Organisation
from vardnav.demo.generate.population import Population
from vardnav.demo.generate.spec import RegionSpec
from vardnav.demo.generate.staff import Employment, Staff

REASONS = (
    "Kollega slutade; listan delas ut på nytt före årsskiftet.",
    "Lång relation som både patient och läkare vill behålla.",
    "Tar över efter en kollega som är föräldraledig.",
)
ABOVE = 0.03  # of the doctors have more than their capacity
FULL = 0.995  # of the capacity, for those who are not above
EVERYONE = 0.97  # of a clinic's listed at most have a named doctor
HAD_A_FORMER = 0.65  # of those who were listed while doctors who have left were there, where some have left
HAD_ONE_BEFORE = 0.35  # of those who changed clinic had a named doctor at the old one
LAST_YEARS = 4000  # days within which named doctors were chosen


@dataclass(frozen=True, slots=True)
class Named:
    """Every row of the table in order of person and start; `reason` is -1 or an index of REASONS."""

    person: Ints
    at: Ints
    doctor: Ints
    starts: Ints
    ends: Ints  # -1: open
    reason: Ints


@dataclass(frozen=True, slots=True)
class _Doctors:
    person: Ints  # professional
    clinic: Ints
    since: Ints
    capacity: Floats


def named(spec: RegionSpec, organisation: Organisation, people: Population, listings: Listings, staff: Staff) -> Named:
    today = _as_day(spec.today)
    doctors = _doctors(staff, organisation, today)
    order, begin = _candidates(spec, people, listings, organisation.clinics)
    panels = _panels(spec, doctors, order, begin, people.burden)
    person = np.concatenate([order[first:last] for first, last, _ in panels])
    doctor = np.repeat(np.arange(len(panels)), [last - first for first, last, _ in panels])
    reason = np.concatenate([_reasons(number, panel, doctors.capacity) for number, panel in enumerate(panels)])
    since = _since(spec, listings.since[person], doctors.since[doctor], reason, today)
    ends = np.where(listings.leaving[person], today + 1, -1)
    parts = [(person, doctors.clinic[doctor], doctors.person[doctor], since, ends, reason)]
    parts += _formers(spec, staff, organisation, listings, parts[0], today)
    parts.append(_at_earlier_clinics(spec, listings, doctors, today))
    columns = [np.concatenate([part[column].astype(np.int32) for part in parts]) for column in range(6)]
    in_order = np.argsort(columns[0].astype(np.int64) << 20 | (columns[3] + 2**19), kind="stable")
    return Named(*(column[in_order] for column in columns))


def _as_day(day: date | None) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))


def _doctors(staff: Staff, organisation: Organisation, today: int) -> _Doctors:
    """Those who hold panels: specialists and trainees employed today, in order of clinic, the cast's first."""
    rows = sorted(
        (
            (employment.unit, number)
            for number, employment in enumerate(staff.employments)
            if employment.role in ("specialist", "trainee")
            and employment.unit < organisation.clinics
            and employment.ends_on is None
            and employment.share >= 0.5
        ),
    )
    held = [staff.employments[number] for _, number in rows]
    return _Doctors(
        np.array([employment.professional for employment in held]),
        np.array([employment.unit for employment in held]),
        np.array([_as_day(employment.starts_on) for employment in held]),
        np.array([employment.capacity for employment in held]),
    )


def _candidates(spec: RegionSpec, people: Population, listings: Listings, clinics: int) -> tuple[Ints, Ints]:
    """The listed in order of clinic and household by chance, the cast first; where each clinic begins."""
    rng = stream(spec.seed, "panels")
    chance = rng.permutation(len(people.first_of) - 1).astype(np.int64) + len(people.cast)
    key = chance[people.household]
    key[people.cast_rows] = np.arange(len(people.cast))
    listed = np.flatnonzero(listings.clinic >= 0)
    clinic = listings.clinic[listed]
    order = listed[np.argsort(clinic.astype(np.int64) << 32 | key[listed], kind="stable")]
    return order, starts(clinic, clinics)


def _fills(spec: RegionSpec, doctors: _Doctors, begin: Ints, order: Ints, burden: Floats) -> tuple[Floats, Flags]:
    """Heads each doctor should have, so that the region reaches its share, and who may go above capacity."""
    rng = stream(spec.seed, "fills")
    size = begin[1:] - begin[:-1]
    weight = np.add.reduceat(burden[order], np.minimum(begin[:-1], len(order) - 1)) / np.maximum(size, 1)
    room = FULL * doctors.capacity / np.maximum(1.0, weight[doctors.clinic] * 1.01)
    wish = np.clip(rng.uniform(0.3, 1.2, len(room)), 0.0, 1.0)  # a third as full as can be
    above = rng.random(len(room)) < max(ABOVE, 1.5 / len(room))
    above &= size[doctors.clinic] > 3 * doctors.capacity
    above[0] = False
    over = doctors.capacity * rng.uniform(1.04, 1.15, len(room))
    target = spec.county.named_share * len(order)

    def heads(bend: float) -> Floats:
        wanted = np.where(above, over, room * wish**bend)
        total = np.bincount(doctors.clinic, wanted, minlength=len(size))
        wanted *= np.minimum(1.0, EVERYONE * size / np.maximum(total, 1.0))[doctors.clinic]
        return np.asarray(wanted)

    least, most = 0.0, 30.0
    for _ in range(40):
        bend = (least + most) / 2
        least, most = (bend, most) if heads(bend).sum() > target else (least, bend)
    return heads(least), above


def _panels(
    spec: RegionSpec, doctors: _Doctors, order: Ints, begin: Ints, burden: Floats
) -> list[tuple[int, int, bool]]:
    """For each doctor the stretch of candidates, cut where heads or burden reach capacity."""
    heads, above = _fills(spec, doctors, begin, order, burden)
    rise = np.concatenate(([0.0], np.cumsum(burden[order])))
    panels: list[tuple[int, int, bool]] = []
    position = 0
    for number, clinic in enumerate(doctors.clinic):
        first = max(position, int(begin[clinic]))
        last = min(first + int(heads[number]), int(begin[clinic + 1]))
        if not above[number]:
            full = rise[first] + doctors.capacity[number]
            last = min(last, int(np.searchsorted(rise, full, side="right")) - 1)
        position = max(last, first)
        panels.append((first, position, bool(above[number])))
    return panels


def _reasons(number: int, panel: tuple[int, int, bool], capacity: Floats) -> Ints:
    first, last, above = panel
    reason = np.full(last - first, -1, dtype=np.int8)
    if above:
        reason[int(capacity[number]) :] = number % len(REASONS)
    return reason


def _since(spec: RegionSpec, listed: Ints, employed: Ints, reason: Ints, today: int) -> Ints:
    rng = stream(spec.seed, "named since")
    span = np.where(reason >= 0, 120, LAST_YEARS)
    chosen = today - (rng.random(len(listed)) * span).astype(np.int64)
    return np.minimum(np.maximum(np.maximum(chosen, listed), employed), today)


_Part = tuple[Ints, Ints, Ints, Ints, Ints, Ints]


def _formers(
    spec: RegionSpec, staff: Staff, organisation: Organisation, listings: Listings, now: _Part, today: int
) -> list[_Part]:
    """Rows with a doctor who has left; the current doctor's row then begins afterwards."""
    rng = stream(spec.seed, "former doctors")
    person, clinic, _, since, _, _ = now
    begin = starts(clinic, organisation.clinics)
    left: dict[int, list[Employment]] = {}
    for employment in staff.employments:
        if employment.role == "specialist" and employment.ends_on is not None and employment.ends_on < spec.today:
            left.setdefault(employment.unit, []).append(employment)
    parts: list[_Part] = []
    for unit, formers in left.items():
        if unit >= organisation.clinics:
            continue
        # each former doctor had a part of those who now have another
        which = (rng.random(begin[unit + 1] - begin[unit]) / HAD_A_FORMER * len(formers)).astype(np.int64)
        for number, former in enumerate(formers):
            here = begin[unit] + np.flatnonzero(which == number)
            ended = _as_day(former.ends_on)
            here = here[listings.since[person[here]] < ended - 120]
            before = np.maximum(listings.since[person[here]], _as_day(former.starts_on))
            after = np.minimum(ended + rng.integers(0, 46, len(here)), today)
            since[here] = np.maximum(since[here], after)
            same = np.ones(len(here), dtype=np.int64)
            parts.append((person[here], clinic[here], same * former.professional, before, same * ended, -same))
    return parts


def _at_earlier_clinics(spec: RegionSpec, listings: Listings, doctors: _Doctors, today: int) -> _Part:
    """Some of those who changed clinic had a named doctor there: the one who has been there longest."""
    rng = stream(spec.seed, "named before")
    rows = np.flatnonzero((listings.ends >= 0) & (listings.ends <= today))
    rows = rows[rng.random(len(rows)) < HAD_ONE_BEFORE]
    veteran = np.full(int(listings.at.max()) + 1, -1)
    by_age = np.lexsort((-doctors.since, doctors.clinic))
    veteran[doctors.clinic[by_age]] = by_age
    rows = rows[veteran[listings.at[rows]] >= 0]
    who = veteran[listings.at[rows]]
    began = np.maximum(listings.starts[rows], doctors.since[who])
    fits = began < listings.ends[rows] - 60
    rows, who, began = rows[fits], who[fits], began[fits]
    person, at, ends = listings.person[rows], listings.at[rows], listings.ends[rows]
    return person, at, doctors.person[who], began, ends, np.full(len(rows), -1)
