"""Map tiles of the web-mercator grid (x to the east, y to the south), as every web map counts them."""

import math
from dataclasses import dataclass
from typing import Final, Self

from geo.bbox import BBox
from geo.crs import WEB_MERCATOR_HALF_M, lng_lat_of, web_mercator_fraction
from geo.errors import GeoError

#: The deepest zoom at which tiles are served.
MAX_TILE_ZOOM: Final = 22
#: The zoom of the finest grid, on which quadkeys and tiles agree: a cell is 0.6 m wide at the equator.
GRID_ZOOM: Final = 26


class TileError(GeoError):
    """Not a tile: zoom is 0 to 22, x and y are 0 to 2^zoom - 1."""

    code = "tile_out_of_range"


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One tile. Raises TileError where there is none."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_TILE_ZOOM:
            raise TileError
        side = 1 << self.z
        if not (0 <= self.x < side and 0 <= self.y < side):
            raise TileError

    @property
    def bounds(self) -> BBox:
        """The box in WGS 84 degrees; its north and west edges belong to the tile, the others to its neighbours."""
        return bounds_of_grid(self.z, self.x, self.y, self.x + 1, self.y + 1)

    @property
    def parent(self) -> Self | None:
        """The tile one zoom out that contains this one; None for the whole world."""
        return None if self.z == 0 else type(self)(self.z - 1, self.x >> 1, self.y >> 1)

    @property
    def children(self) -> tuple[Self, ...]:
        """The four tiles one zoom in, in quadkey order (north-west, north-east, south-west, south-east).

        None of them exist at the deepest zoom: the tuple is empty there.
        """
        if self.z == MAX_TILE_ZOOM:
            return ()
        return tuple(
            type(self)(self.z + 1, 2 * self.x + dx, 2 * self.y + dy) for dy in (0, 1) for dx in (0, 1)
        )


def tile_at(lng: float, lat: float, z: int) -> Tile:
    """The tile with the WGS 84 position; positions off the grid belong to the nearest tile at its edge.

    Raises TileError for a zoom out of 0 to 22, ValueError for a position that is not finite.
    """
    if not 0 <= z <= MAX_TILE_ZOOM:
        raise TileError
    x, y = grid_cell(lng, lat)
    return Tile(z, x >> (GRID_ZOOM - z), y >> (GRID_ZOOM - z))


def grid_cell(lng: float, lat: float) -> tuple[int, int]:
    """(x, y) of the cell at zoom 26 with the position, clamped to the grid. Raises ValueError if not finite."""
    if not (math.isfinite(lng) and math.isfinite(lat)):
        raise ValueError("a position must be finite")
    side = 1 << GRID_ZOOM
    x, y = web_mercator_fraction(lng, lat)
    return (min(side - 1, max(0, int(x * side))), min(side - 1, max(0, int(y * side))))


def bounds_of_grid(z: int, x_min: float, y_min: float, x_max: float, y_max: float) -> BBox:
    """The box in degrees between grid lines of a zoom, y counted to the south; cut at the edge of the world."""
    side = float(1 << z)

    def metres(cells: float) -> float:
        return (min(side, max(0.0, cells)) / side * 2.0 - 1.0) * WEB_MERCATOR_HALF_M

    west, north = lng_lat_of(metres(x_min), -metres(y_min))
    east, south = lng_lat_of(metres(x_max), -metres(y_max))
    return BBox(west, south, east, north)
