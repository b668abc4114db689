"""The time in which a decision can be undone, and in which nobody is told of it: the same for submissions and reports."""

import datetime as dt

from app.config import Settings


def may_be_undone_until(settings: Settings, decided_at: dt.datetime | None) -> dt.datetime | None:
    """Until when a decision can still be undone, and nobody is told of it; None when it stands."""
    if decided_at is None:
        return None
    # Half a minute more: an undo of the last second may still be at work.
    stands = decided_at + dt.timedelta(seconds=settings.undo_seconds + min(settings.undo_seconds, 30))
    return stands if stands > dt.datetime.now(dt.UTC) else None
