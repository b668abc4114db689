"""How far and in which direction: on a sphere, which is within 0.6 % of the ellipsoid everywhere."""

import math
from typing import Final

#: Mean radius of the Earth (IUGG R1) in metres.
EARTH_RADIUS_M: Final = 6_371_008.8
#: Metres of one degree of latitude, and of one degree of longitude at the equator, on that sphere.
METRES_PER_DEGREE: Final = math.pi * EARTH_RADIUS_M / 180.0

#: Everyday walking speed, 4.8 km/h: slower than the 5 km/h of trip planners, as people carry bags and children.
WALKING_M_PER_MIN: Final = 80.0
#: Streets do not run straight: walked length / beeline in European cities lies at 1.2 to 1.4.
WALKING_DETOUR: Final = 1.3


def distance_m(lng_a: float, lat_a: float, lng_b: float, lat_b: float) -> float:
    """Metres along the great circle between two WGS 84 positions in degrees (haversine)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_phi = (phi_b - phi_a) / 2.0
    half_lambda = math.radians(lng_b - lng_a) / 2.0
    h = math.sin(half_phi) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lambda) ** 2
    # Rounding can lift h just above 1 for antipodes.
    return 2.0 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, h)))


def walking_minutes(beeline_m: float) -> int:
    """Whole minutes on foot for a beeline in metres, rounded up, at least 1: a promise to keep, not to beat."""
    return max(1, math.ceil(beeline_m * WALKING_DETOUR / WALKING_M_PER_MIN))
