"""Opening hours that no ordinary week holds, rule by rule in words: seasons, the second Wednesday, every other week."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from babel.dates import format_skeleton, get_day_names, get_month_names

from app.features.hours_week import DAYS, clock
from app.features.opening_hours import BY_APPOINTMENT, MONTHS, rules
from app.i18n import Translator
from app.i18n.days import long_day
from app.i18n.ordinal_days import ordinal_day

#: Longer lists are read by nobody.
MOST_LINES: Final = 14
#: A leap year, so that 29 February is a day of it.
_SOME_YEAR: Final = 2000
#: The year with which the library writes that there is no end.
_NO_END: Final = "9999"
#: So many weeks are named one by one.
_MOST_WEEKS: Final = 14

_MONTH: Final = rf"(?:{'|'.join(MONTHS)})"
_DATE: Final = rf"(?:\d{{4}} )?{_MONTH}(?: \d{{1,2}})?"
_DATES: Final = rf"{_DATE}(?:-{_DATE})?"
_YEARS: Final = r"\d{4}(?:-\d{4})?"
_WEEKS: Final = r"\d{2}(?:-\d{2}(?:/\d{1,2})?)?"
_DAY: Final = rf"(?:{'|'.join(DAYS)})"
_WEEKDAY: Final = rf"(?:{_DAY}(?:-{_DAY}|\[-?\d(?:,-?\d)*\])?|PH)"
_TIME: Final = r"\d{2}:\d{2}"
_SPAN: Final = rf"{_TIME}(?:-{_TIME}\+?|\+)"
_RULE: Final = re.compile(
    rf"(?:(?P<always>24/7)|"
    rf"(?:(?P<years>{_YEARS}(?:,{_YEARS})*)(?!\d| {_MONTH} \d))?"
    rf"(?: ?(?P<dates>{_DATES}(?:,{_DATES})*))?"
    rf"(?: ?week(?P<weeks>{_WEEKS}(?:,{_WEEKS})*))?"
    rf"(?: ?(?P<days>{_WEEKDAY}(?:,{_WEEKDAY})*))?"
    rf"(?: ?(?P<times>{_SPAN}(?:,{_SPAN})*))?)"
    r'(?: ?(?P<state>open|closed|unknown))?(?: ?"(?P<note>[^"]*)")?'
)
_ONE_DATE: Final = re.compile(rf"(?:(\d{{4}}) )?({_MONTH})(?: (\d{{1,2}}))?")
_ITEMS: Final = re.compile(r",(?![^\[]*\])")
#: Between a rule and one that adds to it; commas of lists have no space behind them.
_ADDITIONS: Final = re.compile(r', (?=(?:[^"]*"[^"]*")*[^"]*$)')


class RuleWords(NamedTuple):
    """One rule: when it holds and what holds then; `note` is in the words of the source."""

    label: str
    hours: str
    note: str = ""

    def __str__(self) -> str:
        """Give it in one line."""
        return f"{self.label}: {self.hours}{f' ({self.note})' if self.note else ''}"


def rules_in_words(expression: str, texts: Translator) -> tuple[RuleWords, ...] | None:
    """Give the rules of a canonical expression in words, in the translator's language.

    None where one of them says what we have no words for (Easter, steps of days), or where they are too many to be read.
    """
    found = []
    for rule in rules(expression):
        for text in _ADDITIONS.split(rule.text):
            words = _rule(text, texts, is_fallback=rule.separator == "||")
            if words is None:
                return None
            found.append(words)
    return tuple(found) if 0 < len(found) <= MOST_LINES else None


def _rule(text: str, texts: Translator, *, is_fallback: bool) -> RuleWords | None:
    match = _RULE.fullmatch(text)
    if match is None:
        return None
    try:
        when = list(_when(match, texts))
    except ValueError:
        return None
    if is_fallback:
        when.insert(0, texts.gettext("at other times"))
    label = ", ".join(when) or texts.gettext("every day")
    note = match["note"] or ""
    by_appointment = note == BY_APPOINTMENT
    hours = _hours(match["times"], match["state"], texts, by_appointment=by_appointment)
    return RuleWords(label[0].upper() + label[1:], hours, "" if by_appointment else note)


def _when(match: re.Match[str], texts: Translator) -> Iterator[str]:
    dates = ", ".join(_dates(part, texts.language) for part in (match["dates"] or "").split(",") if part)
    years = (match["years"] or "").replace("-", "–").replace(",", ", ")
    if _NO_END in years:
        raise ValueError("no year in which anybody reads this")
    if dates or years:
        yield f"{dates} {years}".strip()
    if match["weeks"]:
        yield _weeks(match["weeks"], texts)
    if match["days"]:
        yield ", ".join(_days(part, texts) for part in _ITEMS.split(match["days"]))


def _dates(text: str, language: str) -> str:
    """`April–October`, `December 24–26`; a `ValueError` for what is no range of days or of months."""
    start, _, end = text.partition("-")
    first, last = _ONE_DATE.fullmatch(start), _ONE_DATE.fullmatch(end or start)
    if first is None or last is None or bool(first[3]) != bool(last[3]):
        raise ValueError("no range of days or of months")
    if first[3] is None:
        names = get_month_names("wide", "stand-alone", locale=language)
        said = dict.fromkeys(names[MONTHS.index(edge[2]) + 1] for edge in (first, last))
        return f"{'–'.join(said)} {first[1] or ''}".strip()
    year = int(first[1] or _SOME_YEAR)
    since, until = (_day(edge, int(edge[1] or year)) for edge in (first, last))
    ends = long_day(until, language) if first[1] else _in_year(until, language)
    if since == until:
        return ends
    if first[1] and since.year != until.year:
        return f"{long_day(since, language)} – {ends}"
    if since.month != until.month or (first[1] and language == "en"):
        return f"{_in_year(since, language)} – {ends}"
    # One month is named once: after both numbers, or before them.
    if language == "en":
        return f"{_in_year(since, language)}–{until.day}"
    return f"{since.day}{'.' if language == 'de' else ''}–{ends}"


def _in_year(day: dt.date, language: str) -> str:
    return str(format_skeleton("MMMMd", day, locale=language))


def _day(match: re.Match[str], year: int) -> dt.date:
    return dt.date(year, MONTHS.index(match[2]) + 1, int(match[3]))


def _weeks(text: str, texts: Translator) -> str:
    if text == "01-53/2":
        return texts.gettext("in odd weeks of the year")
    if text in ("02-52/2", "02-53/2"):
        return texts.gettext("in even weeks of the year")
    named = []
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if not step:
            named.append(f"{int(first)}–{int(last)}" if last else str(int(first)))
            continue
        weeks = range(int(first), int(last) + 1, max(1, int(step)))
        if len(weeks) > _MOST_WEEKS:
            raise ValueError("too many weeks to name")
        named += map(str, weeks)
    if named == [text.lstrip("0")]:
        return texts.gettext("in week %(week)s of the year", week=named[0])
    return texts.gettext("in weeks %(weeks)s of the year", weeks=", ".join(named))


def _days(text: str, texts: Translator) -> str:
    if text == "PH":
        return texts.gettext("public holidays")
    day, _, counted = text.partition("[")
    if counted:
        numbers = [int(number) for number in counted.rstrip("]").split(",")]
        return ordinal_day(texts.language, numbers, DAYS.index(day))
    if text == "Mo-Su":
        return texts.gettext("every day")
    names = get_day_names("wide", "stand-alone", locale=texts.language)
    return "–".join(names[DAYS.index(end)] for end in text.split("-"))


def _hours(times: str | None, state: str | None, texts: Translator, *, by_appointment: bool) -> str:
    if state == "closed":
        return texts.gettext("closed")
    spans = ", ".join(_span(span, texts) for span in times.split(",")) if times else ""
    if by_appointment:
        said = texts.gettext("%(times)s, by appointment", times=spans) if spans else ""
        return said or texts.gettext("by appointment")
    if state == "unknown":
        said = texts.gettext("%(times)s, not certain", times=spans) if spans else ""
        return said or texts.gettext("hours not known")
    return texts.gettext("around the clock") if spans in ("", "0:00–24:00") else spans


def _span(text: str, texts: Translator) -> str:
    first, _, last = text.rstrip("+").partition("-")
    start = _clock(first)
    if not last:
        return texts.gettext("from %(time)s", time=start)
    span = f"{start}–{_clock(last)}"
    return texts.gettext("%(times)s or longer", times=span) if text.endswith("+") else span


def _clock(text: str) -> str:
    """`9:00` of `09:00`, `2:00` of `26:00`."""
    hours, minutes = text.split(":")
    said = clock(int(hours) * 60 + int(minutes))
    return said.removeprefix("0")
