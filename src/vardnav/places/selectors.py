"""Municipalities and areas."""

from vardnav.kernel.point import Point
from vardnav.places.models import Area, Municipality


def municipalities() -> list[Municipality]:
    return list(Municipality.objects.defer("boundary").order_by("name"))


def boundaries() -> list[Municipality]:
    return list(Municipality.objects.filter(boundary__isnull=False).order_by("code"))


def point_of_area(area_id: int) -> Point:
    area = Area.objects.only("latitude", "longitude").get(id=area_id)
    return Point(area.latitude, area.longitude)
