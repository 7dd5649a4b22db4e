"""A place on the earth (WGS 84) and the distance between two."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Point:
    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not -90 <= self.latitude <= 90:
            raise ValueError(f"latitude {self.latitude} is not within -90 and 90 degrees")
        if not -180 <= self.longitude <= 180:
            raise ValueError(f"longitude {self.longitude} is not within -180 and 180 degrees")

    def km_to(self, other: "Point") -> float:
        """Great-circle distance in kilometres (haversine)."""
        lat1, lat2 = radians(self.latitude), radians(other.latitude)
        dlat, dlon = lat2 - lat1, radians(other.longitude - self.longitude)
        h = sin(dlat / 2) ** 2 + cos(lat1) * cos(lat2) * sin(dlon / 2) ** 2
        return 2 * EARTH_RADIUS_KM * asin(sqrt(h))
