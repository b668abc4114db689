import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.bbox import (
    BBox,
    BBoxError,
    Position,
    PositionError,
    checked_position,
    parse_bbox,
    parse_position,
)
from geo.distance import METRES_PER_DEGREE, distance_m
from geo.errors import GeoError

WARSAW = BBox(20.85, 52.09, 21.28, 52.37)
lngs = st.floats(-180, 180)
lats = st.floats(-90, 90)


@st.composite
def bboxes(draw: st.DrawFn) -> BBox:
    west, east = sorted((draw(lngs), draw(lngs)))
    south, north = sorted((draw(lats), draw(lats)))
    assume(west < east and south < north)
    return BBox(west, south, east, north)


def test_four_numbers_are_a_box() -> None:
    assert parse_bbox("20.85,52.09,21.28,52.37") == WARSAW
    assert WARSAW.as_tuple() == (20.85, 52.09, 21.28, 52.37)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bbox_parts"),
        ("1,2,3", "bbox_parts"),
        ("1,2,3,4,5", "bbox_parts"),
        ("1,2,3,4,5,6", "bbox_parts"),
        ("20;52;21;53", "bbox_parts"),
        ("20,,21,53", "number_empty"),
        (",,,", "number_empty"),
        ("nan,52,21,53", "number_nan"),
        ("20,52,inf,53", "number_infinite"),
        ("20,52,1e400,53", "number_exponent"),
        ("1_000,52,21,53", "number_grouped"),
        ("20, 52,21,53", "number_malformed"),
        ("20," + "5" * 26 + ",21,53", "number_too_long"),
        ("-181,52,21,53", "bbox_out_of_range"),
        ("20,52,21,91", "bbox_out_of_range"),
        ("637000,487000,638000,488000", "bbox_out_of_range"),
        ("170,52,-170,53", "bbox_crosses_antimeridian"),
        ("20,53,21,52", "bbox_inverted"),
        ("21,53,20,52", "bbox_inverted"),
        ("20,52,20,53", "bbox_zero_area"),
        ("20,52,21,52", "bbox_zero_area"),
        ("-0,52,0,53", "bbox_zero_area"),
    ],
)
def test_each_unusable_box_has_its_code(text: str, code: str) -> None:
    with pytest.raises(GeoError) as raised:
        parse_bbox(text)
    assert raised.value.code == code


@pytest.mark.parametrize("side", [math.nan, math.inf, -math.inf])
def test_a_box_has_finite_sides(side: float) -> None:
    with pytest.raises(BBoxError) as raised:
        BBox(20.0, 52.0, side, 53.0)
    assert raised.value.code == "bbox_not_finite"


def test_a_position_is_read_longitude_first() -> None:
    assert parse_position("21.0122,52.2297") == Position(lng=21.0122, lat=52.2297)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("21", "position_parts"),
        ("21,52,100", "position_parts"),
        ("21,", "number_empty"),
        ("181,52", "position_out_of_range"),
        ("52,91", "position_out_of_range"),
        ("nan,52", "number_nan"),
        ("0,0", "position_not_known"),
    ],
)
def test_each_unusable_position_has_its_code(text: str, code: str) -> None:
    with pytest.raises(GeoError) as raised:
        parse_position(text)
    assert raised.value.code == code


def test_a_position_of_numbers_is_finite_and_in_range() -> None:
    assert checked_position(180.0, -90.0) == (180.0, -90.0)
    for lng, lat, code in ((math.nan, 0.0, "position_not_finite"), (0.0, 90.1, "position_out_of_range")):
        with pytest.raises(PositionError) as raised:
            checked_position(lng, lat)
        assert raised.value.code == code


def test_the_edge_belongs_to_the_box() -> None:
    assert WARSAW.contains(20.85, 52.09)
    assert WARSAW.contains(21.28, 52.37)
    assert not WARSAW.contains(21.2801, 52.2)
    assert not WARSAW.contains(math.nan, 52.2)


def test_the_width_is_that_of_the_middle_parallel() -> None:
    middle = WARSAW.centre.lat
    assert WARSAW.width_m == pytest.approx(distance_m(20.85, middle, 21.28, middle), rel=1e-5)
    assert WARSAW.height_m == pytest.approx(distance_m(21.0, 52.09, 21.0, 52.37))


@pytest.mark.parametrize("metres", [-1.0, math.nan, math.inf])
def test_a_box_grows_only_by_a_finite_distance(metres: float) -> None:
    with pytest.raises(ValueError, match="finite distance"):
        WARSAW.expand_m(metres)


def test_a_box_at_the_pole_grows_round_the_world() -> None:
    assert BBox(0.0, 89.0, 1.0, 89.9999).expand_m(1_000.0).as_tuple()[0::2] == (-180.0, 180.0)


@given(bboxes(), st.floats(0, 50_000))
def test_a_grown_box_contains_the_box(bbox: BBox, metres: float) -> None:
    grown = bbox.expand_m(metres)
    assert grown.contains(bbox.west, bbox.south)
    assert grown.contains(bbox.east, bbox.north)


@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(0, 360), st.floats(1, 10_000))
def test_a_grown_box_contains_all_that_is_so_near(
    lng: float, lat: float, bearing: float, metres: float
) -> None:
    box = BBox(lng, lat, lng + 0.001, lat + 0.001).expand_m(metres)
    turn = math.radians(bearing)
    # A step on the plane is not as long on the sphere: 2 % less are near enough, but for a few at high latitudes.
    step = 0.98 * metres / METRES_PER_DEGREE
    near = (lng + step * math.sin(turn) / math.cos(math.radians(lat)), lat + step * math.cos(turn))
    assume(distance_m(lng, lat, *near) <= metres)
    assert box.contains(*near)


@given(bboxes())
def test_a_formatted_box_is_read_back(bbox: BBox) -> None:
    written = [f"{side:.6f}" for side in bbox.as_tuple()]
    sides = tuple(map(float, written))
    assume(sides[0] < sides[2] and sides[1] < sides[3])
    assert parse_bbox(",".join(written)).as_tuple() == sides
