"""The choices of the panel for when help has to be open: in how many minutes, on which day, at which hour."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_time

from app.features.openings import DAYS
from app.i18n import Translator
from app.pages.finder_question import FinderQuestion

#: In how many minutes somebody may arrive.
MINUTES = (15, 30, 45, 60, 90, 120, 180)
#: Hours are offered in steps of so many minutes.
STEP = 30
USUAL = 30


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    words: str
    on: bool


@dataclass(frozen=True, slots=True)
class When:
    """Which kind of moment is set ("in", "at" or another's own value), and the lists to choose it from.

    `moments` are those that the lists show, by kind.
    """

    kind: str
    moments: Mapping[str, dt.datetime]
    minutes: tuple[Option, ...]
    days: tuple[Option, ...]
    hours: tuple[Option, ...]


def when(question: FinderQuestion, texts: Translator, now: dt.datetime, timezone: str) -> When:
    """Give the choices; what is set stands in them, even when it is none of the usual ones."""
    here = now.astimezone(ZoneInfo(timezone))
    asked = question.open_at
    minutes = int(asked[2:-1]) if asked.startswith("PT") else None
    moment = None
    if minutes is None and asked[:1].isdigit():
        moment = dt.datetime.fromisoformat(asked)
        if moment.tzinfo is not None:
            moment = moment.astimezone(ZoneInfo(timezone))
    kind = "in" if minutes is not None else "at" if moment is not None else asked
    shown = moment or _next_step(here)
    return When(
        kind,
        {
            "in": now + dt.timedelta(minutes=minutes or USUAL),
            "at": shown.replace(tzinfo=shown.tzinfo or ZoneInfo(timezone)).astimezone(dt.UTC),
        },
        tuple(
            Option(str(n), texts.ngettext("%(n)s minute", "%(n)s minutes", n), n == (minutes or USUAL))
            for n in sorted({*MINUTES, *([minutes] if minutes else [])})
        ),
        tuple(_days(here.date(), shown.date(), texts)),
        tuple(_hours(shown.time().replace(second=0, microsecond=0, tzinfo=None), texts)),
    )


def _next_step(here: dt.datetime) -> dt.datetime:
    later = here + dt.timedelta(minutes=STEP)
    return later.replace(minute=later.minute // STEP * STEP, second=0, microsecond=0)


def _days(today: dt.date, shown: dt.date, texts: Translator) -> list[Option]:
    days = [today + dt.timedelta(days=n) for n in range(DAYS)]
    if shown not in days:
        days.append(shown)
    near = {today: texts.gettext("Today"), today + dt.timedelta(days=1): texts.gettext("Tomorrow")}
    options = []
    for day in days:
        words = format_skeleton("MMMEd", day, locale=texts.language)
        named = f"{near[day]}, {words}" if day in near else words
        options.append(Option(day.isoformat(), named, day == shown))
    return options


def _hours(shown: dt.time, texts: Translator) -> list[Option]:
    times = {dt.time(minute // 60, minute % 60) for minute in range(0, 24 * 60, STEP)} | {shown}
    return [
        Option(f"{time:%H:%M}", format_time(time, "H:mm", locale=texts.language), time == shown)
        for time in sorted(times)
    ]
