"""Capacity, cost, notices and dates."""

import datetime as dt

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from app.features.capacity import Capacity, CapacityLevel
from app.features.cost import Cost
from app.features.dates import read_date, read_moment
from app.features.notices import Notice
from app.features.text import TranslatedNote

COUNTED = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
TEXT = TranslatedNote.of("pl", "Święta")


def capacity(available: int | None, maximum: int | None = None, hours: int = 24) -> Capacity:
    expires = COUNTED + dt.timedelta(hours=hours)
    return Capacity(unit="beds", available=available, maximum=maximum, updated=COUNTED, expires=expires)


@pytest.mark.parametrize(
    ("available", "maximum", "level"),
    [
        (0, 40, CapacityLevel.FULL),
        (4, 40, CapacityLevel.FEW),
        (5, 40, CapacityLevel.FREE),
        (1, 1, CapacityLevel.FREE),
        (3, None, CapacityLevel.FEW),
        (4, None, CapacityLevel.FREE),
        (None, 40, CapacityLevel.UNKNOWN),
    ],
)
def test_capacity_in_words(available: int | None, maximum: int | None, level: CapacityLevel) -> None:
    assert capacity(available, maximum).level(COUNTED) is level


def test_capacity_is_not_believed_after_its_expiry() -> None:
    assert capacity(5).level(COUNTED + dt.timedelta(hours=24)) is CapacityLevel.UNKNOWN


@pytest.mark.parametrize(
    ("available", "maximum", "hours"), [(5, 4, 24), (1, 2, 0), (1, 2, -1), (1, 2, 31 * 24)]
)
def test_impossible_capacities_are_refused(available: int, maximum: int, hours: int) -> None:
    with pytest.raises(ValidationError):
        capacity(available, maximum, hours)


def test_a_price_needs_its_currency_and_something_that_costs() -> None:
    assert Cost(code="low_cost", amount=12.499, currency="PLN").amount == 12.5
    for wrong in (
        {"code": "low_cost", "amount": 12.5},
        {"code": "low_cost", "currency": "PLN"},
        {"code": "free", "amount": 12.5, "currency": "PLN"},
        {"code": "low_cost", "amount": -1, "currency": "PLN"},
        {"code": "low_cost", "amount": float("nan"), "currency": "PLN"},
        {"code": "walk_in"},
    ):
        with pytest.raises(ValidationError):
            Cost.model_validate(wrong)


def test_a_notice_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError):
        Notice(kind="info", text=TEXT, starts=dt.date(2026, 12, 26), ends=dt.date(2026, 12, 24))
    with pytest.raises(ValidationError):
        Notice(kind="closed", text=TEXT, starts=dt.date(2026, 1, 1), ends=dt.date(2028, 1, 1))


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "0000-00-00", "10000-01-01", "-0001-01-01", "1999-12-31", "2226-01-01", "24.12.2026",
     "2026-12-24T10:00:00", 45000, 1764547200000, None, "2026-1-1", "２０２６-01-01"],
)  # fmt: skip
def test_no_dates(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        read_date(value)


def test_dates_and_moments_are_read() -> None:
    assert read_date("2028-02-29") == dt.date(2028, 2, 29)
    assert read_moment("2026-11-20T10:00:00+01:00") == COUNTED
    assert read_moment("2026-11-20T09:00Z") == COUNTED
    assert read_moment("2026-10-25T02:30:00+14:00").tzinfo is dt.UTC


@pytest.mark.parametrize(
    "value",
    ["2026-11-20T10:00:00", "2027-03-28", "2026-11-20T10:00:60Z", "2026-11-20T25:00:00Z", "2226-01-01T00:00:00Z",
     "2026-11-20T10:00:00+99:00", 1764547200],
)  # fmt: skip
def test_no_moments(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        read_moment(value)
