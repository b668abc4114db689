"""A form with all its questions on one page, filled in with a content that is there already, to write over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.db import Executor
from app.entering.entry import PIN, Entry, unasked
from app.entering.forms import FORMS
from app.entering.found_areas import ASKED, located, unsure_of_pin, with_areas
from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.features.layer import Layer
from app.features.place import protect
from app.forms import Answers, Block, Field, Form, Step
from app.forms.reading import Reading
from app.moderation.patching import WHERE, patched


@dataclass(frozen=True, slots=True)
class Part:
    """The blocks of one step of the form for adding, under its title."""

    id: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field of every block."""
        return tuple(field for block in self.blocks for field in block.fields)

    def said(self, answers: Answers, language: str) -> tuple[dict[str, Any], set[str]]:
        """What the answers to its questions come to, and which of them come to nothing."""
        reading = Reading(language)
        for field in self.fields:
            if field.shown(answers):
                field.read(answers, reading)
        return reading.data, {problem.path for problem in reading.problems}


@dataclass(frozen=True, slots=True)
class OnePage:
    """The entry with everything on one page, the parts of that, and the answers that it is compared with."""

    parts: tuple[Part, ...]
    entry: Entry
    began: Answers

    def answered(self, answers: Answers) -> "OnePage":
        """The same page with other answers."""
        return replace(self, entry=replace(self.entry, answers=answers))

    def opened(self, problems: Iterable[FieldProblem], action: str = "") -> frozenset[str]:
        """Give the ids of the parts in which something is wrong, or otherwise than it was, or whose button was pressed.

        The others need nobody's eye.
        """
        wrong, now = {problem.path for problem in problems}, self.entry.answers
        return frozenset(
            part.id
            for part in self.parts
            if part.said(now, self.entry.language) != part.said(self.began, self.entry.language)
            or any(field.owns(path) for field in part.fields for path in wrong)
            or any(field.more(now, action) is not None for field in part.fields)
        )


def one_page(
    layer: Layer,
    countries: tuple[str, ...],
    language: str,
    content: Mapping[str, Any],
    *,
    title: str,
    place: bool,
    but: frozenset[str] = frozenset(),
    live: Mapping[str, Any] | None = None,
) -> OnePage:
    """The page filled in with a content; without `place` nothing asks where it is, and that stays as it is.

    `but` are names of questions that are not asked; `live` is what the content is compared with, where that is another one.
    """
    steps = FORMS[layer.key](countries).steps
    parts = tuple(
        Part(f"part-{number}", step.title, tuple(_without(block, but) for block in blocks))
        for number, step in enumerate(steps, 1)
        if (blocks := tuple(block for block in step.blocks if place or not _is_where(block)))
    )
    form = Form(steps=(Step(title=title, blocks=tuple(block for part in parts for block in part.blocks)),))
    answers = _filled_in(form, content, language)
    began = answers if live is None else _filled_in(form, live, language)
    return OnePage(
        parts, Entry(layer, form, countries, language, answers, kept=unasked(form, content)), began
    )


def _is_where(block: Block) -> bool:
    return any(field.place.partition(".")[0] in (*WHERE, "served", "photos") for field in block.fields)


def _without(block: Block, names: frozenset[str]) -> Block:
    return replace(block, fields=tuple(field for field in block.fields if field.name not in names))


def _filled_in(form: Form, content: Mapping[str, Any], language: str) -> Answers:
    answers = form.write(content)
    return answers if answers.one(form.language_field) else answers.replaced(form.language_field, language)


async def rewritten(
    page: OnePage, whole: Mapping[str, Any], reader: Executor, *, unchanged: str
) -> tuple[OnePage, Content | None]:
    """The page with its problems, or the content that `whole` becomes; the answers alone decide what changes.

    What is left open already need not be answered by whoever puts another thing right. `unchanged` says that nothing
    changes at all; with "" that is no problem.
    """
    entry = page.entry
    filled_in = replace(entry, answers=_filled_in(entry.form, whole, entry.language))
    untouched = await look_through(filled_in, reader, live=whole)
    tried = await look_through(entry, reader, live=whole)
    known = {(problem.path, problem.code) for problem in untouched.entry.problems}
    if any(tried.asked.get(member) != untouched.asked.get(member) for member in WHERE):
        # Whoever moves the pin or names another town is asked, however far they were from each other before.
        known -= {(PIN, code) for code in ASKED}
    problems = tuple(p for p in tried.entry.problems if (p.path, p.code) not in known)
    if unchanged and not problems and tried.asked == untouched.asked:
        problems = (FieldProblem("", "unchanged", unchanged),)
    if problems or tried.content is None:
        return replace(page, entry=replace(tried.entry, problems=problems or tried.entry.problems)), None
    new = patched(whole, untouched.asked, tried.asked, tried.content.to_dict())
    try:
        return page, entry.layer.content.read(new, country=entry.countries[0])
    except InvalidInput as error:
        problems = tuple(replace(problem, path="") for problem in error.problems)
        return replace(page, entry=replace(tried.entry, problems=problems)), None


async def written(
    page: OnePage, reader: Executor, *, kept: Mapping[str, Any]
) -> tuple[OnePage, Content | None]:
    """The page with its problems, or the content of something new that it makes; `kept` are members that nobody is asked for."""
    entry = replace(page.entry, kept={**page.entry.kept, **kept})
    tried = await look_through(entry, reader)
    if tried.entry.problems or tried.content is None:
        return replace(page, entry=tried.entry), None
    return page, tried.content


@dataclass(frozen=True, slots=True)
class Tried:
    """An entry with all of its problems, what its answers say, and the content of that if there is one."""

    entry: Entry
    asked: dict[str, Any]
    content: Content | None


async def look_through(entry: Entry, reader: Executor, *, live: Mapping[str, Any] | None = None) -> Tried:
    """Read all answers of an entry, whichever step it is at, and find everything that is wrong with them."""
    answers, candidates = await with_areas(reader, entry.form, entry.answers, entry.countries, live=live)
    reading = entry.form.read(answers, entry.language)
    asked = {key: value for key, value in reading.data.items() if key != "submitter"}
    problems, content = list(reading.problems), None
    said = {**entry.kept, **asked}
    problems += await unsure_of_pin(reader, entry.form, answers, said, entry.countries)
    try:
        data = await located(reader, protect(said), entry.countries)
        content = entry.layer.content.read(data, country=entry.countries[0])
    except InvalidInput as error:
        told = {problem.path for problem in problems}
        problems += [problem for problem in reading.at_inputs(error.problems) if problem.path not in told]
    for name, suggestion in reading.suggestions.items():
        answers = answers.replaced(name, suggestion)
    problems.sort(key=lambda problem: entry.form.rank(problem.path))
    tried = replace(entry, answers=answers, candidates=candidates, problems=tuple(problems))
    return Tried(tried, asked, content)
