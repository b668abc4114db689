"""A whole form: its steps, what was answered so far, and the data that comes of it."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.errors import FieldProblem, InvalidInput
from app.forms.answers import Answers
from app.forms.fields import Field, Words, _always
from app.forms.reading import Reading, value_at
from app.i18n import N_

SENT_TWICE = N_("This was sent more than once. Give one value.")


def in_rows(fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
    """Neighbours of one row together: the row's name ("" for a field alone) and its fields."""
    # A field alone is a row of its own, so that two of them are not taken together.
    keyed = ((field.row or f"\0{field.name}", field) for field in fields)
    return [
        ("" if row.startswith("\0") else row, [field for _, field in group])
        for row, group in groupby(keyed, key=lambda pair: pair[0])
    ]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Fields under one heading. `folded`: closed until somebody opens it or something is in it; `private`:
    its answers are never public, and the intro says so.

    `when` is as in `Field`; fields of the block that have more conditions begin with these.
    """

    legend: Words
    fields: tuple[Field, ...]
    intro: str = ""
    folded: bool = False
    private: bool = False
    when: tuple[str, ...] = ()

    def rows(self, answers: Answers) -> list[tuple[str, list[Field]]]:
        """The fields that are on the page now, in their rows."""
        return in_rows(field for field in self.fields if field.is_drawn(answers))

    def is_drawn(self, answers: Answers) -> bool:
        """Whether any of its questions is on the page."""
        return any(field.is_drawn(answers) for field in self.fields)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of the form. `title` is a short message id for the list of steps and the heading."""

    title: str
    blocks: tuple[Block, ...]
    intro: str = ""

    @functools.cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field of every block."""
        return tuple(field for block in self.blocks for field in block.fields)

    def owns(self, name: str) -> bool:
        """Whether an input of this name is on the page of this step."""
        return any(field.owns(name) for field in self.fields)


@dataclass(frozen=True, kw_only=True)
class Form:
    """The questions of one layer. The last step is the check before sending.

    `language_field` is the input that says in which language the texts are written, `language_path` a place
    in the content where that language stands.
    """

    steps: tuple[Step, ...]
    language_field: str = "text_language"
    language_path: str = "name.source"

    @functools.cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in the order in which it is asked."""
        return tuple(field for step in self.steps for field in step.fields)

    def answers(self, pairs: Iterable[tuple[str, str]]) -> Answers:
        """What was sent for this form; inputs that are not its own are left out.

        `InvalidInput` when an input that has one text was sent with several.
        """
        pairs = list(pairs)
        own = {name: field for name in {name for name, _ in pairs} if (field := self.field_of(name))}
        answers = Answers.of((name, text) for name, text in pairs if name in own)
        for name, texts in answers.lists.items():
            if len(texts) > 1 and not own[name].takes_many(name):
                raise InvalidInput(FieldProblem(name, "sent_twice", SENT_TWICE))
        return self.asked(answers)

    def asked(self, answers: Answers) -> Answers:
        """Without the answers to questions that the other answers make pointless, or must not be kept."""
        for field in self.fields:
            if field.shown is not _always and not field.shown(answers):
                answers = answers.only(lambda name, field=field: not field.owns(name))  # type: ignore[misc]
        return answers

    def field_of(self, name: str) -> Field | None:
        """The field that an input belongs to."""
        return next((field for field in self.fields if field.owns(name)), None)

    def step_of(self, name: str) -> int:
        """The number of the step, from 1, on whose page an input is; the last for one that is nowhere."""
        for number, step in enumerate(self.steps, 1):
            if step.owns(name):
                return number
        return len(self.steps)

    def rank(self, name: str) -> int:
        """Where an input comes in the form, so that problems stand in the order of the page."""
        return next((rank for rank, field in enumerate(self.fields) if field.owns(name)), len(self.fields))

    def read(self, answers: Answers, language: str) -> Reading:
        """The data that the answers make; `language` is meant where they do not say theirs."""
        into = Reading(answers.one(self.language_field) or language)
        for field in self.fields:
            if field.shown(answers):
                field.read(answers, into)
        return into

    def write(self, data: Any) -> Answers:
        """The answers that would make this data: for correcting what was sent."""
        answers = Answers.of(pair for field in self.fields for pair in field.write(data))
        language = value_at(data, self.language_path)
        return self.asked(answers.replaced(self.language_field, language) if language else answers)

    def carried(self, answers: Answers, at: int) -> Iterator[tuple[str, str]]:
        """The answers that are not on the page of step `at` and travel in hidden inputs."""
        step = self.steps[at - 1]
        return ((name, text) for name, text in answers.pairs() if not step.owns(name))

    def more(self, answers: Answers, action: str) -> Answers | None:
        """What the button of a field does; None when no field has such a button."""
        for field in self.fields:
            changed = field.more(answers, action)
            if changed is not None:
                return changed
        return None
