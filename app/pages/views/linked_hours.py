"""Opening hours in the words of schema.org: OpeningHoursSpecification, overnight spans and dated exceptions in it."""

import datetime as dt
from typing import Any

from app.features.hours_exceptions import DatedHours, split_exceptions
from app.features.hours_week import MIDNIGHT, Span, Week, WeekKind, clock, week_of

_TYPE = "OpeningHoursSpecification"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOLIDAYS = "PublicHolidays"
#: schema.org knows no 24:00: search engines read this as the end of the day.
_END_OF_DAY = "23:59"
#: Closed: a span without length, as search engines ask for it.
_CLOSED = {"opens": "00:00", "closes": "00:00"}


def opening_specifications(expression: str, today: dt.date) -> list[dict[str, Any]]:
    """Give what schema.org can say of the hours; nothing for what no ordinary week holds, or is by appointment."""
    usual, exceptions = split_exceptions(expression)
    week = week_of(usual)
    if week is None or week.kind in (WeekKind.UNKNOWN, WeekKind.APPOINTMENT):
        return []
    return [*_week(week), *(row for found in exceptions if found.last >= today for row in _exception(found))]


def _week(week: Week) -> list[dict[str, Any]]:
    if week.kind is WeekKind.ALWAYS:
        return [_row(list(_DAYS), Span(0, MIDNIGHT))]
    days: dict[Span, list[str]] = {}
    for name, spans in zip(_DAYS, week.days, strict=True):
        for span in spans:
            days.setdefault(span, []).append(name)
    rows = [_row(names, span) for span, names in days.items()]
    if week.holidays is not None:
        rows += [_row([_HOLIDAYS], span) for span in week.holidays]
        if not week.holidays:
            rows.append({"@type": _TYPE, "dayOfWeek": [_HOLIDAYS], **_CLOSED})
    return rows


def _row(days: list[str], span: Span) -> dict[str, Any]:
    return {"@type": _TYPE, "dayOfWeek": days, **_times(span)}


def _exception(found: DatedHours) -> list[dict[str, Any]]:
    valid = {"validFrom": found.first.isoformat(), "validThrough": found.last.isoformat()}
    times = [_times(span) for span in found.spans] or [_CLOSED]
    return [{"@type": _TYPE, **time, **valid} for time in times]


def _times(span: Span) -> dict[str, str]:
    """A span that ends earlier than it begins goes on after midnight."""
    return {"opens": clock(span.start), "closes": _END_OF_DAY if span.end == MIDNIGHT else clock(span.end)}
