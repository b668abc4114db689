"""The small map: a municipality's outline and its points in whole pixels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely import get_parts
from shapely.affinity import affine_transform
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

#: Width of the drawing; its height follows the shape of the unit.
WIDTH = 420
LEAST_HEIGHT, MOST_HEIGHT = 160, 600
#: Room round the outline for marks on its edge.
MARGIN = 12
#: A line that differs by less cannot be told from the simpler one.
SIMPLER_PX = 0.5
#: Smaller islands are not drawn.
LEAST_PART_PX2 = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """Size and path of an outline, and how positions (EPSG:4326) come onto it."""

    width: int
    height: int
    path: str
    west: float
    north: float
    x_per_degree: float
    y_per_degree: float

    def at(self, lng: float, lat: float) -> tuple[int, int] | None:
        """Pixels of a position; None for one that lies outside of the drawing."""
        x = round((lng - self.west) * self.x_per_degree)
        y = round((self.north - lat) * self.y_per_degree)
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None


def drawing(outline: Mapping[str, Any] | None) -> Drawing | None:
    """Draw a Polygon or MultiPolygon, degrees of longitude shortened as in its middle; None of nothing."""
    if outline is None:
        return None
    geometry = shape(dict(outline))
    west, south, east, north = geometry.bounds
    shorter = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * shorter, 1e-9), max(north - south, 1e-9)
    # The largest scale at which it fits the width and the greatest height.
    scale = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
    height = max(LEAST_HEIGHT, round(high * scale) + 2 * MARGIN)
    x_per_degree, y_per_degree = scale * shorter, scale
    # In the middle, whichever way there is room to spare.
    left = (WIDTH - (east - west) * x_per_degree) / 2
    top = (height - high * scale) / 2
    drawn = Drawing(
        WIDTH,
        height,
        "",
        west=west - left / x_per_degree,
        north=north + top / y_per_degree,
        x_per_degree=x_per_degree,
        y_per_degree=y_per_degree,
    )
    pixels = affine_transform(
        geometry,
        [
            x_per_degree, 0, 0, -y_per_degree,
            -drawn.west * x_per_degree, drawn.north * y_per_degree,
        ],
    )  # fmt: skip
    path = _path(pixels.simplify(SIMPLER_PX))
    return Drawing(WIDTH, height, path, drawn.west, drawn.north, x_per_degree, y_per_degree)


def _path(geometry: BaseGeometry) -> str:
    rings = []
    for polygon in get_parts(geometry):
        if polygon.area < LEAST_PART_PX2:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(x), round(y)) for x, y in ring.coords[:-1]]
            kept = [point for i, point in enumerate(points) if point != points[i - 1]]
            if len(kept) > 2:
                rings.append("M" + "L".join(f"{x} {y}" for x, y in kept) + "Z")
    return "".join(rings)
