"""Lambert conformal conic with two standard parallels.

Source: IOGP Publication 373-7-2 (EPSG Guidance Note 7, part 2), section 3.1.1.1, EPSG method 9802; the formulae in the
conformal latitude are those of Snyder, "Map Projections: A Working Manual" (1987), pages 107 to 109.
"""

import math
from dataclasses import dataclass
from functools import cached_property

from geo.ellipsoid import GRS80, Ellipsoid, conformal_tangent, geographic_tangent


@dataclass(frozen=True)
class LambertConic:
    """A projection: origin and standard parallels in degrees, false easting and northing in the ellipsoid's unit.

    For grids of the northern hemisphere, whose standard parallels differ.
    """

    origin_lng: float
    origin_lat: float
    parallel_1: float
    parallel_2: float
    false_easting_m: float
    false_northing_m: float
    ellipsoid: Ellipsoid = GRS80

    def forward(self, lng: float, lat: float) -> tuple[float, float]:
        """(easting, northing) in metres of a position in degrees."""
        radius = self._radius(lat)
        theta = self._cone * math.radians(lng - self.origin_lng)
        return (
            self.false_easting_m + radius * math.sin(theta),
            self.false_northing_m + self._radius(self.origin_lat) - radius * math.cos(theta),
        )

    def inverse(self, easting_m: float, northing_m: float) -> tuple[float, float]:
        """(lng, lat) in degrees of a position in metres."""
        east = easting_m - self.false_easting_m
        south = self._radius(self.origin_lat) - (northing_m - self.false_northing_m)
        theta = math.atan2(east, south)
        t = (math.hypot(east, south) / self._scaled_a) ** (1.0 / self._cone)
        # t is exp(-isometric latitude), and tan(conformal latitude) is sinh of the isometric one.
        tau = geographic_tangent((1.0 / t - t) / 2.0, self.ellipsoid.e)
        return self.origin_lng + math.degrees(theta / self._cone), math.degrees(math.atan(tau))

    def _radius(self, lat: float) -> float:
        """Distance from the cone's tip to a parallel."""
        return self._scaled_a * float(self._t(lat) ** self._cone)

    def _t(self, lat: float) -> float:
        tau = conformal_tangent(math.tan(math.radians(lat)), self.ellipsoid.e)
        return math.exp(-math.asinh(tau))

    def _m(self, lat: float) -> float:
        """Radius of a parallel on the unit ellipsoid."""
        phi = math.radians(lat)
        return math.cos(phi) / math.sqrt(1.0 - (self.ellipsoid.e * math.sin(phi)) ** 2)

    @cached_property
    def _cone(self) -> float:
        return math.log(self._m(self.parallel_1) / self._m(self.parallel_2)) / math.log(
            self._t(self.parallel_1) / self._t(self.parallel_2)
        )

    @cached_property
    def _scaled_a(self) -> float:
        flattened = float(self._t(self.parallel_1) ** self._cone)
        return self.ellipsoid.a * self._m(self.parallel_1) / (self._cone * flattened)
