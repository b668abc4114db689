"""Opening hours in words that stay true: no "today", no "tomorrow", since nobody knows when a file is read."""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_day_names

from app.features.hours_exceptions import DatedHours, split_exceptions
from app.features.hours_intervals import intervals
from app.features.hours_rules import rules_in_words
from app.features.hours_week import MIDNIGHT, Span, Week, WeekKind, week_of
from app.features.hours_words import unknown_words
from app.features.opening_hours import BY_APPOINTMENT
from app.i18n import N_, Translator

#: So many days ahead exceptions are told, and hours that no ordinary week holds.
AHEAD_DAYS = 14
#: What a closure makes of hours that are not known.
_UNKNOWN = "24/7 unknown"
_KINDS = {
    WeekKind.ALWAYS: N_("Open around the clock"),
    WeekKind.APPOINTMENT: N_("By appointment"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """The day of the data, the zone (IANA) in which it is one, and the country of public holidays."""

    date: dt.date
    timezone: str
    country: str


@dataclass(frozen=True, slots=True)
class Hours:
    """The usual week in one line, exceptions of the next days each in one. `known` is False where somebody has to ask."""

    week: str
    exceptions: tuple[str, ...]
    known: bool = True


# Many places have the same hours.
@functools.lru_cache(maxsize=4096)
def hours_words(expression: str, texts: Translator, day: Day, *, has_phone: bool) -> Hours:
    """Give the hours of a canonical expression; "" says that they are not known."""
    usual, dated = split_exceptions(expression)
    last = day.date + dt.timedelta(days=AHEAD_DAYS)
    coming = tuple(
        _exception(each, texts)
        for each in sorted(dated)
        if each.last >= day.date and each.first <= last and not each.is_for_good
    )
    week = week_of("" if usual == _UNKNOWN else usual)
    if week is None:
        # Which weeks are odd nobody knows by heart: those are told by their days.
        in_words = None if "week" in usual else rules_in_words(usual, texts)
        if in_words is None:
            return Hours("; ".join(_dated_days(expression, texts, day)), ())
        return Hours("; ".join(map(str, in_words)), coming)
    if week.kind is WeekKind.UNKNOWN:
        return Hours(unknown_words(texts, has_phone=has_phone), coming, known=False)
    if week.kind is not WeekKind.FIXED:
        return Hours(texts.gettext(_KINDS[week.kind]), coming)
    return Hours("; ".join(_week_parts(week, texts)), coming)


def _week_parts(week: Week, texts: Translator) -> Iterator[str]:
    """Neighbouring days of the same hours; closed ones are left out, unless they are public holidays."""
    for spans, days in itertools.groupby(range(7), key=lambda day: week.days[day]):
        numbers = list(days)
        if spans:
            yield f"{_days(numbers[0], numbers[-1], texts.language)} {_spans(spans, texts)}"
    if week.holidays is not None:
        yield f"{texts.gettext('Public holidays')}: {_spans(week.holidays, texts)}"
    if week.otherwise_by_appointment:
        yield texts.gettext("At other times by appointment")


def _dated_days(expression: str, texts: Translator, day: Day) -> Iterator[str]:
    """What holds on each of the next days on which it is open, or may be."""
    zone = ZoneInfo(day.timezone)
    there = False
    for offset in range(AHEAD_DAYS):
        date = day.date + dt.timedelta(days=offset)
        start, end = (dt.datetime.combine(d, dt.time(), zone) for d in (date, date + dt.timedelta(days=1)))
        found = intervals(expression, start, end, day.timezone, day.country)
        if not found:
            continue
        there = True
        spans = ", ".join(f"{_time(i.start)}–{_end(i.end)}" for i in found if i.state == "open")
        by_appointment = any(interval.comment == BY_APPOINTMENT for interval in found)
        otherwise = texts.gettext(N_("by appointment") if by_appointment else N_("hours not known"))
        note = "; ".join(dict.fromkeys(i.comment for i in found if i.comment not in ("", BY_APPOINTMENT)))
        yield f"{_date(date, texts)}: {spans or otherwise}{f' ({note})' if note else ''}"
    if not there:
        yield texts.gettext("Closed for the next two weeks")


def _exception(dated: DatedHours, texts: Translator) -> str:
    days = _date(dated.first, texts)
    if dated.last != dated.first:
        days = f"{days} – {_date(dated.last, texts)}"
    return f"{days}: {_spans(dated.spans, texts)}{f' ({dated.note})' if dated.note else ''}"


def _spans(spans: tuple[Span, ...], texts: Translator) -> str:
    if not spans:
        return texts.gettext("closed")
    if spans == (Span(0, MIDNIGHT),):
        return texts.gettext("around the clock")
    return ", ".join(f"{_clock(span.start)}–{_clock(span.end)}" for span in sorted(spans))


def _clock(minutes: int) -> str:
    if minutes > MIDNIGHT:
        minutes -= MIDNIGHT
    return f"{minutes // 60}:{minutes % 60:02}"


def _time(moment: dt.datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"


def _end(moment: dt.datetime) -> str:
    """`18:00`; the midnight at the end of a day is `24:00`."""
    return "24:00" if (moment.hour, moment.minute) == (0, 0) else _time(moment)


def _days(first: int, last: int, language: str) -> str:
    names = get_day_names("wide", "stand-alone", locale=language)
    start: str = names[first]
    start = start[0].upper() + start[1:]
    return start if first == last else f"{start}–{names[last]}"


def _date(day: dt.date, texts: Translator) -> str:
    return str(format_skeleton("MMMMd", day, locale=texts.language))
