"""What single words of a text say of when: a day, a date, a part of the day, an hour."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from app.features.openings import DAYS
from app.taxonomy.everyday_times import TimeWords
from geo.names import fold_name

#: By day every hour of the clock of twelve comes once from this one on: "o szóstej" is 18:00, for hardly any place is
#: open at six in the morning.
EARLIEST_BARE: Final = 7
#: And up to this one: an hour of the clock of twelve may be in the evening, too.
LATEST_BARE: Final = 21

WORD: Final = re.compile(r"[0-9]{1,2}[:.][0-9]{2}(?![0-9])|[\w'’ʼ]+")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,2}", re.ASCII)
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?", re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{2})", re.ASCII)
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Piece:
    """What words `first` to `last` (not included) of the text say.

    An `early` hour only beside a part of the day; one `of_twelve` is told by the part of the day, or by when
    places are open.
    """

    first: int
    last: int
    days: int | None = None
    date: dt.date | None = None
    weekdays: tuple[int, ...] = ()
    part: str | None = None
    minute: int | None = None
    sure: bool = True
    early: bool = False
    of_twelve: bool = False


def pieces_of(spelt: list[str], known: TimeWords, today: dt.date | None) -> list[Piece]:
    """Give what parts of a text say, from the first on; words that stand only beside a time are looked at last.

    `spelt` are its words as `WORD` finds them. Without `today` no date is read.
    """
    words = [word if _CLOCK.fullmatch(word) else fold_name(word) for word in spelt]
    found: list[Piece] = []
    at = 0
    while at < len(words):
        before = found[-1].last if found else 0
        is_counted = at > before and _NUMBER.fullmatch(words[at - 1]) and words[at] in known.counted
        date = _date(words, spelt, at, known, today) if today else None
        hour = _hour(words, at, known) or _hour_behind_day(words, at, known, found)
        piece = date or hour or (None if is_counted else _day(words, spelt, at, known))
        if piece is not None:
            found.append(piece)
            at = piece.last
        else:
            at += 1
    for at, word in enumerate(words):
        touching = [one for one in found if at in (one.last, one.first - 1) and one.part is None]
        part = known.beside.get(word)
        if part and touching and not any(one.first <= at < one.last for one in found):
            found.append(Piece(at, at + 1, part=part))
    return found


def _day(words: list[str], spelt: list[str], at: int, known: TimeWords) -> Piece | None:
    """A day, or a part of one, that the words from `at` on say, the longest phrase first."""
    for length in range(min(known.longest, len(words) - at), 0, -1):
        phrase, last = " ".join(words[at : at + length]), at + length
        first = _with_what_stands_before(words, at, known.before_day)
        if phrase in known.both:
            days, part = known.both[phrase]
            return Piece(at, last, days=days, part=part)
        if phrase in known.parts:
            return Piece(at, last, part=known.parts[phrase])
        if phrase in known.days:
            is_morning = phrase in known.beside and at > 0 and _says_a_day(words, at, known)
            if is_morning:
                return None
            return Piece(first, last, days=known.days[phrase])
        if phrase in known.weekdays and not _is_town(words, spelt, at, last, first < at, known):
            return Piece(first, last, weekdays=known.weekdays[phrase])
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


def _date(words: list[str], spelt: list[str], at: int, known: TimeWords, today: dt.date) -> Piece | None:
    """A date that begins at `at`: "28.11", "28 listopada", "November 28th", with the year or without.

    Streets are called so, too. One that is far ahead is a date only where something besides the number and the month
    tells so.
    """
    digits = _DATE.fullmatch(words[at])
    written = (int(digits[1]), int(digits[2]), at + 1) if digits else _day_and_month(words, spelt, at, known)
    if written is None or (at and words[at - 1] in known.streets):
        return None
    day, month, last = written
    begins = _with_what_stands_before(words, at, known.before_date)
    is_told = begins < at
    begins = min(begins, _with_what_stands_before(words, at, known.before_day))
    not_on = known.before_hour | known.until
    if not is_told and _with_what_stands_before(words, at, not_on) < at and not (digits and day > 23):
        return None
    year = _YEAR.fullmatch(words[last]) if last < len(words) else None
    when = _next_date(day, month, int(year[0]) if year else None, today)
    last += year is not None
    following = words[last] if last < len(words) else ""
    is_time = _DATE.fullmatch(following) or (following and _hour(words, last, known))
    is_house = following[:1].isdigit() and not is_time
    is_near = when is not None and 0 <= (when - today).days < DAYS
    if when is None or is_house or not (is_told or year or is_near):
        return None
    return Piece(begins, last, date=when, sure=is_told or year is not None or digits is not None)


def _day_and_month(
    words: list[str], spelt: list[str], at: int, known: TimeWords
) -> tuple[int, int, int] | None:
    """The numbers of a day and its month, in any order, and where they end; a month with the capital of a street is none."""
    second = at + 1 + (words[at + 1 : at + 2] == ["of"])
    if second >= len(words):
        return None
    for number, name in ((at, second), (second, at)):
        day, month = _DAY.fullmatch(words[number]), known.months.get(words[name])
        if day and month and (spelt[name][:1].islower() or words[name] in known.in_capitals):
            return int(day[1]), month, second + 1
    return None


def _next_date(day: int, month: int, year: int | None, today: dt.date) -> dt.date | None:
    """The date in that year, or the next one from today on; None where there is none."""
    for of_year in (year,) if year else (today.year, today.year + 1):
        try:
            when = dt.date(of_year, month, day)
        except ValueError:
            continue
        if year or when >= today:
            return when
    return None


def _hour(words: list[str], at: int, known: TimeWords) -> Piece | None:
    """An hour that begins at `at`: "18:00", or a number or a word with what tells that it is one."""
    clock, number = _CLOCK.fullmatch(words[at]), _NUMBER.fullmatch(words[at])
    in_words = known.hours.get(words[at])
    if not (clock or number or in_words):
        return None
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (in_words or int(words[at]), 0)
    if hour > 23 or minute > 59:
        return None
    first, last = _with_what_stands_before(words, at, known.before_hour), at + 1
    if _with_what_stands_before(words, at, known.until) < at:
        return None
    following = words[last] if last < len(words) else ""
    if in_words and (first == at or following in known.no_hours):
        return None
    is_hour = following in known.behind_hour
    last += is_hour
    following = words[last] if last < len(words) else ""
    part = known.parts.get(following, known.beside.get(following))
    with_colon = clock is not None and ":" in words[at]
    is_told = with_colon or is_hour or following in known.of_day
    if not is_told and first == at:
        # A bare number is that of a house.
        return None
    is_said_small = (
        hour < EARLIEST_BARE and first < at and (is_hour or " ".join(words[first:at]) in known.at_hour)
    )
    of_twelve = clock is None and hour <= 12 and bool(in_words or is_said_small)
    early = hour < EARLIEST_BARE and not (with_colon or part or of_twelve)
    sure = is_told or part is not None
    return Piece(first, last, minute=hour * 60 + minute, sure=sure, early=early, of_twelve=of_twelve)


def _hour_behind_day(words: list[str], at: int, known: TimeWords, found: list[Piece]) -> Piece | None:
    """The bare number right behind "today" or "tomorrow": an hour at which places are open. Behind Saturday it may be a date."""
    is_behind = bool(found) and found[-1].last == at and found[-1].days is not None
    if (
        not is_behind
        or not _NUMBER.fullmatch(words[at])
        or not EARLIEST_BARE <= int(words[at]) <= LATEST_BARE
    ):
        return None
    following = words[at + 1] if at + 1 < len(words) else ""
    if following in known.counted or following in known.months:
        return None
    return Piece(at, at + 1, minute=int(words[at]) * 60, sure=False)


def _with_what_stands_before(words: list[str], at: int, known: frozenset[str]) -> int:
    """Where the words begin that belong to what stands at `at`."""
    for length in (3, 2, 1):
        if at >= length and " ".join(words[at - length : at]) in known:
            return at - length
    return at
