"""Which clinics the people of an area choose among, and how likely each is: near ones, and none far from its size."""

from dataclasses import dataclass

import numpy as np

from vardnav.demo.generate.arrays import Flags, Floats, Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.geography import Areas, km_between
from vardnav.demo.generate.organisation import Organisation
from vardnav.demo.generate.spec import RegionSpec

NEAREST = 6
ELSEWHERE_KM = 4.0  # a clinic in another municipality feels this much further away
LEAST, MOST = 4_000, 18_000  # listed people a clinic should have where its municipality allows it
ROUNDS = 40
QUEUE_AT_HOME = 2  # the clinic the queued one of the cast is listed with stays open


@dataclass(frozen=True, slots=True)
class Choices:
    near: Ints  # [area, k]: clinics, the nearest first
    rise: Floats  # [area, k]: cumulative probability of each
    default: Ints  # per area: nearest clinic of its own municipality that takes passive listings
    capped: Ints  # clinics with a cap
    local: Flags  # [area, clinic]: in the same municipality


def choices(spec: RegionSpec, areas: Areas, organisation: Organisation) -> Choices:
    units = organisation.units[: organisation.clinics]
    latitude = np.array([unit.latitude for unit in units])
    longitude = np.array([unit.longitude for unit in units])
    codes = [m.code for m in spec.municipalities]
    municipality = np.array([codes.index(unit.municipality_code) for unit in units])
    km = km_between(areas.latitude[:, None], areas.longitude[:, None], latitude[None, :], longitude[None, :])
    elsewhere = areas.municipality[:, None] != municipality[None, :]
    away = km + ELSEWHERE_KM * elsewhere
    near = np.argsort(away, axis=1, kind="stable")[:, : min(NEAREST, len(units))]
    near_km = np.take_along_axis(away, near, axis=1)
    pull = np.exp(-near_km / (1.0 + 0.5 * near_km[:, :1]))
    chance = _balanced(spec, areas, near, pull, municipality)
    capped = _capped(spec, municipality)
    closed_to = np.where(np.isin(np.arange(len(units)), capped), np.inf, 0.0)
    foreign = np.where(elsewhere, 1e6, 0.0)
    default = np.argmin(km + foreign + closed_to[None, :], axis=1)
    return Choices(near, np.cumsum(chance, axis=1), default, capped, ~elsewhere)


def _balanced(spec: RegionSpec, areas: Areas, near: Ints, pull: Floats, municipality: Ints) -> Floats:
    """Choice probabilities whose expected sizes come near a target for each clinic.

    The target lies between what distance alone gives and an even share of the municipality, varied by chance, and
    inside 4,000-18,000 where the municipality is large enough for it.
    """
    rng = stream(spec.seed, "clinic sizes")
    count = len(municipality)
    weight: Floats = np.ones(count)
    people = areas.population.astype(float)

    def chance() -> Floats:
        raw: Floats = pull * weight[near]
        shares: Floats = raw / raw.sum(axis=1, keepdims=True)
        return shares

    def expected() -> Floats:
        size = np.bincount(near.ravel(), (chance() * people[:, None]).ravel(), minlength=count)
        return np.asarray(size, dtype=np.float64) + 1.0

    natural = expected()
    even: Floats = np.zeros(count)
    for index in range(len(spec.municipalities)):
        own = municipality == index
        if own.any():
            even[own] = natural[own].mean()
    small = even < LEAST * 1.1
    by_distance = np.where(small, 0.5, 0.8)
    target = (by_distance * natural + (1 - by_distance) * even) * np.exp(rng.normal(0, 0.22, count))
    target = np.where(small, target, np.clip(target, LEAST * 1.15, MOST * 0.9))
    for _ in range(ROUNDS):
        weight = np.clip(weight * (target / expected()) ** 0.6, 0.01, 100.0)
    return chance()


def _capped(spec: RegionSpec, municipality: Ints) -> Ints:
    """The second clinic and about one in twenty of the others; never the cast's own, nor a municipality's first."""
    rng = stream(spec.seed, "capped clinics")
    clinics = len(municipality)
    first = np.unique(municipality, return_index=True)[1]
    able = np.setdiff1d(np.arange(QUEUE_AT_HOME + 1, clinics), first)
    more = rng.choice(able, size=min(clinics // 18, len(able)), replace=False)
    return np.array(sorted({1, *more.tolist()}), dtype=np.int64)
