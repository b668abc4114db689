"""`[position]`: where a row is. Nothing is repaired: a declaration says how to read, else it is refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import shapely
from pydantic import model_validator
from shapely.geometry import shape

from app.imports.expressions import Condition, Declaration, Text
from app.imports.notes import RefusedRow
from app.imports.record import Record
from app.imports.rows import GEOMETRY
from geo.bbox import is_position
from geo.crs import GRIDS, WGS84, OutsideGridError, matching_grids, to_lng_lat
from geo.position_checks import Suspicion, check_position, in_countries

_POINT: Final = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,20})?", re.ASCII)
_COMMA: Final = re.compile(r"[+-]?\d{1,9}(?:,\d{1,20})?", re.ASCII)
#: Numbers up to this are degrees, metres of any grid are far above.
_MOST_DEGREES: Final = 360.0


@dataclass(frozen=True, slots=True)
class Found:
    """The position of a row in WGS 84. `missing` says that there is none and that an address may be asked."""

    lng: float | None = None
    lat: float | None = None
    geocode: bool = False


class PositionSection(Declaration):
    """How the position of a row is written."""

    from_geometry: bool = False
    """The geometry of a GeoJSON feature."""
    lng: Text | None = None
    """The column of the longitude, or of the easting in a grid."""
    lat: Text | None = None
    """The column of the latitude, or of the northing in a grid."""
    crs: int | None = None
    """EPSG code of the numbers; WGS 84 unless the file or this says another."""
    axes: Literal["lng_lat", "lat_lng"] = "lng_lat"
    """Which number of a geometry comes first; `lat_lng` is northing, easting as well."""
    decimal: Literal["point", "comma"] = "point"
    """The sign before the decimals in a text."""
    missing: Literal["refuse", "geocode", "none"] = "refuse"
    """What to do with a row without a position, and with 0, 0, which means the same."""
    impossible: Literal["refuse", "missing"] = "refuse"
    """What to do with degrees that are none, such as a latitude of 100: the same as without a position, in data
    that is known to have been invented."""
    inside: bool = False
    """Of a line or an area, take a point inside it; otherwise such a row is refused."""
    only_when: Condition | None = None
    """Where this does not hold, the source's position is no place to go to and is left out."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.from_geometry == (self.lng is not None) or (self.lng is None) != (self.lat is None):
            raise ValueError("give from_geometry = true, or lng and lat")
        if self.impossible == "missing" and (self.missing == "refuse" or self.crs not in (None, WGS84)):
            raise ValueError("impossible = missing needs missing = none or geocode, and degrees")
        if self.crs not in (None, WGS84) and self.crs not in GRIDS:
            raise ValueError(f"crs is {WGS84} or one of {', '.join(map(str, GRIDS))}")
        return self

    def find(self, record: Record, countries: tuple[str, ...], file_crs: int | None) -> Found:
        """Give the position of a row. Raises RefusedRow for one that cannot be right."""
        if self.only_when is not None and not self.only_when.holds(record.values):
            if self._numbers(record) not in (None, (0.0, 0.0)):
                record.note("position_not_used")
            return Found()
        numbers = self._numbers(record)
        if numbers is None or numbers == (0.0, 0.0):
            if self.missing == "refuse":
                raise RefusedRow("position_missing" if numbers is None else "position_zero")
            if numbers is not None:
                record.note("position_zero")
            return Found(geocode=self.missing == "geocode")
        if self.impossible == "missing" and not is_position(*numbers):
            record.note("position_impossible")
            return Found(geocode=self.missing == "geocode")
        lng, lat = self._degrees(numbers, countries, self.crs or file_crs or WGS84)
        refuse_outside(lng, lat, countries)
        return Found(lng, lat)

    def _numbers(self, record: Record) -> tuple[float, float] | None:
        """Give (easting, northing) or (lng, lat) as they are written; None where there is nothing."""
        if not self.from_geometry:
            assert self.lng is not None
            assert self.lat is not None
            texts = self.lng.text(record.values), self.lat.text(record.values)
            if texts == (None, None):
                return None
            return self._number(texts[0]), self._number(texts[1])
        pair = self._pair(record.values.get(GEOMETRY), record)
        if pair is None:
            return None
        return pair if self.axes == "lng_lat" else pair[::-1]

    def _number(self, text: str | None) -> float:
        if text is None:
            raise RefusedRow("position_malformed")
        written = _COMMA if self.decimal == "comma" else _POINT
        # A JSON number is in Python's way of writing, with a point, also where texts have commas.
        if written.fullmatch(text) or _POINT.fullmatch(text):
            return float(text.replace(",", "."))
        raise RefusedRow("position_comma" if _COMMA.fullmatch(text) else "position_malformed")

    def _pair(self, geometry: Any, record: Record) -> tuple[float, float] | None:
        if geometry is None:
            return None
        if not isinstance(geometry, Mapping):
            raise RefusedRow("geometry_kind")
        if geometry.get("type") != "Point":
            return self._inside(geometry, record)
        coordinates = geometry.get("coordinates")
        if not isinstance(coordinates, list) or not 2 <= len(coordinates) <= 3:
            raise RefusedRow("geometry_coordinates")
        if any(isinstance(number, bool) or not isinstance(number, int | float) for number in coordinates):
            raise RefusedRow("position_malformed")
        if any(abs(number) > 1e9 for number in coordinates):
            raise RefusedRow("position_range")
        return float(coordinates[0]), float(coordinates[1])

    def _inside(self, geometry: Mapping[str, Any], record: Record) -> tuple[float, float]:
        if not self.inside:
            raise RefusedRow("geometry_kind")
        try:
            point = shapely.point_on_surface(shape(dict(geometry)))
            pair = float(point.x), float(point.y)
        except Exception:  # noqa: BLE001 - shapely raises whatever the nesting made it stumble over
            raise RefusedRow("geometry_kind") from None
        record.note("geometry_centre")
        return pair

    @staticmethod
    def _degrees(pair: tuple[float, float], countries: tuple[str, ...], crs: int) -> tuple[float, float]:
        if crs == WGS84:
            return pair
        if max(map(abs, pair)) <= _MOST_DEGREES:
            # The file says metres and holds degrees: no telling which of the two is wrong.
            raise RefusedRow("position_outside_grid")
        try:
            return to_lng_lat(crs, *pair)
        except OutsideGridError:
            raise _projected(*pair, countries) or RefusedRow("position_outside_grid") from None


def refuse_outside(lng: float, lat: float, countries: tuple[str, ...]) -> None:
    """Raise RefusedRow for a position that cannot be one in the countries, with a hint what it may be."""
    hints = {hint.suspicion for hint in check_position(lng, lat, countries)}
    if not hints:
        return
    names = {"countries": ", ".join(countries)}
    if Suspicion.FAILED_GEOCODE in hints:
        raise RefusedRow("position_failed_geocode")
    if projected := _projected(lng, lat, countries):
        raise projected
    if Suspicion.SWAPPED in hints:
        raise RefusedRow("position_swapped", **names)
    if Suspicion.OUT_OF_RANGE in hints:
        raise RefusedRow("position_range")
    raise RefusedRow("position_outside", **names)


def _projected(first: float, second: float, countries: tuple[str, ...]) -> RefusedRow | None:
    """The refusal of numbers that would be metres of a grid in one of the countries; None where they are not."""
    for match in matching_grids(first, second):
        if in_countries(match.lng, match.lat, countries):
            code = "position_metres_swapped" if match.swapped else "position_metres"
            return RefusedRow(code, grid=f"EPSG:{match.epsg}")
    return None
