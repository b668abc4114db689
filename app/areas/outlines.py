"""A boundary's geometry made fit for use: polygons only, valid, in WGS 84, longitude first."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import shape


class UnusableFeatureError(ValueError):
    """A feature of a boundary file cannot be used. `code` says why, stable for programs; the text says it to people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Outline:
    """A usable boundary, and what was wrong with it before it was repaired (None: nothing)."""

    geometry: MultiPolygon
    repaired: str | None


def outline(geojson: Mapping[str, Any]) -> Outline:
    """The boundary of a GeoJSON geometry. `UnusableFeatureError` says what is wrong with one that is none.

    A self-crossing or wrongly nested ring is repaired (`make_valid`); what is left of it as lines
    and points is dropped. Only for files of registers: of a ring that crosses itself often enough it takes minutes.
    """
    geometry = read_shape(geojson)
    fault = None if shapely.is_valid(geometry) else shapely.is_valid_reason(geometry).split("[", 1)[0]
    polygons = polygons_of(geometry if fault is None else shapely.make_valid(geometry))
    if not polygons:
        raise UnusableFeatureError("no_area", "The geometry has no area.")
    return Outline(MultiPolygon(polygons), fault)


def read_shape(geojson: Mapping[str, Any]) -> shapely.Geometry:
    """A GeoJSON geometry as it is, in two dimensions, whether its rings cross or not. `UnusableFeatureError`."""
    # A list is no key of a set.
    if geojson.get("type") not in ("Polygon", "MultiPolygon"):
        raise UnusableFeatureError("not_a_polygon", "The geometry is neither a Polygon nor a MultiPolygon.")
    try:
        # NaN is met below, with a better reason than NumPy's warning.
        with np.errstate(invalid="ignore"):
            geometry = shape(dict(geojson))
    except (
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        shapely.errors.ShapelyError,
    ) as error:
        raise UnusableFeatureError(
            "unreadable_geometry", "The coordinates of the geometry cannot be read."
        ) from error
    if geometry.is_empty:
        raise UnusableFeatureError("empty_geometry", "The geometry is empty.")
    if geometry.has_z:
        geometry = shapely.force_2d(geometry)
    _check_range(geometry)
    return geometry


def _check_range(geometry: shapely.Geometry) -> None:
    coordinates = shapely.get_coordinates(geometry)
    # A comparison with NaN is false, so "not inside" catches it as well.
    if not (abs(coordinates[:, 0]) <= 180).all() or not (abs(coordinates[:, 1]) <= 90).all():
        raise UnusableFeatureError(
            "not_wgs84",
            "The coordinates are not longitude and latitude. Convert the file to EPSG:4326 first.",
        )


def polygons_of(geometry: shapely.Geometry) -> list[Polygon]:
    """The polygons in a geometry that have an area."""
    parts = shapely.get_parts(geometry)
    found = []
    for part in parts:
        if isinstance(part, Polygon):
            found.append(part)
        elif isinstance(part, MultiPolygon):
            found.extend(part.geoms)
    return [polygon for polygon in found if polygon.area > 0]
