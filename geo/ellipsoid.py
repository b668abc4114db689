"""Ellipsoids of revolution, and the conformal latitude that map projections share."""

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """Semi-major axis in metres and flattening."""

    a: float
    f: float

    @property
    def e(self) -> float:
        """First eccentricity."""
        return math.sqrt(self.f * (2.0 - self.f))

    @property
    def n(self) -> float:
        """Third flattening."""
        return self.f / (2.0 - self.f)


#: EPSG ellipsoid 7019, of ETRS89 and RGF93. It differs from that of WGS 84 by 0.1 mm at the pole.
GRS80: Final = Ellipsoid(a=6_378_137.0, f=1.0 / 298.257222101)


def conformal_tangent(tau: float, e: float) -> float:
    """tan(conformal latitude) of tan(geographic latitude): Karney (2011), equations 7 to 9."""
    hypotenuse = math.hypot(1.0, tau)
    sigma = math.sinh(e * math.atanh(e * tau / hypotenuse))
    return math.hypot(1.0, sigma) * tau - sigma * hypotenuse


def geographic_tangent(tau_conformal: float, e: float) -> float:
    """tan(geographic latitude) of tan(conformal latitude), by Newton's method: Karney (2011), eq. 19 to 21."""
    e2_complement = 1.0 - e * e
    tau = tau_conformal / e2_complement
    # Two rounds suffice in double precision; the third only confirms.
    for _ in range(3):
        guess = conformal_tangent(tau, e)
        tau += (
            (tau_conformal - guess)
            / math.hypot(1.0, guess)
            * (1.0 + e2_complement * tau * tau)
            / (e2_complement * math.hypot(1.0, tau))
        )
    return tau
