import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import from_wkt

from geo.bbox import Position
from geo.errors import GeoError
from geo.ring import MOST_CORNERS, Ring, parse_ring

#: What the server and the script that draws agree on.
SHARED = Path(__file__).parents[2] / "fixtures" / "rings.json"
TRIANGLE = "20.5,50.8;20.7,50.8;20.6,50.9"


def test_a_triangle_is_read_and_closed() -> None:
    found = parse_ring(TRIANGLE)
    assert found.corners == (Position(20.5, 50.8), Position(20.7, 50.8), Position(20.6, 50.9))
    assert found.wkt == "POLYGON((20.5 50.8,20.7 50.8,20.6 50.9,20.5 50.8))"
    assert found.box.as_tuple() == (20.5, 50.8, 20.7, 50.9)
    assert parse_ring(f"{TRIANGLE};20.5,50.8") == found


@pytest.mark.parametrize(
    ("given_text", "code"),
    [
        ("20.5,50.8", "ring_corners"),
        ("20.5,50.8;20.7,50.9", "ring_corners"),
        ("20.5,50.8;20.7,50.9;20.5,50.8", "ring_corners"),
        (";".join(f"20.{i:03},50.8" for i in range(MOST_CORNERS + 2)), "ring_corners"),
        ("20.5,50.8;20.7,50.9;20.7,50.8;20.5,50.9", "ring_crosses_itself"),
        ("20.5,50.8;20.6,50.8;20.7,50.8", "bbox_zero_area"),
        ("20,50;20.5,50.5;21,51", "ring_crosses_itself"),
        ("10,45;24,45;17,54", "ring_too_large"),
        ("20.5,50.8;20.7,95;20.6,50.9", "position_out_of_range"),
        ("20.5,50.8;;20.6,50.9", "position_parts"),
        ("20.5,50.8;20.7,nan;20.6,50.9", "number_nan"),
    ],
)
def test_what_is_no_area_says_why(given_text: str, code: str) -> None:
    with pytest.raises(GeoError) as refused:
        parse_ring(given_text)
    assert refused.value.code == code


@given(st.lists(st.tuples(st.floats(14, 24), st.floats(49, 54)), min_size=3, max_size=8, unique=True))
def test_whatever_is_read_is_a_valid_polygon(corners: list[tuple[float, float]]) -> None:
    try:
        found = Ring(tuple(Position(*corner) for corner in corners))
    except GeoError:
        return
    polygon = from_wkt(found.wkt)
    assert polygon.is_valid
    assert polygon.bounds == found.box.as_tuple()


@pytest.mark.parametrize("case", json.loads(SHARED.read_text()), ids=lambda case: case["what"])
def test_the_drawing_tool_has_been_told_the_same(case: dict[str, Any]) -> None:
    """`tests/frontend/data/ring.test.js` asks the same of the script that draws."""
    code = None
    try:
        parse_ring(case["corners"])
    except GeoError as error:
        code = error.code
    assert code == case["code"]
