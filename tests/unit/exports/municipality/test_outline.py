"""The small map: everything inside, marks where the points are."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, mapping

from app.exports.municipality.outline import LEAST_HEIGHT, MARGIN, MOST_HEIGHT, WIDTH, drawing
from tests.municipality import OUTLINE


def test_corners_lie_inside_the_margin() -> None:
    drawn = drawing(OUTLINE)
    assert drawn
    west, north = drawn.at(20.5, 50.9) or (0, 0)
    east, south = drawn.at(20.66, 50.8) or (0, 0)
    assert MARGIN - 1 <= west < east <= WIDTH - MARGIN + 1
    assert MARGIN - 1 <= north < south <= drawn.height - MARGIN + 1
    assert drawn.path.startswith("M")
    assert drawn.path.endswith("Z")


def test_north_is_up_and_a_square_on_the_ground_is_square() -> None:
    drawn = drawing(OUTLINE)
    assert drawn
    assert abs(drawn.x_per_degree / drawn.y_per_degree - 0.6318) < 0.001  # cos 50.85°


def test_what_is_far_away_has_no_mark() -> None:
    drawn = drawing(OUTLINE)
    assert drawn
    assert drawn.at(21.9, 50.85) is None


def test_no_outline_no_map() -> None:
    assert drawing(None) is None


def test_a_coast_of_thousands_of_islands_stays_small() -> None:
    islands = [Point(20 + n % 60 / 30, 50 + n // 60 / 60).buffer(0.004, quad_segs=60) for n in range(3000)]
    drawn = drawing(mapping(MultiPolygon(islands)))
    assert drawn
    assert len(drawn.path) < 60_000


@given(st.floats(-179, 178), st.floats(-84, 83), st.floats(0.001, 1), st.floats(0.001, 1))
def test_any_unit_fits(west: float, south: float, wide: float, high: float) -> None:
    ring = [
        (west, south),
        (west + wide, south),
        (west + wide, south + high),
        (west, south + high),
        (west, south),
    ]
    drawn = drawing({"type": "Polygon", "coordinates": [ring]})
    assert drawn
    assert LEAST_HEIGHT <= drawn.height <= MOST_HEIGHT + 1
    for lng, lat in ring:
        assert drawn.at(lng, lat) is not None
