"""Bounding boxes and positions in WGS 84 degrees, and how they are read from an address."""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from geo.decimals import parse_decimal
from geo.distance import METRES_PER_DEGREE
from geo.errors import GeoError

MIN_LNG: Final = -180.0
MAX_LNG: Final = 180.0
MIN_LAT: Final = -90.0
MAX_LAT: Final = 90.0


class BBoxError(GeoError):
    """Not a usable bounding box."""

    code = "bbox_unusable"


class BBoxPartsError(BBoxError):
    """A bounding box has exactly four numbers: west, south, east, north."""

    code = "bbox_parts"


class BBoxNotFiniteError(BBoxError):
    """The sides of a bounding box are finite numbers."""

    code = "bbox_not_finite"


class BBoxOutOfRangeError(BBoxError):
    """West and east lie between -180 and 180, south and north between -90 and 90."""

    code = "bbox_out_of_range"


class BBoxInvertedError(BBoxError):
    """South must be smaller than north."""

    code = "bbox_inverted"


class BBoxCrossesAntimeridianError(BBoxError):
    """West must be smaller than east; boxes across the 180th meridian are not served."""

    code = "bbox_crosses_antimeridian"


class BBoxWithoutAreaError(BBoxError):
    """A bounding box must have an area."""

    code = "bbox_zero_area"


class PositionError(GeoError):
    """Not a usable position."""

    code = "position_unusable"


class PositionPartsError(PositionError):
    """A position has exactly two numbers: longitude, latitude."""

    code = "position_parts"


class PositionNotFiniteError(PositionError):
    """Longitude and latitude are finite numbers."""

    code = "position_not_finite"


class PositionOutOfRangeError(PositionError):
    """Longitude lies between -180 and 180, latitude between -90 and 90."""

    code = "position_out_of_range"


class PositionNotKnownError(PositionError):
    """0,0 lies in the sea off Africa: it is what programs write that know no position."""

    code = "position_not_known"


class Position(NamedTuple):
    """A WGS 84 position in degrees, longitude first."""

    lng: float
    lat: float


@dataclass(frozen=True, slots=True)
class BBox:
    """A box with an area, in WGS 84 degrees, which does not cross the antimeridian.

    Raises a subclass of BBoxError for each way of not being one.
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(side) for side in (self.west, self.south, self.east, self.north)):
            raise BBoxNotFiniteError
        if not (
            MIN_LNG <= self.west <= MAX_LNG
            and MIN_LNG <= self.east <= MAX_LNG
            and MIN_LAT <= self.south <= MAX_LAT
            and MIN_LAT <= self.north <= MAX_LAT
        ):
            raise BBoxOutOfRangeError
        if self.south > self.north:
            raise BBoxInvertedError
        # RFC 7946 section 5.2: west greater than east means a box across the antimeridian, not a mistake.
        if self.west > self.east:
            raise BBoxCrossesAntimeridianError
        if self.west == self.east or self.south == self.north:
            raise BBoxWithoutAreaError

    @property
    def centre(self) -> Position:
        """The middle in degrees."""
        return Position((self.west + self.east) / 2.0, (self.south + self.north) / 2.0)

    @property
    def width_m(self) -> float:
        """Metres from west to east along the middle parallel."""
        return (self.east - self.west) * METRES_PER_DEGREE * math.cos(math.radians(self.centre.lat))

    @property
    def height_m(self) -> float:
        """Metres from south to north."""
        return (self.north - self.south) * METRES_PER_DEGREE

    def contains(self, lng: float, lat: float) -> bool:
        """Whether the position lies in the box or on its edge; never for NaN."""
        return self.west <= lng <= self.east and self.south <= lat <= self.north

    def expand_m(self, metres: float) -> Self:
        """The box with at least so many metres added on each side, cut at the poles and the antimeridian.

        Raises ValueError for a negative or endless distance.
        """
        if not (math.isfinite(metres) and metres >= 0.0):
            raise ValueError("a box grows by a finite distance of zero or more")
        d_lat = metres / METRES_PER_DEGREE
        south, north = max(MIN_LAT, self.south - d_lat), min(MAX_LAT, self.north + d_lat)
        # A degree of longitude is shortest at the edge nearest to a pole: what suffices there, suffices in the box.
        cosine = math.cos(math.radians(max(abs(south), abs(north))))
        d_lng = min(360.0, d_lat / cosine) if cosine > 1e-9 else 360.0
        return type(self)(max(MIN_LNG, self.west - d_lng), south, min(MAX_LNG, self.east + d_lng), north)

    def as_tuple(self) -> tuple[float, float, float, float]:
        """(west, south, east, north), the order of RFC 7946."""
        return (self.west, self.south, self.east, self.north)


def parse_bbox(text: str) -> BBox:
    """The box of "west,south,east,north": exactly four plain decimal numbers without spaces.

    Raises a subclass of BBoxError or of geo.decimals.DecimalError; its `code` names the cause.
    """
    parts = text.split(",", maxsplit=4)
    if len(parts) != 4:
        raise BBoxPartsError
    west, south, east, north = map(parse_decimal, parts)
    return BBox(west, south, east, north)


def parse_position(text: str) -> Position:
    """The position of "lng,lat": exactly two plain decimal numbers without spaces, in range.

    Raises a subclass of PositionError or of geo.decimals.DecimalError; its `code` names the cause.
    """
    parts = text.split(",", maxsplit=2)
    if len(parts) != 2:
        raise PositionPartsError
    position = checked_position(*map(parse_decimal, parts))
    if position == (0.0, 0.0):
        raise PositionNotKnownError
    return position


def checked_position(lng: float, lat: float) -> Position:
    """The same two numbers as a Position. Raises PositionNotFiniteError or PositionOutOfRangeError."""
    if not (math.isfinite(lng) and math.isfinite(lat)):
        raise PositionNotFiniteError
    if not is_position(lng, lat):
        raise PositionOutOfRangeError
    return Position(lng, lat)


def is_position(lng: float, lat: float) -> bool:
    """Whether longitude and latitude are in range; never for NaN or infinity."""
    return MIN_LNG <= lng <= MAX_LNG and MIN_LAT <= lat <= MAX_LAT


def box_around(position: Position, reach_m: float) -> BBox:
    """The box that reaches so many metres in each direction, rounded to four decimals (7 to 11 m)."""
    lng, lat = position
    up = reach_m / METRES_PER_DEGREE
    aside = up / math.cos(math.radians(min(abs(lat), 85.0)))
    return BBox(
        round(max(-180.0, lng - aside), 4),
        round(max(-90.0, lat - up), 4),
        round(min(180.0, lng + aside), 4),
        round(min(90.0, lat + up), 4),
    )
