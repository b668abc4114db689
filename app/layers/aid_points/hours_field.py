"""The question of opening hours: first how it works, then the week, in text fields of 24 hours."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from babel.dates import get_day_names

from app.features.hours_exceptions import split_exceptions
from app.features.hours_week import (
    DAYS,
    MIDNIGHT,
    MOST_SPANS,
    Span,
    Week,
    WeekKind,
    clock,
    minutes_of,
    week_of,
)
from app.features.hours_words import HoursRow, hours_table
from app.forms import Answers, Field, Reading
from app.forms.fields import say
from app.forms.reading import value_at
from app.i18n import N_, Translator

#: The row after Sunday.
HOLIDAYS: Final = 7
WORKDAYS: Final = range(1, 5)

#: A week is told as of this day, so that no day in it is "today" but Monday, which is named below.
A_MONDAY: Final = dt.date(2001, 1, 8)

CHOOSE = N_("Choose how the opening hours work.")
NO_TIMES = N_("Tick at least one day and write from when until when.")
TIME = N_("Write the time like this: 9:00 or 17:30.")
TIMES = N_("Write both times: from when and until when.")
END_FIRST = N_("The end is before the beginning. Open after midnight? Tick “until the next day”.")
TOO_LONG = N_("This is longer than a day. Is “until the next day” ticked by mistake?")
OVERLAP = N_("Two of these times overlap.")

_OWN: Final = re.compile(r"kind|holidays|otherwise|text|[0-7]\.on|[0-7]\.[0-3]\.(from|to|next)")


def hours_lines(expression: str, texts: Translator) -> list[str]:
    """An expression as sentences, days in a row with the same hours together."""
    table = hours_table(expression, texts, A_MONDAY)
    if table.usual:
        # Told for any week, and not for the one of that Monday.
        said = (f"{row.label}: {row.hours}{f' ({row.note})' if row.note else ''}" for row in table.usual)
        return [*said, *(f"{row.label}: {row.hours}" for row in table.exceptions)]
    runs: list[list[HoursRow]] = []
    for row in table.rows:
        if runs and runs[-1][0].hours == row.hours:
            runs[-1].append(row)
        else:
            runs.append([row])
    rows = [f"{_days(run, texts)}: {run[0].hours}" for run in runs]
    return [*rows, *(f"{row.label}: {row.hours}" for row in table.exceptions), *table.notes]


def day_names(language: str) -> list[str]:
    """The names of the seven days, Monday first, with a capital letter."""
    names = get_day_names("wide", "stand-alone", locale=language)
    return [names[day][0].upper() + names[day][1:] for day in range(7)]


def _days(run: list[HoursRow], texts: Translator) -> str:
    labels = [day_names(texts.language)[0] if row.is_today else row.label for row in run]
    if len(labels) == 1:
        return labels[0]
    last = labels[-1]
    # Only some languages write the names of days with a capital letter inside a line.
    if get_day_names("wide", "stand-alone", locale=texts.language)[0][0].islower():
        last = last[0].lower() + last[1:]
    return f"{labels[0]} – {last}"


@dataclass(frozen=True, kw_only=True)
class Hours(Field):
    """An ordinary week, read into an expression in the OSM syntax.

    Inputs below its name: `kind` (fixed, always, appointment, unknown, or text for an expression that no
    week holds), `0.on` to `7.on` (Monday to Sunday, public holidays), `0.0.from`, `0.0.to`, `0.0.next`
    (ends on the next day), `holidays` (closed, usual, own), `otherwise` (at other times by appointment).
    """

    kind: ClassVar[str] = "hours"

    def owns(self, name: str) -> bool:
        """One of the inputs above."""
        return name.startswith(f"{self.name}.") and bool(_OWN.fullmatch(name, len(self.name) + 1))

    @property
    def id(self) -> str:
        """The first radio button."""
        return f"{self.name}-kind"

    def input(self, *parts: int | str) -> str:
        """The name of one of the inputs."""
        return ".".join([self.name, *map(str, parts)])

    def says(self, answers: Answers, *parts: int | str) -> str:
        """What was typed into one of the inputs."""
        return answers.one(self.input(*parts))

    def rows(self, texts: Translator) -> list[tuple[int, str]]:
        """Number and name of each day of the week."""
        return list(enumerate(day_names(texts.language)))

    def label_of(self, name: str, texts: Translator) -> str:
        """The day that an input belongs to."""
        day = name.removeprefix(f"{self.name}.").split(".")[0]
        if not day.isdecimal():
            return say(self.label, texts)
        return (
            texts.gettext("Public holidays") if int(day) == HOLIDAYS else day_names(texts.language)[int(day)]
        )

    def spans(self, answers: Answers, day: int) -> list[int]:
        """The numbers of the pairs of times to show in the row of a day, at least one."""
        there = [i for i in range(MOST_SPANS) if answers.has(self.input(day, i, "from"))]
        return there or [0]

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the expression; "" for hours that nobody knows."""
        kind = self.says(answers, "kind")
        into.came_from(self.place, self.input("kind"))
        if kind == "text":
            into.put(self.place, self.says(answers, "text").strip(), self.input("text"))
            return
        if kind not in set(WeekKind):
            into.refuse(self.input("kind"), "missing", CHOOSE)
            return
        week = self.week(answers, into) if kind == WeekKind.FIXED else Week(WeekKind(kind))
        if week is not None:
            into.put(self.place, week.expression(), self.input("kind"))

    def week(self, answers: Answers, into: Reading) -> Week | None:
        """The week in the rows; None when one of them cannot be read, with its problems in `into`."""
        before = len(into.problems)
        days = [
            tuple(self._spans(answers, day, into)) if self.says(answers, day, "on") else ()
            for day in range(len(DAYS))
        ]
        holidays: tuple[Span, ...] | None = ()
        choice = self.says(answers, "holidays")
        if choice == "usual":
            holidays = None
        elif choice == "own":
            holidays = tuple(self._spans(answers, HOLIDAYS, into))
        if len(into.problems) > before:
            return None
        if not any(days):
            into.refuse(self.input(0, "on"), "missing", NO_TIMES)
            return None
        return Week(WeekKind.FIXED, tuple(days), holidays, bool(self.says(answers, "otherwise")))

    def _spans(self, answers: Answers, day: int, into: Reading) -> Iterator[Span]:
        end = -1
        found = False
        for i in self.spans(answers, day):
            start_text, end_text = (self.says(answers, day, i, part).strip() for part in ("from", "to"))
            if not start_text and not end_text:
                continue
            found = True
            span = self._span(answers, day, i, into)
            if span is None:
                continue
            if span.start < end:
                into.refuse(self.input(day, i, "from"), "overlap", OVERLAP)
            end = max(end, span.end)
            yield span
        if not found:
            into.refuse(self.input(day, 0, "from"), "missing", TIMES)

    def _span(self, answers: Answers, day: int, i: int, into: Reading) -> Span | None:
        minutes = []
        for part in ("from", "to"):
            text = self.says(answers, day, i, part).strip()
            try:
                minutes.append(minutes_of(text))
            except ValueError:
                into.refuse(self.input(day, i, part), "time", TIME if text else TIMES)
                return None
        start, end = minutes
        next_day = bool(self.says(answers, day, i, "next"))
        # "20:00 to 0:00" has one meaning only.
        if next_day or end == 0:
            end += MIDNIGHT
        if end <= start or start == MIDNIGHT:
            into.refuse(self.input(day, i, "from"), "end_first", END_FIRST)
            return None
        if end > start + MIDNIGHT:
            into.refuse(self.input(day, i, "from"), "too_long", TOO_LONG)
            return None
        return Span(start, end)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The rows of a week, or the expression itself when no week holds it."""
        expression = value_at(data, self.place)
        if not isinstance(expression, str):
            return
        week = week_of(expression) if not split_exceptions(expression)[1] else None
        if week is None:
            yield self.input("kind"), "text"
            yield self.input("text"), expression
            return
        yield self.input("kind"), week.kind.value
        for day, spans in enumerate((*week.days, week.holidays or ())):
            yield from self._row(day, spans)
        if week.kind is WeekKind.FIXED:
            yield (
                self.input("holidays"),
                "usual" if week.holidays is None else "own" if week.holidays else "closed",
            )
        if week.otherwise_by_appointment:
            yield self.input("otherwise"), "1"

    def _row(self, day: int, spans: tuple[Span, ...]) -> Iterator[tuple[str, str]]:
        if spans and day != HOLIDAYS:
            yield self.input(day, "on"), "1"
        for i, span in enumerate(sorted(spans)):
            yield self.input(day, i, "from"), clock(span.start)
            yield self.input(day, i, "to"), clock(span.end)
            if span.end > MIDNIGHT:
                yield self.input(day, i, "next"), "1"

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """How others will read the week; while it cannot be read, which days have to be put right."""
        reading = Reading(texts.language)
        self.read(answers, reading)
        expression = value_at(reading.data, self.place)
        if expression is None:
            days = [
                self.label_of(problem.path, texts)
                for problem in reading.problems
                if problem.code != "missing"
            ]
            return [texts.gettext("%(day)s: to be put right", day=day) for day in dict.fromkeys(days)]
        return hours_lines(expression, texts)

    def more(self, answers: Answers, action: str) -> Answers | None:
        """`break:hours.2` adds a pair of times to Wednesday, `copy:hours` gives Monday's to Tuesday to Friday."""
        if action == f"copy:{self.name}":
            return self._copied(answers)
        match = re.fullmatch(rf"break:{re.escape(self.name)}\.([0-7])", action)
        if match is None:
            return None
        day = int(match[1])
        shown = self.spans(answers, day)
        free = [i for i in range(MOST_SPANS) if i not in shown]
        for i in (*shown, *free[:1]):
            for part in ("from", "to"):
                answers = answers.replaced(self.input(day, i, part), self.says(answers, day, i, part))
        return answers if day == HOLIDAYS else answers.replaced(self.input(day, "on"), "1")

    def _copied(self, answers: Answers) -> Answers:
        monday = {n: answers.all(f"{self.input(0)}.{n}") for n in answers.under(self.input(0))}
        for day in WORKDAYS:
            row = f"{self.input(day)}."
            answers = answers.only(lambda name, row=row: not name.startswith(row))  # type: ignore[misc]
            for rest, texts in monday.items():
                answers = answers.replaced(f"{row}{rest}", *texts)
        return answers
