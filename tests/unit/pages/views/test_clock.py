"""The clock that script is given agrees with the zone at every hour."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages.views.clock import clock_changes

ZONES = ["Europe/Warsaw", "Europe/Bucharest", "Europe/Kyiv", "UTC", "Asia/Kathmandu", "Africa/Casablanca"]


def minutes_at(written: str, instant: dt.datetime) -> int:
    first, *changes = written.split(" ")
    minutes = int(first)
    for change in changes:
        since, _, ahead = change.partition(":")
        if int(since) <= instant.timestamp():
            minutes = int(ahead)
    return minutes


@given(
    zone=st.sampled_from(ZONES),
    year=st.integers(2000, 2036),
    second=st.integers(0, 4 * 365 * 86_400 - 1),
)
def test_it_is_the_clock_of_the_zone(zone: str, year: int, second: int) -> None:
    instant = dt.datetime(year - 1, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    assert minutes_at(clock_changes(zone, year), instant) == offset.total_seconds() / 60


@pytest.mark.parametrize("second", [-1, 0, 1])
def test_a_change_is_written_to_the_second(second: int) -> None:
    change = dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
    assert minutes_at(clock_changes("Europe/Warsaw", 2026), change) == (60 if second < 0 else 120)
    assert clock_changes("UTC", 2026) == "0"
