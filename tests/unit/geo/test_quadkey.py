import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.bbox import BBox
from geo.quadkey import (
    MAX_ZOOM,
    bbox_ranges,
    cell_range,
    interleave,
    quadkey,
    tile_cell,
    tile_range,
)
from geo.tile import Tile, bounds_of_grid, grid_cell, tile_at

lngs = st.floats(-180, 180)
lats = st.floats(-85.05, 85.05)
#: One past the greatest key.
KEY_END = 1 << (2 * MAX_ZOOM)


def cell_of(key: int, z: int) -> int:
    """The cell of zoom `z` that has the key: as tiles are asked for, the key without its last bits."""
    return key >> (2 * (MAX_ZOOM - z))


@st.composite
def boxes_with_a_position(draw: st.DrawFn) -> tuple[BBox, float, float]:
    width = draw(st.sampled_from((1e-6, 1e-3, 0.1, 1.0, 30.0, 350.0)))
    height = draw(st.sampled_from((1e-6, 1e-3, 0.1, 1.0, 30.0, 170.0)))
    west = draw(st.floats(-180, 180 - width))
    south = draw(st.floats(-90, 90 - height))
    east, north = min(180.0, west + width), min(90.0, south + height)
    assume(west < east and south < north)
    return BBox(west, south, east, north), draw(st.floats(west, east)), draw(st.floats(south, north))


def test_the_first_and_the_last_key() -> None:
    assert quadkey(-180.0, 90.0) == 0
    assert quadkey(180.0, -90.0) == KEY_END - 1
    assert KEY_END == 1 << 52


def test_a_key_is_the_quadkey_of_the_tile_servers_read_in_base_four() -> None:
    # Bing Maps Tile System documentation: tile x=3, y=5 at zoom 3 has the quadkey "213".
    assert interleave(3, 5) == int("213", 4)


@pytest.mark.parametrize("lat", [math.nan, math.inf])
def test_a_position_that_is_not_finite_has_no_key(lat: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        quadkey(21.0, lat)


@given(st.integers(0, (1 << 26) - 1), st.integers(0, (1 << 26) - 1))
def test_the_bits_of_x_and_y_take_turns(x: int, y: int) -> None:
    assert interleave(x, y) == sum(((y >> bit & 1) << 1 | x >> bit & 1) << 2 * bit for bit in range(26))


@given(lngs, lats, st.integers(0, 22))
def test_a_key_lies_in_the_range_of_its_tile_and_of_no_other(lng: float, lat: float, z: int) -> None:
    key, tile = quadkey(lng, lat), tile_at(lng, lat, z)
    lo, hi = tile_range(tile)
    assert lo <= key < hi
    assert cell_of(key, z) == tile_cell(tile)
    assert cell_range(tile_cell(tile), z) == (lo, hi)
    assert hi - lo == 4 ** (MAX_ZOOM - z)


@given(lngs, lats, lngs, lats, st.integers(0, 22))
def test_keys_between_those_of_one_tile_lie_in_it(
    lng_a: float, lat_a: float, lng_b: float, lat_b: float, z: int
) -> None:
    a, b = quadkey(lng_a, lat_a), quadkey(lng_b, lat_b)
    assert (tile_at(lng_a, lat_a, z) == tile_at(lng_b, lat_b, z)) == (cell_of(a, z) == cell_of(b, z))
    if a <= b:
        assert cell_of(a, z) <= cell_of(b, z)


@given(st.integers(0, 21), st.data())
def test_the_ranges_of_the_children_are_the_range_of_the_tile(z: int, data: st.DataObject) -> None:
    side = (1 << z) - 1
    tile = Tile(z, data.draw(st.integers(0, side)), data.draw(st.integers(0, side)))
    edges = [tile_range(child) for child in tile.children]
    assert (edges[0][0], edges[-1][1]) == tile_range(tile)
    assert all(before[1] == after[0] for before, after in pairwise(edges))


@given(lngs, lats, st.integers(0, MAX_ZOOM))
def test_a_position_lies_in_the_bounds_of_its_cells(lng: float, lat: float, z: int) -> None:
    x, y = (side >> (MAX_ZOOM - z) for side in grid_cell(lng, lat))
    assert interleave(x, y) == cell_of(quadkey(lng, lat), z)
    west, south, east, north = bounds_of_grid(z, x, y, x + 1, y + 1).as_tuple()
    assert west - 1e-9 <= lng <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9


@given(boxes_with_a_position(), st.integers(1, 12))
def test_the_ranges_of_a_box_cover_every_position_in_it(
    box_and_position: tuple[BBox, float, float], max_ranges: int
) -> None:
    bbox, lng, lat = box_and_position
    ranges = bbox_ranges(bbox, max_ranges)
    assert any(lo <= quadkey(lng, lat) < hi for lo, hi in ranges)


@given(boxes_with_a_position(), st.integers(1, 12))
def test_ranges_are_few_ascending_and_apart(
    box_and_position: tuple[BBox, float, float], max_ranges: int
) -> None:
    ranges = bbox_ranges(box_and_position[0], max_ranges)
    assert 1 <= len(ranges) <= max_ranges
    edges = [edge for lo_hi in ranges for edge in lo_hi]
    assert edges == sorted(set(edges))
    assert edges[0] >= 0
    assert edges[-1] <= KEY_END


@given(st.floats(14, 23), st.floats(49, 54), st.sampled_from((0.01, 0.1, 0.5, 2.0)))
def test_ranges_cover_not_much_more_than_a_viewport(lng: float, lat: float, width: float) -> None:
    bbox = BBox(lng, lat, lng + width, lat + width * 0.6)
    covered = sum(hi - lo for lo, hi in bbox_ranges(bbox))
    x_min, y_min = grid_cell(bbox.west, bbox.north)
    x_max, y_max = grid_cell(bbox.east, bbox.south)
    assert covered < 4 * (x_max - x_min + 1) * (y_max - y_min + 1)


def test_the_box_of_a_tile_needs_hardly_more_than_its_range() -> None:
    tile = Tile(12, 2287, 1348)
    lo, hi = tile_range(tile)
    inner = tile.bounds
    shrunk = BBox(inner.west + 1e-7, inner.south + 1e-7, inner.east - 1e-7, inner.north - 1e-7)
    assert bbox_ranges(shrunk) == [(lo, hi)]


def test_a_box_needs_at_least_one_range() -> None:
    with pytest.raises(ValueError, match="at least one"):
        bbox_ranges(BBox(20.0, 52.0, 21.0, 53.0), 0)
