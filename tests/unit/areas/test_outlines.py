import math
from collections.abc import Sequence
from typing import Any

import pytest

from app.areas.outlines import UnusableFeatureError, outline

SQUARE = [[20, 52], [21, 52], [21, 53], [20, 53], [20, 52]]


def polygon(*rings: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_a_polygon_becomes_a_multipolygon_and_keeps_its_hole() -> None:
    hole = [[20.4, 52.4], [20.6, 52.4], [20.6, 52.6], [20.4, 52.6], [20.4, 52.4]]
    found = outline(polygon(SQUARE, hole))
    assert found.repaired is None
    assert found.geometry.geom_type == "MultiPolygon"
    assert found.geometry.area == pytest.approx(0.96)


def test_a_self_crossing_ring_is_repaired_and_says_so() -> None:
    bow_tie = [[20, 52], [21, 53], [21, 52], [20, 53], [20, 52]]
    found = outline(polygon(bow_tie))
    assert found.repaired == "Self-intersection"
    assert found.geometry.is_valid
    assert found.geometry.area == pytest.approx(0.5)


def test_heights_are_dropped() -> None:
    assert not outline(polygon([[x, y, 100] for x, y in SQUARE])).geometry.has_z


@pytest.mark.parametrize(
    ("geojson", "code"),
    [
        ({"type": "Point", "coordinates": [20, 52]}, "not_a_polygon"),
        ({"type": "GeometryCollection", "geometries": []}, "not_a_polygon"),
        ({}, "not_a_polygon"),
        ({"type": "Polygon", "coordinates": []}, "empty_geometry"),
        ({"type": "Polygon"}, "unreadable_geometry"),
        ({"type": "Polygon", "coordinates": None}, "empty_geometry"),
        ({"type": "Polygon", "coordinates": [["a"]]}, "unreadable_geometry"),
        ({"type": "Polygon", "coordinates": [[[20, 52], [21, 52]]]}, "unreadable_geometry"),
        ({"type": "MultiPolygon", "coordinates": [5]}, "unreadable_geometry"),
        (polygon([[637000, 487000], [637100, 487000], [637100, 487100], [637000, 487000]]), "not_wgs84"),
        (polygon([[20, 52], [math.nan, 52], [21, 53], [20, 52]]), "not_wgs84"),
        (polygon([[20, 52], [math.inf, 52], [21, 53], [20, 52]]), "not_wgs84"),
        (polygon([[20, 52], [21, 53], [22, 54], [20, 52]]), "no_area"),
    ],
)
def test_what_is_no_boundary_is_refused_with_its_reason(geojson: dict[str, Any], code: str) -> None:
    with pytest.raises(UnusableFeatureError) as refused:
        outline(geojson)
    assert refused.value.code == code
