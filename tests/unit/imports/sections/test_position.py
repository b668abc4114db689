"""Positions are never repaired: a declaration says how to read them, or the row is refused."""

from typing import Any

import pytest

from app.imports.notes import RefusedRow
from app.imports.record import Record
from app.imports.rows import GEOMETRY
from app.imports.sections.position import Found, PositionSection

GEOMETRY_IS = PositionSection(from_geometry=True)
KIELCE = (20.628568, 50.866077)


def columns(**declared: Any) -> PositionSection:
    return PositionSection(lng="lng", lat="lat", **declared)


def find(section: PositionSection, countries: tuple[str, ...] = ("PL",), **values: Any) -> Found:
    return section.find(Record(values, "PL", "pl"), countries, None)


def point(*coordinates: Any) -> dict[str, Any]:
    return {GEOMETRY: {"type": "Point", "coordinates": list(coordinates)}}


def refusal(section: PositionSection, countries: tuple[str, ...] = ("PL",), **values: Any) -> str:
    with pytest.raises(RefusedRow) as refused:
        find(section, countries, **values)
    return refused.value.note.code


def test_a_point_and_its_height() -> None:
    assert find(GEOMETRY_IS, **point(*KIELCE)) == Found(*KIELCE)
    assert find(GEOMETRY_IS, **point(*KIELCE, 268.0)) == Found(*KIELCE)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "position_missing"),
        ({"type": "Point", "coordinates": []}, "geometry_coordinates"),
        ({"type": "Point", "coordinates": [20.6]}, "geometry_coordinates"),
        ({"type": "Point", "coordinates": [20.6, 50.8, 1, 2]}, "geometry_coordinates"),
        ({"type": "Point", "coordinates": "20.6,50.8"}, "geometry_coordinates"),
        ({"type": "Point"}, "geometry_coordinates"),
        ({"type": "Point", "coordinates": ["20.6", "50.8"]}, "position_malformed"),
        ({"type": "Point", "coordinates": [True, 50.8]}, "position_malformed"),
        ({"type": "Point", "coordinates": [None, 50.8]}, "position_malformed"),
        ({"type": "Point", "coordinates": [1e308, 50.8]}, "position_range"),
        ({"type": "LineString", "coordinates": [[20, 50], [21, 51]]}, "geometry_kind"),
        ({"type": "MultiPoint", "coordinates": [[20, 50]]}, "geometry_kind"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_kind"),
        ({"type": "Feature", "geometry": None}, "geometry_kind"),
        ("POINT(20 50)", "geometry_kind"),
    ],
)
def test_other_geometries_are_refused(geometry: Any, code: str) -> None:
    assert refusal(GEOMETRY_IS, **{GEOMETRY: geometry}) == code


def test_a_point_inside_an_area_is_taken_where_the_mapping_says_so() -> None:
    square = {"type": "Polygon", "coordinates": [[[20, 50], [21, 50], [21, 51], [20, 51], [20, 50]]]}
    record = Record({GEOMETRY: square}, "PL", "pl")

    found = PositionSection(from_geometry=True, inside=True).find(record, ("PL",), None)

    assert found == Found(20.5, 50.5)
    assert [note.code for note in record.notes] == ["geometry_centre"]


@pytest.mark.parametrize(
    "empty", [{"type": "Polygon", "coordinates": []}, {"type": "Polygon"}, {"type": "Sphere"}]
)
def test_an_area_without_an_inside_is_refused(empty: Any) -> None:
    assert refusal(PositionSection(from_geometry=True, inside=True), **{GEOMETRY: empty}) == "geometry_kind"


@pytest.mark.parametrize(
    ("lng", "lat", "code"),
    [
        (0, 0, "position_zero"),
        (0.0, 52.0, "position_outside"),
        (50.87, 20.63, "position_swapped"),
        (14.502960205078, 35.87553024292, "position_failed_geocode"),  # by Malta
        (24.84494972229, 35.230537414551, "position_failed_geocode"),  # on Crete
        (35.873100280762, -1.087970972061, "position_outside"),  # in Kenya
        (13.81234, 52.30656, "position_outside"),  # by Berlin
        (101, 100, "position_range"),
        (180.0, 91.0, "position_range"),
        (637000, 487000, "position_metres"),
        (6542396.52, 6024557.36, "position_metres"),
        (6024557.36, 6542396.52, "position_metres_swapped"),
    ],
)
def test_a_position_that_cannot_be_right_is_refused_with_the_cause(lng: float, lat: float, code: str) -> None:
    assert refusal(GEOMETRY_IS, **point(lng, lat)) == code
    assert refusal(columns(), lng=str(lng), lat=str(lat)) == code


def test_exchanged_axes_are_a_hint_and_taken_only_where_they_are_declared() -> None:
    with pytest.raises(RefusedRow, match="exchanged it would lie inside"):
        find(GEOMETRY_IS, **point(*KIELCE[::-1]))

    assert find(PositionSection(from_geometry=True, axes="lat_lng"), **point(*KIELCE[::-1])) == Found(*KIELCE)


def test_a_position_just_over_the_border_is_taken() -> None:
    assert find(GEOMETRY_IS, **point(24.21, 50.6)).lng == 24.21


@pytest.mark.parametrize(
    ("missing", "geocode"), [("geocode", True), ("none", False)]
)  # fmt: skip
@pytest.mark.parametrize("values", [{"lng": "0.0", "lat": "0.0"}, {"lng": "", "lat": ""}, {}])
def test_nothing_and_zero_mean_what_the_mapping_says(
    missing: Any, geocode: bool, values: dict[str, Any]
) -> None:
    assert find(columns(missing=missing), **values) == Found(geocode=geocode)


def test_half_a_position_is_refused() -> None:
    assert refusal(columns(missing="none"), lng="20.6", lat="") == "position_malformed"


def test_decimal_commas_are_read_only_where_they_are_declared() -> None:
    values: dict[str, Any] = {"lng": "20,628568", "lat": "50,866077"}

    assert refusal(columns(), **values) == "position_comma"
    assert find(columns(decimal="comma"), **values) == Found(*KIELCE)


@pytest.mark.parametrize("text", ["nan", "inf", "1e1", "20.6E", "20°37'", "٢٠.٦", "20 628", "20.6\n50"])
def test_other_ways_to_write_a_number_are_refused(text: str) -> None:
    assert refusal(columns(), lng=text, lat="50.8") == "position_malformed"


def test_metres_of_a_grid_are_read_where_they_are_declared() -> None:
    # Galeria Miejska 1, Piwna 27/29, Gdańsk: northing first, EPSG:2177, and the same in columns with commas.
    swapped = PositionSection(from_geometry=True, crs=2177, axes="lat_lng")
    found = find(swapped, **point(6024557.36, 6542396.52))
    assert found.lng == pytest.approx(18.6528, abs=2e-3)
    assert found.lat == pytest.approx(54.3494, abs=2e-3)

    by_columns = columns(crs=2177, decimal="comma")
    assert find(by_columns, lng="6542396,52", lat="6024557,36") == found


def test_metres_in_the_other_order_than_declared_are_refused_with_a_hint() -> None:
    section = PositionSection(from_geometry=True, crs=2177)

    assert refusal(section, **point(6024557.36, 6542396.52)) == "position_metres_swapped"


def test_degrees_where_metres_are_declared_are_refused() -> None:
    assert refusal(PositionSection(from_geometry=True, crs=2180), **point(*KIELCE)) == "position_outside_grid"


def test_the_files_own_reference_system_is_used() -> None:
    record = Record(point(612000.0, 335000.0), "PL", "pl")

    found = GEOMETRY_IS.find(record, ("PL",), 2180)

    assert found.lng is not None
    assert 20 < found.lng < 21


def test_coordinates_of_something_without_a_place_are_left_out_with_a_note() -> None:
    section = columns(only_when={"value": "hasLocation", "among": ["true"]})
    record = Record({"hasLocation": False, "lng": 19.93767276294206, "lat": 50.061164007321906}, "PL", "pl")

    assert section.find(record, ("PL",), None) == Found()
    assert [note.code for note in record.notes] == ["position_not_used"]


def test_degrees_that_are_nowhere_count_as_none_where_the_mapping_says_so() -> None:
    invented = columns(missing="none", impossible="missing")
    record = Record({"lng": 101, "lat": 100}, "PL", "en")

    assert invented.find(record, ("PL",), None) == Found()
    assert [note.code for note in record.notes] == ["position_impossible"]
    assert refusal(columns(missing="none"), lng=101, lat=100) == "position_range"
    # A place elsewhere on Earth is another matter.
    assert refusal(invented, lng=14.503, lat=35.876) == "position_failed_geocode"
    assert refusal(invented, lng=50.8, lat=20.6) == "position_swapped"
