"""Opening hours in the OSM syntax: checked, repaired where two readings exist, and in one spelling.

Three states: open, closed, unknown. A rule with a comment and no word for its state means unknown, as in
the specification and in the JavaScript library: `Mo-Fr 09:00-17:00 "ring first"` is not a promise.
"""

import functools
import re
from typing import Annotated, Final, NamedTuple

import opening_hours
from pydantic import AfterValidator, Field

from app.features.problems import refusal
from app.features.text import clean_line

LONGEST: Final = 500
MOST_RULES: Final = 30
LONGEST_COMMENT: Final = 120

#: The comment by which we say that one has to arrange a time.
BY_APPOINTMENT: Final = "by appointment"
#: The whole expression of a place that is open by appointment only.
ONLY_BY_APPOINTMENT: Final = f'24/7 unknown "{BY_APPOINTMENT}"'

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS_IN_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_SEPARATOR: Final = re.compile(r'("[^"]*")|(\|\||;)')
_COMMENT: Final = re.compile(r'(?:\b(open|closed|off|unknown)\s*)?("[^"]*")', re.IGNORECASE)
_DATE: Final = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]*\s*(\d{{1,2}})(?![\d:])", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<![\d:])(\d{4})(?![\d:])")
_SUN: Final = re.compile(r"\b(sunrise|sunset|dawn|dusk)\b", re.IGNORECASE)
_SCHOOL_HOLIDAYS: Final = re.compile(r"\bSH\b")


class Rule(NamedTuple):
    """One rule of an expression: what stands before it (`;`, `||`, "" for the first) and its text."""

    separator: str
    text: str


def rules(expression: str) -> list[Rule]:
    """The rules of an expression, split where its comments do not reach."""
    found = [Rule("", "")]
    position = 0
    for match in _SEPARATOR.finditer(expression):
        if match[2]:
            found[-1] = Rule(found[-1].separator, expression[position : match.start()].strip())
            found.append(Rule(match[2], ""))
            position = match.end()
    found[-1] = Rule(found[-1].separator, expression[position:].strip())
    return [rule for rule in found if rule.text]


def join_rules(parts: list[Rule]) -> str:
    """The expression of these rules; the separator of the first is not written."""
    text = ""
    for part in parts:
        before = {"||": " || "}.get(part.separator, "; ") if text else ""
        text += before + part.text
    return text


# Many places have the same hours, and content is read again whenever it is published.
@functools.lru_cache(maxsize=4096)
def read_expression(text: str) -> str:
    """The canonical expression, "" for "" (hours not known). Raises a refusal that says what to write."""
    if len(text) > LONGEST:
        raise refusal("hours_too_long")
    text = clean_line(text)
    if not text:
        return ""
    _refuse_unsupported(text)
    if len(rules(text)) > MOST_RULES:
        raise refusal("hours_too_long")
    canonical = _canonical(_with_states(text))
    if len(canonical) > LONGEST:
        raise refusal("hours_too_long")
    return canonical


def _refuse_unsupported(text: str) -> None:
    bare = re.sub(r'"[^"]*"', '""', text)
    if _SCHOOL_HOLIDAYS.search(bare):
        raise refusal("hours_school_holidays")
    if _SUN.search(bare):
        raise refusal("hours_sun")
    for month, day in _DATE.findall(bare):
        if not 1 <= int(day) <= _DAYS_IN_MONTH[MONTHS.index(month.capitalize())]:
            raise refusal("hours_date")
    if any(not 2000 <= int(year) <= 2099 for year in _YEAR.findall(bare)):
        raise refusal("hours_date")
    if any(len(comment) > LONGEST_COMMENT + 2 for _, comment in _COMMENT.findall(text)):
        raise refusal("hours_too_long")


def _with_states(text: str) -> str:
    """Every comment behind a word for its state: `unknown` where none was written."""
    return _COMMENT.sub(lambda match: f"{match[1] or 'unknown'} {match[2]}", text)


def _canonical(text: str) -> str:
    try:
        canonical = str(opening_hours.OpeningHours(text, auto_country=False, auto_timezone=False))
    except opening_hours.ParserError:  # type: ignore[attr-defined] # its stub forgets the errors
        raise refusal("hours_unreadable") from None
    # The library leaves out `open`, without which the comment would be read as `unknown` next time.
    return _COMMENT.sub(lambda match: f"{match[1] or 'open'} {match[2]}", canonical)


OpeningHours = Annotated[str, Field(max_length=LONGEST), AfterValidator(read_expression)]
