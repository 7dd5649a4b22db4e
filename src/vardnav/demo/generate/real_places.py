"""A region on real places: statistical areas and points of care read from a folder, and never copied from it.

`regso.csv` has the areas (code, name, population; the shares are used where they are there), `service_points.csv` the
points of care. Where `localities.csv` lies beside the folder, an area is placed at the localities its name speaks of.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from vardnav.demo import figures
from vardnav.demo.figures import Municipality
from vardnav.demo.generate import organisation as built
from vardnav.demo.generate.arrays import Floats
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.clinics import Site
from vardnav.demo.generate.folder import FaultyFolder, Row, number, read, text
from vardnav.demo.generate.geography import Areas, km_between, numbered
from vardnav.demo.generate.organisation import Hospital, Organisation, genitive
from vardnav.demo.generate.spec import RegionSpec

AREAS, POINTS, LOCALITIES = "regso.csv", "service_points.csv", "localities.csv"
CLINIC, HOSPITAL, PRIVATE = "vårdcentral", "sjukhus", "privat"
SOUNDS_LIKE_A_HOSPITAL = re.compile(r"sjukhus|lasarett", re.IGNORECASE)
# weights of what care need is made of; the mean of the region becomes 1.00
NEED = {"share_low_income_20_64": 0.4, "share_foreign_born": 0.35, "share_preuppersecondary": 0.25}
DIRECTIONS = {
    "nordöstra": (1, 1), "nordvästra": (1, -1), "sydöstra": (-1, 1), "sydvästra": (-1, -1), "norra": (1, 0),
    "södra": (-1, 0), "östra": (0, 1), "västra": (0, -1),
}  # fmt: skip
TOWN_KM, OUTSIDE_KM = 1.2, 8.0


@dataclass(frozen=True, slots=True)
class _Locality:
    name: str
    municipality_code: str
    latitude: float
    longitude: float


def spec(folder: Path, today: date, seed: int) -> RegionSpec:
    """Raises FaultyFolder, which names file, line and column."""
    known = {m.code: m for m in figures.municipalities()}
    people: dict[str, int] = {}
    for row in read(folder / AREAS, ("code", "name", "population")):
        code = text(row, "code")[:4]
        if code not in known:
            raise FaultyFolder(row, "code", "does not begin with the code of a municipality (four digits)")
        people[code] = people.get(code, 0) + int(number(row, "population", 1, 1_000_000))
    if not people:
        raise FaultyFolder.whole(folder / AREAS, "has no rows")
    counties = {code[:2] for code in people}
    if len(counties) > 1:
        raise FaultyFolder.whole(folder / AREAS, f"spans the counties {', '.join(sorted(counties))}: give one")
    county = next(county for county in figures.counties() if county.code in counties)
    inside = tuple(replace(known[code], population=count) for code, count in sorted(people.items()))
    _points(folder, {m.name for m in inside})
    return RegionSpec(county.slug, county, inside, today, seed, folder=folder)


def areas(spec: RegionSpec) -> Areas:
    folder = _folder(spec)
    rows = sorted(read(folder / AREAS, ("code", "name", "population")), key=lambda row: text(row, "code"))
    codes = [m.code for m in spec.municipalities]
    rng = stream(spec.seed, "real areas")
    near: dict[str, dict[str, _Locality]] = {code: {} for code in codes}
    for locality in _localities(folder):
        near.get(locality.municipality_code, {})[locality.name] = locality
    points = _points(folder, {m.name for m in spec.municipalities})
    seats = {m.code: _seat(m, near[m.code], points) for m in spec.municipalities}
    placed = [_place(row, near[text(row, "code")[:4]], seats[text(row, "code")[:4]], rng) for row in rows]
    return Areas(
        [text(row, "code") for row in rows],
        [text(row, "name") for row in rows],
        [city for city, _, _ in placed],
        np.array([codes.index(text(row, "code")[:4]) for row in rows]),
        np.array([int(number(row, "population", 1, 1_000_000)) for row in rows]),
        np.round([latitude for _, latitude, _ in placed], 5),
        np.round([longitude for _, _, longitude in placed], 5),
        _need(rows),
    )


def _folder(spec: RegionSpec) -> Path:
    if spec.folder is None:
        raise ValueError("the spec has no folder")
    return spec.folder


def _localities(folder: Path) -> list[_Locality]:
    path = folder.resolve().parent / LOCALITIES
    if not path.exists():
        return []
    return [
        _Locality(
            text(row, "locality"),
            text(row, "municipality_code"),
            number(row, "latitude", 54, 70),
            number(row, "longitude", 9, 26),
        )
        for row in read(path, ("locality", "latitude", "longitude", "municipality_code"))
    ]


def _place(row: Row, near: dict[str, _Locality], seat: _Locality, rng: np.random.Generator) -> tuple[str, float, float]:
    """City and point of an area: the localities its name speaks of, else somewhere about the seat."""
    label = text(row, "name")
    label = label[label.find("(") + 1 :].rstrip(") ") if "(" in label else label
    spoken = [near[name] for name in _spoken(label) if name in near]
    outside = "omland" in label or "landsbygd" in label
    if spoken and not outside:
        latitude = sum(locality.latitude for locality in spoken) / len(spoken)
        longitude = sum(locality.longitude for locality in spoken) / len(spoken)
        return spoken[0].name, *_moved(rng, label, latitude, longitude, TOWN_KM / 3)
    centre = spoken[0] if spoken else seat
    km = OUTSIDE_KM if outside else TOWN_KM
    return centre.name, *_moved(rng, label, centre.latitude, centre.longitude, km)


def _seat(municipality: Municipality, near: dict[str, _Locality], points: list[Row]) -> _Locality:
    """The locality of the municipality's name (either half of it), else its first point of care, else its own point."""
    for name in (municipality.name, *municipality.name.split("-")):
        if name in near:
            return near[name]
    for row in points:
        if row.values["municipality"] == municipality.name:
            latitude, longitude = number(row, "latitude", 54, 70), number(row, "longitude", 9, 26)
            return _Locality(municipality.name, municipality.code, latitude, longitude)
    return _Locality(municipality.name, municipality.code, municipality.latitude, municipality.longitude)


def _spoken(label: str) -> list[str]:
    """Names a label may speak of: itself, its parts, and the parts without a genitive s or a direction."""
    parts = [label, *label.split("-"), *label.split(" "), label.split(" ")[0]]
    parts += [part.split(" ")[0] for part in label.split("-")]
    parts += [part[:-1] for part in parts if part.endswith("s")]
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _moved(rng: np.random.Generator, label: str, latitude: float, longitude: float, km: float) -> tuple[float, float]:
    north, east = rng.normal(0, 0.5, 2)
    for word, (up, right) in DIRECTIONS.items():
        if word in label.lower():
            north, east = up + 0.3 * north, right + 0.3 * east
            break
    return latitude + north * km / 111.32, longitude + east * km / 55.0


def _need(rows: list[Row]) -> Floats:
    """Care need from low income, foreign birth and short education; 1.00 in an area where the shares are not given."""
    people = np.array([number(row, "population", 1, 1_000_000) for row in rows])
    need: Floats = np.zeros(len(rows))
    weight = 0.0
    for column, share in NEED.items():
        if all(row.values.get(column) for row in rows):
            values = np.array([number(row, column, 0, 1) for row in rows])
            need += share * values / max(float(np.average(values, weights=people)), 1e-9)
            weight += share
    if weight == 0:
        return np.ones(len(rows))
    result: Floats = np.round(np.maximum(need / weight, 0.2), 2)
    return result


def _points(folder: Path, municipalities: set[str]) -> list[Row]:
    """Points of care in a municipality of the region; one elsewhere is left out unless it says it is a clinic."""
    columns = ("point", "clinic", "operator", "class", "latitude", "longitude", "municipality")
    points = []
    for row in read(folder / POINTS, columns):
        if row.values["municipality"] in municipalities:
            number(row, "latitude", 54, 70)
            number(row, "longitude", 9, 26)
            points.append(row)
        elif row.values["class"].lower() in (CLINIC, HOSPITAL):
            raise FaultyFolder(row, "municipality", f"is not a municipality of {AREAS}")
    return points


def organisation(spec: RegionSpec, areas: Areas) -> Organisation:
    points = _points(_folder(spec), {m.name for m in spec.municipalities})
    hospitals = _hospitals(spec, points)
    sites = [_site(spec, areas, row) for row in points if _is_clinic(row)]
    sites += _missing(spec, areas, sites, hospitals)
    sites = [
        replace(site, name=name) for site, name in zip(sites, numbered([site.name for site in sites]), strict=True)
    ]
    size = {m.code: m.population for m in spec.municipalities}
    sites.sort(key=lambda site: (-size[site.municipality_code], site.private))
    return built.assemble(spec, sites, hospitals)


def _is_clinic(row: Row) -> bool:
    """A clinic has a clinic's name, or calls itself one."""
    kind = row.values["class"].lower()
    named = bool(row.values["clinic"]) or CLINIC in row.values["point"].lower()
    return kind in (CLINIC, HOSPITAL) and named


def _site(spec: RegionSpec, areas: Areas, row: Row) -> Site:
    code = next(m.code for m in spec.municipalities if m.name == row.values["municipality"])
    latitude, longitude = number(row, "latitude", 54, 70), number(row, "longitude", 9, 26)
    name = row.values["clinic"] or text(row, "point")
    private = row.values["operator"].lower() == PRIVATE
    return _near(spec, areas, Site(name, code, "", latitude, longitude, private, -1))


def _near(spec: RegionSpec, areas: Areas, site: Site) -> Site:
    """The site with the nearest area of its municipality."""
    codes = [m.code for m in spec.municipalities]
    km = km_between(areas.latitude, areas.longitude, np.array(site.latitude), np.array(site.longitude))
    own = areas.municipality == codes.index(site.municipality_code)
    area = int(np.where(own, km, np.inf).argmin())
    return replace(site, area=area, city=areas.cities[area])


def _hospitals(spec: RegionSpec, points: list[Row]) -> list[Hospital]:
    """The hospital of the largest municipality that has one has all specialties."""
    rows = [
        row
        for row in points
        if row.values["class"].lower() == HOSPITAL or SOUNDS_LIKE_A_HOSPITAL.search(row.values["point"])
    ]
    of = {m.name: m for m in spec.municipalities}
    rows.sort(key=lambda row: (row.values["class"].lower() != HOSPITAL, -of[row.values["municipality"]].population))
    return [
        Hospital(
            text(row, "point"),
            of[row.values["municipality"]].code,
            row.values["municipality"],
            number(row, "latitude", 54, 70),
            number(row, "longitude", 9, 26),
            built.specialties(order),
        )
        for order, row in enumerate(rows)
    ]


def _missing(spec: RegionSpec, areas: Areas, sites: list[Site], hospitals: list[Hospital]) -> list[Site]:
    """A municipality without any clinic gets one: at its hospital if it has one, else at its own point."""
    have = {site.municipality_code for site in sites}
    more = []
    for municipality in spec.municipalities:
        if municipality.code not in have:
            at = next((h for h in hospitals if h.municipality_code == municipality.code), municipality)
            name = f"{genitive(municipality.name)} {spec.county.clinic_word}"
            more.append(_near(spec, areas, Site(name, municipality.code, "", at.latitude, at.longitude, False, -1)))
    return more
