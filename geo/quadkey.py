"""Quadkeys: one integer a position, such that a tile of any zoom is one contiguous range of integers.

The integer is the Morton code of the web-mercator cell at zoom 26: the bits of x and y take turns, y first. It has
52 bits, fits PostgreSQL's bigint and sorts as the tiles' quadtree does. A cell of zoom z is the key without its last
2·(26 - z) bits.
"""

import itertools
from typing import Final

from geo.bbox import BBox
from geo.tile import GRID_ZOOM, Tile, grid_cell

MAX_ZOOM: Final = GRID_ZOOM

# A box is covered by cells of the zoom at which it is at most so many cells wide and high. More would fit tighter,
# but the ranges are merged to a few anyway, and the time grows with its square.
_CELLS_ACROSS: Final = 8


def quadkey(lng: float, lat: float) -> int:
    """The key of a WGS 84 position, clamped to the limits of web mercator. Raises ValueError if not finite."""
    return interleave(*grid_cell(lng, lat))


def cell_range(cell: int, z: int) -> tuple[int, int]:
    """The keys in a cell of zoom `z`: from the first up to, but without, the second."""
    shift = 2 * (MAX_ZOOM - z)
    return cell << shift, (cell + 1) << shift


def tile_cell(tile: Tile) -> int:
    """The cell, at the tile's own zoom, that is the tile."""
    return interleave(tile.x, tile.y)


def tile_range(tile: Tile) -> tuple[int, int]:
    """The keys in a tile: from the first up to, but without, the second."""
    return cell_range(tile_cell(tile), tile.z)


def bbox_ranges(bbox: BBox, max_ranges: int = 8) -> list[tuple[int, int]]:
    """Half-open ranges of keys, ascending and apart, that cover every position in the box.

    They cover more than the box: the caller compares lng and lat as well. At most `max_ranges` are given; where the
    Morton curve leaves the box more often, the smallest gaps are covered too. Raises ValueError if max_ranges < 1.
    """
    if max_ranges < 1:
        raise ValueError("a box needs at least one range")
    x_min, y_min = grid_cell(bbox.west, bbox.north)
    x_max, y_max = grid_cell(bbox.east, bbox.south)
    shift = max(0, max(x_max - x_min, y_max - y_min).bit_length() - _CELLS_ACROSS.bit_length() + 1)
    columns = [_spread(x) for x in range(x_min >> shift, (x_max >> shift) + 1)]
    rows = [_spread(y) << 1 for y in range(y_min >> shift, (y_max >> shift) + 1)]
    cells = sorted(row | column for row in rows for column in columns)
    return [
        (lo << (2 * shift), hi << (2 * shift))
        for lo, hi in _without_gaps(cells, _gap_to_keep(cells, max_ranges))
    ]


def interleave(x: int, y: int) -> int:
    """The Morton code of two numbers of up to 26 bits, the bits of y before those of x."""
    return _spread(y) << 1 | _spread(x)


def _gap_to_keep(cells: list[int], max_ranges: int) -> int:
    """The smallest gap between sorted cells that still separates two ranges; larger than 1."""
    gaps = sorted((after - before for before, after in itertools.pairwise(cells)), reverse=True)
    if len(gaps) < max_ranges:
        return 2
    # The (max_ranges - 1) widest gaps stay. Of gaps as wide as the widest that goes, none stays: ties must not add.
    return max(2, gaps[max_ranges - 1] + 1)


def _without_gaps(cells: list[int], gap_to_keep: int) -> list[tuple[int, int]]:
    ranges = []
    lo = previous = cells[0]
    for cell in cells[1:]:
        if cell - previous >= gap_to_keep:
            ranges.append((lo, previous + 1))
            lo = cell
        previous = cell
    ranges.append((lo, previous + 1))
    return ranges


def _spread(number: int) -> int:
    """The bits of a number of up to 32 bits, a zero before each (Stanford Bit Twiddling Hacks, "Interleave bits")."""
    number = (number | number << 16) & 0x0000FFFF0000FFFF
    number = (number | number << 8) & 0x00FF00FF00FF00FF
    number = (number | number << 4) & 0x0F0F0F0F0F0F0F0F
    number = (number | number << 2) & 0x3333333333333333
    return (number | number << 1) & 0x5555555555555555
