"""Coordinate reference systems by their EPSG code: WGS 84, web mercator, and the national grids met in real data.

Data sets come in metres without saying so. The grids below are those seen; for them there is a way back to degrees.
ETRS89 and RGF93 are taken for WGS 84: they differ by the drift of Europe, less than a metre until 2040.
"""

import math
from dataclasses import dataclass
from typing import Final, Protocol

from geo.bbox import BBox
from geo.errors import GeoError
from geo.lambert_conic import LambertConic
from geo.transverse_mercator import TransverseMercator

WGS84: Final = 4326
WEB_MERCATOR: Final = 3857

#: Half the side of the square world of web mercator in metres: π · 6,378,137.
WEB_MERCATOR_HALF_M: Final = math.pi * 6_378_137.0
#: The latitude at which that square ends.
MAX_MERCATOR_LAT: Final = math.degrees(math.atan(math.sinh(math.pi)))


class UnknownCrsError(GeoError):
    """This coordinate reference system is not known here."""

    code = "crs_unknown"


class OutsideGridError(GeoError):
    """The numbers do not lie in the area for which this coordinate reference system is made."""

    code = "crs_outside_area"


class Projection(Protocol):
    """A way from degrees to metres and back."""

    def forward(self, lng: float, lat: float) -> tuple[float, float]:
        """(easting, northing) in metres."""

    def inverse(self, easting_m: float, northing_m: float) -> tuple[float, float]:
        """(lng, lat) in degrees."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A projected reference system: EPSG code, name, and the area in degrees in which its numbers make sense."""

    epsg: int
    name: str
    area: BBox
    projection: Projection


@dataclass(frozen=True, slots=True)
class GridMatch:
    """A grid in which two numbers would be a position, and that position; `swapped` if northing came first."""

    epsg: int
    name: str
    lng: float
    lat: float
    swapped: bool


class WebMercator:
    """EPSG:3857, the sphere of the web maps."""

    def forward(self, lng: float, lat: float) -> tuple[float, float]:
        """(x, y) in metres."""
        return web_mercator_of(lng, lat)

    def inverse(self, easting_m: float, northing_m: float) -> tuple[float, float]:
        """(lng, lat) in degrees."""
        return lng_lat_of(easting_m, northing_m)


def _cs2000(epsg: int, zone: int) -> Grid:
    """A zone of Poland's PL-2000 (EPSG method 9807): 3° wide, the zone's number leads the easting.

    Rozporządzenie Rady Ministrów z 15 października 2012 r., Dz.U. 2012 poz. 1247. The area has a margin of 0.2°, as
    whole cities are kept in the zone of their greater part.
    """
    meridian = 3.0 * zone
    return Grid(
        epsg,
        f"ETRF2000-PL / CS2000/{int(meridian)}",
        BBox(meridian - 1.7, 48.9, meridian + 1.7, 55.0),
        TransverseMercator(meridian, 0.999923, zone * 1_000_000.0 + 500_000.0, 0.0),
    )


#: By EPSG code. The areas are those of the EPSG register, rounded outwards.
GRIDS: Final[dict[int, Grid]] = {
    grid.epsg: grid
    for grid in (
        _cs2000(2176, 5),
        _cs2000(2177, 6),
        _cs2000(2178, 7),
        _cs2000(2179, 8),
        Grid(
            2180,
            "ETRF2000-PL / CS92",
            BBox(14.0, 48.9, 24.3, 55.0),
            TransverseMercator(19.0, 0.9993, 500_000.0, -5_300_000.0),
        ),
        Grid(
            2154,
            "RGF93 / Lambert-93",
            BBox(-9.9, 41.1, 10.4, 51.6),
            LambertConic(3.0, 46.5, 49.0, 44.0, 700_000.0, 6_600_000.0),
        ),
        Grid(WEB_MERCATOR, "WGS 84 / Pseudo-Mercator", BBox(-180.0, -85.06, 180.0, 85.06), WebMercator()),
    )
}


def to_lng_lat(epsg: int, easting_m: float, northing_m: float) -> tuple[float, float]:
    """(lng, lat) in WGS 84 degrees of a position in a known grid, easting first whatever the register's axis order.

    Raises UnknownCrsError; OutsideGridError for numbers that lie outside the grid's area.
    """
    position = _inverse(_grid(epsg), easting_m, northing_m)
    if position is None:
        raise OutsideGridError
    return position


def from_lng_lat(epsg: int, lng: float, lat: float) -> tuple[float, float]:
    """(easting, northing) in metres of a WGS 84 position. Raises UnknownCrsError, OutsideGridError."""
    grid = _grid(epsg)
    if not grid.area.contains(lng, lat):
        raise OutsideGridError
    return grid.projection.forward(lng, lat)


def matching_grids(first: float, second: float) -> tuple[GridMatch, ...]:
    """The grids in which two numbers would be a position, in either axis order.

    National grids come before web mercator, in which any numbers are a position; easting first before northing first.
    Empty for numbers that can be degrees. A suspicion for a person to look at, never a repair: some pairs fit several.
    """
    if abs(first) <= 360.0 and abs(second) <= 360.0:
        return ()
    matches = []
    for swapped, easting, northing in ((False, first, second), (True, second, first)):
        for grid in GRIDS.values():
            position = _inverse(grid, easting, northing)
            if position is not None:
                matches.append(GridMatch(grid.epsg, grid.name, *position, swapped=swapped))
    return tuple(sorted(matches, key=lambda match: match.epsg == WEB_MERCATOR))


def web_mercator_of(lng: float, lat: float) -> tuple[float, float]:
    """(x, y) in web-mercator metres, y clamped to the square world."""
    x, y = web_mercator_fraction(lng, lat)
    return (x * 2.0 - 1.0) * WEB_MERCATOR_HALF_M, (1.0 - y * 2.0) * WEB_MERCATOR_HALF_M


def web_mercator_fraction(lng: float, lat: float) -> tuple[float, float]:
    """(x, y) from the north-west corner of the square world, each 0 to 1 for positions on it; y is clamped."""
    sine = math.sin(math.radians(min(MAX_MERCATOR_LAT, max(-MAX_MERCATOR_LAT, lat))))
    return (lng + 180.0) / 360.0, 0.5 - math.log((1.0 + sine) / (1.0 - sine)) / (4.0 * math.pi)


def lng_lat_of(x_m: float, y_m: float) -> tuple[float, float]:
    """(lng, lat) in WGS 84 degrees of web-mercator metres."""
    lat = math.degrees(math.atan(math.sinh(y_m / WEB_MERCATOR_HALF_M * math.pi)))
    return x_m / WEB_MERCATOR_HALF_M * 180.0, lat


def _grid(epsg: int) -> Grid:
    try:
        return GRIDS[epsg]
    except KeyError:
        raise UnknownCrsError from None


def _inverse(grid: Grid, easting_m: float, northing_m: float) -> tuple[float, float] | None:
    # Beyond the size of the Earth the series overflow; NaN fails the comparison as well.
    if not (abs(easting_m) <= 2.1e7 and abs(northing_m) <= 2.1e7):
        return None
    try:
        lng, lat = grid.projection.inverse(easting_m, northing_m)
    except (ArithmeticError, ValueError):
        return None
    return (lng, lat) if grid.area.contains(lng, lat) else None
