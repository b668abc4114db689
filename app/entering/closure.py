"""A closure as a form says it: for good or for a time, the days, and why."""

import datetime as dt
import re
from typing import Final

from app.errors import FieldProblem
from app.i18n import N_
from app.taxonomy.vocabulary import load_vocabulary
from app.web.strict_form import FormValues

HOW_LONG = N_("Choose whether it is closed for good or for a time.")
BAD_DAY = N_("Write the day as year, month and day, for example 2026-11-21.")
NO_END = N_("Closed for good has no last day. Leave this empty, or choose “For a time”.")
ENDS_FIRST = N_("This is before the first day.")
NOT_THIS = N_("This reason does not fit how long it is closed. Choose another one.")
#: As people here write a day: `21.11.2026`, also `21. 11. 2026`.
_DAY: Final = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)


def read_day(typed: str) -> dt.date:
    """The day of `21.11.2026` or `2026-11-21`. Raises ValueError for anything else."""
    if found := _DAY.fullmatch(typed):
        day, month, year = map(int, found.groups())
        return dt.date(year, month, day)
    return dt.date.fromisoformat(typed)


def status_in(sent: FormValues, today: dt.date) -> tuple[dict[str, str] | None, list[FieldProblem]]:
    """The status that the form says, or what is wrong with it. A closure for a time began today unless it says when."""
    problems: list[FieldProblem] = []
    state, reason = sent.one("state"), sent.one("reason")
    if state not in ("closed", "temporarily_closed"):
        problems.append(FieldProblem("state", "missing", HOW_LONG))
    days: dict[str, dt.date] = {}
    for name in ("since", "until"):
        typed = sent.one(name).strip()
        try:
            days |= {name: read_day(typed)} if typed else {}
        except ValueError:
            problems.append(FieldProblem(name, "day", BAD_DAY))
    if state == "temporarily_closed" and "since" not in days:
        days["since"] = min(today, days.get("until", today))
    if state == "closed" and "until" in days:
        problems.append(FieldProblem("until", "too_much", NO_END))
    if len(days) == 2 and days["until"] < days["since"]:
        problems.append(FieldProblem("until", "dates_reversed", ENDS_FIRST))
    reasons = load_vocabulary().closure_reasons
    if reason and (
        reason not in reasons or (reason != "unknown" and reasons[reason].permanent != (state == "closed"))
    ):
        problems.append(FieldProblem("reason", "reason", NOT_THIS))
    if problems:
        return None, problems
    named = {"reason": reason} if reason else {}
    return {"state": state, **named, **{name: day.isoformat() for name, day in days.items()}}, []


def reasons_in(language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The reasons of a closure with their names: of one for good, and of one for a time."""
    reasons = [term for term in load_vocabulary().closure_reasons.values() if not term.retired]
    permanent = [(term.code, term.names[language]) for term in reasons if term.permanent]
    return permanent, [(term.code, term.names[language]) for term in reasons if not term.permanent]
