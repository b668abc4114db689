"""The small language in which a mapping says where a text comes from."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_VERBS: Final = ("column", "path", "const", "first", "join")


class Declaration(BaseModel):
    """A part of a mapping file: closed, so that a misspelt key is an error that names it."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Condition(Declaration):
    """Whether a row is meant: one test of one text."""

    value: "Text"
    matches: re.Pattern[str] | None = None
    """A regular expression that is found somewhere in the text."""
    among: frozenset[str] | None = None
    """The texts that are meant."""
    empty: bool | None = None
    """Whether there is no text."""
    negated: bool = False
    """The opposite."""

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        if sum(test is not None for test in (self.matches, self.among, self.empty)) != 1:
            raise ValueError("give one of matches, among, empty")
        return self

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether the row's values meet the condition; a missing text matches nothing."""
        text = self.value.text(values)
        if self.empty is not None:
            holds = (text is None) == self.empty
        elif self.among is not None:
            holds = text in self.among
        else:
            holds = text is not None and self.matches is not None and self.matches.search(text) is not None
        return holds != self.negated


class Expression(Declaration):
    """One verb that gives a text, and what is done with it, in the order of the members below.

    `column` is a name as it stands in the header; `path` goes into nested JSON (`location/street`,
    `contacts/*/services`, where `*` means every element of a list).
    """

    column: str | None = None
    path: str | None = None
    const: str | None = None
    first: tuple["Text", ...] | None = None
    """The first of several that gives a text."""
    join: tuple["Text", ...] | None = None
    """All that give a text, joined by `with`."""
    with_: str = Field(" ", alias="with")
    missing: frozenset[str] = frozenset()
    """Texts that mean nothing: "-", "brak", "N/A"."""
    replace: tuple[tuple[re.Pattern[str], str], ...] = ()
    """Regular expressions and what takes the place of what they find."""
    extract: re.Pattern[str] | None = None
    """What its first group finds; no text where it finds nothing."""
    lookup: Mapping[str, str] | None = None
    """Text → other text; no text for what is not in it."""
    when: Condition | None = None
    """No text where this does not hold."""

    @model_validator(mode="after")
    def _one_verb(self) -> Self:
        if sum(getattr(self, verb) is not None for verb in _VERBS) != 1:
            raise ValueError(f"give one of {', '.join(_VERBS)}")
        if self.extract is not None and self.extract.groups < 1:
            raise ValueError("extract needs a group in parentheses")
        return self

    def text(self, values: Mapping[str, Any]) -> str | None:
        """Give the text of a row, trimmed; None where there is none."""
        if self.bare_column is not None:
            return as_text(values.get(self.bare_column))
        if self.when is not None and not self.when.holds(values):
            return None
        text = self._said(values)
        if text is None or text in self.missing:
            return None
        for pattern, with_ in self.replace:
            text = pattern.sub(with_, text)
        if self.extract is not None:
            match = self.extract.search(text)
            text = (match[1] or "") if match else ""
        if self.lookup is not None:
            text = self.lookup.get(text, "")
        return text.strip() or None

    def texts(self, values: Mapping[str, Any]) -> list[str]:
        """Give every text: of each element where a path leads to lists, else the one text."""
        if self.path is None:
            text = self.text(values)
            return [] if text is None else [text]
        if self.when is not None and not self.when.holds(values):
            return []
        said = (as_text(value) for value in walk(values, self.path))
        return [text for text in said if text is not None and text not in self.missing]

    @functools.cached_property
    def bare_column(self) -> str | None:
        """The column, where its text is taken as it stands, as most are; None for everything else."""
        said = self.model_fields_set - {"column"}
        return None if any(getattr(self, member) for member in said) else self.column

    def _said(self, values: Mapping[str, Any]) -> str | None:
        if self.column is not None:
            return as_text(values.get(self.column))
        if self.path is not None:
            return next((text for value in walk(values, self.path) if (text := as_text(value))), None)
        if self.first is not None:
            return next((text for each in self.first if (text := each.text(values))), None)
        if self.join is not None:
            return self.with_.join(text for each in self.join if (text := each.text(values))) or None
        return self.const


def _short_form(value: object) -> object:
    """A bare text in a mapping is the name of a column."""
    return {"column": value} if isinstance(value, str) else value


Text = Annotated[Expression, BeforeValidator(_short_form)]
Condition.model_rebuild()
Expression.model_rebuild()


def walk(values: Any, path: str) -> Iterator[Any]:
    """Give what lies at a path of nested objects and lists, each element of a list at its end."""
    found = [values]
    for step in path.split("/"):
        found = [value for each in found for value in _step(each, step)]
    for value in found:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _step(value: Any, step: str) -> Iterator[Any]:
    if isinstance(value, list):
        if step == "*":
            yield from value
        elif step.isdecimal() and int(step) < len(value):
            yield value[int(step)]
    elif isinstance(value, Mapping) and step in value:
        yield value[step]


def as_text(value: Any) -> str | None:
    """Give a scalar as a trimmed text; None for nothing, blanks, objects and lists."""
    if isinstance(value, str):
        return value.strip() or None
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case _:
            return None
