"""When a place is open: intervals of an expression, its state at a moment, offsets for the map.

Public holidays are those of the country; wall clock times follow the changes of the clock in its zone.
Fallback rules (`||`) are worked out here: the library takes one only for whole days without another rule,
the specification and the JavaScript library for every time that is otherwise closed.
"""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import opening_hours

from app.features.hours_nights import split_nights
from app.features.opening_hours import Rule, join_rules, rules

TIMEZONE: Final = "Europe/Warsaw"
COUNTRY: Final = "PL"
SOON: Final = dt.timedelta(minutes=60)
OFFSETS: Final = dt.timedelta(hours=48)
#: How far the next opening is looked for: first the usual week, then a season.
_HORIZONS: Final = (dt.timedelta(days=9), dt.timedelta(days=200))

Known = Literal["open", "unknown"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A time in which a place is open, or may be; both ends are aware, in the place's zone."""

    start: dt.datetime
    end: dt.datetime
    state: Known
    comment: str = ""


class OpeningKind(StrEnum):
    """The states of a marker. `soon`: open, and closing within an hour."""

    OPEN = "open"
    SOON = "soon"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OpeningState:
    """The state at a moment.

    `until`: when a place that is open closes; None when it does not, as far as we look. `next_open`: when
    one that is not open opens next. `comment`: what the rule says, such as `by appointment`.
    """

    kind: OpeningKind
    until: dt.datetime | None = None
    next_open: dt.datetime | None = None
    comment: str = ""


def intervals(
    expression: str,
    start: dt.datetime,
    end: dt.datetime,
    timezone: str = TIMEZONE,
    country: str = COUNTRY,
) -> list[Interval]:
    """The intervals between two aware moments in which the place is open or may be, cut at both.

    `expression` is canonical; "" (hours not known) has none. Neighbours of one state and comment are one.
    """
    if not expression:
        return []
    zone = ZoneInfo(timezone)
    layers = [
        list(layer)
        for evening, morning in _groups(expression, timezone, country)
        for layer in (_spans(evening, start, end, zone), _next_day(morning, start, end, zone))
    ]
    found: list[Interval] = []
    for since, until in _cells(layers, start, end):
        state, comment = _first_not_closed(layers, since)
        if state is None:
            continue
        last = found[-1] if found else None
        if last and last.end.astimezone(dt.UTC) == since and (last.state, last.comment) == (state, comment):
            found[-1] = Interval(last.start, until.astimezone(zone), state, comment)
        else:
            found.append(Interval(since.astimezone(zone), until.astimezone(zone), state, comment))
    return found


def state_at(
    expression: str, now: dt.datetime, timezone: str = TIMEZONE, country: str = COUNTRY
) -> OpeningState:
    """The state at an aware moment."""
    if not expression:
        return OpeningState(OpeningKind.UNKNOWN)
    now = now.replace(second=0, microsecond=0)
    for horizon in _HORIZONS:
        end = now + horizon
        found = intervals(expression, now, end, timezone, country)
        state = _state(found, now, end)
        if state.until or state.next_open:
            return state
    return state


def _state(found: list[Interval], now: dt.datetime, end: dt.datetime) -> OpeningState:
    at_once = found[0] if found and found[0].start <= now else None
    if at_once and at_once.state == "open":
        until = at_once.end
        for following in found[1:]:
            if following.state != "open" or following.start != until:
                break
            until = following.end
        if until >= end:
            return OpeningState(OpeningKind.OPEN, comment=at_once.comment)
        # Differences are taken in UTC: in a zone Python subtracts wall clocks.
        soon = until.astimezone(dt.UTC) - now.astimezone(dt.UTC) <= SOON
        return OpeningState(OpeningKind.SOON if soon else OpeningKind.OPEN, until, comment=at_once.comment)
    next_open = next((interval.start for interval in found if interval.state == "open"), None)
    if at_once:
        return OpeningState(OpeningKind.UNKNOWN, next_open=next_open, comment=at_once.comment)
    return OpeningState(OpeningKind.CLOSED, next_open=next_open)


def offsets_48h(
    expression: str, base_day: dt.date, timezone: str = TIMEZONE, country: str = COUNTRY
) -> list[tuple[int, int, Known]] | None:
    """Minutes from the midnight that begins `base_day` to start and end of each interval of the next 48 h.

    They are minutes that pass, not positions of the clock: adding them to the instant of that midnight is
    right on days on which the clock changes, too. None when the hours are not known.
    """
    if not expression:
        return None
    base = dt.datetime.combine(base_day, dt.time(), ZoneInfo(timezone)).astimezone(dt.UTC)
    found = intervals(expression, base, base + OFFSETS, timezone, country)
    merged: list[tuple[int, int, Known]] = []
    for interval in found:
        start, end = (_minutes(moment - base) for moment in (interval.start, interval.end))
        if merged and merged[-1][1] == start and merged[-1][2] == interval.state:
            merged[-1] = (merged[-1][0], end, interval.state)
        else:
            merged.append((start, end, interval.state))
    return merged


def _minutes(delta: dt.timedelta) -> int:
    return round(delta.total_seconds() / 60)


@functools.lru_cache(maxsize=4096)
def _groups(expression: str, timezone: str, country: str) -> tuple[tuple[Any, Any], ...]:
    """The expression without fallback, then that of each fallback, in the order in which they are asked.

    Each is parsed, together with what of it goes on after midnight (None: nothing; see `split_nights`).

    A rule after a fallback (a dated closure, say) overrides it as it overrides the rules before.
    """
    parts = rules(expression)
    fallbacks = [index for index, part in enumerate(parts) if part.separator == "||"]
    texts = [[part for part in parts if part.separator != "||"]]
    texts += [
        [Rule("", parts[index].text), *(p for p in parts[index + 1 :] if p.separator != "||")]
        for index in fallbacks
    ]
    return tuple(_evening_and_morning(text, timezone, country) for text in texts)


def _evening_and_morning(parts: list[Rule], timezone: str, country: str) -> tuple[Any, Any]:
    night = split_nights(parts)
    if night is None:
        return _parsed(join_rules(parts), timezone, country), None
    return _parsed(night.evening, timezone, country), _parsed(night.morning, timezone, country)


def _parsed(text: str, timezone: str, country: str) -> Any:
    options: dict[str, Any] = {
        "timezone": ZoneInfo(timezone),
        "auto_country": False,
        "auto_timezone": False,
        # A change more than a year away is none; this bounds the time of rules that never match.
        "max_interval_days": 366,
    }
    try:
        return opening_hours.OpeningHours(text, country=country, **options)
    except opening_hours.UnknownCountryError:  # type: ignore[attr-defined] # its stub forgets the errors
        return opening_hours.OpeningHours(text, **options)


_Span = tuple[dt.datetime, dt.datetime, Known | None, str]


def _spans(parsed: Any, start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> Iterator[_Span]:
    for since, until, state, comment in parsed.intervals(start.astimezone(zone), end.astimezone(zone)):
        first, last = since.astimezone(dt.UTC), until.astimezone(dt.UTC)
        if first < last:
            yield first, last, _known(state), comment


def _next_day(parsed: Any, start: dt.datetime, end: dt.datetime, zone: ZoneInfo) -> Iterator[_Span]:
    """Spans of what goes on after midnight, moved from the day on which they begin to the next."""
    if parsed is None:
        return
    day = dt.timedelta(days=1)
    for since, until, state, comment in _spans(parsed, start - 2 * day, end, zone):
        # Wall clocks are moved, so that a night with a change of the clock ends when its clock says so.
        first, last = ((edge.astimezone(zone) + day).astimezone(dt.UTC) for edge in (since, until))
        if first < last:
            yield first, last, state, comment


def _known(state: opening_hours.State) -> Known | None:
    if state == opening_hours.State.OPEN:
        return "open"
    return "unknown" if state == opening_hours.State.UNKNOWN else None


def _cells(
    layers: list[list[_Span]], start: dt.datetime, end: dt.datetime
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Times between two neighbouring changes of any layer, in UTC."""
    first, last = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    edges = {first, last, *(edge for layer in layers for span in layer for edge in span[:2])}
    ordered = sorted(edge for edge in edges if first <= edge <= last)
    yield from itertools.pairwise(ordered)


def _first_not_closed(layers: list[list[_Span]], moment: dt.datetime) -> tuple[Known | None, str]:
    for layer in layers:
        # Spans come in order and moments only grow: what has passed is not needed again.
        while layer and layer[0][1] <= moment:
            layer.pop(0)
        if layer and layer[0][0] <= moment and layer[0][2] is not None:
            return layer[0][2], layer[0][3]
    return None, ""
