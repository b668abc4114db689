import datetime as dt
from zoneinfo import ZoneInfo

import holidays
import pytest

from app.features.hours_intervals import OpeningKind, intervals, offsets_48h, state_at
from app.features.hours_words import is_public_holiday
from app.features.opening_hours import ONLY_BY_APPOINTMENT, read_expression

WARSAW = ZoneInfo("Europe/Warsaw")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=WARSAW)


def told(expression: str, start: str, end: str) -> list[str]:
    found = intervals(read_expression(expression), at(start), at(end))
    return [f"{i.start:%d %H:%M}-{i.end:%d %H:%M} {i.state}" for i in found]


def test_public_holidays_are_those_of_poland() -> None:
    assert told("Mo-Su 10:00-12:00; PH off", "2026-11-10", "2026-11-13") == [
        "10 10:00-10 12:00 open",
        "12 10:00-12 12:00 open",
    ]


def test_polish_holidays_agree_with_another_calendar_for_ten_years() -> None:
    calendar = holidays.country_holidays("PL", years=range(2025, 2036))
    day = dt.date(2025, 1, 1)
    while day.year < 2036:
        assert is_public_holiday(day) == (day in calendar), day
        day += dt.timedelta(days=1)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    # Friday's night goes on into a Saturday that has hours of its own; a holiday's own night is off.
    assert told("Fr 22:00-02:00; Sa 10:00-12:00", "2026-11-20", "2026-11-22") == [
        "20 22:00-21 02:00 open",
        "21 10:00-21 12:00 open",
    ]
    assert told("Mo-Su 22:00-02:00; 2026 Nov 20 off", "2026-11-20", "2026-11-21T12:00") == [
        "20 00:00-20 02:00 open",
    ]


def test_a_night_may_begin_before_the_asked_time() -> None:
    assert told("Fr 22:00-04:00; Sa 10:00-12:00", "2026-11-21T01:00", "2026-11-21T06:00") == [
        "21 01:00-21 04:00 open"
    ]
    assert told("Fr 22:00-28:00", "2026-11-21T01:00", "2026-11-21T06:00") == ["21 01:00-21 04:00 open"]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23), ("2026-11-21", 24)])
def test_days_on_which_the_clock_changes_have_their_own_length(day: str, hours: int) -> None:
    start = at(day)
    end = dt.datetime.combine(start.date() + dt.timedelta(days=1), dt.time(), WARSAW)
    (found,) = intervals("24/7", start, end)
    assert found.end.astimezone(dt.UTC) - found.start.astimezone(dt.UTC) == dt.timedelta(hours=hours)
    assert offsets_48h("Mo-Su 10:00-12:00", start.date())[0] == (  # type: ignore[index]
        (hours - 14) * 60,
        (hours - 12) * 60,
        "open",
    )


def test_a_fallback_counts_at_every_time_that_is_otherwise_closed() -> None:
    assert told('We 09:00-17:00 || unknown "by phone"', "2026-11-18", "2026-11-19") == [
        "18 00:00-18 09:00 unknown",
        "18 09:00-18 17:00 open",
        "18 17:00-19 00:00 unknown",
    ]


def test_a_dated_closure_after_a_fallback_closes_that_too() -> None:
    assert told('Mo-Fr 09:00-17:00 || unknown "x"; 2026 Nov 18 off', "2026-11-18", "2026-11-19") == []


def test_unknown_hours_have_no_intervals_and_no_offsets() -> None:
    assert intervals("", at("2026-11-18"), at("2026-11-19")) == []
    assert offsets_48h("", dt.date(2026, 11, 18)) is None
    assert offsets_48h("24/7 closed", dt.date(2026, 11, 18)) == []
    assert offsets_48h("24/7", dt.date(2026, 11, 18)) == [(0, 2880, "open")]


@pytest.mark.parametrize(
    ("expression", "now", "kind", "until", "opens"),
    [
        ("Mo-Fr 10:00-18:00", "2026-11-20T12:00", "open", "2026-11-20T18:00", None),
        ("Mo-Fr 10:00-18:00", "2026-11-20T17:00", "soon", "2026-11-20T18:00", None),
        ("Mo-Fr 10:00-18:00", "2026-11-20T16:59", "open", "2026-11-20T18:00", None),
        ("Mo-Fr 10:00-18:00", "2026-11-20T18:00", "closed", None, "2026-11-23T10:00"),
        ("Mo-Fr 10:00-18:00; Fr off", "2026-11-20T12:00", "closed", None, "2026-11-23T10:00"),
        ("24/7", "2026-11-20T12:00", "open", None, None),
        ("24/7 closed", "2026-11-20T12:00", "closed", None, None),
        ("", "2026-11-20T12:00", "unknown", None, None),
        (ONLY_BY_APPOINTMENT, "2026-11-20T12:00", "unknown", None, None),
        ("Mo-Fr 10:00-12:00 || unknown", "2026-11-20T13:00", "unknown", None, "2026-11-23T10:00"),
        ('Fr 10:00-12:00 open "a", Fr 12:00-14:00 open "b"', "2026-11-20T11:30", "open", "2026-11-20T14:00", None),
        ("Jun 10:00-12:00", "2026-11-20T12:00", "closed", None, "2027-06-01T10:00"),
        ("2026 Nov 20 10:00-12:00", "2026-11-20T12:00", "closed", None, None),
        ("Mo-Su 22:00-02:00", "2026-11-21T01:30", "soon", "2026-11-21T02:00", None),
    ],
)  # fmt: skip
def test_the_state_at_a_moment(
    expression: str, now: str, kind: str, until: str | None, opens: str | None
) -> None:
    state = state_at(read_expression(expression), at(now))
    assert state.kind == OpeningKind(kind)
    assert state.until == (at(until) if until else None)
    assert state.next_open == (at(opens) if opens else None)


def test_a_moment_may_come_in_any_zone() -> None:
    assert state_at("Mo-Fr 10:00-18:00", dt.datetime(2026, 11, 20, 16, 30, 59, tzinfo=dt.UTC)).kind == "soon"


def test_an_unknown_country_only_has_no_holidays() -> None:
    start = at("2026-11-11")
    found = intervals("Mo-Su 10:00-12:00; PH off", start, start + dt.timedelta(days=1), country="XK")
    assert len(found) == 1
