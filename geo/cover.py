"""Which cells of the quadtree lie wholly in a drawn area, and which its sides run through.

What is known of a whole cell need not be looked at point by point: only in the cells of the edge each position has to be
compared with the sides.
"""

import functools
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.quadkey import cell_range, interleave
from geo.ring import Ring
from geo.tile import GRID_ZOOM, grid_cell

#: Cells are halved until the edge has at least so many. More of them leave fewer positions to compare and take longer to
#: find and to read.
EDGE_CELLS: Final = 128
#: A cell this deep is 30 m wide in the middle of Europe: nothing is gained by smaller ones.
DEEPEST: Final = 20
#: The area is looked for from cells of which so many at most lie side by side in its box.
_CELLS_ACROSS: Final = 4
#: Degrees by which a cell is taken to be larger than it is, since its bounds and the keys in it are rounded.
_MARGIN: Final = 1e-7

_Whole = NDArray[np.int64]
_Degrees = NDArray[np.float64]
_Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cover:
    """Cells of an area, each a zoom and a Morton code: `inside` wholly in it, `edge` partly or perhaps.

    Together they have every position of the area, and none of them lies in another.
    """

    inside: tuple[tuple[int, int], ...]
    edge: tuple[tuple[int, int], ...]


@functools.lru_cache(maxsize=128)
def cover(ring: Ring) -> Cover:
    """Cover an area. The tiles of one map ask for the same one, so that it is kept for a while."""
    zoom, x, y, code = _beginning(ring)
    sides = _Sides(ring)
    inside: list[tuple[int, int]] = []
    while True:
        west, south, east, north = _bounds(zoom, x, y)
        cut = sides.run_through(west, south, east, north)
        within = ~cut & sides.surround((west + east) / 2, (south + north) / 2)
        inside += ((zoom, int(found)) for found in code[within])
        if zoom >= DEEPEST or np.count_nonzero(cut) >= EDGE_CELLS:
            edge = [(zoom, int(found)) for found in code[cut]]
            return Cover(tuple(sorted(inside, key=_first)), tuple(sorted(edge, key=_first)))
        zoom += 1
        x, y, code = _quarters(x[cut], y[cut], code[cut])


def _first(cell: tuple[int, int]) -> int:
    return cell_range(cell[1], cell[0])[0]


def _beginning(ring: Ring) -> tuple[int, _Whole, _Whole, _Whole]:
    """A zoom and its cells in which all of the area lies."""
    box = ring.box
    x_min, y_min = grid_cell(box.west, box.north)
    x_max, y_max = grid_cell(box.east, box.south)
    # A corner's key may be rounded to the next cell.
    side = 1 << GRID_ZOOM
    x_min, y_min, x_max, y_max = (
        max(x_min - 1, 0),
        max(y_min - 1, 0),
        min(x_max + 1, side - 1),
        min(y_max + 1, side - 1),
    )
    shift = max(
        GRID_ZOOM - DEEPEST, max(x_max - x_min, y_max - y_min).bit_length() - _CELLS_ACROSS.bit_length() + 1
    )
    cells = [
        (x, y, interleave(x, y))
        for y in range(y_min >> shift, (y_max >> shift) + 1)
        for x in range(x_min >> shift, (x_max >> shift) + 1)
    ]
    x, y, code = (np.array(column, dtype=np.int64) for column in zip(*cells, strict=True))
    return GRID_ZOOM - shift, x, y, code


def _quarters(x: _Whole, y: _Whole, code: _Whole) -> tuple[_Whole, _Whole, _Whole]:
    """The four cells of the next zoom in each cell."""
    right, down = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    return (
        (x[:, None] * 2 + right).ravel(),
        (y[:, None] * 2 + down).ravel(),
        (code[:, None] * 4 + down * 2 + right).ravel(),
    )


def _bounds(zoom: int, x: _Whole, y: _Whole) -> tuple[_Degrees, _Degrees, _Degrees, _Degrees]:
    """West, south, east and north of cells with their margin.

    What lies beyond the square world of the map has the keys of its first and last row.
    """
    side = 1 << zoom
    north = np.where(y == 0, 90.0, _latitude(y / side))
    south = np.where(y == side - 1, -90.0, _latitude((y + 1) / side))
    west, east = x / side * 360.0 - 180.0, (x + 1) / side * 360.0 - 180.0
    return west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN


def _latitude(down: Any) -> _Degrees:
    """The latitude of shares of the square world, counted from its north."""
    found: _Degrees = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * down))))
    return found


class _Sides:
    """The sides of an area, compared with many boxes or positions at once."""

    def __init__(self, ring: Ring) -> None:
        corners = np.array(ring.corners, dtype=np.float64)
        following = np.roll(corners, -1, axis=0)
        # One row of numbers for each, so that a column of boxes makes a table with it.
        self.x0, self.y0 = corners[:, 0], corners[:, 1]
        self.x1, self.y1 = following[:, 0], following[:, 1]
        self.dx, self.dy = self.x1 - self.x0, self.y1 - self.y0
        self.west, self.east = np.minimum(self.x0, self.x1), np.maximum(self.x0, self.x1)
        self.south, self.north = np.minimum(self.y0, self.y1), np.maximum(self.y0, self.y1)

    def run_through(self, west: _Degrees, south: _Degrees, east: _Degrees, north: _Degrees) -> _Truth:
        """Whether any side has a point in each box, borders included.

        A straight piece and a box are apart exactly when they are to the east or west of each other, north or south, or
        when all corners of the box are on one side of the piece's line.
        """
        near = (
            (self.west <= east[:, None])
            & (self.east >= west[:, None])
            & (self.south <= north[:, None])
            & (self.north >= south[:, None])
        )
        middle_x, middle_y = ((west + east) / 2)[:, None], ((south + north) / 2)[:, None]
        half_x, half_y = ((east - west) / 2)[:, None], ((north - south) / 2)[:, None]
        from_line = self.dx * (middle_y - self.y0) - self.dy * (middle_x - self.x0)
        reach = half_x * np.abs(self.dy) + half_y * np.abs(self.dx)
        found: _Truth = np.any(near & (np.abs(from_line) <= reach), axis=1)
        return found

    def surround(self, x: _Degrees, y: _Degrees) -> _Truth:
        """Whether each position, none of which is near a side, is in the area: a way out of it crosses an odd number."""
        x, y = x[:, None], y[:, None]
        across = (self.y0 > y) != (self.y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = self.x0 + (y - self.y0) * self.dx / self.dy
        found: _Truth = np.count_nonzero(across & (x < crossing), axis=1) % 2 == 1
        return found
