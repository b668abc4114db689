"""How many places a list has, and how many each further choice would leave: by the census where it knows, else by a walk over them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.db import Executor
from app.features import census
from app.features.census import Kind
from app.features.filters import Filter, conditions
from app.features.listing import Asked, sources_of
from app.features.statement import Statement
from app.taxonomy.vocabulary import Vocabulary


class Choice(Protocol):
    """One more thing that somebody may ask for."""

    @property
    def kind(self) -> Kind:
        """Of which values it is."""

    @property
    def sql(self) -> str:
        """The condition on a row `f` of the list, without parameters."""


@dataclass(frozen=True, slots=True)
class Since:
    """The choice of what was checked on a day or later."""

    day: dt.date

    @property
    def kind(self) -> Kind:
        """Of the day of the last check."""
        return Kind.CHECKED

    @property
    def sql(self) -> str:
        """The condition."""
        return f"f.verified_on >= DATE '{self.day.isoformat()}'"


@dataclass(frozen=True, slots=True)
class Mask:
    """A column of the read model with the bits of one choice; several, when it is spread over columns."""

    bits: tuple[tuple[str, int], ...]

    @property
    def kind(self) -> Kind:
        """Of the masks of its columns."""
        return _MASKS[self.bits[0][0]]

    @property
    def sql(self) -> str:
        """The condition. Names of columns and numbers only."""
        return " OR ".join(f"f.{column} & {int(bits)} <> 0" for column, bits in self.bits if bits) or "false"


_MASKS = {
    **dict.fromkeys(("services_0", "services_1", "services_2"), Kind.SERVICES),
    "audiences": Kind.WELCOME,
    "languages": Kind.LANGUAGES,
    "access": Kind.ACCESS,
}


def mask_of(kind: str, codes: Iterable[str], vocabulary: Vocabulary) -> Mask:
    """Give the mask of any of `codes` of a parameter: `service`, `audience`, `language` or `access`."""
    if kind == "service":
        return Mask(tuple((f"services_{word}", mask) for word, mask in enumerate(vocabulary.mask(codes))))
    column = {"audience": "audiences", "language": "languages", "access": "access"}[kind]
    return Mask(((column, vocabulary.bits(kind, codes)),))


def total(asked: Asked, vocabulary: Vocabulary) -> Statement:
    """Give how many places there are in the list, as one number."""
    values: dict[str, Any] = {"layer": asked.layer}
    if (kind := _counted_by(asked.wanted)) is not None:
        sql, found = _among(asked.wanted, kind, vocabulary)
        kept = f"SELECT coalesce(sum(f.n), 0) FROM {census.source(kind)} WHERE {sql}"  # noqa: S608 - program text
        return Statement(kept, values | found)
    sizes = " + ".join(
        f"(SELECT count(*) FROM {source})"  # noqa: S608 - program text
        for source in sources_of(asked, vocabulary, values)
    )
    return Statement(f"SELECT {sizes}", values)


async def counts(
    connection: Executor, asked: Asked, vocabulary: Vocabulary, choices: Sequence[Choice]
) -> list[int]:
    """Count for each choice how many places of the list it would leave: by the census where nothing or what is of the same
    kind is asked for, the others in one walk over the list.
    """
    numbers: dict[int, int] = {}
    kinds: dict[Kind | None, list[int]] = {}
    for number, choice in enumerate(choices):
        counted = asked.wanted == Filter() or _counted_by(asked.wanted) is choice.kind
        kinds.setdefault(choice.kind if counted else None, []).append(number)
    for kind, which in kinds.items():
        asked_for = [choices[number] for number in which]
        if kind is None:
            statement = _walk(asked, vocabulary, asked_for)
        else:
            statement = _of_census(asked, vocabulary, asked_for, kind)
        numbers |= dict(zip(which, map(int, await statement.value(connection)), strict=True))
    return [numbers[number] for number in range(len(choices))]


def _of_census(asked: Asked, vocabulary: Vocabulary, choices: Sequence[Choice], kind: Kind) -> Statement:
    """The number of each choice of one kind, as an array, by what is kept of that kind."""
    sql, values = _among(asked.wanted, kind, vocabulary)
    each = ", ".join(f"coalesce(sum(f.n) FILTER (WHERE {choice.sql}), 0)" for choice in choices)
    kept = f"SELECT ARRAY[{each}] FROM {census.source(kind)} WHERE {sql}"  # noqa: S608 - program text
    return Statement(kept, {"layer": asked.layer} | values)


def _walk(asked: Asked, vocabulary: Vocabulary, choices: Sequence[Choice]) -> Statement:
    """The number of each choice, as an array, by looking at every place of the list once."""
    values: dict[str, Any] = {"layer": asked.layer}
    parts = [f"SELECT {_COUNTED} FROM {source}" for source in sources_of(asked, vocabulary, values)]  # noqa: S608 - program text
    each = ", ".join(f"count(*) FILTER (WHERE {choice.sql})" for choice in choices)
    return Statement(f"SELECT ARRAY[{each}] FROM ({' UNION ALL '.join(parts)}) f", values)  # noqa: S608 - program text


# What the conditions of all choices look at.
_COUNTED = (
    "f.services_0, f.services_1, f.services_2, f.audiences, f.audiences_preferred, f.audiences_only, f.for_everyone, f.languages,"
    " f.access, f.verified_on"
)


def _counted_by(wanted: Filter) -> Kind | None:
    """By which kind of the census a question is counted: one that asks for nothing, or for values of one kind alone."""
    asked = {
        Kind.SERVICES: Filter(services=wanted.services),
        Kind.WELCOME: Filter(audiences=wanted.audiences, audience_modes=wanted.audience_modes),
        Kind.LANGUAGES: Filter(languages=wanted.languages),
        Kind.ACCESS: Filter(access=wanted.access),
        Kind.CHECKED: Filter(checked_since=wanted.checked_since),
        Kind.ORGANISATION: Filter(organisation_id=wanted.organisation_id),
        Kind.OPEN: Filter(open_at=wanted.open_at),
        Kind.UNKNOWN: Filter(open_at=wanted.open_at, unknown_hours=True),
    }
    if wanted == Filter():
        return census.EVERY
    return next((kind for kind, alone in asked.items() if wanted == alone), None)


def _among(wanted: Filter, kind: Kind, vocabulary: Vocabulary) -> tuple[str, dict[str, Any]]:
    """The condition on the rows of that kind, which have the feature's columns; of moments, all until the one asked for."""
    if kind in (Kind.OPEN, Kind.UNKNOWN):
        # At no moment it is that of which nothing at all is known.
        until = wanted.open_at or dt.datetime.fromtimestamp(0, dt.UTC)
        return "f.at <= CAST(:open_at AS timestamptz)", {"open_at": until}
    sql, values = conditions(wanted, vocabulary)
    return " AND ".join(["true", *sql]), values
