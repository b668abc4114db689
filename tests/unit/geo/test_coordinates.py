import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.bbox import Position
from geo.coordinates import AxisOrder, CoordinatesError, parse_columns, parse_coordinates
from geo.position_checks import Suspicion

WARSAW = [
    "52.2291667 21.0116667",
    "52.2291667, 21.0116667",
    "52.2291667,21.0116667",
    "52.2291667;21.0116667",
    "52.2291667/21.0116667",
    " 52.2291667\u00a0\t21.0116667 ",
    "(52.2291667, 21.0116667)",
    "[52.2291667, 21.0116667]",
    "52,2291667 21,0116667",
    "52,2291667; 21,0116667",
    "52,2291667, 21,0116667",
    "52,2291667,21,0116667",
    "52.2291667 , 21.0116667",
    "+52.2291667, +21.0116667",
    "N52.2291667 E21.0116667",
    "n 52.2291667, e 21.0116667",
    "52.2291667N 21.0116667E",
    "52.2291667 N, 21.0116667 E",
    "21.0116667E 52.2291667N",
    "E 21.0116667 N 52.2291667",
    "52,2291667°N 21,0116667°E",
    "52.2291667°, 21.0116667°",
    "52°13′45″N 21°0′42″E",
    "52°13'45\"N, 21°00'42\"E",
    "52° 13' 45'' N 21° 0' 42'' E",
    "52° 13’ 45” 21° 0’ 42”",
    "N 52° 13.75' E 021° 00.7'",
    "52°13′45,0″N 21°0′42,0″E",
    "21°0′42″E 52°13′45″N",
    "E21°0′42″, 52°13′45″",
    "52º13´45″N 21º0´42″E",
]


@pytest.mark.parametrize("written", WARSAW)
def test_a_position_is_read_however_it_is_written(written: str) -> None:
    read = parse_coordinates(written, ("PL",))
    assert (read.lng, read.lat) == pytest.approx((21.0116667, 52.2291667), abs=1e-7)
    assert read.hints == ()
    assert read.in_range


@pytest.mark.parametrize(
    ("written", "lng", "lat"),
    [
        ("33.5S 70.6W", -70.6, -33.5),
        ("−33.5, −70.6", -70.6, -33.5),
        ("33°30′S, 70°36′W", -70.6, -33.5),
        ("52, 21", 21.0, 52.0),
        ("52,21", 21.0, 52.0),
        ("-0, -0", 0.0, 0.0),
    ],
)
def test_signs_hemispheres_and_whole_degrees(written: str, lng: float, lat: float) -> None:
    read = parse_coordinates(written)
    assert (read.lng, read.lat) == pytest.approx((lng, lat))
    assert "-0.0" not in {str(read.lng), str(read.lat)}


def test_the_order_of_bare_numbers_is_the_callers() -> None:
    assert parse_coordinates("21.0, 52.2", order=AxisOrder.LNG_LAT).lat == 52.2
    assert parse_coordinates("21.0°, 52.2°", order=AxisOrder.LNG_LAT).lat == 52.2
    assert parse_coordinates("52.2N 21.0E", order=AxisOrder.LNG_LAT).lat == 52.2


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "Warszawa",
        "52.1",
        "52.1,",
        "52,1,",
        "1,2,3",
        "52.1,21,0",
        "52.1 21.0 100",
        "52.1 21.0 x",
        "x 52.1 21.0",
        "1e2 21",
        "nan nan",
        "inf, inf",
        "1_0 2_0",
        "52..1 21",
        "N52.1S 21.0E",
        "N N52 E21",
        "NE",
        "52°13′45″61″ 21°",
        "٥٢ ٢١",
        "12345678901 1",
        "[52.1, 21.0)",
        "[",
        "POINT(21 52)",
    ],
)
def test_what_is_no_position_is_refused(written: str) -> None:
    with pytest.raises(CoordinatesError) as raised:
        parse_coordinates(written)
    assert raised.value.code == "coordinates_unreadable"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("52.1N 21.0N", "coordinates_same_axis"),
        ("E52.1 W21.0", "coordinates_same_axis"),
        ("52°60′N 21°0′E", "coordinates_minutes"),
        ("52°13′60″N 21°0′E", "coordinates_minutes"),
        ("-52.1N 21.0E", "coordinates_sign_and_hemisphere"),
        ("5" * 101, "coordinates_too_long"),
    ],
)
def test_each_mistake_has_its_code(written: str, code: str) -> None:
    with pytest.raises(CoordinatesError) as raised:
        parse_coordinates(written)
    assert raised.value.code == code


def test_swapped_axes_are_a_hint_and_never_repaired() -> None:
    read = parse_coordinates("21.0122, 52.2297", ("PL",))
    assert (read.lng, read.lat) == (52.2297, 21.0122)
    hint = read.hint(Suspicion.SWAPPED)
    assert hint is not None
    assert hint.suggestion == Position(21.0122, 52.2297)
    assert read.hint(Suspicion.OUTSIDE_COUNTRY) is not None
    assert read.hint(Suspicion.NULL_ISLAND) is None


def test_metres_are_a_hint_and_not_in_range() -> None:
    read = parse_coordinates("637000, 487000", ("PL",))
    assert not read.in_range
    hint = read.hint(Suspicion.PROJECTED_METRES)
    assert hint is not None
    assert hint.epsg == 2180
    assert hint.suggestion is not None


@pytest.mark.parametrize(
    ("lng", "lat"),
    [
        ("21,0116667", "52,2291667"),
        (" 21.0116667", "52.2291667 "),
        ("21°0′42″E", "52°13′45″N"),
        ("E21.0116667", "52.2291667°"),
    ],
)
def test_two_cells_of_a_table_are_a_position(lng: str, lat: str) -> None:
    read = parse_columns(lng, lat, ("PL",))
    assert (read.lng, read.lat) == pytest.approx((21.0116667, 52.2291667), abs=1e-7)


@pytest.mark.parametrize(
    ("lng", "lat", "code"),
    [
        ("", "52.1", "coordinates_unreadable"),
        ("21.0", "-", "coordinates_unreadable"),
        ("21.0 52.1", "52.1", "coordinates_unreadable"),
        ("21N", "52.1", "coordinates_same_axis"),
        ("21", "52.1E", "coordinates_same_axis"),
        ("2" * 101, "52.1", "coordinates_too_long"),
        ("1.234.567", "52.1", "coordinates_unreadable"),
    ],
)
def test_a_cell_that_is_no_coordinate_is_refused(lng: str, lat: str, code: str) -> None:
    with pytest.raises(CoordinatesError) as raised:
        parse_columns(lng, lat)
    assert raised.value.code == code


@given(st.text(max_size=110))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse_coordinates(text)
    except CoordinatesError:
        return
    assert math.isfinite(read.lng)
    assert math.isfinite(read.lat)


@given(st.text(alphabet="0123456789.,;°′'\" NESW-+", max_size=40))
def test_any_text_of_the_signs_in_use_is_read_or_refused(text: str) -> None:
    try:
        read = parse_coordinates(text, ("PL",))
    except CoordinatesError:
        return
    assert math.isfinite(read.lng)
    assert math.isfinite(read.lat)


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from((".", ",")))
def test_a_written_position_is_read_back(lng: float, lat: float, point: str) -> None:
    written = f"{lat:.6f} {lng:.6f}".replace(".", point)
    read = parse_coordinates(written)
    assert (read.lng, read.lat) == (float(f"{lng:.6f}") + 0.0, float(f"{lat:.6f}") + 0.0)


angles = st.tuples(st.integers(0, 59), st.integers(0, 59))


@given(st.integers(0, 89), st.integers(0, 179), angles, st.sampled_from("NS"), st.sampled_from("EW"))
def test_degrees_minutes_and_seconds_are_read_back(
    lat: int, lng: int, angle: tuple[int, int], ns: str, ew: str
) -> None:
    minutes, seconds = angle
    read = parse_coordinates(f"{lat}°{minutes}′{seconds}″{ns} {lng}°{minutes}′{seconds}″{ew}")
    fraction = minutes / 60 + seconds / 3600
    assert read.lat == pytest.approx((lat + fraction) * (1 if ns == "N" else -1))
    assert read.lng == pytest.approx((lng + fraction) * (1 if ew == "E" else -1))


def test_the_gironde_has_its_axes_swapped(shared_data: Path) -> None:
    rows = json.loads((shared_data / "fr-mednum-messy" / "gironde.json").read_text(encoding="utf-8"))
    with_numbers = [row for row in rows if row["Coord. X"]]
    assert len(with_numbers) > 300
    for row in with_numbers:
        read = parse_columns(str(row["Coord. X"]), str(row["Coord. Y"]), ("FR",))
        assert read.hint(Suspicion.SWAPPED) is not None
