"""When somebody wants to come, read out of what they typed: "w sobotę", "завтра вранці", "after 5 pm"; and as moments that a filter knows.

Of a sentence's words only those are taken that say a time whatever stands beside them. Two days, or two hours, are no
moment: nothing is taken then. A weekend is asked about as either of its days: which one, the filter shows. By the same
rules on a device: static/js/sw/said-times.js.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from app.features.openings import DAYS
from app.features.said_pieces import EARLIEST_BARE, LATEST_BARE, WORD, Piece, pieces_of
from app.taxonomy.everyday_times import (
    AFTERNOON,
    EVENING,
    MORNING,
    NIGHT,
    NOON,
    TimeWords,
    time_words,
)
from geo.names import fold_name

#: The hours by which a part of the day is asked about, the likeliest first; of a whole day those under None.
HOURS: Final[dict[str | None, tuple[int, ...]]] = {
    None: (12, 10, 15, 17),
    MORNING: (9, 10, 8, 11),
    NOON: (12,),
    AFTERNOON: (15, 14, 16, 17),
    EVENING: (18, 19, 20, 17),
    NIGHT: (23, 22),
}
#: From this hour on "today" may mean now.
DAY_BEGINS: Final = 7
NOW: Final = "now"

#: "6 pm", "6:30 p.m.", "18h".
_HALF_DAY = re.compile(r"\b([0-9]{1,2})(?:[:.]([0-9]{2}))?\s?([ap])\.?m\b\.?", re.ASCII | re.IGNORECASE)
_H = re.compile(r"\b([0-9]{1,2})\s?h(?:rs)?\b", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A time as it was said: days from today on, a date, or a day of the week (1 is Monday; of several any), a part of the day, minutes since midnight.

    `or_minute` is the same hour in the other half of the day, where that may be meant. `words` are those that say it, as
    they were typed; `rest` is the text without them. `sure` is whether they say it even where the rest is not understood:
    a number behind "o" may be that of a house.
    """

    days: int | None
    date: dt.date | None
    weekdays: tuple[int, ...]
    part: str | None
    minute: int | None
    or_minute: int | None
    words: str
    rest: str
    sure: bool

    @property
    def is_bare(self) -> bool:
        """Whether something may be called so: one word without a day that is told from today, or a date as streets have."""
        return self.wants_help or (self.days is None and self.date is None and " " not in self.words)

    @property
    def wants_help(self) -> bool:
        """Whether it says a time only beside the name of help: else "11 listopada" is a street."""
        return self.date is not None and not self.sure


def said_time(typed: str, *, only_sure: bool = False, today: dt.date | None = None) -> SaidTime | None:
    """Give the time that a text says, or that it surely says; None where it says none, or several.

    `today` is the day there; without it no date is read.
    """
    text = _in_24_hours(typed)
    spelt = WORD.findall(text)
    pieces = pieces_of(spelt, time_words(), today)
    if all(one.part is None for one in pieces):
        pieces = [one for one in pieces if not one.early]
    if only_sure:
        pieces = [one for one in pieces if one.sure]
    days = _one_day(pieces)
    parts = {one.part for one in pieces} - {None}
    hours = {(one.minute, one.of_twelve) for one in pieces if one.minute is not None}
    if not pieces or len(days) > 1 or len(parts) > 1 or len(hours) > 1:
        return None
    taken = {at for one in pieces for at in range(one.first, one.last)}
    taken |= {at for at, word in enumerate(spelt) if fold_name(word) in time_words().open}
    (day, date, weekdays), part = next(iter(days), (None, None, ())), next(iter(parts), None)
    minute, or_minute = next((_by_part(minute, of_twelve, part) for minute, of_twelve in hours), (None, None))
    said_at = sorted(at for one in pieces for at in range(one.first, one.last))
    return SaidTime(
        day,
        date,
        weekdays,
        part,
        minute,
        or_minute,
        " ".join(spelt[at] for at in said_at),
        " ".join(word for at, word in enumerate(spelt) if at not in taken),
        all(one.sure for one in pieces),
    )


def _one_day(pieces: list[Piece]) -> set[tuple[int | None, dt.date | None, tuple[int, ...]]]:
    """The days that are said; the day of the week of a date, where it is the right one, says no other."""
    dates = {one.date.isoweekday() for one in pieces if one.date}
    of_date = len(dates) == 1
    return {
        (one.days, one.date, one.weekdays)
        for one in pieces
        if one.days is not None or one.date or (one.weekdays and not (of_date and dates <= {*one.weekdays}))
    }


def _by_part(minute: int, of_twelve: bool, part: str | None) -> tuple[int, int | None]:
    """The hour by the part of the day; without one the hour by day, and the one in the evening that may be meant as well."""
    if part in (AFTERNOON, EVENING) and minute < 12 * 60:
        return minute + 12 * 60, None
    if not of_twelve or part:
        return minute, None
    if minute < EARLIEST_BARE * 60:
        return minute + 12 * 60, None
    evening = minute + 12 * 60
    return minute, evening if evening <= LATEST_BARE * 60 else None


def moments(said: SaidTime, now: dt.datetime) -> tuple[str, ...]:
    """The moments that may be meant, the likeliest first, as `open_at` has them; `now` is by the wall clock there.

    What is over is none of them: "this morning" means nothing in the evening.
    """
    if said.minute is not None:
        asked = (said.minute, said.or_minute)
        hours = [dt.time(*divmod(minute, 60)) for minute in asked if minute is not None]
    else:
        hours = [dt.time(hour) for hour in HOURS[said.part]]
    plain = now.replace(tzinfo=None)
    today = [hour for hour in hours if dt.datetime.combine(plain.date(), hour) >= plain]
    if said.days == 0:
        is_any_hour = said.part is None and said.minute is None
        first = (NOW,) if is_any_hour and plain.hour >= DAY_BEGINS else ()
        return (*first, *(_written(plain.date(), hour) for hour in today))
    return tuple(
        _written(plain.date() + dt.timedelta(days=ahead), hour)
        for ahead in _days_ahead(said, plain.date(), is_over=not today)
        for hour in (today if ahead == 0 else hours)
    )


def _days_ahead(said: SaidTime, today: dt.date, *, is_over: bool) -> list[int]:
    """How many days from today on it may be; `is_over`: nothing is left of it today. Nothing is known of what is far ahead."""
    if said.days is not None:
        return [said.days]
    if said.date is not None:
        ahead = (said.date - today).days
        return [ahead] if 0 <= ahead < DAYS else []
    if said.weekdays:
        days = ((weekday - today.isoweekday()) % 7 for weekday in said.weekdays)
        return sorted(ahead or 7 * is_over for ahead in days)
    # The next seven o'clock may be the one of the evening; where nothing is open then, that of tomorrow.
    return [1] if is_over else [0, 1] if said.or_minute is not None else [0]


def _written(day: dt.date, hour: dt.time) -> str:
    return f"{day.isoformat()}T{hour:%H:%M}"


def _in_24_hours(typed: str) -> str:
    """The text with "6 pm" as 18:00 and "18h" as 18:00."""

    def whole(found: re.Match[str]) -> str:
        hour, minute = int(found[1]), int(found[2] or 0)
        if not 1 <= hour <= 12 or minute > 59 or _is_german_am(found, time_words()):
            return found[0]
        return f"{hour % 12 + (12 if found[3] in 'pP' else 0)}:{minute:02}"

    def short(found: re.Match[str]) -> str:
        return f"{found[1]}:00" if int(found[1]) < 24 else found[0]

    return _H.sub(short, _HALF_DAY.sub(whole, typed))


def _is_german_am(found: re.Match[str], known: TimeWords) -> bool:
    """Whether "am" belongs to what follows: "Hauptstraße 6 am Abend"."""
    following = WORD.match(found.string, found.end() + 1)
    word = fold_name(following[0]) if following else ""
    return found[3] in "aA" and (word in known.weekdays or f"am {word}" in known.parts)
