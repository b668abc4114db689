"""Dated closures and openings, kept as rules at the end of an expression so that they win over the week."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.features.dates import LAST
from app.features.hours_week import Span, spans_of, spans_text
from app.features.opening_hours import MONTHS, Rule, join_rules, read_expression, rules

_DAY: Final = rf"(\d{{4}}) ({'|'.join(MONTHS)}) (\d{{1,2}})"
_RULE: Final = re.compile(rf'{_DAY}(?:-{_DAY})? (closed|[\d:,-]+)(?: open)?(?: "([^"]*)")?')


@dataclass(frozen=True, slots=True, order=True)
class DatedHours:
    """Hours of some days in a row: closed without spans. `note` is shown to everybody."""

    first: dt.date
    last: dt.date
    spans: tuple[Span, ...] = ()
    note: str = ""

    @property
    def is_for_good(self) -> bool:
        """Whether it never opens again: what is said of a place and not among its hours."""
        return self.last == LAST


def with_exceptions(expression: str, exceptions: Iterable[DatedHours]) -> str:
    """The expression with rules for these days after its own. Raises a refusal when it grows too long."""
    parts = rules(expression)
    parts += [Rule(";", _rule(exception)) for exception in sorted(exceptions)]
    return read_expression(join_rules(parts))


def split_exceptions(expression: str) -> tuple[str, tuple[DatedHours, ...]]:
    """The expression without the dated rules at its end, and these."""
    parts = rules(expression)
    found: list[DatedHours] = []
    while parts and parts[-1].separator != "||":
        exception = _exception(parts[-1].text)
        if exception is None:
            break
        found.insert(0, exception)
        parts.pop()
    return join_rules(parts), tuple(found)


def _rule(exception: DatedHours) -> str:
    days = _day(exception.first)
    if exception.last != exception.first:
        days += f"-{_day(exception.last)}"
    note = exception.note.replace('"', "'")
    if not exception.spans:
        return f'{days} closed "{note}"' if note else f"{days} closed"
    times = spans_text(exception.spans)
    return f'{days} {times} open "{note}"' if note else f"{days} {times}"


def _day(date: dt.date) -> str:
    return f"{date.year} {MONTHS[date.month - 1]} {date.day:02}"


def _exception(text: str) -> DatedHours | None:
    match = _RULE.fullmatch(text)
    if match is None:
        return None
    spans = () if match[7] == "closed" else spans_of(match[7])
    if spans is None:
        return None
    try:
        first = dt.date(int(match[1]), MONTHS.index(match[2]) + 1, int(match[3]))
        last = dt.date(int(match[4]), MONTHS.index(match[5]) + 1, int(match[6])) if match[4] else first
    except ValueError:
        return None
    return DatedHours(first, last, spans, match[8] or "")
