"""One filling-in of a form, step by step: what the buttons do, and when it is complete."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.db import Executor
from app.entering.found_areas import located, unsure_of_pin, with_areas
from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.features.layer import Layer
from app.features.place import protect
from app.forms import Answers, Form
from app.forms.contacts import CONTACTS

NEXT = "next"
SEND = "send"
#: The code of a place without any position, and the input that puts it right.
NOWHERE = "position_missing"
PIN = "position"
_STEP = re.compile(r"step:([1-9])")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is being entered: the layer with its form, what was answered, and the step that is shown.

    Paths of `problems` are names of inputs. `content` is there when everything is right.
    """

    layer: Layer
    form: Form
    countries: tuple[str, ...]
    language: str
    answers: Answers = field(default_factory=Answers)
    at: int = 1
    problems: tuple[FieldProblem, ...] = ()
    candidates: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    content: Content | None = None
    #: Members that an earlier content has and the form does not ask for.
    kept: Mapping[str, Any] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The number of the step of the check before sending."""
        return len(self.form.steps)


async def press(entry: Entry, action: str, connection: Executor) -> Entry:
    """The entry after a button: a button of a field, a step back, the next step, or sending.

    Onwards it goes only as far as everything before is right. An unknown action is taken for the next step.
    """
    changed = entry.form.more(entry.answers, action)
    if changed is not None:
        return replace(entry, answers=changed)
    wanted = int(match[1]) if (match := _STEP.fullmatch(action)) else entry.at + 1
    if action == SEND:
        wanted = entry.last + 1
    if wanted <= entry.at:
        return replace(entry, at=wanted)
    return await go_on(entry, min(wanted, entry.last + 1), connection)


async def go_on(entry: Entry, wanted: int, connection: Executor) -> Entry:
    """Step `wanted`, or the first one before it where something is not right yet."""
    answers, candidates = await with_areas(connection, entry.form, entry.answers, entry.countries)
    reading = entry.form.read(answers, entry.language)
    problems = list(reading.problems)
    content = None
    data = dict(entry.kept) | {key: value for key, value in reading.data.items() if key != "submitter"}
    try:
        content = entry.layer.content.read(
            await located(connection, protect(data), entry.countries), country=entry.countries[0]
        )
    except InvalidInput as error:
        told = {problem.path for problem in problems}
        problems += [problem for problem in reading.at_inputs(error.problems) if problem.path not in told]
        problems = _at_the_pin(problems)
    problems += await unsure_of_pin(connection, entry.form, answers, data, entry.countries)
    for name, suggestion in reading.suggestions.items():
        answers = answers.replaced(name, suggestion)
    found = replace(entry, answers=answers, candidates=candidates)
    steps = [entry.form.step_of(problem.path) for problem in problems]
    first = min((step for step in steps if step < wanted), default=None)
    if first is None:
        return replace(found, at=min(wanted, entry.last), content=content if not problems else None)
    here = [problem for problem, step in zip(problems, steps, strict=True) if step == first]
    return replace(found, at=first, problems=tuple(sorted(here, key=lambda p: entry.form.rank(p.path))))


def _at_the_pin(problems: list[FieldProblem]) -> list[FieldProblem]:
    """A place that nobody can find is a matter of the pin, and none where the town is missing anyway."""
    if any(problem.path.startswith("address.") for problem in problems):
        return [problem for problem in problems if problem.code != NOWHERE]
    return [replace(problem, path=PIN) if problem.code == NOWHERE else problem for problem in problems]


def unasked(form: Form, content: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a content that no question of the form is about; they stay as they are."""
    asked = {field.place.partition(".")[0] for field in form.fields} | {CONTACTS}
    return {key: value for key, value in content.items() if key not in asked}
