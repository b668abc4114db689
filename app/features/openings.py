"""When a published place is open in the coming days: rows for the filter, offsets for map and list."""

import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.facets import OpeningRule
from app.features.hours_intervals import intervals, offsets_48h
from app.features.setting import Setting

#: How many days ahead a filter can ask; rows are renewed every night.
DAYS = 14

Offset = tuple[int, int, str]


def opening_spans(
    setting: Setting, rules: Sequence[OpeningRule], *, days: int
) -> Iterator[tuple[str | None, Range[dt.datetime], str]]:
    """Give service (None: the place), time and state of each opening, from today's midnight on."""
    zone = zoneinfo.ZoneInfo(setting.timezone)
    start = dt.datetime.combine(setting.today, dt.time(), zone)
    end = dt.datetime.combine(setting.today + dt.timedelta(days=days), dt.time(), zone)
    for rule in rules:
        for found in intervals(rule.expression, start, end, setting.timezone, setting.country):
            yield rule.service, Range(found.start, found.end, bounds="[)"), found.state


def slim_openings(setting: Setting, rules: Sequence[OpeningRule]) -> tuple[dt.date, list[Offset]] | None:
    """Give today and the openings of the next 48 hours in minutes since its midnight; None when not known.

    The place's own hours count; where it has none, it is open while any of its services is.
    """
    own = [rule for rule in rules if rule.service is None and rule.expression]
    counted = own or [rule for rule in rules if rule.expression]
    known = [
        offsets
        for rule in counted
        if (offsets := offsets_48h(rule.expression, setting.today, setting.timezone, setting.country))
        is not None
    ]
    return (setting.today, _union(known)) if known else None


def _union(several: Sequence[Sequence[Offset]]) -> list[Offset]:
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
