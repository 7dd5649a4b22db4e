"""Municipalities and areas."""

from dataclasses import dataclass

from vardnav.kernel.point import Point
from vardnav.places.models import Area, Municipality


def municipalities() -> list[Municipality]:
    return list(Municipality.objects.defer("boundary").order_by("name"))


def boundaries() -> list[Municipality]:
    return list(Municipality.objects.filter(boundary__isnull=False).order_by("code"))


def point_of_area(area_id: int) -> Point:
    return home(area_id).point


@dataclass(frozen=True, slots=True)
class Home:
    """Where an area lies: its middle and its municipality."""

    point: Point
    municipality_code: str


def home(area_id: int) -> Home:
    area = Area.objects.only("latitude", "longitude", "municipality_id").get(id=area_id)
    return Home(Point(area.latitude, area.longitude), area.municipality_id)
