"""The filters of the queue in an address: the same there and back."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desk.asked import Filters, filters_in, filters_of, micros_of, moment_of
from app.moderation.waiting import Place

MOMENTS = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 - hypothesis adds the zone


def test_filters_come_back_from_their_query() -> None:
    filters = Filters("aid_points", "change", "high", "48", "mine", "import", "uk", "city & co", "PL-26")
    assert filters_in(filters.query()) == filters
    assert filters_in(Filters().query()) == Filters()


@pytest.mark.parametrize("name", ["layer", "kind", "risk", "age", "assigned", "channel", "language"])
def test_a_value_that_there_is_not_asks_for_everything(name: str) -> None:
    assert filters_of(**{name: "bogus"}) == Filters()
    assert filters_in(f"{name}=bogus&other=1") == Filters()


@given(MOMENTS)
def test_a_moment_comes_back(moment: dt.datetime) -> None:
    assert moment_of(micros_of(moment)) == moment


@given(st.integers(0, 2), MOMENTS, st.uuids())
def test_a_place_in_the_queue_comes_back(band: int, since: dt.datetime, key: uuid.UUID) -> None:
    place = Place(band, since, key)
    assert Place.read(place.written()) == place


@pytest.mark.parametrize("written", ["", "1", "a_b_c", "1_2_x", f"1_{10**30}_{uuid.UUID(int=1)}", "1_2_3_4"])
def test_what_is_no_place_is_none(written: str) -> None:
    assert Place.read(written) is None


@pytest.mark.parametrize("written", ["", "-1", "1.5", "٣", "9" * 30])
def test_what_is_no_moment_is_none(written: str) -> None:
    assert moment_of(written) is None
