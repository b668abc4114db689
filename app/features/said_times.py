"""When somebody wants to come, read out of what they typed: "w sobotę", "завтра вранці", "after 5 pm"; and as moments that a filter knows.

Of a sentence's words only those are taken that say a time whatever stands beside them. Two days, or two hours, are no
moment: nothing is taken then.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

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
#: An hour before this one is hardly meant without a word for the part of the day: "o 6" may be in the evening.
EARLIEST_BARE: Final = 7
NOW: Final = "now"

_WORD = re.compile(r"[0-9]{1,2}[:.][0-9]{2}(?![0-9])|[\w'’ʼ]+")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,2}", re.ASCII)
#: "6 pm", "6:30 p.m.", "18h".
_HALF_DAY = re.compile(r"\b([0-9]{1,2})(?:[:.]([0-9]{2}))?\s?([ap])\.?m\b\.?", re.ASCII | re.IGNORECASE)
_H = re.compile(r"\b([0-9]{1,2})\s?h(?:rs)?\b", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaidTime:
    """A time as it was said: days from today on or a day of the week (1 is Monday), a part of the day, minutes since midnight.

    `words` are those that say it, as they were typed; `rest` is the text without them. `sure` is whether they say it even
    where the rest is not understood: a number behind "o" may be that of a house.
    """

    days: int | None
    weekday: int | None
    part: str | None
    minute: int | None
    words: str
    rest: str
    sure: bool

    @property
    def is_bare(self) -> bool:
        """Whether it is one word without a day that is told from today: a name of something may be spelt so."""
        return self.days is None and " " not in self.words


@dataclass(frozen=True, slots=True)
class _Piece:
    """What words `first` to `last` (not included) of the text say; an `early` hour only beside a part of the day."""

    first: int
    last: int
    days: int | None = None
    weekday: int | None = None
    part: str | None = None
    minute: int | None = None
    sure: bool = True
    early: bool = False


def said_time(typed: str, *, only_sure: bool = False) -> SaidTime | None:
    """Give the time that a text says, or that it surely says; None where it says none, or several."""
    text = _in_24_hours(typed)
    found = list(_WORD.finditer(text))
    words = [fold_name(one[0]) if not _CLOCK.fullmatch(one[0]) else one[0] for one in found]
    pieces = _pieces(words, [one[0] for one in found], time_words())
    if all(one.part is None for one in pieces):
        pieces = [one for one in pieces if not one.early]
    if only_sure:
        pieces = [one for one in pieces if one.sure]
    days = {(one.days, one.weekday) for one in pieces} - {(None, None)}
    parts = {one.part for one in pieces} - {None}
    minutes = {one.minute for one in pieces} - {None}
    if not pieces or len(days) > 1 or len(parts) > 1 or len(minutes) > 1:
        return None
    taken = {at for one in pieces for at in range(one.first, one.last)}
    taken |= {at for at, word in enumerate(words) if word in time_words().open}
    (day, weekday), part = next(iter(days), (None, None)), next(iter(parts), None)
    minute = next(iter(minutes), None)
    if minute is not None and part in (AFTERNOON, EVENING) and minute < 12 * 60:
        minute += 12 * 60
    said_at = sorted(at for one in pieces for at in range(one.first, one.last))
    return SaidTime(
        day,
        weekday,
        part,
        minute,
        " ".join(found[at][0] for at in said_at),
        " ".join(one[0] for at, one in enumerate(found) if at not in taken),
        all(one.sure for one in pieces),
    )


def moments(said: SaidTime, now: dt.datetime) -> tuple[str, ...]:
    """The moments that may be meant, the likeliest first, as `open_at` has them; `now` is by the wall clock there.

    What is over is none of them: "this morning" means nothing in the evening.
    """
    if said.minute is not None:
        hours = [dt.time(*divmod(said.minute, 60))]
    else:
        hours = [dt.time(hour) for hour in HOURS[said.part]]
    plain = now.replace(tzinfo=None)
    today = [hour for hour in hours if dt.datetime.combine(plain.date(), hour) >= plain]
    if said.days == 0:
        is_any_hour = said.part is None and said.minute is None
        first = (NOW,) if is_any_hour and plain.hour >= DAY_BEGINS else ()
        return (*first, *(_written(plain.date(), hour) for hour in today))
    if said.days is not None:
        ahead = said.days
    elif said.weekday is not None:
        ahead = (said.weekday - plain.isoweekday()) % 7
        if ahead == 0 and not today:
            ahead = 7
    else:
        ahead = 0 if today else 1
    if ahead == 0:
        hours = today
    return tuple(_written(plain.date() + dt.timedelta(days=ahead), hour) for hour in hours)


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
    following = _WORD.match(found.string, found.end() + 1)
    word = fold_name(following[0]) if following else ""
    return found[3] in "aA" and (word in known.weekdays or f"am {word}" in known.parts)


def _pieces(words: list[str], spelt: list[str], known: TimeWords) -> list[_Piece]:
    """What parts of the text say, from the first on; words that stand only beside a time are looked at last."""
    found: list[_Piece] = []
    at = 0
    while at < len(words):
        before = found[-1].last if found else 0
        is_counted = at > before and _NUMBER.fullmatch(words[at - 1]) and words[at] in known.counted
        piece = _hour(words, at, known) or (None if is_counted else _day(words, spelt, at, known))
        if piece is not None:
            found.append(piece)
            at = piece.last
        else:
            at += 1
    for at, word in enumerate(words):
        touching = [one for one in found if at in (one.last, one.first - 1) and one.part is None]
        part = known.beside.get(word)
        if part and touching and not any(one.first <= at < one.last for one in found):
            found.append(_Piece(at, at + 1, part=part))
    return found


def _day(words: list[str], spelt: list[str], at: int, known: TimeWords) -> _Piece | None:
    """A day, or a part of one, that the words from `at` on say, the longest phrase first."""
    for length in range(min(known.longest, len(words) - at), 0, -1):
        phrase, last = " ".join(words[at : at + length]), at + length
        first = _with_what_stands_before(words, at, known.before_day)
        if phrase in known.both:
            days, part = known.both[phrase]
            return _Piece(at, last, days=days, part=part)
        if phrase in known.parts:
            return _Piece(at, last, part=known.parts[phrase])
        if phrase in known.days:
            is_morning = phrase in known.beside and at > 0 and _says_a_day(words, at, known)
            if is_morning:
                return None
            return _Piece(first, last, days=known.days[phrase])
        if phrase in known.weekdays and not _is_town(words, spelt, at, last, first < at, known):
            return _Piece(first, last, weekday=known.weekdays[phrase])
    return None


def _says_a_day(words: list[str], at: int, known: TimeWords) -> bool:
    """Whether the word before says a day: "heute morgen" is no tomorrow."""
    before = words[at - 1]
    return before in known.days or before in known.weekdays


def _is_town(
    words: list[str], spelt: list[str], at: int, last: int, behind_on: bool, known: TimeWords
) -> bool:
    """Whether a day of the week is the name of a town here, or its beginning."""
    if last < len(words) and words[last] in known.towns_rest:
        return True
    return words[at] in known.towns and not behind_on and spelt[at][:1].isupper()


def _hour(words: list[str], at: int, known: TimeWords) -> _Piece | None:
    """An hour that begins at `at`: "18:00", or a number with what tells that it is one."""
    clock, number = _CLOCK.fullmatch(words[at]), _NUMBER.fullmatch(words[at])
    if not (clock or number):
        return None
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (int(words[at]), 0)
    if hour > 23 or minute > 59:
        return None
    first, last = _with_what_stands_before(words, at, known.before_hour), at + 1
    if _with_what_stands_before(words, at, known.until) < at:
        return None
    following = words[last] if last < len(words) else ""
    is_hour = following in known.behind_hour
    last += is_hour
    following = words[last] if last < len(words) else ""
    part = known.parts.get(following, known.beside.get(following))
    with_colon = clock is not None and ":" in words[at]
    is_told = with_colon or is_hour or following in known.of_day
    if not is_told and first == at:
        # A bare number is that of a house.
        return None
    early = hour < EARLIEST_BARE and not (with_colon or part)
    return _Piece(first, last, minute=hour * 60 + minute, sure=is_told or part is not None, early=early)


def _with_what_stands_before(words: list[str], at: int, known: frozenset[str]) -> int:
    """Where the words begin that belong to what stands at `at`."""
    for length in (3, 2, 1):
        if at >= length and " ".join(words[at - length : at]) in known:
            return at - length
    return at
