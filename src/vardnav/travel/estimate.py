"""Driving time between two points where no road network is loaded.

Great-circle distance x 1.3 (the usual ratio of road to straight line in Nordic road networks), driven at 35 km/h for
the first 5 km, 60 km/h up to 25 km and 80 km/h beyond, plus 3 minutes to start and to park. An estimate for
choosing a clinic, not for sending a car.
"""

from vardnav.kernel.point import Point

DETOUR = 1.3
START_AND_PARK_MIN = 3.0
LEGS_KM_AND_KMH = ((5.0, 35.0), (20.0, 60.0), (float("inf"), 80.0))


def drive_minutes(origin: Point, destination: Point) -> float:
    return minutes_for(origin.km_to(destination))


def minutes_for(straight_km: float) -> float:
    """Minutes to drive between two points `straight_km` kilometres apart as the crow flies."""
    left = straight_km * DETOUR
    minutes = START_AND_PARK_MIN
    for leg_km, kmh in LEGS_KM_AND_KMH:
        driven = min(left, leg_km)
        minutes += driven / kmh * 60
        left -= driven
    return minutes
