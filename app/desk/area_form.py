"""The forms of areas: what was typed, ticked and uploaded, and what it means."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

from app.areas.drawn import BadOutline, outline_of_ring, read_outline
from app.areas.own import NO_OUTLINE, UNKNOWN_MEMBER, Said
from app.areas.told import BAD_NUMBER, NEEDS_DAY, Told
from app.areas.unit_search import find_unit, find_units
from app.areas.units import HIERARCHY
from app.db import Executor
from app.desk.area_rows import members_of
from app.errors import FieldProblem, InvalidInput
from app.i18n import LANGUAGES, N_
from app.taxonomy.letters import problem_of, tidy
from app.web.dependencies import Form

#: Nobody types more; what is over it is cut off before it is looked at.
LONGEST_TEXT: Final = 20_000
#: An outline up to here is kept in the form after an error; a longer one has to be chosen again.
LONGEST_PASTED: Final = 60_000
MOST_LINES: Final = 500
OFFERED: Final = 8
NOT_CLEAR: Final = N_("Tick the units that you mean below, or write them more exactly.")

_TEXTS: Final = (
    "code", "name", "level", "country", "source", "licence", "population", "population_source", "population_on", "other_names",
)  # fmt: skip


@dataclass(slots=True)
class AreaForm:
    """What stands in the form. `offered` are units to tick: stable code, words, whether it is ticked."""

    values: Mapping[str, str] = field(default_factory=lambda: defaultdict(str))
    offered: list[tuple[str, str, bool]] = field(default_factory=list)
    problems: list[FieldProblem] = field(default_factory=list)
    #: Where an outline is wrong.
    place: str = ""


def typed_values(form: Form) -> Mapping[str, str]:
    """What was sent, as it was typed; an uploaded outline as if it had been pasted, if it is short: a browser does not send a file twice."""
    values = defaultdict(str, {name: form.one(name)[:LONGEST_TEXT] for name in (*_TEXTS, "units")})
    values |= {f"name_{language}": form.one(f"name_{language}")[:LONGEST_TEXT] for language in LANGUAGES}
    sent = form.file("outline")
    values["outline_text"] = form.one("outline_text")
    if sent is not None and sent.content:
        short = len(sent.content) <= LONGEST_PASTED
        values["outline_text"] = sent.content.decode("utf-8", "replace") if short else ""
        values["again"] = "" if short else "1"
    return values


def told_values(told: Told) -> Mapping[str, str]:
    """What stands in the form of an area of which this was told."""
    return defaultdict(
        str,
        {f"name_{language}": name for language, name in told.names.items()}
        | {
            "other_names": "\n".join(told.other_names),
            "population": "" if told.population is None else str(told.population),
            "population_source": told.population_source,
            "population_on": told.population_on.isoformat() if told.population_on else "",
        },
    )


def said_values(said: Said) -> Mapping[str, str]:
    """What stands in the form of an area of one's own."""
    values = told_values(said.told)
    return defaultdict(
        str,
        dict(values)
        | {"name": said.name, "level": said.level, "source": said.source, "licence": said.licence},
    )


def read_told(form: Form, problems: list[FieldProblem]) -> Told:
    """What is said of any area; what is wrong with how it is written goes into `problems`."""
    names = {language: tidy(form.one(f"name_{language}")[:LONGEST_TEXT]) for language in LANGUAGES}
    for language, name in names.items():
        if name and (message := problem_of(name, language)):
            problems.append(FieldProblem(f"name_{language}", "name", message))
    others = tuple(
        dict.fromkeys(filter(None, map(tidy, form.one("other_names")[:LONGEST_TEXT].splitlines())))
    )
    for name in others:
        if message := problem_of(name, "", name=False):
            problems.append(FieldProblem("other_names", "words", message))
            break
    return Told(
        names={language: name for language, name in names.items() if name},
        other_names=others,
        population=_number(form.one("population"), problems),
        population_source=tidy(form.one("population_source")[:200]),
        population_on=_day(form.one("population_on"), problems),
    )


async def read_said(
    reader: Executor,
    form: Form,
    shown: AreaForm,
    *,
    shape: str,
    country: str,
    countries: Sequence[str],
    before: Said | None = None,
) -> Said:
    """What is said of an area of one's own; `shape` is units or outline, and lies in `country`. `InvalidInput`, with `shown` saying all of it."""
    problems = shown.problems
    told = read_told(form, problems)
    name = tidy(form.one("name")[:LONGEST_TEXT])
    if name and (message := problem_of(name, "", name=False)):
        problems.append(FieldProblem("name", "name", message))
    members: tuple[str, ...] = ()
    outline = None
    if shape == "units":
        members = await _members(reader, form, shown, countries)
    else:
        try:
            # Out of the way of everybody else: of thousands of corners it takes a while.
            outline = await asyncio.to_thread(_outline, form, country)
        except BadOutline as error:
            shown.place = error.place
            problems += error.problems
        if outline is None and before is not None:
            outline = before.outline
        if outline is None and not any(one.path == "outline" for one in problems):
            problems.append(FieldProblem("outline", "missing", NO_OUTLINE))
    if problems:
        raise InvalidInput(*problems)
    return Said(
        name=name,
        told=told,
        # The places of a metropolis are those of its municipalities, whatever its outline.
        level=form.one("level") if shape == "units" else "custom",
        members=members,
        outline=outline,
        source=tidy(form.one("source")[:200]) if shape == "outline" else "",
        licence=tidy(form.one("licence")[:200]) if shape == "outline" else "",
    )


async def _members(
    reader: Executor, form: Form, shown: AreaForm, countries: Sequence[str]
) -> tuple[str, ...]:
    """The ticked and the typed units; what a line may mean is offered to be ticked."""
    ticked = {row.stable_code: row for row in await members_of(reader, form.all("member")[:MOST_LINES])}
    offered = {code: (_words(row.name, row.code), True) for code, row in ticked.items()}
    lines = [line.strip() for line in form.one("units")[:LONGEST_TEXT].splitlines() if line.strip()]
    unknown = lines[MOST_LINES:]
    unclear = False
    for line in lines[:MOST_LINES]:
        hits = await _meant(reader, line, countries)
        if not hits:
            unknown.append(line)
        for row in hits:
            offered.setdefault(row[0], (row[1], len(hits) == 1))
        unclear = unclear or len(hits) > 1
    shown.offered = [(code, words, sure) for code, (words, sure) in offered.items()]
    shown.values = defaultdict(str, dict(shown.values) | {"units": "\n".join(unknown)})
    if unknown:
        shown.problems.append(FieldProblem("units", "unknown", UNKNOWN_MEMBER))
    elif unclear:
        shown.problems.append(FieldProblem("units", "unclear", NOT_CLEAR))
    return tuple(code for code, (_, sure) in offered.items() if sure)


async def _meant(reader: Executor, line: str, countries: Sequence[str]) -> list[tuple[str, str]]:
    """Stable codes and words of the units that a line may mean: the one of its code, those of just this name, else several."""
    known = await find_unit(reader, line.upper())
    hits = [] if known else await find_units(reader, line, limit=OFFERED, countries=countries)
    sure = [hit for hit in hits if hit.exact] or hits
    codes = [known.code] if known else [hit.code for hit in sure if hit.level in HIERARCHY]
    if known and known.level not in HIERARCHY:
        return []
    rows = await members_of(reader, [], codes=codes)
    where = {hit.code: ", ".join(dict.fromkeys(above.name for above in hit.regions)) for hit in hits}
    return [(row.stable_code, _words(row.name, row.code, where.get(row.code, ""))) for row in rows]


def _outline(form: Form, country: str) -> Any:
    sent, pasted = form.file("outline"), form.one("outline_text").strip()
    # A file that was chosen counts more than what a form has kept of the one before.
    data = sent.content if sent is not None else b""
    if not data and not pasted:
        return None
    if not data and pasted.startswith(("http://", "https://", "/")):
        # Drawn on the public map: its address has the corners.
        query = pasted.partition("?")[2].partition("#")[0]
        return outline_of_ring(parse_qs(query).get("within", [""])[0], country)
    return read_outline(data or pasted.encode(), country)


def _number(typed: str, problems: list[FieldProblem]) -> int | None:
    digits = "".join(typed.split())
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        problems.append(FieldProblem("population", "number", BAD_NUMBER))
        return None
    return int(digits)


def _day(typed: str, problems: list[FieldProblem]) -> dt.date | None:
    if not typed.strip():
        return None
    try:
        return dt.date.fromisoformat(typed.strip())
    except ValueError:
        problems.append(FieldProblem("population_on", "day", NEEDS_DAY))
        return None


def _words(name: str, code: str, where: str = "") -> str:
    return f"{name} ({code}{f', {where}' if where else ''})"
