"""The state of opening that a row of the list shows, from the intervals that travel with every place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from app.features.filters import Filter
from app.features.hours_intervals import SOON, OpeningKind, OpeningState
from app.features.openings import HORIZON_MIN
from geo.bbox import Position
from geo.distance import distance_m, walking_minutes


@dataclass(frozen=True, slots=True)
class Then:
    """The moment that somebody has asked about, and whether only what may be open then is listed, with hours nobody knows.

    Who sets out then on foot from `walking_from` asks about the moment of being there, at each place another.
    """

    moment: dt.datetime
    unknown_hours: bool = False
    walking_from: Position | None = None

    def at(self, position: Position | None) -> "Then":
        """The same at one place; what has no position is there at once."""
        if self.walking_from is None or position is None:
            return self
        minutes = walking_minutes(distance_m(*self.walking_from, *position))
        return replace(self, moment=self.moment + dt.timedelta(minutes=minutes))


def moment_asked(open_at: str, wanted: Filter) -> Then | None:
    """Give the moment of a question that is not about now: a day and an hour, in so many minutes, or on arrival."""
    if wanted.open_at is None or open_at == "now":
        return None
    return Then(wanted.open_at, wanted.unknown_hours, wanted.walking_from)


def opening_at(slim: Mapping[str, Any], now: dt.datetime, timezone: str) -> OpeningState:
    """Give the state at an aware moment; the same as static/js/data/opening.js says.

    `slim` holds `base`, `open`, `later` and `closed` of the Feature's properties. Outside of the two days from
    `base` nothing is known but when it opens next.
    """
    if slim.get("closed"):
        return OpeningState(OpeningKind.CLOSED)
    base, spans = slim.get("base"), slim.get("open")
    if base is None or spans is None:
        return OpeningState(OpeningKind.UNKNOWN)
    midnight = dt.datetime.combine(dt.date.fromisoformat(base), dt.time(), ZoneInfo(timezone))
    minute = (now.astimezone(dt.UTC) - midnight.astimezone(dt.UTC)).total_seconds() / 60
    if not 0 <= minute < HORIZON_MIN:
        return OpeningState(OpeningKind.UNKNOWN)
    return _state(_joined(spans), slim.get("later"), midnight, minute)


def opening_then(slim: Mapping[str, Any], then: Then, timezone: str) -> OpeningState:
    """Give the state at a moment that was asked for, the same as static/js/data/opening.js says.

    The list holds only what is so: the filter looks further than two days, and at the hours of each service.
    """
    if slim.get("closed"):
        return OpeningState(OpeningKind.CLOSED)
    if then.unknown_hours:
        return OpeningState(OpeningKind.UNKNOWN)
    found = opening_at(slim, then.moment, timezone)
    return found if found.until else OpeningState(OpeningKind.OPEN)


def _state(
    spans: Sequence[tuple[int, int, str]], later: int | None, midnight: dt.datetime, minute: float
) -> OpeningState:
    def moment(minutes: int) -> dt.datetime:
        # Minutes that pass, not positions of the clock: on the day of a change they differ.
        return (midnight.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(midnight.tzinfo)

    current = next((span for span in spans if span[0] <= minute < span[1]), None)
    following = next((span[0] for span in spans if span[0] > minute and span[2] == "open"), later)
    next_open = None if following is None else moment(following)
    if current is None:
        return OpeningState(OpeningKind.CLOSED, next_open=next_open)
    _, end, state = current
    if state != "open":
        return OpeningState(OpeningKind.UNKNOWN, next_open=next_open)
    if end >= HORIZON_MIN:
        return OpeningState(OpeningKind.OPEN)
    soon = dt.timedelta(minutes=end - minute) <= SOON
    return OpeningState(OpeningKind.SOON if soon else OpeningKind.OPEN, moment(end))


def _joined(spans: Sequence[Sequence[Any]]) -> list[tuple[int, int, str]]:
    """The intervals in order, those that touch and say the same made one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, state in sorted((int(s), int(e), str(word)) for s, e, word in spans):
        if joined and joined[-1][2] == state and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end), state)
        else:
            joined.append((start, end, state))
    return joined
