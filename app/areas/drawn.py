"""An outline that somebody uploads for an area of their own: read from GeoJSON, and refused with its reason where it is none.

Unlike the outlines of registers it is not mended: whoever drew it can, and knows what it was meant to be. It may be made to keep
a machine busy, too: it is counted before anything is worked out, and nothing is that takes more than its length.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
import shapely
from shapely import MultiPolygon, Polygon

from app.areas.boundary_file import WGS84_CRS
from app.areas.outlines import UnusableFeatureError, polygons_of, read_shape
from app.errors import FieldProblem, InvalidInput
from app.i18n import N_
from geo.distance import METRES_PER_DEGREE
from geo.errors import GeoError
from geo.position_checks import COUNTRY_BOXES
from geo.ring import RingCrossesItselfError, parse_ring

MOST_BYTES: Final = 2_000_000
MOST_CORNERS: Final = 20_000
MOST_PARTS: Final = 500
#: Of areas that lie over each other: each line of one may cross each of another, so that they cost the square of this.
MOST_JOINED: Final = 1_000
#: As many m² as a house has: what is smaller is a slip of the pen.
LEAST_M2: Final = 100.0

TOO_LARGE: Final = N_("The file is too large. Two million bytes are the most: make the outline simpler.")
NOT_JSON: Final = N_("This is not GeoJSON. Save the outline as GeoJSON and choose that file.")
NOT_A_POLYGON: Final = N_("There has to be an area in it: a Polygon or a MultiPolygon, not points or lines.")
UNREADABLE: Final = N_("Its coordinates cannot be read: pairs of longitude and latitude are needed.")
NOT_WGS84: Final = N_("Its coordinates are not longitude and latitude. Save it in EPSG:4326 (WGS 84).")
OUTSIDE: Final = N_("It lies outside the country. Perhaps longitude and latitude are swapped.")
NO_AREA: Final = N_("It has hardly any area. Look whether all corners are in it.")
TOO_MANY_CORNERS: Final = N_("It has more than 20,000 corners. Make the outline simpler.")
TOO_MANY_PARTS: Final = N_("It has more than 500 parts. Keep those that matter.")
OVERLAPS: Final = N_("Its areas lie over each other. Join them into one, or leave no overlap between them.")
CROSSES: Final = N_("The outline crosses or touches itself.")
CROSSES_AT: Final = N_("The outline crosses or touches itself. Look at it near %(place)s.")

_OF_OUTLINES: Final = {
    "not_a_polygon": NOT_A_POLYGON,
    "unreadable_geometry": UNREADABLE,
    "empty_geometry": NO_AREA,
    "no_area": NO_AREA,
    "not_wgs84": NOT_WGS84,
}
_AT = re.compile(r"\[(-?[0-9.]+) (-?[0-9.]+)")


class BadOutline(InvalidInput):
    """The outline cannot be used."""

    def __init__(self, code: str, message: str, *, place: str = "") -> None:
        super().__init__(FieldProblem("outline", code, message))
        #: Where it is wrong, as latitude and longitude; "" where that is nowhere in particular.
        self.place = place


def read_outline(data: bytes, country: str) -> MultiPolygon:
    """Give the outline of a GeoJSON document in EPSG:4326, all polygons of it together. `BadOutline` says why there is none."""
    if len(data) > MOST_BYTES:
        raise BadOutline("size", TOO_LARGE)
    try:
        document = orjson.loads(data)
    except ValueError as error:
        raise BadOutline("json", NOT_JSON) from error
    if not isinstance(document, dict):
        raise BadOutline("json", NOT_JSON)
    try:
        crs = str(document.get("crs") or "")
    except RecursionError as error:
        raise BadOutline("json", NOT_JSON) from error
    if crs and not any(name in crs for name in WGS84_CRS):
        raise BadOutline("not_wgs84", NOT_WGS84)
    geometries = [*_geometries(document)]
    if not geometries:
        raise BadOutline("not_a_polygon", NOT_A_POLYGON)
    if len(geometries) > MOST_PARTS:
        raise BadOutline("parts", TOO_MANY_PARTS)
    if sum(map(_corners, geometries)) > MOST_CORNERS:
        raise BadOutline("corners", TOO_MANY_CORNERS)
    shapes = [_shape(geometry) for geometry in geometries]
    _check_size(shapes)
    polygons = [polygon for one in shapes for polygon in _polygons(one)]
    return _checked(_together(polygons), country)


def outline_of_ring(corners: str, country: str) -> MultiPolygon:
    """Give the outline of an area that was drawn on the map, as its address has it (`geo.ring`). `BadOutline`."""
    try:
        ring = parse_ring(corners)
    except RingCrossesItselfError as error:
        raise BadOutline("crosses", CROSSES) from error
    except GeoError as error:
        raise BadOutline("unreadable_geometry", UNREADABLE) from error
    return _checked(MultiPolygon([Polygon([(corner.lng, corner.lat) for corner in ring.corners])]), country)


def _geometries(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The geometries of a collection, a feature, or the one that the document is."""
    kind = document.get("type")
    if kind == "FeatureCollection":
        features = document.get("features")
        for feature in features if isinstance(features, list) else ():
            if isinstance(feature, dict) and feature.get("type") == "Feature":
                yield from _geometries(feature)
    elif kind == "Feature":
        geometry = document.get("geometry")
        yield geometry if isinstance(geometry, dict) else {}
    else:
        yield document


def _corners(geometry: Mapping[str, Any]) -> int:
    """How many corners a geometry says that it has, before any of them is read."""
    rings: Any = geometry.get("coordinates")
    if geometry.get("type") == "MultiPolygon":
        rings = [ring for part in _listed(rings) for ring in _listed(part)]
    return sum(len(_listed(ring)) for ring in _listed(rings))


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _shape(geometry: Mapping[str, Any]) -> shapely.Geometry:
    try:
        return read_shape(geometry)
    except UnusableFeatureError as error:
        raise BadOutline(error.code, _OF_OUTLINES.get(error.code, UNREADABLE)) from error


def _polygons(geometry: shapely.Geometry) -> list[Polygon]:
    if _square_m(shapely.convex_hull(geometry)) < LEAST_M2:
        # A ring that goes back the way it came crosses itself, too, but that is not what is wrong with it.
        raise BadOutline("no_area", NO_AREA)
    if not shapely.is_valid(geometry):
        place = _place_of(shapely.is_valid_reason(geometry))
        raise BadOutline("crosses", CROSSES_AT if place else CROSSES, place=place)
    return polygons_of(geometry)


def _together(polygons: Sequence[Polygon]) -> MultiPolygon:
    """What several areas cover together, each of them well."""
    whole = MultiPolygon(polygons)
    if whole.is_valid:
        return whole
    if shapely.coverage_is_valid(polygons):
        # Neighbours with one border between them: what they share is left out, nothing is worked out.
        joined = shapely.coverage_union_all(polygons)
    elif shapely.get_num_coordinates(whole) > MOST_JOINED:
        raise BadOutline("overlaps", OVERLAPS)
    else:
        joined = shapely.union_all(polygons)
    whole = MultiPolygon(polygons_of(joined))
    _check_size([whole])
    return whole


def _check_size(shapes: Sequence[shapely.Geometry]) -> None:
    if sum(map(int, shapely.get_num_coordinates(shapes))) > MOST_CORNERS:
        raise BadOutline("corners", TOO_MANY_CORNERS)
    if sum(map(int, shapely.get_num_geometries(shapes))) > MOST_PARTS:
        raise BadOutline("parts", TOO_MANY_PARTS)


def _checked(whole: MultiPolygon, country: str) -> MultiPolygon:
    box, (west, south, east, north) = COUNTRY_BOXES.get(country), whole.bounds
    if box is not None and not (box.contains(west, south) and box.contains(east, north)):
        raise BadOutline("outside", OUTSIDE)
    if _square_m(whole) < LEAST_M2:
        raise BadOutline("no_area", NO_AREA)
    return whole


def _square_m(geometry: shapely.Geometry) -> float:
    # A degree of longitude is nowhere longer than one of latitude.
    return float(shapely.area(geometry)) * METRES_PER_DEGREE**2


def _place_of(reason: str) -> str:
    found = _AT.search(reason)
    return f"{float(found[2]):.5f}, {float(found[1]):.5f}" if found else ""
