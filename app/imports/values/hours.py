"""Opening hours as prose, as a table of days and as HSDS has them, in the OSM syntax."""

import datetime as dt
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic_core import PydanticCustomError

from app.features.hours_reading import read_hours
from app.features.hours_week import DAYS
from app.features.opening_hours import read_expression

#: Longer texts say more than hours.
_LONGEST: Final = 300
_DIGIT: Final = re.compile(r"\d")
_CLOSED: Final = frozenset({"", "-", "fermé", "zamknięte", "nieczynne", "closed"})


# Opening hours come again and again within a source.
@functools.lru_cache(maxsize=4096)
def hours_from_prose(text: str) -> str | None:
    """Give the OSM expression of a text that says opening hours and nothing else; None for any other.

    "Czynne: pon-pt 8.00-20.00, weekendy 8.00-15.00." → `Mo-Fr 08:00-20:00; Sa-Su 08:00-15:00`.
    """
    text = " ".join(text.split()).strip(" .;")
    if not text or len(text) > _LONGEST:
        return None
    reading = read_hours(re.sub(r"(?<=\d),(?=\d\d\b)", ".", text))
    expression = reading.expression or reading.suggestion
    # Without a digit there are only words that may mean many things ("by appointment"), but for one.
    return expression if _DIGIT.search(text) or expression == "24/7" else None


def hours_from_days(days: Mapping[str, str]) -> str | None:
    """Give the expression of a table with one column a day: OSM day → "09:00-12:00 / 13:30-17:00", "-" for closed.

    None when a cell cannot be read; "" when no day has hours.
    """
    said = {day: cell for day in DAYS if (cell := days.get(day, "").strip()).lower() not in _CLOSED}
    if not said:
        return ""
    rules = []
    for day, cell in said.items():
        expression = hours_from_prose(f"{day} {cell}")
        if expression is None:
            return None
        rules.append(expression)
    return _checked("; ".join(rules))


def hours_from_schedules(schedules: Iterable[Mapping[str, Any]], today: dt.date) -> tuple[str | None, bool]:
    """Give the expression of HSDS schedules (weekly, RFC 5545), and whether all of them have ended.

    None when there is none that a week can hold.
    """
    rules = []
    ended = False
    for schedule in schedules:
        if _has_ended(schedule, today):
            ended = True
            continue
        opens, closes = _clock(schedule.get("opens_at")), _clock(schedule.get("closes_at"))
        if opens is None or closes is None or str(schedule.get("freq") or "WEEKLY").upper() != "WEEKLY":
            continue
        if str(schedule.get("interval") or "1") != "1":
            continue
        days = [
            day.strip().capitalize()[:2] for day in str(schedule.get("byday") or "").split(",") if day.strip()
        ]
        if all(day in DAYS for day in days):
            rules.append(f"{','.join(days) + ' ' if days else ''}{opens}-{closes}")
    expression = _checked("; ".join(_merged(rules))) if rules else None
    return expression, ended and not rules


def _merged(rules: list[str]) -> list[str]:
    """Put the spans of the same days together: a later rule would take the place of an earlier one."""
    spans: dict[str, list[str]] = {}
    for rule in rules:
        days, _, span = rule.rpartition(" ")
        spans.setdefault(days, []).append(span)
    return [f"{days} {','.join(sorted(of))}".strip() for days, of in spans.items()]


def _has_ended(schedule: Mapping[str, Any], today: dt.date) -> bool:
    for key in ("valid_to", "until"):
        try:
            if dt.date.fromisoformat(str(schedule.get(key))[:10]) < today:
                return True
        except ValueError:
            continue
    return False


def _clock(value: object) -> str | None:
    match = re.match(r"(\d{2}:\d{2})(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?$", str(value))
    return match[1] if match else None


def _checked(expression: str) -> str | None:
    try:
        return read_expression(expression) or None
    except PydanticCustomError:
        return None
