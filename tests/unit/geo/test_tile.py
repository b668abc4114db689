import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import MAX_MERCATOR_LAT
from geo.tile import GRID_ZOOM, Tile, TileError, bounds_of_grid, grid_cell, tile_at


@st.composite
def tiles(draw: st.DrawFn, max_zoom: int = 22) -> Tile:
    z = draw(st.integers(0, max_zoom))
    side = (1 << z) - 1
    return Tile(z, draw(st.integers(0, side)), draw(st.integers(0, side)))


@pytest.mark.parametrize(
    ("z", "x", "y"), [(-1, 0, 0), (23, 0, 0), (0, 1, 0), (0, 0, 1), (3, 8, 0), (3, 0, -1)]
)
def test_there_is_no_tile_off_the_grid(z: int, x: int, y: int) -> None:
    with pytest.raises(TileError) as raised:
        Tile(z, x, y)
    assert raised.value.code == "tile_out_of_range"


def test_warsaw_lies_in_the_tile_that_every_web_map_has_there() -> None:
    # https://tile.openstreetmap.org/10/571/337.png
    assert tile_at(21.0122, 52.2297, 10) == Tile(10, 571, 337)


def test_the_whole_world_is_one_tile() -> None:
    world = Tile(0, 0, 0)
    assert world.bounds.as_tuple() == pytest.approx((-180.0, -MAX_MERCATOR_LAT, 180.0, MAX_MERCATOR_LAT))
    assert world.parent is None


@pytest.mark.parametrize("z", [-1, 23])
def test_a_position_has_no_tile_at_a_zoom_that_does_not_exist(z: int) -> None:
    with pytest.raises(TileError):
        tile_at(21.0, 52.0, z)


@pytest.mark.parametrize("lng", [math.nan, math.inf])
def test_a_position_that_is_not_finite_has_no_tile(lng: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        tile_at(lng, 52.0, 5)


def test_positions_off_the_grid_belong_to_its_edge() -> None:
    assert tile_at(180.0, 90.0, 3) == Tile(3, 7, 0)
    assert tile_at(-180.0, -90.0, 3) == Tile(3, 0, 7)
    assert tile_at(500.0, 0.0, 3).x == 7


@given(tiles())
def test_the_middle_of_a_tile_lies_in_it(tile: Tile) -> None:
    assert tile_at(*tile.bounds.centre, tile.z) == tile


@given(st.floats(-180, 180), st.floats(-85.05, 85.05), st.integers(0, 22))
def test_a_position_lies_in_the_bounds_of_its_tile(lng: float, lat: float, z: int) -> None:
    west, south, east, north = tile_at(lng, lat, z).bounds.as_tuple()
    # A position on the edge may be rounded to the other side.
    assert west - 1e-9 <= lng <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9


@given(tiles(max_zoom=21))
def test_a_tile_is_its_four_children(tile: Tile) -> None:
    children = tile.children
    assert len(set(children)) == 4
    assert {child.parent for child in children} == {tile}
    assert min(child.bounds.west for child in children) == pytest.approx(tile.bounds.west)
    assert max(child.bounds.north for child in children) == pytest.approx(tile.bounds.north)


def test_the_deepest_tiles_have_no_children() -> None:
    assert Tile(22, 5, 6).children == ()


@given(st.floats(-180, 180), st.floats(-85.05, 85.05))
def test_a_position_lies_in_its_cell(lng: float, lat: float) -> None:
    x, y = grid_cell(lng, lat)
    west, south, east, north = bounds_of_grid(GRID_ZOOM, x, y, x + 1, y + 1).as_tuple()
    assert west - 1e-9 <= lng <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
