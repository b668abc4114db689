"""An ordinary week as the form shows it, and its expression in the OSM syntax."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import opening_hours

from app.features.opening_hours import BY_APPOINTMENT, ONLY_BY_APPOINTMENT, read_expression, rules

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MOST_SPANS: Final = 4
MIDNIGHT: Final = 24 * 60

_TIME: Final = r"\d{2}:\d{2}"
_SPANS: Final = re.compile(rf"{_TIME}-{_TIME}(,{_TIME}-{_TIME})*")
_DAY: Final = rf"(?:{'|'.join(DAYS)})"
_SELECTOR: Final = re.compile(rf"(?:{_DAY}(?:-{_DAY})?|PH)(?:,(?:{_DAY}(?:-{_DAY})?|PH))*")
_OTHERWISE: Final = f'24/7 unknown "{BY_APPOINTMENT}"'


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From and to in minutes after the day's midnight; an end over 1440 lies on the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < MIDNIGHT or not self.start < self.end <= self.start + MIDNIGHT:
            raise ValueError("a span begins within its day and lasts up to 24 hours")

    def __str__(self) -> str:
        return f"{clock(self.start)}-{clock(self.end)}"


class WeekKind(StrEnum):
    """How it works: in fixed hours, around the clock, by appointment, or we do not know."""

    FIXED = "fixed"
    ALWAYS = "always"
    APPOINTMENT = "appointment"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Week:
    """An ordinary week: seven days from Monday, each with its spans.

    `holidays`: None as on the day of the week it is, () closed, else own spans.
    `otherwise_by_appointment`: at other times one may arrange to come.
    """

    kind: WeekKind
    days: tuple[tuple[Span, ...], ...] = field(default=((),) * 7)
    holidays: tuple[Span, ...] | None = None
    otherwise_by_appointment: bool = False

    def expression(self) -> str:
        """The canonical expression; "" when the hours are not known or no day has any."""
        if self.kind is WeekKind.ALWAYS:
            return "24/7"
        if self.kind is WeekKind.APPOINTMENT:
            return ONLY_BY_APPOINTMENT
        if self.kind is WeekKind.UNKNOWN or not any(self.days):
            return ""
        parts = [f"{_selector(days)} {spans_text(spans)}" for spans, days in self._days_by_spans().items()]
        if self.holidays is not None:
            parts.append(f"PH {spans_text(self.holidays) or 'closed'}")
        text = "; ".join(parts)
        return read_expression(f"{text} || {_OTHERWISE}" if self.otherwise_by_appointment else text)

    def _days_by_spans(self) -> dict[tuple[Span, ...], list[int]]:
        grouped: dict[tuple[Span, ...], list[int]] = {}
        for day, spans in enumerate(self.days):
            if spans:
                grouped.setdefault(tuple(sorted(spans)), []).append(day)
        return grouped


def clock(minutes: int) -> str:
    """`09:00` of 540, `24:00` of 1440, `02:00` of 1560."""
    if minutes > MIDNIGHT:
        minutes -= MIDNIGHT
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_of(text: str) -> int:
    """Minutes after midnight of `9:00`, `09:00`, `9`, `9.30` or `930`; up to `24:00`. Raises `ValueError`.

    A telephone that offers digits for a number has no colon among them, and some have nothing but digits.
    """
    match = re.fullmatch(r"(\d{1,2})(?:[:.,]?(\d{2}))?", text.strip(), re.ASCII)
    if match is None:
        raise ValueError("not a time of day")
    minutes = int(match[1]) * 60 + int(match[2] or 0)
    if int(match[2] or 0) > 59 or minutes > MIDNIGHT:
        raise ValueError("not a time of day")
    return minutes


def week_of(expression: str) -> Week | None:
    """The week of a canonical expression without dated rules; None when a week cannot hold it."""
    if not expression:
        return Week(WeekKind.UNKNOWN)
    if expression == "24/7":
        return Week(WeekKind.ALWAYS)
    if expression == ONLY_BY_APPOINTMENT:
        return Week(WeekKind.APPOINTMENT)
    parts = rules(expression)
    otherwise = len(parts) > 1 and (parts[-1].separator, parts[-1].text) == ("||", _OTHERWISE)
    texts = [part.text for part in (parts[:-1] if otherwise else parts)]
    if any(part.separator == "||" for part in parts[: len(texts)]):
        return None
    days = _days_of(texts) or _days_of(_normalised(texts))
    if days is None:
        return None
    *weekdays, holidays = days
    return Week(WeekKind.FIXED, tuple(day or () for day in weekdays), holidays, otherwise)


def _normalised(texts: list[str]) -> list[str]:
    """The same rules without additions (`, Fr 10:00-12:00`), as far as the library can."""
    parsed = opening_hours.OpeningHours("; ".join(texts), auto_country=False, auto_timezone=False)
    return [rule.text for rule in rules(str(parsed.normalize()))]


def _days_of(texts: list[str]) -> list[tuple[Span, ...] | None] | None:
    """Spans of Monday to Sunday and of holidays, None for a day that no rule names; None if not a week."""
    days: list[tuple[Span, ...] | None] = [None] * 8
    for text in texts:
        read = _rule_of(text)
        if read is None:
            return None
        for day in read[0]:
            days[day] = read[1]
    return days


def _rule_of(text: str) -> tuple[list[int], tuple[Span, ...]] | None:
    selector, _, times = text.partition(" ")
    if selector == "24/7" or not _SELECTOR.fullmatch(selector):
        selector, times = "Mo-Su", text.removeprefix("24/7").strip()
    if not times:
        return _days_in(selector), (Span(0, MIDNIGHT),)
    if times == "closed":
        return _days_in(selector), ()
    spans = spans_of(times)
    return None if spans is None else (_days_in(selector), spans)


def spans_of(text: str) -> tuple[Span, ...] | None:
    """The spans of `08:00-12:00,13:00-16:00`; None when it is no such list or longer than a day's row."""
    if not _SPANS.fullmatch(text):
        return None
    spans = [_span_of(span) for span in text.split(",")]
    known = tuple(span for span in spans if span is not None)
    return known if len(known) == len(spans) <= MOST_SPANS else None


def spans_text(spans: tuple[Span, ...]) -> str:
    """`08:00-12:00,13:00-16:00`, in order; "" of none."""
    return ",".join(str(span) for span in sorted(spans))


def _span_of(text: str) -> Span | None:
    start, end = (int(t[:2]) * 60 + int(t[3:]) for t in text.split("-"))
    try:
        return Span(start, end + MIDNIGHT if end <= start else end)
    except ValueError:
        return None


def _days_in(selector: str) -> list[int]:
    days: list[int] = []
    for part in selector.split(","):
        if part == "PH":
            days.append(7)
            continue
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        days += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return days


def _selector(days: list[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(DAYS[r[0]] if len(r) == 1 else f"{DAYS[r[0]]}-{DAYS[r[-1]]}" for r in runs)
