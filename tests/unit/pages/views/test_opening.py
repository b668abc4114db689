import datetime as dt
from typing import Any

import pytest

from app.features.hours_intervals import OpeningKind
from app.pages.views.opening import Then, opening_at, opening_then
from geo.bbox import Position

WARSAW = "Europe/Warsaw"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def slim(*spans: tuple[int, int, str], base: str = "2026-11-24", **more: Any) -> dict[str, Any]:
    return {"base": base, "open": [list(span) for span in spans]} | more


DAY = slim((600, 1080, "open"), (2040, 2520, "open"))


@pytest.mark.parametrize(
    ("moment", "kind", "until", "opens"),
    [
        ("2026-11-24T09:59+01:00", OpeningKind.CLOSED, None, "10:00"),
        ("2026-11-24T10:00+01:00", OpeningKind.OPEN, "18:00", None),
        ("2026-11-24T17:00+01:00", OpeningKind.SOON, "18:00", None),
        ("2026-11-24T16:59+01:00", OpeningKind.OPEN, "18:00", None),
        ("2026-11-24T18:00+01:00", OpeningKind.CLOSED, None, "10:00"),
        ("2026-11-25T18:00+01:00", OpeningKind.CLOSED, None, None),
        ("2026-11-23T23:59+01:00", OpeningKind.UNKNOWN, None, None),
        ("2026-11-26T00:00+01:00", OpeningKind.UNKNOWN, None, None),
    ],
)
def test_a_day_from_ten_to_six(moment: str, kind: OpeningKind, until: str | None, opens: str | None) -> None:
    state = opening_at(DAY, at(moment), WARSAW)
    assert state.kind is kind
    assert (state.until and f"{state.until:%H:%M}") == until
    assert (state.next_open and f"{state.next_open:%H:%M}") == opens


def test_what_is_not_known_is_unknown() -> None:
    assert opening_at({}, at("2026-11-24T12:00+01:00"), WARSAW).kind is OpeningKind.UNKNOWN


def test_no_opening_is_closed() -> None:
    assert opening_at(slim(), at("2026-11-24T12:00+01:00"), WARSAW).kind is OpeningKind.CLOSED


def test_a_place_closed_for_good_is_closed_whatever_its_hours() -> None:
    assert opening_at(DAY | {"closed": True}, at("2026-11-24T12:00+01:00"), WARSAW).kind is OpeningKind.CLOSED


def test_what_opens_after_two_days_says_when() -> None:
    state = opening_at(DAY | {"later": 3 * 1440 + 540}, at("2026-11-25T19:00+01:00"), WARSAW)
    assert (state.kind, state.next_open) == (OpeningKind.CLOSED, at("2026-11-27T09:00+01:00"))
    tomorrow = opening_at(DAY | {"later": 3 * 1440 + 540}, at("2026-11-24T19:00+01:00"), WARSAW)
    assert tomorrow.next_open == at("2026-11-25T10:00+01:00")


@pytest.mark.parametrize(
    ("moment", "kind", "until"),
    [
        ("2026-11-25T12:00+01:00", OpeningKind.OPEN, "18:00"),
        ("2026-11-25T17:30+01:00", OpeningKind.SOON, "18:00"),
        # One of its services alone, and a day that does not travel with the place.
        ("2026-11-25T20:00+01:00", OpeningKind.OPEN, None),
        ("2026-12-03T12:00+01:00", OpeningKind.OPEN, None),
    ],
)
def test_what_is_listed_for_a_moment_is_open_then(moment: str, kind: OpeningKind, until: str | None) -> None:
    state = opening_then(DAY, Then(at(moment)), WARSAW)
    assert state.kind is kind
    assert (state.until and f"{state.until:%H:%M}") == until
    assert opening_then(DAY, Then(at(moment), unknown_hours=True), WARSAW).kind is OpeningKind.UNKNOWN
    assert opening_then(DAY | {"closed": True}, Then(at(moment)), WARSAW).kind is OpeningKind.CLOSED


def test_who_walks_asks_about_another_moment_at_each_place() -> None:
    leaves = Then(at("2026-11-25T17:00+01:00"), walking_from=Position(20.63, 50.87))
    there = leaves.at(Position(20.66, 50.87))
    assert f"{there.moment:%H:%M}" == "17:35"
    assert opening_then(DAY, there, WARSAW).kind is OpeningKind.SOON
    assert leaves.at(None).moment == leaves.moment
    assert Then(leaves.moment).at(Position(20.66, 50.87)).moment == leaves.moment


def test_by_arrangement_is_unknown() -> None:
    state = opening_at(slim((600, 700, "unknown"), (900, 960, "open")), at("2026-11-24T10:30+01:00"), WARSAW)
    assert state.kind is OpeningKind.UNKNOWN
    assert state.next_open == at("2026-11-24T15:00+01:00")


def test_midnight_between_two_days_does_not_close() -> None:
    state = opening_at(slim((600, 1440, "open"), (1440, 1560, "open")), at("2026-11-24T23:30+01:00"), WARSAW)
    assert (state.kind, state.until) == (OpeningKind.OPEN, at("2026-11-25T02:00+01:00"))


def test_open_to_the_end_of_what_is_known_has_no_end() -> None:
    state = opening_at(slim((0, 2880, "open")), at("2026-11-24T12:00+01:00"), WARSAW)
    assert (state.kind, state.until) == (OpeningKind.OPEN, None)


def test_minutes_are_time_that_passes_when_the_clock_changes() -> None:
    # On 25 October 2026 the hour from two to three comes twice: ten hours after midnight it is nine o'clock.
    state = opening_at(slim((600, 1200, "open"), base="2026-10-25"), at("2026-10-25T08:30+01:00"), WARSAW)
    assert state.kind is OpeningKind.CLOSED
    assert state.next_open is not None
    assert f"{state.next_open:%H:%M}" == "09:00"
