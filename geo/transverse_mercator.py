"""Transverse Mercator by Krüger's series: to a micrometre within a zone of a few degrees.

Source: C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers", Journal of Geodesy 85 (2011),
475-485, equations 35 and 36 up to the fourth order; the parameters' names are those of EPSG method 9807.
"""

import math
from dataclasses import dataclass
from functools import cached_property

from geo.ellipsoid import GRS80, Ellipsoid, conformal_tangent, geographic_tangent


@dataclass(frozen=True)
class TransverseMercator:
    """A projection: central meridian in degrees, scale on it, false easting and northing in metres at the equator.

    Latitude of origin is the equator, as in all grids of this family that we read, unless `origin_lat` says otherwise.
    """

    central_lng: float
    scale: float
    false_easting_m: float
    false_northing_m: float
    origin_lat: float = 0.0
    ellipsoid: Ellipsoid = GRS80

    def forward(self, lng: float, lat: float) -> tuple[float, float]:
        """(easting, northing) in metres of a position in degrees. Meant for a few degrees round the meridian."""
        xi, eta = self._grid(math.radians(lng - self.central_lng), math.radians(lat))
        return (
            self.false_easting_m + self._unit_m * eta,
            self.false_northing_m + self._unit_m * (xi - self._origin_xi),
        )

    def inverse(self, easting_m: float, northing_m: float) -> tuple[float, float]:
        """(lng, lat) in degrees of a position in metres."""
        xi = (northing_m - self.false_northing_m) / self._unit_m + self._origin_xi
        eta = (easting_m - self.false_easting_m) / self._unit_m
        xi_, eta_ = xi, eta
        for order, beta in enumerate(self._beta, start=1):
            xi_ -= beta * math.sin(2 * order * xi) * math.cosh(2 * order * eta)
            eta_ -= beta * math.cos(2 * order * xi) * math.sinh(2 * order * eta)
        sinh_eta, cos_xi = math.sinh(eta_), math.cos(xi_)
        tau = geographic_tangent(math.sin(xi_) / math.hypot(sinh_eta, cos_xi), self.ellipsoid.e)
        return self.central_lng + math.degrees(math.atan2(sinh_eta, cos_xi)), math.degrees(math.atan(tau))

    def _grid(self, lam: float, phi: float) -> tuple[float, float]:
        """(xi, eta): northing and easting on the unit circle of rectifying radius."""
        tau = conformal_tangent(math.tan(phi), self.ellipsoid.e)
        xi_ = math.atan2(tau, math.cos(lam))
        eta_ = math.asinh(math.sin(lam) / math.hypot(tau, math.cos(lam)))
        xi, eta = xi_, eta_
        for order, alpha in enumerate(self._alpha, start=1):
            xi += alpha * math.sin(2 * order * xi_) * math.cosh(2 * order * eta_)
            eta += alpha * math.cos(2 * order * xi_) * math.sinh(2 * order * eta_)
        return xi, eta

    @cached_property
    def _unit_m(self) -> float:
        """Scale times the rectifying radius (equation 14)."""
        n = self.ellipsoid.n
        return self.scale * self.ellipsoid.a / (1.0 + n) * (1.0 + n**2 / 4.0 + n**4 / 64.0)

    @cached_property
    def _origin_xi(self) -> float:
        return self._grid(0.0, math.radians(self.origin_lat))[0]

    @cached_property
    def _alpha(self) -> tuple[float, ...]:
        n = self.ellipsoid.n
        return (
            n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
            13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
            61 * n**3 / 240 - 103 * n**4 / 140,
            49561 * n**4 / 161280,
        )

    @cached_property
    def _beta(self) -> tuple[float, ...]:
        n = self.ellipsoid.n
        return (
            n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
            n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
            17 * n**3 / 480 - 37 * n**4 / 840,
            4397 * n**4 / 161280,
        )
