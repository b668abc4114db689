import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point, from_wkt

from geo.bbox import Position
from geo.cover import DEEPEST, EDGE_CELLS, Cover, cover
from geo.quadkey import cell_range, quadkey
from geo.ring import Ring, parse_ring

TRIANGLE = parse_ring("20.2,50.5;21.3,50.5;20.7,52.6")
#: Not convex: from its box one leaves it and comes into it again.
ARROWHEAD = parse_ring("19.0,49.8;20.6,50.9;21.8,49.8;20.7,52.9")
HOUSE = parse_ring("20.63,50.87;20.6301,50.87;20.6301,50.8701;20.63,50.8701")
#: Its corners lie on the borders of cells of many zooms.
ON_BORDERS = parse_ring("11.25,0;16.875,0;16.875,4;11.25,4")
BEYOND_THE_MAP = parse_ring("20,84.9;30,84.9;30,86;20,86")
AT_THE_DATE_LINE = parse_ring("178,50;180,50;180,51;178,51")
STAR = Ring(
    tuple(
        Position(
            21 + math.cos(i * math.pi / 25) * (1 + i % 2), 52 + math.sin(i * math.pi / 25) * (0.5 + i % 2 / 2)
        )
        for i in range(50)
    )
)
RINGS = [TRIANGLE, ARROWHEAD, HOUSE, ON_BORDERS, BEYOND_THE_MAP, AT_THE_DATE_LINE, STAR]


def _where(found: Cover, key: int) -> str:
    """In which kind of cell a key is; in one at most."""
    held = [
        kind
        for kind, cells in (("inside", found.inside), ("edge", found.edge))
        for zoom, code in cells
        if cell_range(code, zoom)[0] <= key < cell_range(code, zoom)[1]
    ]
    assert len(held) <= 1
    return held[0] if held else "outside"


@pytest.mark.parametrize("ring", RINGS)
def test_every_position_of_an_area_is_covered_and_whole_cells_have_no_other(ring: Ring) -> None:
    """The law by which a tile may count whole cells: right also at corners, on sides, and beside them."""
    chance = random.Random(1)
    box, outline, found = ring.box, from_wkt(ring.wkt), cover(ring)
    positions = [
        (
            chance.uniform(box.west - 0.3 * (box.east - box.west), box.east + 0.3 * (box.east - box.west)),
            chance.uniform(
                box.south - 0.3 * (box.north - box.south), box.north + 0.3 * (box.north - box.south)
            ),
        )
        for _ in range(400)
    ]
    for one, other in zip(ring.corners, (*ring.corners[1:], ring.corners[0]), strict=True):
        for share in (0.0, 0.25, 0.5):
            lng, lat = one.lng + share * (other.lng - one.lng), one.lat + share * (other.lat - one.lat)
            positions += [
                (lng + east, lat + north) for east in (-1e-9, 0, 1e-9) for north in (-1e-9, 0, 1e-9)
            ]
    for lng, lat in positions:
        if not (-180 <= lng <= 180 and -90 <= lat <= 90):
            continue
        kind = _where(found, quadkey(lng, lat))
        if outline.covers(Point(lng, lat)):
            assert kind != "outside", (lng, lat)
        else:
            assert kind != "inside", (lng, lat)


@given(st.lists(st.tuples(st.floats(14, 24), st.floats(49, 54)), min_size=3, max_size=12, unique=True))
def test_any_area_has_a_cover_of_bounded_size(corners: list[tuple[float, float]]) -> None:
    try:
        ring = Ring(tuple(Position(lng, lat) for lng, lat in corners))
    except ValueError:
        return
    found = cover(ring)
    assert found.edge
    assert len(found.edge) < 4 * EDGE_CELLS + 16
    assert len(found.inside) < 8 * EDGE_CELLS
    assert all(zoom <= DEEPEST for zoom, _ in (*found.inside, *found.edge))
    firsts = [cell_range(code, zoom)[0] for zoom, code in found.inside]
    assert firsts == sorted(firsts)


def test_most_of_a_large_area_is_inside() -> None:
    found = cover(TRIANGLE)
    sizes = {
        kind: sum(4.0**-zoom for zoom, _ in cells)
        for kind, cells in (("inside", found.inside), ("edge", found.edge))
    }
    assert sizes["inside"] > 3 * sizes["edge"]
