import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.features.place import Place, Position, protect, strictest
from app.features.problems import field_problems


def test_positions_keep_six_decimals_and_no_negative_zero() -> None:
    position = Position(lng=20.62755555555, lat=-0.0000000001)
    assert (position.lng, position.lat) == (20.627556, 0.0)
    assert math.copysign(1, position.lat) == 1


@pytest.mark.parametrize(
    ("lng", "lat"),
    [
        (181.0, 0.5),
        (0.5, 90.1),
        (math.nan, 50.0),
        (math.inf, 50.0),
        (1e308, 50.0),
        ("20.6", 50.0),
        (True, 50.0),
        (0, 0),
        (1e-320, 0.0),
        (637000, 487000),
    ],
)
def test_positions_outside_the_world_are_refused(lng: object, lat: object) -> None:
    with pytest.raises(ValidationError):
        Position.model_validate({"lng": lng, "lat": lat})


@pytest.mark.parametrize("disclosure", ["area", "partners", "contact_only"])
def test_a_protected_place_has_an_area_instead_of_a_position(disclosure: str) -> None:
    area = {"code": "2661011", "name": "Kielce"}
    assert Place.model_validate({"disclosure": disclosure, "area": area}).is_protected
    for wrong in (
        {"disclosure": disclosure},
        {"disclosure": disclosure, "area": area, "position": {"lng": 20.6, "lat": 50.9}},
        {
            "disclosure": disclosure,
            "area": area,
            "geocoded": {"level": "building", "confidence": 1, "source": "x"},
        },
    ):
        with pytest.raises(ValidationError):
            Place.model_validate(wrong)


def test_the_problem_of_a_protected_position_is_told_at_the_position() -> None:
    with pytest.raises(ValidationError) as refused:
        Place.model_validate({"disclosure": "area", "position": {"lng": 20.6, "lat": 50.9}})
    assert [p.path for p in field_problems(refused.value)] == ["position"]


@given(
    st.sampled_from(["exact", "area", "partners", "contact_only"]),
    st.floats(14, 24),
    st.floats(49, 54),
)
def test_protecting_drops_the_exact_place_and_nothing_else(disclosure: str, lng: float, lat: float) -> None:
    data = {
        "name": "x",
        "address": {"street": "Tajna", "house_number": "7"},
        "place": {"disclosure": disclosure, "position": {"lng": lng, "lat": lat}, "area": {"code": "1"}},
    }
    protected = protect(data)
    if disclosure == "exact":
        assert protected == data
    else:
        assert protected == {"name": "x", "place": {"disclosure": disclosure, "area": {"code": "1"}}}
        assert "Tajna" not in repr(protected)


def test_content_without_a_place_is_left_alone() -> None:
    assert protect({"name": "x"}) == {"name": "x"}
    assert protect({"place": 5}) == {"place": 5}


def test_the_strictest_of_several_disclosures_counts() -> None:
    assert strictest(()) == "exact"
    assert strictest(("area", "contact_only", "exact")) == "contact_only"
