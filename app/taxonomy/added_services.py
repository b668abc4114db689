"""Types of service that administrators add: entered, changed, no longer offered. Never deleted, since places may have them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict, FieldProblem, InvalidInput, NotFound
from app.i18n import LANGUAGES, N_
from app.jobs import defer
from app.taxonomy.additions import count_change, stored_vocabulary
from app.taxonomy.letters import problem_of
from app.taxonomy.loading import load_terms
from app.taxonomy.models import AddedServiceRow
from app.taxonomy.positions import ADDED_FROM, MOST_ADDED
from app.taxonomy.terms import DISCLOSURES, Service
from app.taxonomy.vocabulary import Vocabulary

#: What every code of an installation begins with: no code of the product ever will.
PREFIX: Final = "local_"
#: The task that writes the places of a renamed service anew: they are found by its name.
RENEW: Final = "notifications.renew_service"
OFFERS: Final = ("goods", "service", "place")
#: Days after which half of such records are expected to be wrong.
HALF_LIVES: Final = (120, 365, 730)
MOST_SYNONYMS: Final = 30
MOST_EXPRESSIONS: Final = 10

_CODE = re.compile(r"[a-z](?:[a-z0-9]|_(?=[a-z0-9])){1,39}")
_TAG = r"[a-z][a-z0-9_:]{0,59}=[A-Za-z0-9_:.-]{1,60}"
_EXPRESSION = re.compile(rf"{_TAG}(?: \+ {_TAG}){{0,4}}")
_ELIGIBILITY_ID = re.compile(r"(?:[0-9]{3,4}(?:-[0-9]{2}){0,4})?")
_SCHEMA = re.compile(r"(?:[A-Z][A-Za-z]{1,59})?")

BAD_CODE: Final = N_("Use small Latin letters, digits and single underscores, and begin with a letter.")
TAKEN_CODE: Final = N_("There is a service with this code already. A code is never used again.")
TAKEN_NAME: Final = N_("Another service has this name already.")
NOT_LISTED: Final = N_("Choose from the list.")
TOO_MANY_WORDS: Final = N_("That is too many. Keep those that people use most.")
BAD_EXPRESSION: Final = N_(
    "Write key=value, several joined by a plus with a blank on each side; one on a line."
)
TAKEN_EXPRESSION: Final = N_("These tags mean another service already.")
BAD_ELIGIBILITY: Final = N_("Write the number as Open Eligibility has it, for example 102-05.")
BAD_SCHEMA: Final = N_("Write the name of one type, for example FoodEstablishment.")


class NoSuchService(NotFound):
    """There is no such service among those that were added here."""


class AllPlacesTaken(Conflict):
    """Sixty services were added here. More do not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What can be said otherwise later. `names` are in all six languages."""

    names: Mapping[str, str]
    synonyms: Mapping[str, tuple[str, ...]]
    icon: str
    osm: tuple[str, ...] = ()
    open_eligibility: str = ""
    open_eligibility_id: str = ""
    schema_org: str = ""
    half_life_days: int = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What stays: by these, places are stored, drawn and protected."""

    code: str
    group: str
    offer: str = "service"
    default_disclosure: str = "exact"
    sensitive: bool = False


def icons(vocabulary: Vocabulary) -> list[str]:
    """The drawings to choose from: those of the product's services and groups, which every page has."""
    terms = (*vocabulary.groups.values(), *vocabulary.services.values())
    return sorted({term.icon for term in terms if term.icon})


async def add(session: AsyncSession, fixed: Fixed, told: Told, *, by: Actor) -> None:
    """Add a service: live with the end of the transaction. `InvalidInput` names every field that is wrong."""
    # Whoever else changes the vocabulary waits here: bits are given one after the other.
    await count_change(session)
    vocabulary = await stored_vocabulary(session)
    problems = [*_fixed_problems(fixed, vocabulary), *_told_problems(told, vocabulary, fixed.code)]
    if problems:
        raise InvalidInput(*problems)
    last = await session.scalar(select(func.max(AddedServiceRow.position)))
    position = ADDED_FROM if last is None else last + 1
    if position >= ADDED_FROM + MOST_ADDED:
        raise AllPlacesTaken
    values = _values(fixed) | _values(told) | {"position": position}
    await session.execute(insert(AddedServiceRow).values(values))
    await load_terms(session)
    record(session, by, "service.added", "service", fixed.code, group=fixed.group, name=told.names["en"])


async def change(session: AsyncSession, code: str, told: Told, *, version: int, by: Actor) -> bool:
    """Say it otherwise; whether anything is another now. `version` is the one that was shown.

    Raises `NoSuchService`, `InvalidInput`, and `Conflict` where somebody else was faster.
    """
    await count_change(session)
    row = await _row(session, code)
    if problems := list(_told_problems(told, await stored_vocabulary(session), code)):
        raise InvalidInput(*problems)
    if row.version != version:
        raise Conflict
    values = _values(told)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return False
    await _update(session, code, values)
    if "names" in changed:
        await defer(session, RENEW, code=code)
    record(session, by, "service.changed", "service", code, fields=changed)
    return True


async def offer(session: AsyncSession, code: str, *, offered: bool, by: Actor) -> bool:
    """Take it out of forms and search, or put it back; whether that is another now. Places that have it keep and show it."""
    await count_change(session)
    row = await _row(session, code)
    if row.retired is not offered:
        return False
    await _update(session, code, {"retired": not offered})
    record(session, by, "service.offered" if offered else "service.retired", "service", code)
    return True


async def read_row(session: AsyncSession, code: str) -> AddedServiceRow:
    """What was added under a code. Raises `NoSuchService`."""
    return await _row(session, code)


async def _row(session: AsyncSession, code: str) -> AddedServiceRow:
    row = await session.get(AddedServiceRow, code, populate_existing=True)
    if row is None:
        raise NoSuchService
    return row


async def _update(session: AsyncSession, code: str, values: Mapping[str, Any]) -> None:
    statement = update(AddedServiceRow).where(AddedServiceRow.code == code)
    await session.execute(statement.values({**values, "version": AddedServiceRow.version + 1}))
    await load_terms(session)


def _values(told: Told | Fixed) -> dict[str, Any]:
    """Fields as the table has them."""
    values = {field.name: getattr(told, field.name) for field in fields(told)}
    if isinstance(told, Told):
        values["names"] = dict(told.names)
        values["synonyms"] = {language: list(words) for language, words in told.synonyms.items() if words}
        values["osm"] = list(told.osm)
    return values


def _fixed_problems(fixed: Fixed, vocabulary: Vocabulary) -> Iterator[FieldProblem]:
    if not fixed.code.startswith(PREFIX) or not _CODE.fullmatch(fixed.code.removeprefix(PREFIX)):
        yield FieldProblem("code", "code", BAD_CODE)
    elif fixed.code in vocabulary.services:
        yield FieldProblem("code", "taken", TAKEN_CODE)
    choices: Sequence[tuple[str, object, object]] = (
        ("group", fixed.group, vocabulary.groups),
        ("offer", fixed.offer, OFFERS),
        ("default_disclosure", fixed.default_disclosure, DISCLOSURES),
    )
    yield from _chosen(choices)


def _told_problems(told: Told, vocabulary: Vocabulary, code: str) -> Iterator[FieldProblem]:
    """What is wrong, field by field; `code` is the service's own, which is no other."""
    others = [service for service in vocabulary.services.values() if service.code != code]
    yield from _word_problems(told, others)
    yield from _chosen(
        (("icon", told.icon, icons(vocabulary)), ("half_life_days", told.half_life_days, HALF_LIVES))
    )
    yield from _mapping_problems(told, others)


def _word_problems(told: Told, others: Sequence[Service]) -> Iterator[FieldProblem]:
    for language in LANGUAGES:
        name = told.names.get(language, "")
        taken = {service.names[language].casefold() for service in others}
        if message := problem_of(name, language):
            yield FieldProblem(f"name_{language}", "name", message)
        elif name.casefold() in taken:
            yield FieldProblem(f"name_{language}", "taken", TAKEN_NAME)
        words = told.synonyms.get(language, ())
        found = [message for word in words if (message := problem_of(word, language, name=False))]
        if found:
            yield FieldProblem(f"synonyms_{language}", "words", found[0])
        elif len(words) > MOST_SYNONYMS:
            yield FieldProblem(f"synonyms_{language}", "many", TOO_MANY_WORDS)


def _mapping_problems(told: Told, others: Sequence[Service]) -> Iterator[FieldProblem]:
    meant = {frozenset(expression.split(" + ")) for service in others for expression in service.osm}
    if len(told.osm) > MOST_EXPRESSIONS or not all(map(_EXPRESSION.fullmatch, told.osm)):
        yield FieldProblem("osm", "expression", BAD_EXPRESSION)
    elif any(frozenset(expression.split(" + ")) in meant for expression in told.osm):
        yield FieldProblem("osm", "taken", TAKEN_EXPRESSION)
    if told.open_eligibility and (message := problem_of(told.open_eligibility, "en")):
        yield FieldProblem("open_eligibility", "name", message)
    if not _ELIGIBILITY_ID.fullmatch(told.open_eligibility_id):
        yield FieldProblem("open_eligibility_id", "number", BAD_ELIGIBILITY)
    if not _SCHEMA.fullmatch(told.schema_org):
        yield FieldProblem("schema_org", "type", BAD_SCHEMA)


def _chosen(choices: Sequence[tuple[str, Any, Any]]) -> Iterator[FieldProblem]:
    for name, value, known in choices:
        if value not in known:
            yield FieldProblem(name, "choice", NOT_LISTED)
