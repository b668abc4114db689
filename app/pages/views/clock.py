"""The wall clock of an installation as script can read it without asking the browser's own library of calendars."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

#: A page that was kept is read with the clock that it came with.
YEARS_AFTER = 2
_SECOND = dt.timedelta(seconds=1)


@lru_cache(maxsize=8)
def clock_changes(timezone: str, year: int) -> str:
    """How far a zone's clocks are ahead of UTC, from the year before `year` on: `60 1774746000:120 1792890000:60 …`.

    The first number is minutes; the others are the instant (seconds since 1970) from which it is so many minutes. Half
    a minute, which clocks were ahead in other centuries, is not written.
    """
    zone = ZoneInfo(timezone)
    day = dt.datetime(year - 1, 1, 1, tzinfo=dt.UTC)
    end = dt.datetime(year + YEARS_AFTER + 1, 1, 1, tzinfo=dt.UTC)
    written = [f"{_minutes(zone, day)}"]
    while day < end:
        following = day + dt.timedelta(days=1)
        if _minutes(zone, day) != _minutes(zone, following):
            change = _first_after(zone, day, following)
            written.append(f"{change.timestamp():.0f}:{_minutes(zone, change)}")
        day = following
    return " ".join(written)


def _minutes(zone: ZoneInfo, instant: dt.datetime) -> int:
    offset = instant.astimezone(zone).utcoffset() or dt.timedelta(0)
    return round(offset / dt.timedelta(minutes=1))


def _first_after(zone: ZoneInfo, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The first second at which the clock is as it is `after`."""
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _minutes(zone, middle) == _minutes(zone, after):
            after = middle
        else:
            before = middle
    return after
