"""Who lives with whom: children with one or two guardians, couples, people alone.

Families are drawn as wished-for ages (a child of 7 and one of 4, a mother of 36) and filled by people of the
same area in order of age, so that the age pyramid stays what it was and nobody is invented.
"""

from dataclasses import dataclass

import numpy as np

from vardnav.demo.generate.arrays import Flags, Floats, Ints, order_by, rank_in_group, starts
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.people import FEMALE, MALE

ADULT_AT = 18
LEAST_GAP = 17  # years between a guardian and the oldest child
GUARDIAN, PARTNER_OR_ALONE, YOUTH, CHILD = 0, 1, 2, 3  # order inside a household

CHILDREN_PER_FAMILY = (
    0.40,
    0.43,
    0.13,
    0.04,
)  # SCB, Barn- och familjestatistik: families by number of children under 18
YEARS_BETWEEN_SIBLINGS = 2.7
TWO_GUARDIANS = 0.79  # SCB: children who live with both guardians
ALONE_WITH_FATHER = 0.22  # of families with one guardian


@dataclass(frozen=True, slots=True)
class Households:
    household: Ints  # per person; numbered in order of area
    role: Ints
    count: int


@dataclass(slots=True)
class _Families:
    area: Ints
    oldest: Floats  # age of the oldest child
    mother: Ints  # person, -1 where there is none
    father: Ints


def households(seed: int, area: Ints, age: Ints, sex: Ints, areas: int) -> Households:
    """Place everyone; `area` must be in order."""
    rng = stream(seed, "households")
    household = np.full(len(area), -1, dtype=np.int64)
    role = np.full(len(area), PARTNER_OR_ALONE, dtype=np.int8)
    families = _children(rng, area, age, areas, household)
    role[age < ADULT_AT] = CHILD
    _guardians(rng, families, area, age, sex, areas)
    for parent in (families.mother, families.father):
        found = parent >= 0
        household[parent[found]] = np.flatnonzero(found)
        role[parent[found]] = GUARDIAN
    count = len(families.area)
    youths = _youths(rng, families, area, age, household, areas)
    role[youths] = YOUTH
    count = _couples(rng, area, age, sex, areas, household, count)
    alone = household < 0
    household[alone] = count + np.arange(int(alone.sum()))
    return _renumbered(rng, area, household, role)


def _children(rng: np.random.Generator, area: Ints, age: Ints, areas: int, household: Ints) -> _Families:
    children = np.flatnonzero(age < ADULT_AT)
    where = area[children]
    sizes = rng.choice(np.arange(1, 5), size=len(children), p=CHILDREN_PER_FAMILY)
    drawn = np.repeat(np.arange(len(children)), sizes)[: len(children)]
    first = np.ones(len(children), dtype=bool)
    first[1:] = (drawn[1:] != drawn[:-1]) | (where[1:] != where[:-1])
    family = np.cumsum(first) - 1
    count = int(family[-1]) + 1 if len(family) else 0
    place = rank_in_group(family, count)
    size = np.bincount(family, minlength=count)
    youngest = rng.random(count) * (ADULT_AT - YEARS_BETWEEN_SIBLINGS * (size - 1))
    wished = youngest[family] + place * YEARS_BETWEEN_SIBLINGS + rng.normal(0, 0.7, len(children))
    slots = order_by(where, wished + 8)
    filled = children[order_by(where, age[children].astype(float))]
    household[filled] = family[slots]
    oldest = np.zeros(count)
    np.maximum.at(oldest, family[slots], age[filled])
    none = np.full(count, -1, dtype=np.int64)
    return _Families(where[first], oldest, none, none.copy())


def _guardians(rng: np.random.Generator, families: _Families, area: Ints, age: Ints, sex: Ints, areas: int) -> None:
    count = len(families.area)
    both = rng.random(count) < TWO_GUARDIANS
    by_father = ~both & (rng.random(count) < ALONE_WITH_FATHER)
    wished = families.oldest + np.clip(rng.normal(30.0, 4.6, count), 20, 44)
    older = np.clip(rng.normal(2.3, 3.6, count), -6, 14)
    women = np.flatnonzero((sex == FEMALE) & (age >= ADULT_AT))
    men = np.flatnonzero((sex == MALE) & (age >= ADULT_AT))
    families.mother = _match(rng, families.area, wished, ~by_father, women, area, age, areas)
    _part_the_young(families, families.mother, age)
    with_her = np.where(families.mother >= 0, age[families.mother], wished) + older
    wished = np.maximum(with_her, families.oldest + 19)
    wanted = both | by_father | (families.mother < 0)
    families.father = _match(rng, families.area, wished, wanted, men, area, age, areas)
    _part_the_young(families, families.father, age)
    _adopt(families, area, age)


def _part_the_young(families: _Families, parents: Ints, age: Ints) -> None:
    """A guardian hardly older than the oldest child changes places with one of the same area who suits both."""
    gap = np.where(parents >= 0, age[parents] - families.oldest, LEAST_GAP)
    for family in np.flatnonzero(gap < LEAST_GAP):
        here = np.flatnonzero((families.area == families.area[family]) & (parents >= 0))
        suits = age[parents[here]] - families.oldest[family] >= LEAST_GAP
        suits &= age[parents[family]] - families.oldest[here] >= LEAST_GAP
        if suits.any():
            other = here[suits][0]
            parents[family], parents[other] = parents[other], parents[family]


def _match(
    rng: np.random.Generator, where: Ints, wished: Floats, wanted: Flags, pool: Ints, area: Ints, age: Ints, areas: int
) -> Ints:
    """For each wanted slot a person of the pool in the same area, both in order of age; -1 where there are too few.

    People are drawn in proportion to how many of their age are wished for.
    """
    slots = np.flatnonzero(wanted)
    ages = age[pool]
    bins = np.arange(0, 131, 2)
    wish = np.histogram(wished[slots], bins)[0] + 1e-3
    have = np.histogram(ages, bins)[0] + 1e-3
    race = rng.exponential(1.0, len(pool)) / (wish / have)[ages // 2]
    by_race = np.lexsort((race, area[pool]))
    need = np.bincount(where[slots], minlength=areas)
    taken = by_race[rank_in_group(area[pool][by_race], areas) < need[area[pool][by_race]]]
    people = pool[taken[order_by(area[pool][taken], ages[taken].astype(float))]]
    in_order = slots[order_by(where[slots], wished[slots])]
    have_now = np.bincount(area[people], minlength=areas)
    in_order = in_order[rank_in_group(where[in_order], areas) < have_now[where[in_order]]]
    result = np.full(len(where), -1, dtype=np.int64)
    result[in_order] = people
    return result


def _adopt(families: _Families, area: Ints, age: Ints) -> None:
    """Where an area has too few adults of the right age, a family without any gets a guardian who is left over."""
    orphaned = np.flatnonzero((families.mother < 0) & (families.father < 0))
    if not len(orphaned):
        return
    busy = set(families.mother.tolist()) | set(families.father.tolist())
    for family in orphaned:
        adults = np.flatnonzero((area == families.area[family]) & (age >= families.oldest[family] + ADULT_AT))
        free = [int(person) for person in adults if int(person) not in busy]
        if not free:
            raise ValueError("an area has more families than adults: the region is too small for its areas")
        chosen = min(free, key=lambda person: (abs(int(age[person]) - families.oldest[family] - 30), person))
        families.mother[family] = chosen
        busy.add(chosen)


def _youths(rng: np.random.Generator, families: _Families, area: Ints, age: Ints, household: Ints, areas: int) -> Ints:
    """Most people of 18-20 live at home: in a family of the area whose oldest child is 11 or more."""
    eligible = np.flatnonzero(families.oldest >= 11)
    begin = starts(families.area[eligible], areas)
    young = np.flatnonzero((age >= ADULT_AT) & (age <= 20) & (household < 0))
    young = young[rng.random(len(young)) < 0.7]
    room = (begin[1:] - begin[:-1])[area[young]]
    young, room = young[room > 0], room[room > 0]
    which = begin[area[young]] + rank_in_group(area[young], areas) % room
    household[young] = eligible[which]
    return young


def _couples(
    rng: np.random.Generator, area: Ints, age: Ints, sex: Ints, areas: int, household: Ints, count: int
) -> int:
    """Women and men of the same area who live as couples without children at home, paired in order of age."""
    inclined = np.interp(age, [19, 24, 30, 45, 60, 75, 85, 95], [0.05, 0.35, 0.55, 0.5, 0.68, 0.7, 0.5, 0.2])
    free = (household < 0) & (age >= 19) & (rng.random(len(age)) < inclined)
    women, men = np.flatnonzero(free & (sex == FEMALE)), np.flatnonzero(free & (sex == MALE))
    women = women[order_by(area[women], age[women].astype(float))]
    men = men[order_by(area[men], age[men].astype(float))]
    pairs = np.minimum(np.bincount(area[women], minlength=areas), np.bincount(area[men], minlength=areas))
    women = women[rank_in_group(area[women], areas) < pairs[area[women]]]
    men = men[rank_in_group(area[men], areas) < pairs[area[men]]]
    household[women] = household[men] = count + np.arange(len(women))
    return count + len(women)


def _renumbered(rng: np.random.Generator, area: Ints, household: Ints, role: Ints) -> Households:
    """Households numbered from 0 in order of area, shuffled inside it."""
    count = int(household.max()) + 1
    where = np.zeros(count, dtype=np.int64)
    where[household] = area
    number = np.empty(count, dtype=np.int64)
    number[order_by(where, rng.random(count) * 2**19)] = np.arange(count)
    return Households(number[household], role, count)
