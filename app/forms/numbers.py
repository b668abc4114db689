"""Numbers that people type, with a decimal comma or a point."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.fields import Field
from app.forms.reading import Reading, value_at
from app.i18n import N_, Translator

NUMBER = N_("Write a number, for example 12.")

_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,2})?", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number that is not negative; whole unless `decimal`. `unit` (a path and a value) goes with it.

    `suffix` stands behind the input.
    """

    kind: ClassVar[str] = "number"

    decimal: bool = False
    unit: tuple[str, str] | None = None
    suffix: str = ""
    optional: bool = True

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the number."""
        text = answers.one(self.name).strip()
        into.came_from(self.place, self.name)
        if not text:
            if not self.optional:
                into.refuse(self.name, "missing", self.missing)
        elif not _NUMBER.fullmatch(text) or (not self.decimal and not text.isdecimal()):
            into.refuse(self.name, "number", NUMBER)
        else:
            into.put(self.place, float(text.replace(",", ".")) if self.decimal else int(text), self.name)
            if self.unit is not None:
                into.put(*self.unit, self.name)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The number, whole where it is."""
        value = value_at(data, self.place)
        if isinstance(value, (int, float)):
            yield self.name, f"{value:g}" if value == int(value) else f"{value:.2f}"

    def told(self, answers: Answers, texts: Translator) -> list[str]:  # noqa: ARG002 - digits are digits
        """The number with its unit."""
        text = answers.one(self.name).strip()
        return [f"{text} {self.suffix}".strip()] if text else []
