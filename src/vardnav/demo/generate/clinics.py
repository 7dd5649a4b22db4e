"""Where the clinics are and what they are called."""

from dataclasses import dataclass

import numpy as np

from vardnav.demo.figures import Municipality
from vardnav.demo.generate.arrays import Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.geography import Areas, Places, km_between, numbered, places_of
from vardnav.demo.generate.spec import RegionSpec

LEAST_PER_REGION = 3
FAR_KM = 3.0
# when a place has more than one clinic, the next ones are called
MORE_AT_A_PLACE = (
    "Läkarhuset {0}",
    "Husläkarna {0}",
    "Familjeläkarna {0}",
    "{0}doktorn",
    "Nya {1} {2}",
    "Kvarterskliniken {0}",
)


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    municipality_code: str
    city: str
    latitude: float
    longitude: float
    private: bool
    area: int  # the area whose point is nearest


def clinic_sites(spec: RegionSpec, areas: Areas) -> list[Site]:
    """Every municipality has a clinic; the first two listed are the largest municipality's (if it has two)."""
    counts = _seats(spec)
    order = sorted(range(len(counts)), key=lambda i: (-spec.municipalities[i].population, i))
    drafts: list[Site] = []
    for index in order:
        drafts += _sites_in(spec, areas, index, counts[index])
    return _made_private(spec, drafts)


def _seats(spec: RegionSpec) -> list[int]:
    """Clinics per municipality in proportion to population (D'Hondt), at least one each.

    Where the places of the whole region are known, a municipality gets no more clinics than it has places: that
    leaves small clinics in the sparsely populated ones, as it is in the north.
    """
    total = spec.clinics or round(spec.population / spec.county.listed_per_clinic)
    total = max(total, LEAST_PER_REGION, len(spec.municipalities))
    known = [len(places_of(m).names) for m in spec.municipalities]
    bounded = sum(known) >= total
    counts = [1] * len(spec.municipalities)
    while sum(counts) < total:
        free = [i for i, count in enumerate(counts) if not bounded or count < known[i]]
        counts[max(free, key=lambda i: (spec.municipalities[i].population / (counts[i] + 1), -i))] += 1
    return counts


def _sites_in(spec: RegionSpec, areas: Areas, index: int, count: int) -> list[Site]:
    municipality = spec.municipalities[index]
    places = places_of(municipality)
    own = np.flatnonzero(areas.municipality == index)
    points = [(float(places.latitude[i]), float(places.longitude[i])) for i in range(min(count, len(places.names)))]
    points += _relieved(areas, own, points, count - len(points))
    names = _names(spec, municipality, places, points)
    sites = []
    for name, (latitude, longitude) in zip(names, points, strict=True):
        km = km_between(areas.latitude[own], areas.longitude[own], np.array(latitude), np.array(longitude))
        area = int(own[km.argmin()])
        city = areas.cities[area]
        sites.append(Site(name, municipality.code, city, latitude, longitude, False, area))
    return sites


def _relieved(areas: Areas, own: Ints, taken: list[tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """Each further clinic where it relieves the one with most people nearest: at the area of that one's surroundings
    which brings them closest to a clinic (a kilometre beyond the third does not count)."""
    latitude, longitude, people = areas.latitude[own], areas.longitude[own], areas.population[own]
    between = km_between(latitude[:, None], longitude[:, None], latitude[None, :], longitude[None, :])
    points = list(taken)
    away = np.stack([km_between(latitude, longitude, np.array(lat), np.array(lon)) for lat, lon in points])
    for _ in range(count):
        nearest = away.argmin(axis=0)
        busiest = int(np.bincount(nearest, people, minlength=len(points)).argmax())
        around = np.flatnonzero(nearest == busiest)
        left = np.minimum(np.minimum(away[busiest, around], between[np.ix_(around, around)]), FAR_KM)
        pick = int(around[(left * people[around]).sum(axis=1).argmin()])
        # beside the area's point, so that two clinics never share one
        lat = round(float(latitude[pick]) + 0.0008 * (1 + len(points) % 5), 5)
        lon = round(float(longitude[pick]) - 0.0008 * (1 + len(points) % 3), 5)
        points.append((lat, lon))
        away = np.vstack((away, km_between(latitude, longitude, np.array(lat), np.array(lon))))
    return points[len(taken) :]


def _names(
    spec: RegionSpec, municipality: Municipality, places: Places, points: list[tuple[float, float]]
) -> list[str]:
    word = spec.county.clinic_word
    used: dict[str, int] = {}
    labels = []
    for latitude, longitude in points:
        km = km_between(places.latitude, places.longitude, np.array(latitude), np.array(longitude))
        place = places.names[int(km.argmin())]
        before = used.get(place, 0)
        used[place] = before + 1
        of_place = place if place[-1] in "sxz" else place + "s"
        if before == 0:
            labels.append(f"{of_place} {word}")
        else:
            labels.append(MORE_AT_A_PLACE[(before - 1) % len(MORE_AT_A_PLACE)].format(place, of_place, word))
    return numbered(labels)


def _made_private(spec: RegionSpec, sites: list[Site]) -> list[Site]:
    """The county's share of private clinics: first those beside a region-run one, never the cast's own two."""
    rng = stream(spec.seed, "private clinics")
    wanted = round(spec.county.private_share * len(sites))
    first = {site.municipality_code: i for i, site in reversed(list(enumerate(sites)))}
    beside = [i for i, site in enumerate(sites) if i > 1 and first[site.municipality_code] != i]
    chosen = {int(i) for i in rng.permutation(beside)[:wanted]}
    return [
        Site(s.name, s.municipality_code, s.city, s.latitude, s.longitude, i in chosen, s.area)
        for i, s in enumerate(sites)
    ]
