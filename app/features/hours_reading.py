"""Hours as people write them ("pn-pt 8-16", "Пн–Пт 9.00–18.00", "codziennie całą dobę") as suggestions.

A suggestion is never taken without a look: the form shows it, the importer reports it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pydantic_core import PydanticCustomError

from app.features.hours_week import MIDNIGHT, Span, Week, WeekKind
from app.features.opening_hours import LONGEST, ONLY_BY_APPOINTMENT, read_expression

#: A longer "day" is a slip (8-4 for 8-16), not a night shift.
_LONGEST_NIGHT: Final = 14 * 60
_HOLIDAYS: Final = 7
_AROUND_THE_CLOCK: Final = re.compile(
    r"\b(cala dobe|around the clock|rund um die uhr|весь час|non[ -]stop)\b"
)


class Reading(NamedTuple):
    """What became of a text: its canonical expression, or why not and what may have been meant.

    `problem` is a code of `app.features.problems.MESSAGES`; `suggestion` is a canonical expression.
    """

    expression: str | None
    suggestion: str | None = None
    problem: str | None = None


def read_hours(text: str) -> Reading:
    """Read opening hours in the OSM syntax, or guess what people wrote without it."""
    try:
        return Reading(read_expression(text))
    except PydanticCustomError as error:
        guessed = error.type in ("hours_unreadable", "hours_date")
        suggestion = _suggestion(text) if guessed else None
        return Reading(None, suggestion, error.type)


def _fold(text: str) -> str:
    """Small letters without marks; apostrophes dropped, every dash a hyphen."""
    text = re.sub(
        r"(\d{1,2})([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})", lambda m: f"{m[1]}:{unicodedata.normalize('NFKC', m[2])}", text
    )
    text = re.sub("[\u2010-\u2015\u2212~]", "-", re.sub("['’ʼ`]", "", text.casefold()))
    decomposed = unicodedata.normalize("NFD", text.replace("ł", "l").replace("ß", "ss"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return _AROUND_THE_CLOCK.sub("24/7", plain)


def _words(*groups: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(_fold(group).split()) for group in groups)


#: Abbreviations, Monday first. German "So" and Polish "so" mean two days: neither is here.
_SHORT: Final = _words(
    "pn pon пн mo mon lu lun",
    "wt вт tu tue tues di die ma mar",
    "śr sr ср we wed mi mie mit",
    "cz czw чт th thu thur thurs don jo",
    "pt pi piąt пт fr fri vi vin fre",
    "sb sob сб sa sat sam sâm",
    "nd ndz nie niedz нд вс su sun son du dum",
)
_STEMS: Final = tuple(
    tuple(sorted(stems, key=len, reverse=True))
    for stems in _words(
        "poniedzia понеділ понедельн monday montag luni",
        "wtor вівтор вторн tuesday dienstag marți",
        "środ серед среда среду среды wednesday mittwoch miercuri",
        "czwart четвер thursday donnerstag joi",
        "piąt п’ятниц пятниц friday freitag vineri",
        "sobot субот суббот saturday samstag sonnabend sâmbăt",
        "niedziel неділ воскресен sunday sonntag duminic",
    )
)
_HOLIDAY, _EVERY_DAY, _WORKDAYS, _WEEKEND, _NEVER, _AROUND, _APPOINTMENT, _TO, _AND, _FILL = _words(
    "święta święto świąteczne свята праздники holiday holidays feiertag feiertage feiertags sărbători ph",
    "codziennie щодня щоденно ежедневно daily everyday täglich zilnic",
    "robocze роб. робочі будні будни рабочие weekdays workdays werktags lucrătoare",
    "weekend weekendy weekends вихідні выходные wochenende",
    "nieczynne zamknięte nieczynny zamknięty зачинено закрито вихідний закрыто выходной closed off"
    " geschlossen închis",
    "całodobowo całodobowe nonstop цілодобово круглосуточно 24h 24/7",
    "umówieniu umówienia zapisem записом записи appointment vereinbarung termin programare",
    "do to до по bis până pana till until til thru -",
    "i oraz and та і й и und și si & ,",
    "od from von de la з із с w we dni dniach godz godzina godziny godzinach hours uhr ora ore orele год година"
    " г ч час czynne otwarte otwarty czynny відчинено працює открыто работает open geöffnet deschis hrs hod"
    " po za за попереднім предварительной по with by nach mit cu in în am an den doba całą dobę у в ; : | . / ( ) h +",
)
_TOKEN: Final = re.compile(
    r"24\s*/\s*7|24\s*h\b|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?:\s*(?P<half>am|pm|a\.m\.|p\.m\.)(?!\w))?(?!\d)"
    r"|(?P<four>\d{4})(?!\d)|[^\W\d_]+|[^\w\s]|\d+"
)


@dataclass(slots=True)
class _Clause:
    """Days and their spans while they are read; `closed` instead of spans."""

    days: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    closed: bool = False
    times_first: bool = False

    @property
    def is_full(self) -> bool:
        return bool(self.days) and (bool(self.spans) or self.closed)


class _NotUnderstoodError(Exception):
    pass


def _suggestion(text: str) -> str | None:
    if len(text) > LONGEST:
        return None
    try:
        clauses = _clauses(_tokens(_fold(text)))
        return _week(clauses) if clauses else None
    except (_NotUnderstoodError, PydanticCustomError, ValueError):
        return None


def _tokens(text: str) -> list[tuple[str, int | list[int]]]:
    """Kinds with their values: day (list of days), time (minutes), to, and, never, around, appointment."""
    found: list[tuple[str, int | list[int]]] = []
    for match in _TOKEN.finditer(text):
        kind, value = _token(match)
        if kind != "fill":
            found.append((kind, value))
    return found


def _token(match: re.Match[str]) -> tuple[str, int | list[int]]:
    word = re.sub(r"\s", "", match[0])
    if word in _AROUND:
        return "around", 0
    if match["hour"] or match["four"]:
        return "time", _minutes(match)
    for words, kind in ((_NEVER, "never"), (_APPOINTMENT, "appointment"), (_TO, "to"), (_AND, "and")):
        if word in words:
            return kind, 0
    days = _days(word)
    if days is not None:
        return "day", days
    if word in _FILL:
        return "fill", 0
    raise _NotUnderstoodError


def _minutes(match: re.Match[str]) -> int:
    if match["four"]:
        hour, minute = int(match["four"][:2]), int(match["four"][2:])
    else:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise _NotUnderstoodError
        hour = hour % 12 + (12 if half == "pm" else 0)
    if minute > 59 or hour * 60 + minute > MIDNIGHT:
        raise _NotUnderstoodError
    return hour * 60 + minute


def _days(word: str) -> list[int] | None:
    for words, days in (
        (_HOLIDAY, [_HOLIDAYS]),
        (_EVERY_DAY, [0, 1, 2, 3, 4, 5, 6]),
        (_WORKDAYS, [0, 1, 2, 3, 4]),
        (_WEEKEND, [5, 6]),
    ):
        if word in words:
            return days
    for day, (short, stems) in enumerate(zip(_SHORT, _STEMS, strict=True)):
        if word in short or word.startswith(stems):
            return [day]
    return None


def _clauses(tokens: list[tuple[str, int | list[int]]]) -> list[_Clause]:
    clauses = [_Clause()]
    index = 0
    while index < len(tokens):
        kind, value = tokens[index]
        after = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        beyond = tokens[index + 2] if index + 2 < len(tokens) else ("", 0)
        ranged = after == "to" and beyond[0] == kind
        if kind == "day" and isinstance(value, list):
            days = _range(value, beyond[1]) if ranged else value
            _add_days(clauses, days)
        elif kind == "time" and ranged and isinstance(value, int) and isinstance(beyond[1], int):
            _add_span(clauses, _span(value, beyond[1]))
        elif kind == "around":
            _add_span(clauses, Span(0, MIDNIGHT))
        elif kind in ("never", "appointment") and _may_close(clauses[-1], kind, alone=len(tokens) == 1):
            clauses[-1].closed = True
        elif kind != "and":
            raise _NotUnderstoodError
        index += 3 if ranged else 1
    return clauses


def _may_close(clause: _Clause, kind: str, *, alone: bool) -> bool:
    """Whether "closed" follows its days, or "by appointment" is all that was written."""
    return alone if kind == "appointment" else bool(clause.days and not clause.spans)


def _range(first: list[int], last: object) -> list[int]:
    if not isinstance(last, list) or len(first) != 1 or len(last) != 1 or _HOLIDAYS in (*first, *last):
        raise _NotUnderstoodError
    start, end = first[0], last[0]
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def _add_days(clauses: list[_Clause], days: list[int]) -> None:
    clause = clauses[-1]
    if clause.spans and not clause.days:
        clause.times_first = True
    elif clause.is_full and not clause.times_first:
        clauses.append(_Clause())
    clauses[-1].days += days


def _add_span(clauses: list[_Clause], span: Span) -> None:
    clause = clauses[-1]
    if clause.closed or (clause.times_first and clause.days):
        clauses.append(_Clause())
    clauses[-1].spans.append(span)


def _span(start: int, end: int) -> Span:
    if end <= start:
        end += MIDNIGHT
        if end - start > _LONGEST_NIGHT:
            raise _NotUnderstoodError
    return Span(start, end)


def _week(clauses: list[_Clause]) -> str | None:
    if len(clauses) == 1 and not clauses[0].days:
        clause = clauses[0]
        if clause.closed:
            return ONLY_BY_APPOINTMENT
        if clause.spans == [Span(0, MIDNIGHT)]:
            return "24/7"
        clause.days = [0, 1, 2, 3, 4, 5, 6]
    days: list[tuple[Span, ...] | None] = [None] * 8
    for clause in clauses:
        if not clause.is_full:
            return None
        for day in clause.days:
            days[day] = tuple(clause.spans)
    *weekdays, holidays = days
    week = Week(WeekKind.FIXED, tuple(day or () for day in weekdays), holidays)
    return week.expression() or None
