"""The state of opening that a row of the list shows, from the intervals that travel with every place."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from app.features.hours_intervals import SOON, OpeningKind, OpeningState

#: For so many minutes from the base day's midnight the intervals are known.
HORIZON = 48 * 60


def opening_at(slim: Mapping[str, Any], now: dt.datetime, timezone: str) -> OpeningState:
    """Give the state at an aware moment; the same as static/js/data/opening.js says.

    `slim` holds `base`, `open` and `closed` of the Feature's properties. Outside of the two days from
    `base` nothing is known.
    """
    if slim.get("closed"):
        return OpeningState(OpeningKind.CLOSED)
    base, spans = slim.get("base"), slim.get("open")
    if base is None or spans is None:
        return OpeningState(OpeningKind.UNKNOWN)
    midnight = dt.datetime.combine(dt.date.fromisoformat(base), dt.time(), ZoneInfo(timezone))
    minute = (now.astimezone(dt.UTC) - midnight.astimezone(dt.UTC)).total_seconds() / 60
    if not 0 <= minute < HORIZON:
        return OpeningState(OpeningKind.UNKNOWN)
    return _state(_joined(spans), midnight, minute)


def _state(spans: Sequence[tuple[int, int, str]], midnight: dt.datetime, minute: float) -> OpeningState:
    def moment(minutes: int) -> dt.datetime:
        # Minutes that pass, not positions of the clock: on the day of a change they differ.
        return (midnight.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(midnight.tzinfo)

    current = next((span for span in spans if span[0] <= minute < span[1]), None)
    following = next((span[0] for span in spans if span[0] > minute and span[2] == "open"), None)
    next_open = None if following is None else moment(following)
    if current is None:
        return OpeningState(OpeningKind.CLOSED, next_open=next_open)
    _, end, state = current
    if state != "open":
        return OpeningState(OpeningKind.UNKNOWN, next_open=next_open)
    if end >= HORIZON:
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
