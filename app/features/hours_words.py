"""Opening hours in words: the state on a card, the week on a page."""

import datetime as dt
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_day_names

from app.features.hours_exceptions import DatedHours, split_exceptions
from app.features.hours_intervals import COUNTRY, TIMEZONE, OpeningKind, OpeningState, intervals
from app.features.hours_rules import rules_in_words
from app.features.hours_week import MIDNIGHT, Span, Week, WeekKind, week_of
from app.features.opening_hours import BY_APPOINTMENT
from app.i18n import N_, Translator

_OPENS_ON: Final = (
    N_("Closed, opens on Monday at %(time)s"),
    N_("Closed, opens on Tuesday at %(time)s"),
    N_("Closed, opens on Wednesday at %(time)s"),
    N_("Closed, opens on Thursday at %(time)s"),
    N_("Closed, opens on Friday at %(time)s"),
    N_("Closed, opens on Saturday at %(time)s"),
    N_("Closed, opens on Sunday at %(time)s"),
)
#: A day as a sentence names it: many know which day of the week it is, and not its date.
_ON_DAY: Final = (
    N_("on Monday, %(date)s"),
    N_("on Tuesday, %(date)s"),
    N_("on Wednesday, %(date)s"),
    N_("on Thursday, %(date)s"),
    N_("on Friday, %(date)s"),
    N_("on Saturday, %(date)s"),
    N_("on Sunday, %(date)s"),
)


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One line of a table of hours: a day (or days) and what holds then; `note` is in the words of the source."""

    label: str
    hours: str
    is_today: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class HoursTable:
    """The week, the exceptions to come, and sentences about all of it. Any of them may be empty.

    `usual`: the rules one by one, where no ordinary week holds them; `rows` are the next seven days then.
    """

    rows: tuple[HoursRow, ...] = ()
    exceptions: tuple[HoursRow, ...] = ()
    notes: tuple[str, ...] = ()
    usual: tuple[HoursRow, ...] = ()


def unknown_words(translator: Translator, *, has_phone: bool) -> str:
    """What to do where the hours are not known: nobody is told to call a place without a number."""
    ask = N_("Hours not known, call first") if has_phone else N_("Hours not known, ask before you go")
    return translator.gettext(ask)


def state_words(state: OpeningState, translator: Translator, now: dt.datetime, *, has_phone: bool) -> str:
    """The state as a card says it: "Open until 18:00", "Closed, opens tomorrow at 9:00"."""
    if state.kind is OpeningKind.UNKNOWN:
        if state.comment == BY_APPOINTMENT:
            return translator.gettext("By appointment")
        return unknown_words(translator, has_phone=has_phone)
    if state.kind is OpeningKind.CLOSED:
        return _closed_words(state.next_open, translator, now)
    return _open_words(state, translator, now)


def open_then_words(
    then: dt.datetime, until: dt.datetime | None, translator: Translator, today: dt.date
) -> str:
    """That it is open at a moment, by the wall clock: "Open at 14:30, until 18:00", "Open on Thursday, 26 November at 9:00"."""
    time = f"{then.hour}:{then.minute:02}"
    end = "" if until is None or until - then > dt.timedelta(hours=24) else _end(until)
    if then.date() == today:
        if end:
            return translator.gettext("Open at %(time)s, until %(end)s", time=time, end=end)
        return translator.gettext("Open at %(time)s", time=time)
    # On a phone a line ends before the date, and not within.
    date = _date(then.date(), translator).replace(" ", "\N{NO-BREAK SPACE}")
    day = translator.gettext(_ON_DAY[then.weekday()], date=date)
    if end:
        return translator.gettext("Open %(day)s at %(time)s, until %(end)s", day=day, time=time, end=end)
    return translator.gettext("Open %(day)s at %(time)s", day=day, time=time)


def _open_words(state: OpeningState, translator: Translator, now: dt.datetime) -> str:
    if state.until is None:
        return translator.gettext("Open around the clock")
    left = state.until.astimezone(dt.UTC) - now.astimezone(dt.UTC)
    if state.kind is OpeningKind.SOON:
        minutes = max(1, -(-int(left.total_seconds()) // 60))
        return translator.gettext("Closes in %(minutes)s min", minutes=minutes)
    if left > dt.timedelta(hours=24):
        return translator.gettext("Open")
    return translator.gettext("Open until %(time)s", time=_end(state.until))


def _closed_words(opens: dt.datetime | None, translator: Translator, now: dt.datetime) -> str:
    if opens is None:
        return translator.gettext("Closed")
    days = (opens.date() - now.astimezone(opens.tzinfo).date()).days
    time = f"{opens.hour}:{opens.minute:02}"
    if days == 0:
        return translator.gettext("Closed, opens at %(time)s", time=time)
    if days == 1:
        return translator.gettext("Closed, opens tomorrow at %(time)s", time=time)
    if days < 7:
        return translator.gettext(_OPENS_ON[opens.weekday()], time=time)
    date = _date(opens.date(), translator)
    return translator.gettext("Closed, opens on %(date)s at %(time)s", date=date, time=time)


def hours_table(
    expression: str,
    translator: Translator,
    today: dt.date,
    timezone: str = TIMEZONE,
    country: str = COUNTRY,
    *,
    has_phone: bool = False,
) -> HoursTable:
    """A canonical expression for a page, in the translator's language.

    Hours that no ordinary week holds (every second Tuesday) are told rule by rule, and day by day for the next seven days.
    """
    usual, exceptions = split_exceptions(expression)
    week = week_of(usual)
    coming = tuple(
        _exception(e, translator) for e in sorted(exceptions) if e.last >= today and not e.is_for_good
    )
    if week is None:
        rows = _next_days(expression, translator, today, timezone, country)
        in_words = rules_in_words(usual, translator)
        if in_words is None:
            return HoursTable(rows, coming, (translator.gettext("These are the next seven days."),))
        told = tuple(HoursRow(rule.label, rule.hours, note=rule.note) for rule in in_words)
        # Of a place that opens once a month seven closed days tell nothing.
        there = any(row.hours != translator.gettext("closed") or row.note for row in rows)
        return HoursTable(rows if there else (), coming, usual=told)
    if week.kind is WeekKind.FIXED:
        rows = _week_rows(week, translator, today, is_holiday=is_public_holiday(today, timezone, country))
        otherwise = (translator.gettext("At other times by appointment"),)
        return HoursTable(rows, coming, otherwise if week.otherwise_by_appointment else ())
    note = {
        WeekKind.ALWAYS: translator.gettext("Open around the clock"),
        WeekKind.APPOINTMENT: translator.gettext("By appointment"),
        WeekKind.UNKNOWN: unknown_words(translator, has_phone=has_phone),
    }[week.kind]
    return HoursTable((), coming, (note,))


def is_public_holiday(day: dt.date, timezone: str = TIMEZONE, country: str = COUNTRY) -> bool:
    """Whether the country has a public holiday on this day."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return bool(intervals("PH 00:00-24:00", noon, noon + dt.timedelta(minutes=1), timezone, country))


def _week_rows(
    week: Week, translator: Translator, today: dt.date, *, is_holiday: bool
) -> tuple[HoursRow, ...]:
    holiday_row = week.holidays is not None
    with_sunday = holiday_row and week.holidays == week.days[6]
    weekday = None if is_holiday and holiday_row else today.weekday()
    rows = []
    for day, spans in enumerate(week.days):
        name = _day_name(day, translator)
        now = weekday == day
        if day == 6 and with_sunday:
            name, now = translator.gettext("Sunday and public holidays"), now or weekday is None
        rows.append(HoursRow(_today(name, translator, now=now), _spans_words(spans, translator), now))
    if holiday_row and not with_sunday:
        name = _today(translator.gettext("Public holidays"), translator, now=weekday is None)
        rows.append(HoursRow(name, _spans_words(week.holidays or (), translator), weekday is None))
    return tuple(rows)


def _next_days(
    expression: str, translator: Translator, today: dt.date, timezone: str, country: str
) -> tuple[HoursRow, ...]:
    rows = []
    for offset in range(7):
        day = today + dt.timedelta(days=offset)
        name = f"{_day_name(day.weekday(), translator)}, {_date(day, translator)}"
        hours, note = _day_words(expression, day, translator, timezone, country)
        rows.append(HoursRow(_today(name, translator, now=offset == 0), hours, offset == 0, note))
    return tuple(rows)


def _day_words(
    expression: str, day: dt.date, translator: Translator, timezone: str, country: str
) -> tuple[str, str]:
    """What holds on one day, and the comments of its rules."""
    zone = ZoneInfo(timezone)
    start = dt.datetime.combine(day, dt.time(), zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone)
    found = intervals(expression, start, end, timezone, country)
    spans = [f"{i.start.hour}:{i.start.minute:02}–{_end(i.end)}" for i in found if i.state == "open"]
    note = "; ".join(dict.fromkeys(i.comment for i in found if i.comment and i.comment != BY_APPOINTMENT))
    if spans:
        return ", ".join(spans), note
    if not found:
        return translator.gettext("closed"), note
    by_appointment = any(interval.comment == BY_APPOINTMENT for interval in found)
    return translator.gettext(N_("by appointment") if by_appointment else N_("hours not known")), note


def _exception(exception: DatedHours, translator: Translator) -> HoursRow:
    label = _date(exception.first, translator)
    if exception.last != exception.first:
        label = f"{label} – {_date(exception.last, translator)}"
    return HoursRow(label, _spans_words(exception.spans, translator), note=exception.note)


def _spans_words(spans: tuple[Span, ...], translator: Translator) -> str:
    if not spans:
        return translator.gettext("closed")
    if spans == (Span(0, MIDNIGHT),):
        return translator.gettext("around the clock")
    return ", ".join(f"{_clock(span.start)}–{_clock(span.end)}" for span in sorted(spans))


def _clock(minutes: int) -> str:
    if minutes > MIDNIGHT:
        minutes -= MIDNIGHT
    return f"{minutes // 60}:{minutes % 60:02}"


def _end(moment: dt.datetime) -> str:
    """`18:00`; the midnight at the end of a day is `24:00`."""
    return f"{moment.hour or (24 if moment.minute == 0 else 0)}:{moment.minute:02}"


def _today(name: str, translator: Translator, *, now: bool) -> str:
    return translator.gettext("%(day)s, today", day=name) if now else name


def _day_name(day: int, translator: Translator) -> str:
    name: str = get_day_names("wide", "stand-alone", locale=translator.language)[day]
    return name[0].upper() + name[1:]


def _date(day: dt.date, translator: Translator) -> str:
    return format_skeleton("MMMMd", day, locale=translator.language)
