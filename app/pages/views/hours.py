"""Opening hours on a place's page: the table, the state of now, and one line for a service of its own hours."""

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from babel.dates import get_day_names

from app.features.hours_exceptions import split_exceptions
from app.features.hours_intervals import OpeningState, state_at
from app.features.hours_rules import rules_in_words
from app.features.hours_week import Span, Week, WeekKind, clock, week_of
from app.features.hours_words import HoursTable, hours_table, state_words
from app.i18n import Translator

#: What a closure makes of hours that are not known.
_UNKNOWN = "24/7 unknown"
#: More rules than these are no line any more.
_MOST_RULES = 3


@dataclass(frozen=True, slots=True)
class Clock:
    """When and where hours are read: the moment, the day, the zone (IANA) and the country of public holidays."""

    now: dt.datetime
    today: dt.date
    timezone: str
    country: str


@dataclass(frozen=True, slots=True)
class Now:
    """The state of now with its words."""

    state: str
    words: str


def state_of(expression: str, texts: Translator, clock_: Clock, *, has_phone: bool) -> Now:
    """Give the state of an expression; `has_phone` says whether the place can be called."""
    state: OpeningState = state_at(expression, clock_.now, clock_.timezone, clock_.country)
    return Now(str(state.kind), state_words(state, texts, clock_.now, has_phone=has_phone))


def place_state(rules: Mapping[str | None, str], texts: Translator, clock_: Clock, *, has_phone: bool) -> Now:
    """Give the state of a place: its own hours, else the first of its services that is open or opens."""
    own = rules.get(None, "")
    if own or not any(rules.values()):
        return state_of(own, texts, clock_, has_phone=has_phone)
    states = [state_of(rule, texts, clock_, has_phone=has_phone) for rule in rules.values() if rule]
    return min(states, key=lambda now: ("open", "soon", "unknown", "closed").index(now.state))


def table(expression: str, texts: Translator, clock_: Clock, *, has_phone: bool) -> HoursTable | None:
    """Give the table of the week; None when no hours are known."""
    if not expression or split_exceptions(expression)[0] in ("", _UNKNOWN):
        return None
    return hours_table(expression, texts, clock_.today, clock_.timezone, clock_.country, has_phone=has_phone)


def one_line(expression: str, texts: Translator) -> str:
    """Give a week in one line, `Monday–Friday 12:00–16:00`; "" where it takes more to say it."""
    usual = split_exceptions(expression)[0]
    week = week_of(usual)
    if week is None:
        said = rules_in_words(usual, texts) or ()
        return "; ".join(map(str, said)) if len(said) <= _MOST_RULES else ""
    if week.kind is not WeekKind.FIXED:
        words = {
            WeekKind.ALWAYS: "Open around the clock",
            WeekKind.APPOINTMENT: "By appointment",
            WeekKind.UNKNOWN: "",
        }[week.kind]
        return texts.gettext(words)
    return "; ".join(
        f"{_days(first, last, texts.language)} {', '.join(map(_span, sorted(spans)))}"
        for first, last, spans in _runs(week)
    )


def _runs(week: Week) -> list[tuple[int, int, tuple[Span, ...]]]:
    """Neighbouring days of the same hours, closed ones left out."""
    runs = []
    for spans, days in itertools.groupby(range(7), key=lambda day: week.days[day]):
        numbers = list(days)
        if spans:
            runs.append((numbers[0], numbers[-1], spans))
    return runs


def _days(first: int, last: int, language: str) -> str:
    names = get_day_names("wide", "stand-alone", locale=language)
    start: str = names[first]
    start = start[0].upper() + start[1:]
    return start if first == last else f"{start}–{names[last]}"


def _span(span: Span) -> str:
    return f"{clock(span.start).removeprefix('0')}–{clock(span.end).removeprefix('0')}"
