import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.distance import EARTH_RADIUS_M, distance_m, walking_minutes

positions = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def test_warsaw_to_krakow() -> None:
    # By PostGIS' ST_DistanceSphere.
    assert distance_m(21.0122, 52.2297, 19.9450, 50.0647) == pytest.approx(251_976.925, abs=0.01)


def test_half_round_the_world() -> None:
    assert distance_m(0.0, 90.0, 0.0, -90.0) == pytest.approx(math.pi * EARTH_RADIUS_M)
    assert distance_m(-90.0, 0.0, 90.0, 0.0) == pytest.approx(math.pi * EARTH_RADIUS_M)
    # These antipodes come out at 1.0000000000000002 half-turns before the arc sine.
    assert distance_m(
        -42.520568584209485, -44.0875753669041, 137.47943141579051, 44.0875753669041
    ) == pytest.approx(math.pi * EARTH_RADIUS_M)


def test_the_antimeridian_is_no_border() -> None:
    assert distance_m(179.9999, 0.0, -179.9999, 0.0) == pytest.approx(22.2, abs=0.1)


@given(positions, positions)
def test_there_is_as_far_as_back(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert distance_m(*a, *b) == pytest.approx(distance_m(*b, *a), abs=1e-6)
    assert 0.0 <= distance_m(*a, *b) <= math.pi * EARTH_RADIUS_M + 1e-6
    assert distance_m(*a, *a) == 0.0


@pytest.mark.parametrize(("metres", "minutes"), [(0.0, 1), (61.5, 1), (62.0, 2), (800.0, 13), (1000.0, 17)])
def test_walking_takes_longer_than_the_beeline(metres: float, minutes: int) -> None:
    assert walking_minutes(metres) == minutes
