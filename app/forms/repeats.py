"""Questions that may be answered several times, such as phone numbers."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.fields import Field, say
from app.forms.nested import Nested
from app.forms.reading import Reading, value_at
from app.i18n import Translator


@dataclass(frozen=True, kw_only=True)
class Repeat(Nested):
    """Rows of the same fields, read into a list. A row whose `asks` inputs are all empty is no row.

    `fixed` members are added to every element, and only elements that have them, and none of `foreign`, are
    this field's: several repeats may share one list. `add` are the words on the button that adds a row,
    offered up to `most` rows.
    """

    kind: ClassVar[str] = "repeat"

    asks: tuple[str, ...]
    add: str
    most: int = 5
    fixed: Mapping[str, Any] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()
    optional: bool = True

    def label_of(self, name: str, texts: Translator) -> str:
        """The label of the input in its row, with the number of the row where there are several."""
        inner = self.inner(name)
        return inner.label_of(name, texts) if inner else say(self.label, texts)

    def rows(self, answers: Answers) -> list[int]:
        """The numbers of the rows to show: those that are there, at least one."""
        numbers = {
            int(first)
            for first in (rest.split(".")[0] for rest in answers.under(self.name))
            if first.isdecimal()
        }
        return sorted(numbers) or [0]

    def row_fields(self, number: int, element: int | str = "") -> Iterator[Field]:
        """The fields of one row; `element` is its place in the list."""
        for inner in self.fields:
            yield dataclasses.replace(
                inner, name=f"{self.name}.{number}.{inner.name}", path=f"{self.place}.{element}.{inner.place}"
            )

    def read(self, answers: Answers, into: Reading) -> None:
        """Put an element for each row that says something."""
        found = False
        for number in self.rows(answers):
            if not any(answers.one(f"{self.name}.{number}.{name}").strip() for name in self.asks):
                continue
            found = True
            element = into.size(self.place)
            for key, value in self.fixed.items():
                into.put(f"{self.place}.{element}.{key}", value, f"{self.name}.{number}.{self.asks[0]}")
            for inner in self.row_fields(number, element):
                inner.read(answers, into)
        if not found and not self.optional:
            into.refuse(f"{self.name}.0.{self.asks[0]}", "missing", self.missing)
        into.came_from(self.place, f"{self.name}.0.{self.asks[0]}")

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The inputs of a row for each element of this field's."""
        elements = value_at(data, self.place)
        number = 0
        for index, element in enumerate(elements if isinstance(elements, list) else ()):
            if self._is_own(element):
                for inner in self.row_fields(number, index):
                    yield from inner.write(data)
                number += 1

    def _is_own(self, element: Mapping[str, Any]) -> bool:
        fixed = all(element.get(key) == value for key, value in self.fixed.items())
        return fixed and not any(key in element for key in self.foreign)

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """A line for each row."""
        lines = []
        for number in self.rows(answers):
            if any(answers.one(f"{self.name}.{number}.{name}").strip() for name in self.asks):
                told = (" ".join(inner.told(answers, texts)) for inner in self.row_fields(number))
                lines.append(" · ".join(filter(None, told)))
        return lines

    def more(self, answers: Answers, action: str) -> Answers | None:
        """`add:phones` adds an empty row."""
        if action != f"add:{self.name}":
            return None
        # The first row is on the page even when nothing was typed into it.
        rows = self.rows(answers)
        for number in (*rows, *([max(rows) + 1] if len(rows) < self.most else [])):
            answers = answers.replaced(*self._empty(answers, number))
        return answers

    def _empty(self, answers: Answers, number: int) -> tuple[str, str]:
        name = f"{self.name}.{number}.{self.asks[0]}"
        return name, answers.one(name)

    def inner(self, name: str) -> Field | None:
        """`phones.0.value` to `phones.99.value`: a page may use a number once and never again."""
        start, dot, rest = name.removeprefix(f"{self.name}.").partition(".")
        if not name.startswith(f"{self.name}.") or not dot or len(start) > 2 or not start.isascii():
            return None
        if not start.isdecimal() or str(int(start)) != start:
            return None
        return (
            next((field for field in self.row_fields(int(start)) if field.owns(name)), None) if rest else None
        )
