"""Municipalities and areas come with a region's extract; boundaries are ours to add."""

from vardnav.places.boundaries import geojson
from vardnav.places.models import Municipality
from vardnav.tables.merge import Changed, Merge, merge

MERGES = {
    "municipalities": Merge(
        "places_municipality",
        ("code",),
        {name: f"s.{name}" for name in ("code", "name", "county_code", "population", "latitude", "longitude")},
    ),
    "areas": Merge(
        "places_area",
        ("code",),
        {
            **{name: f"s.{name}" for name in ("code", "name", "population", "latitude", "longitude")},
            "municipality_id": "s.municipality_code",
            "care_need_index": "s.care_need_index::numeric(5, 2)",
        },
    ),
}
ROWS = {
    "municipalities": "SELECT code, name, county_code, population, latitude, longitude FROM places_municipality",
    "areas": "SELECT code, name, municipality_id AS municipality_code, population, latitude, longitude, "
    "care_need_index FROM places_area",
}


def merge_staged(table: str, stage: str) -> Changed:
    """Bring the staged rows of one of the room's tables in."""
    changed = merge(MERGES[table], stage)
    if table == "municipalities":
        draw_boundaries()
    return changed


def draw_boundaries() -> None:
    """Give each municipality that has none its boundary."""
    bare = list(Municipality.objects.filter(boundary__isnull=True))
    found = geojson([one.code for one in bare])
    for municipality in bare:
        municipality.boundary = found.get(municipality.code)
    Municipality.objects.bulk_update([one for one in bare if one.boundary], ["boundary"])
