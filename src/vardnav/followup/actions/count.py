"""From the passes to one figure for each clinic, municipality and day."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from vardnav.followup.actions import passes
from vardnav.followup.actions.passes import Ints, Steps, closes_at
from vardnav.kernel.point import Point
from vardnav.organisation.rules import CapacityParameters
from vardnav.travel.estimate import drive_minutes


@dataclass(frozen=True, slots=True)
class Places:
    """Clinics, areas and municipalities, each with its place in the arrays."""

    clinics: list[tuple[int, Point, str, date, date | None]]
    areas: list[tuple[int, Point, str]]
    municipalities: list[str]

    def clinic_at(self, ids: Ints) -> Ints:
        return _places([clinic[0] for clinic in self.clinics], ids)

    def area_at(self, ids: Ints) -> Ints:
        return _places([area[0] for area in self.areas], ids)

    def municipality_of_area(self) -> Ints:
        place = {code: index for index, code in enumerate(self.municipalities)}
        return np.array([place[code] for _, _, code in self.areas], dtype=np.int64)


def _places(known: list[int], ids: Ints) -> Ints:
    """The index of each id in a sorted list that has them all."""
    return np.searchsorted(np.array(known, dtype=np.int64), ids).astype(np.int64)


@dataclass(slots=True)
class Counted:
    """Figures by clinic and by municipality, each a table of (place, day); travel is minutes, -1 unknown."""

    places: Places
    days: list[date]
    clinics: dict[str, Ints] = field(default_factory=dict)
    municipalities: dict[str, Ints] = field(default_factory=dict)
    region: dict[str, Ints] = field(default_factory=dict)


def count_days(days: list[date], values: list[CapacityParameters]) -> Counted:
    """Count some days, oldest first, with the values in force on each."""
    clinics = [(row[0], Point(row[1], row[2]), *row[3:]) for row in passes.rows(passes.CLINICS)]
    areas = [(row[0], Point(row[1], row[2]), row[3]) for row in passes.rows(passes.AREAS)]
    codes = sorted({code for _, _, code in areas} | {clinic[2] for clinic in clinics})
    counted = Counted(Places(clinics, areas, codes), days)
    steps = Steps(days)
    with passes.whole_tables():
        _listings(counted, steps)
        _named(counted, steps)
        _residents(counted, steps)
    _daily(counted, values)
    return counted


def _listings(counted: Counted, steps: Steps) -> None:
    places = counted.places
    found = steps.read(passes.LISTED)
    clinic, area = places.clinic_at(found[:, 0]), places.area_at(found[:, 1])
    first, last, heads, burden, passive, chosen = found[:, 2:8].T
    many = len(places.clinics)
    counted.clinics |= {
        "listed": steps.covering(clinic, many, first, last, heads),
        "burden": steps.covering(clinic, many, first, last, burden),
        "passive": steps.covering(clinic, many, first, last, passive),
        "joined_month": steps.flowing(clinic, many, first, heads),
        "chosen_month": steps.flowing(clinic, many, first, chosen),
        "left_month": steps.flowing(clinic, many, last, heads),
    }
    _travel(counted, steps, clinic, area, (first, last, heads))


def _travel(counted: Counted, steps: Steps, clinic: Ints, area: Ints, periods: tuple[Ints, Ints, Ints]) -> None:
    """Travel times of everybody listed, by the pairs of area and clinic that occur."""
    places = counted.places
    pairs, of_pair = np.unique(clinic * max(len(places.areas), 1) + area, return_inverse=True)
    heads = steps.covering(of_pair, len(pairs), *periods)
    clinic_of, area_of = np.divmod(pairs, max(len(places.areas), 1))
    minutes = np.array(
        [
            round(drive_minutes(places.areas[a][1], places.clinics[c][1]))
            for c, a in zip(clinic_of, area_of, strict=True)
        ],
        dtype=np.int64,
    )
    homes = places.municipality_of_area()[area_of] if len(pairs) else area_of
    levels = (
        (counted.clinics, clinic_of, len(places.clinics)),
        (counted.municipalities, homes, len(places.municipalities)),
        (counted.region, np.zeros_like(clinic_of), 1),
    )
    for table, group, groups in levels:
        table["travel_median"] = percentile(group, groups, minutes, heads, 0.5)
        table["travel_p95"] = percentile(group, groups, minutes, heads, 0.95)
    counted.municipalities["listed"] = _sums(homes, len(places.municipalities), heads)


def percentile(group: Ints, groups: int, minutes: Ints, heads: Ints, share: float) -> Ints:
    """For each group and day the least minutes that `share` of the heads do not exceed; -1 where nobody is.

    `heads` is a table of (pair, day). The pairs are put in order of minutes; in each group the running sum of heads
    passes the wanted share at the answer.
    """
    answer = np.full((groups, heads.shape[1]), -1, dtype=np.int64)
    order = np.lexsort((minutes, group))
    group, minutes, heads = group[order], minutes[order], heads[order]
    starts = np.searchsorted(group, np.arange(groups + 1))
    for number in range(groups):
        here = slice(starts[number], starts[number + 1])
        if here.start == here.stop:
            continue
        passed = heads[here].cumsum(axis=0)
        everybody = passed[-1]
        at = (passed >= share * everybody - 1e-9).argmax(axis=0)
        answer[number] = np.where(everybody > 0, minutes[here][at], -1)
    return answer


def _sums(group: Ints, groups: int, table: Ints) -> Ints:
    together = np.zeros((groups, table.shape[1]), dtype=np.int64)
    np.add.at(together, group, table)
    return together


def _named(counted: Counted, steps: Steps) -> None:
    """With a doctor who is employed there, and with one who is not."""
    places = counted.places
    many = len(places.clinics)
    found = steps.read(passes.NAMED)
    clinic, area = places.clinic_at(found[:, 0]), places.area_at(found[:, 1])
    first, last, heads = found[:, 2:5].T
    named = steps.covering(clinic, many, first, last, heads)
    home = places.municipality_of_area()[area] if len(found) else area
    counted.municipalities["named"] = steps.covering(home, len(places.municipalities), first, last, heads)
    everyone = steps.read(passes.NAMED_AT_ALL)
    rows = steps.covering(places.clinic_at(everyone[:, 0]), many, *everyone[:, 2:5].T)
    counted.clinics |= {"named": named, "doctor_gone": rows - named}


def _residents(counted: Counted, steps: Steps) -> None:
    places = counted.places
    found = steps.read(passes.RESIDENTS)
    area = places.area_at(found[:, 1])
    home = places.municipality_of_area()[area] if len(found) else area
    counted.municipalities["residents"] = steps.covering(home, len(places.municipalities), *found[:, 2:5].T)


def _daily(counted: Counted, values: list[CapacityParameters]) -> None:
    """What is small enough to be read for each day: employments, queues, offers, caps."""
    days = counted.days
    given: dict[str, Any] = {
        "numbers": list(range(len(days))),
        "days": days,
        "closes": [closes_at(day) for day in days],
        "ceilings": [value.ceiling for value in values],
        "trainee_ceilings": [value.ceiling_trainee for value in values],
    }
    staff = ("specialists_fte", "specialists_heads", "trainees_fte", "locums_fte", "capacity")
    waiting = passes.rows(passes.QUEUE, given)
    median = np.full((1, len(days)), -1, dtype=np.int64)
    for number, clinic_id, *_, waited in waiting:
        if clinic_id is None:
            median[0, number] = waited
    counted.region["median_wait_days"] = median
    queues = [row[:-1] for row in waiting if row[1] is not None]
    _fill(counted, ("queue", "wait_days", "oldest_wait_days"), queues)
    _fill(counted, staff, passes.rows(passes.STAFF, given))
    _fill(counted, ("offers_open", "offers_made"), passes.rows(passes.OFFERS, given))
    _fill(counted, ("cap",), passes.rows(passes.CAPS, given), nothing=-1)


def _fill(counted: Counted, names: tuple[str, ...], rows: list[tuple[Any, ...]], nothing: int = 0) -> None:
    shape = (len(counted.places.clinics), len(counted.days))
    tables = [np.full(shape, nothing, dtype=np.int64) for _ in names]
    place = {clinic[0]: index for index, clinic in enumerate(counted.places.clinics)}
    for number, clinic_id, *found in rows:
        for table, value in zip(tables, found, strict=True):
            table[place[clinic_id], number] = nothing if value is None else value
    counted.clinics |= dict(zip(names, tables, strict=True))
