"""Many submissions of one kind within a short time, whatever connections they came from."""

from collections.abc import Iterator, Mapping
from typing import Final

from app.moderation.screening.signals import Signal

#: So many at least within `WITHIN`; an organisation that enters its places in one evening stays below the next step.
LEAST: Final = 5
MANY: Final = 15
WITHIN: Final = "1 hour"


def burst_signals(recent: Mapping[int, int]) -> Iterator[Signal]:
    """A signal for the key that most others have had within the hour; `recent` counts them by key."""
    n = max(recent.values(), default=0)
    if n >= LEAST:
        yield Signal("burst", 30 if n >= MANY else 10, {"n": n})
