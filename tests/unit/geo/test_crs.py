import json
import math
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.bbox import BBox
from geo.coordinates import parse_columns
from geo.crs import (
    GRIDS,
    MAX_MERCATOR_LAT,
    WEB_MERCATOR,
    WEB_MERCATOR_HALF_M,
    OutsideGridError,
    UnknownCrsError,
    from_lng_lat,
    lng_lat_of,
    matching_grids,
    to_lng_lat,
    web_mercator_of,
)
from geo.distance import distance_m
from geo.ellipsoid import Ellipsoid
from geo.lambert_conic import LambertConic
from geo.transverse_mercator import TransverseMercator

# (EPSG code, lng, lat, easting, northing) by PROJ 9.1.1 (PostGIS ST_Transform from EPSG:4258).
BY_PROJ = [
    (2176, 15.0, 51.0, 5500000.0, 5651650.5118),
    (2176, 16.6, 54.2, 5604405.3575, 6008897.2491),
    (2177, 18.6466, 54.352, 6542039.2584, 6024825.3754),
    (2177, 17.03, 51.11, 6432075.2978, 5664334.5462),
    (2178, 21.0122, 52.2297, 7500833.5124, 5788456.4865),
    (2178, 22.47, 50.01, 7605360.7827, 5542568.2331),
    (2179, 23.16, 53.13, 8443779.1588, 5888963.9960),
    (2179, 24.1, 50.87, 8507038.8230, 5637194.2761),
    (2180, 21.0122, 52.2297, 637382.2044, 486757.2095),
    (2180, 14.2, 53.9, 184816.0951, 681281.2864),
    (2180, 24.1, 50.87, 858659.8640, 346074.3880),
    (2154, 2.2945, 48.8584, 648237.3015, 6862271.6816),
    (2154, -0.5792, 44.8378, 417241.5391, 6421813.3459),
    (2154, 9.45, 42.7, 1228546.0453, 6199420.6440),
    (2154, -4.4861, 48.3904, 146632.9785, 6836262.3267),
    (3857, 21.0122, 52.2297, 2339067.4044, 6841765.1969),
]
national = st.sampled_from([epsg for epsg in GRIDS if epsg != WEB_MERCATOR])


@pytest.mark.parametrize(("epsg", "lng", "lat", "easting", "northing"), BY_PROJ)
def test_grids_agree_with_proj_to_a_millimetre(
    epsg: int, lng: float, lat: float, easting: float, northing: float
) -> None:
    assert from_lng_lat(epsg, lng, lat) == pytest.approx((easting, northing), abs=1e-3)
    assert to_lng_lat(epsg, easting, northing) == pytest.approx((lng, lat), abs=1e-8)


def test_transverse_mercator_gives_the_example_of_the_epsg_guidance_note() -> None:
    # IOGP 373-7-2, method 9807: OSGB 1936 / British National Grid on Airy 1830.
    airy = Ellipsoid(a=6377563.396, f=1 / 299.32496)
    grid = TransverseMercator(-2.0, 0.9996012717, 400000.0, -100000.0, 49.0, airy)
    assert grid.forward(0.5, 50.5) == pytest.approx((577274.99, 69740.50), abs=0.01)
    assert grid.inverse(577274.99, 69740.50) == pytest.approx((0.5, 50.5), abs=1e-6)


def test_lambert_conic_gives_the_example_of_the_epsg_guidance_note() -> None:
    # IOGP 373-7-2, method 9802: NAD27 / Texas South Central in US survey feet on Clarke 1866.
    clarke = Ellipsoid(a=20925832.16, f=1 / 294.97870)
    grid = LambertConic(-99.0, 27 + 50 / 60, 28 + 23 / 60, 30 + 17 / 60, 2000000.0, 0.0, clarke)
    assert grid.forward(-96.0, 28.5) == pytest.approx((2963503.91, 254759.80), abs=0.01)
    assert grid.inverse(2963503.91, 254759.80) == pytest.approx((-96.0, 28.5), abs=1e-6)


@given(national, st.floats(0, 1), st.floats(0, 1))
def test_there_and_back_is_within_a_centimetre(epsg: int, across: float, up: float) -> None:
    area = GRIDS[epsg].area
    # A hair inside, as the area's own edge may come back on its other side.
    lng = area.west + 1e-6 + (area.east - area.west - 2e-6) * across
    lat = area.south + 1e-6 + (area.north - area.south - 2e-6) * up
    assert distance_m(lng, lat, *to_lng_lat(epsg, *from_lng_lat(epsg, lng, lat))) < 0.01


@given(st.sampled_from((2176, 2177, 2178, 2179, 2180)), st.floats(-110_000, 110_000), st.floats(49, 55))
def test_the_series_there_and_back_agree_to_a_fraction_of_a_micrometre(
    epsg: int, off_m: float, lat: float
) -> None:
    grid = GRIDS[epsg].projection
    assert isinstance(grid, TransverseMercator)
    easting, northing = grid.false_easting_m + off_m, grid.forward(grid.central_lng, lat)[1]
    # What the series leave out, of the fifth order, is some 0.1 µm.
    assert grid.forward(*grid.inverse(easting, northing)) == pytest.approx(
        (easting, northing), abs=1.5e-7, rel=0
    )


@given(st.floats(-180, 180), st.floats(-85.05, 85.05))
def test_web_mercator_there_and_back(lng: float, lat: float) -> None:
    assert lng_lat_of(*web_mercator_of(lng, lat)) == pytest.approx((lng, lat), abs=1e-9)


def test_web_mercator_ends_at_its_square() -> None:
    assert web_mercator_of(180.0, 90.0) == pytest.approx((WEB_MERCATOR_HALF_M, WEB_MERCATOR_HALF_M))
    assert pytest.approx(85.0511287798066) == MAX_MERCATOR_LAT


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(UnknownCrsError) as raised:
        to_lng_lat(31370, 150000.0, 170000.0)
    assert raised.value.code == "crs_unknown"
    with pytest.raises(UnknownCrsError):
        from_lng_lat(31370, 4.0, 50.0)


@pytest.mark.parametrize(
    ("easting", "northing"),
    [(0.0, 0.0), (1e308, 1e308), (math.nan, 6e6), (math.inf, 6e6), (6024557.36, 6542396.52)],
)
def test_numbers_outside_the_grid_are_refused(easting: float, northing: float) -> None:
    with pytest.raises(OutsideGridError) as raised:
        to_lng_lat(2177, easting, northing)
    assert raised.value.code == "crs_outside_area"


def test_positions_outside_the_grid_are_refused() -> None:
    with pytest.raises(OutsideGridError):
        from_lng_lat(2177, 2.3, 48.9)


@pytest.mark.parametrize(
    ("first", "second", "epsg", "swapped"),
    [
        (6542396.52, 6024557.36, 2177, False),
        (6024557.36, 6542396.52, 2177, True),
        (7500833.5, 5788456.5, 2178, False),
        (637000.0, 487000.0, 2180, False),
        (475198.12, 6692424.51, 2154, False),
    ],
)
def test_metres_are_recognised(first: float, second: float, epsg: int, swapped: bool) -> None:
    match = matching_grids(first, second)[0]
    assert (match.epsg, match.swapped) == (epsg, swapped)


def test_a_pair_that_fits_twice_is_given_twice() -> None:
    assert [(match.epsg, match.swapped) for match in matching_grids(637000.0, 487000.0)][:2] == [
        (2180, False),
        (2180, True),
    ]


@pytest.mark.parametrize(("first", "second"), [(21.0, 52.2), (181.0, 360.0), (1e308, 1e308), (math.nan, 6e6)])
def test_degrees_and_nonsense_fit_no_grid(first: float, second: float) -> None:
    assert matching_grids(first, second) == ()


@given(st.floats(), st.floats())
def test_any_numbers_give_positions_in_the_grids_area(first: float, second: float) -> None:
    matches = matching_grids(first, second)
    assert all(GRIDS[match.epsg].area.contains(match.lng, match.lat) for match in matches)
    # Web mercator, in which almost anything is a position, comes last.
    assert all(
        not (before.epsg == WEB_MERCATOR and after.epsg != WEB_MERCATOR)
        for before, after in pairwise(matches)
    )


def test_the_places_of_gdansk_lie_in_gdansk(shared_data: Path) -> None:
    gdansk = BBox(18.42, 54.27, 18.96, 54.45)
    count = 0
    for name in ("pois_1.geojson", "pois_2.geojson"):
        data = json.loads((shared_data / "pl-gdansk-pois-epsg2177" / name).read_text(encoding="utf-8"))
        for feature in data["features"]:
            northing, easting = feature["geometry"]["coordinates"]
            assert gdansk.contains(*to_lng_lat(2177, easting, northing))
            assert any(m.epsg == 2177 and m.swapped for m in matching_grids(northing, easting))
            count += 1
    assert count == 85


def test_the_places_of_maine_et_loire_lie_there(shared_data: Path) -> None:
    anjou = BBox(-1.40, 46.95, 0.30, 47.85)
    rows = json.loads((shared_data / "fr-mednum-messy" / "maine-et-loire.json").read_text(encoding="utf-8"))
    assert len(rows) == 243
    for row in rows:
        written = parse_columns(row["x"], row["y"])
        assert not written.in_range
        assert anjou.contains(*to_lng_lat(2154, written.lng, written.lat))
