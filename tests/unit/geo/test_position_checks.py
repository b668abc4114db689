import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.bbox import Position
from geo.position_checks import COUNTRY_BOXES, Hint, Suspicion, check_position, in_countries


def suspicions(lng: float, lat: float, *countries: str) -> list[str]:
    return [hint.suspicion.value for hint in check_position(lng, lat, countries)]


def positions(value: Any) -> list[tuple[float, float]]:
    """All [lng, lat] pairs in nested coordinates."""
    if isinstance(value[0], (int, float)):
        return [(value[0], value[1])]
    return [position for part in value for position in positions(part)]


@pytest.mark.parametrize(
    ("lng", "lat", "expected"),
    [
        (21.0122, 52.2297, []),
        (0.0, 0.0, ["null_island", "outside_country"]),
        (0.0, 52.0, ["zero_axis", "outside_country"]),
        (21.0, 0.0, ["zero_axis", "outside_country"]),
        (14.502960205078, 35.87550024292, ["failed_geocode", "outside_country"]),
        (52.2297, 21.0122, ["outside_country", "swapped"]),
        (2.35, 48.85, ["outside_country"]),
        (21.0, 91.0, ["out_of_range"]),
        (181.0, 52.0, ["out_of_range"]),
        (math.nan, 52.0, ["out_of_range"]),
        (math.inf, math.nan, ["out_of_range"]),
        (1e308, 1e308, ["out_of_range"]),
        (24.24, 52.0, []),  # within 5 km of the box
        (24.30, 52.0, ["outside_country"]),
    ],
)
def test_what_is_suspicious_in_poland(lng: float, lat: float, expected: list[str]) -> None:
    assert suspicions(lng, lat, "PL") == expected


def test_a_latitude_that_is_none_may_be_a_longitude() -> None:
    assert check_position(-21.1, 100.0, ("RE",)) == (Hint(Suspicion.OUT_OF_RANGE),)
    # Fiji-like longitudes above 90 in the place of the latitude.
    assert check_position(-4.6, 152.0, ())[0].suspicion is Suspicion.OUT_OF_RANGE


@pytest.mark.parametrize(
    ("lng", "lat", "epsg"),
    [(637000.0, 487000.0, 2180), (6024557.36, 6542396.52, 2177), (2339067.4, 6841765.2, 3857)],
)
def test_metres_are_told_with_the_system_they_may_be_of(lng: float, lat: float, epsg: int) -> None:
    out_of_range, projected, *_ = check_position(lng, lat, ("PL",))
    assert out_of_range.suspicion is Suspicion.OUT_OF_RANGE
    assert (projected.suspicion, projected.epsg) == (Suspicion.PROJECTED_METRES, epsg)
    assert isinstance(projected.suggestion, Position)
    assert in_countries(*projected.suggestion, ("PL",))


def test_several_countries_are_one_area() -> None:
    assert suspicions(26.1, 44.43, "PL", "RO") == []
    assert suspicions(26.1, 44.43, "PL") == ["outside_country"]


def test_without_a_country_nothing_is_outside() -> None:
    assert suspicions(2.35, 48.85) == []
    assert suspicions(0.0, 0.0) == ["null_island"]


def test_a_country_without_a_box_is_an_error() -> None:
    with pytest.raises(KeyError):
        check_position(0.0, 0.0, ("XX",))


@given(st.floats(), st.floats(), st.sets(st.sampled_from(sorted(COUNTRY_BOXES)), max_size=3))
def test_any_numbers_are_checked(lng: float, lat: float, countries: set[str]) -> None:
    hints = check_position(lng, lat, sorted(countries))
    for hint in hints:
        if hint.suggestion is not None and countries:
            assert in_countries(*hint.suggestion, sorted(countries))


@given(st.sampled_from(sorted(COUNTRY_BOXES)), st.floats(0, 1), st.floats(0, 1))
def test_a_position_in_the_box_is_not_outside(country: str, across: float, up: float) -> None:
    box = COUNTRY_BOXES[country]
    lng = box.west + (box.east - box.west) * across
    lat = box.south + (box.north - box.south) * up
    assert in_countries(lng, lat, (country,))
    assert "outside_country" not in suspicions(lng, lat, country)


@pytest.mark.parametrize(
    ("country", "file"),
    [("PL", "boundaries-pl/poland.voivodeships.json"), ("RO", "boundaries-ro/romania_uat.geojson")],
)
def test_a_box_contains_its_country_and_not_much_more(shared_data: Path, country: str, file: str) -> None:
    box = COUNTRY_BOXES[country]
    features = json.loads((shared_data / file).read_text(encoding="utf-8"))["features"]
    found = [
        position
        for feature in features
        if feature["geometry"]
        for position in positions(feature["geometry"]["coordinates"])
    ]
    assert all(box.contains(*position) for position in found)
    assert min(lng for lng, _ in found) - box.west < 0.15
    assert box.north - max(lat for _, lat in found) < 0.15


def test_all_schools_that_lie_abroad_are_found(shared_data: Path) -> None:
    data = json.loads((shared_data / "pl-rspo-places" / "rspo_outliers.geojson").read_text(encoding="utf-8"))
    found = [suspicions(*feature["geometry"]["coordinates"], "PL") for feature in data["features"]]
    assert len(found) == 11
    assert all("outside_country" in suspicion for suspicion in found)
    assert sum("failed_geocode" in suspicion for suspicion in found) == 10
