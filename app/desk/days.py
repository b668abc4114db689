"""Days as people type them, from midnight to midnight where the installation is."""

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass
from typing import Final

from app.i18n import N_

NO_DAY: Final = N_("Write a day as in 2026-11-20.")
WRONG_WAY_ROUND: Final = N_("The last day is before the first.")
_DAY: Final = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """Two days, both of them in it, as moments; None where none is set. `problems` are messages by field."""

    since: dt.datetime | None
    until: dt.datetime | None
    problems: dict[str, str]


def period_of(first: str, last: str, timezone: str) -> Period:
    """Read the first and the last day of a form; "" is no limit."""
    problems: dict[str, str] = {}
    days = {name: day_in(given) for name, given in (("since", first), ("until", last))}
    for name, given in (("since", first), ("until", last)):
        if given and days[name] is None:
            problems[name] = NO_DAY
    since, until = days["since"], days["until"]
    if since and until and until < since:
        problems["until"] = WRONG_WAY_ROUND
    if problems:
        return Period(None, None, problems)
    after = until + dt.timedelta(days=1) if until else None
    return Period(
        midnight(since, timezone) if since else None, midnight(after, timezone) if after else None, {}
    )


def day_in(given: str) -> dt.date | None:
    """The day that a text says; None for anything else."""
    try:
        return dt.date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        return None


def midnight(day: dt.date, timezone: str) -> dt.datetime:
    """The moment at which a day begins in a time zone."""
    return dt.datetime.combine(day, dt.time(), zoneinfo.ZoneInfo(timezone))
