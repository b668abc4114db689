"""When a published place is open in the coming days: rows for the filter, offsets for map and list."""

import datetime as dt
import functools
import itertools
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.facets import OpeningRule
from app.features.hours_intervals import intervals, offsets_48h
from app.features.setting import Setting

#: How many days ahead a filter can ask; rows are renewed every night.
DAYS = 14

#: Start and end in minutes since the midnight that begins the base day, and state: `open` or `unknown`.
Offset = tuple[int, int, str]
#: For so many minutes from the base day's midnight map and list have every opening; of what comes later only the first.
HORIZON_MIN = 48 * 60


@dataclass(frozen=True, slots=True)
class SlimOpenings:
    """The openings of 48 hours from the midnight on with which `base` begins.

    `later` is the first minute after them at which it opens, within `DAYS`; None where it does not.
    """

    base: dt.date
    spans: list[Offset]
    later: int | None = None


def opening_spans(setting: Setting, rules: Sequence[OpeningRule], *, days: int) -> list[dict[str, Any]]:
    """Give each opening from today's midnight on: `service` (None: the place), `since`, `until`, `state`.

    JSON-ready; times are seconds since 1970.
    """
    return [
        {"service": rule.service, "since": since, "until": until, "state": state}
        for rule in rules
        for since, until, state in _spans(
            rule.expression, setting.today, days, setting.timezone, setting.country
        )
    ]


def slim_openings(setting: Setting, rules: Sequence[OpeningRule]) -> SlimOpenings | None:
    """Give the openings of the next 48 hours and when it opens after them; None when not known.

    The place's own hours count; where it has none, it is open while any of its services is.
    """
    own = [rule for rule in rules if rule.service is None and rule.expression]
    counted = own or [rule for rule in rules if rule.expression]
    known = [
        offsets
        for rule in counted
        if (offsets := _offsets(rule.expression, setting.today, setting.timezone, setting.country))
        is not None
    ]
    return SlimOpenings(setting.today, union(known), _later(setting, counted)) if known else None


def _later(setting: Setting, rules: Sequence[OpeningRule]) -> int | None:
    """The first minute after the horizon at which any of the rules opens."""
    midnight = dt.datetime.combine(setting.today, dt.time(), zoneinfo.ZoneInfo(setting.timezone)).timestamp()
    begun = (
        round((since - midnight) / 60)
        for rule in rules
        for since, _, state in _spans(rule.expression, setting.today, DAYS, setting.timezone, setting.country)
        if state == "open"
    )
    return min((minute for minute in begun if minute >= HORIZON_MIN), default=None)


# Many places have the same hours: of one expression they are worked out once a day.
@functools.lru_cache(maxsize=4096)
def _spans(
    expression: str, today: dt.date, days: int, timezone: str, country: str
) -> tuple[tuple[int, int, str], ...]:
    zone = zoneinfo.ZoneInfo(timezone)
    start = dt.datetime.combine(today, dt.time(), zone)
    end = dt.datetime.combine(today + dt.timedelta(days=days), dt.time(), zone)
    return tuple(
        (int(found.start.timestamp()), int(found.end.timestamp()), found.state)
        for found in intervals(expression, start, end, timezone, country)
    )


_offsets = functools.lru_cache(maxsize=4096)(offsets_48h)


def union(several: Sequence[Sequence[Offset]]) -> list[Offset]:
    """One list of openings out of several: open where any is, else not certain where any is."""
    if len(several) == 1:
        return list(several[0])
    edges = sorted({edge for offsets in several for start, end, _ in offsets for edge in (start, end)})
    union: list[Offset] = []
    for start, end in itertools.pairwise(edges):
        states = {
            state for offsets in several for since, until, state in offsets if since <= start and end <= until
        }
        if not states:
            continue
        state = "open" if "open" in states else "unknown"
        if union and union[-1][1] == start and union[-1][2] == state:
            union[-1] = (union[-1][0], end, state)
        else:
            union.append((start, end, state))
    return union


async def stale_layers(session: AsyncSession, today: dt.date) -> list[str]:
    """Give the layers whose openings were last renewed before `today`."""
    rows = await session.execute(
        text(
            "SELECT layer FROM published.layer_version WHERE openings_from IS DISTINCT FROM :today ORDER BY layer"
        ),
        {"today": today},
    )
    return [str(row.layer) for row in rows]


def as_json(rules: Sequence[OpeningRule]) -> list[dict[str, Any]]:
    """Give the rules as they are kept in the read model."""
    return [{"service": rule.service, "expression": rule.expression} for rule in rules]
