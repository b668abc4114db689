"""How many places a list has, and how many each further choice would leave: by the census where it knows, else by a walk over them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from app.db import Executor
from app.features import census
from app.features.census import Kind
from app.features.filters import Filter, conditions
from app.features.listing import Asked, sources_of
from app.features.published import FENCE
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
        which.sort(key=lambda number: choices[number].kind)
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
    kept = f"SELECT ARRAY[{_numbers(kind, choices)}] FROM {census.source(kind)} WHERE {sql}"  # noqa: S608 - program text
    return Statement(kept, {"layer": asked.layer} | values)


def _walk(asked: Asked, vocabulary: Vocabulary, choices: Sequence[Choice]) -> Statement:
    """The number of each choice, which come kind by kind, as an array, by looking at every place of the list once.

    As for the census, distinct values are counted first: there are far fewer of them than places, and three hundred choices
    look at each.
    """
    values: dict[str, Any] = {"layer": asked.layer}
    kinds = list(dict.fromkeys(choice.kind for choice in choices))
    columns = ", ".join(f"f.{column}" for kind in kinds for column in _LOOKED_AT[kind])
    parts = [f"SELECT {columns} FROM {source}" for source in sources_of(asked, vocabulary, values)]  # noqa: S608 - program text
    sets = ", ".join(f"({', '.join(f'f.{column}' for column in _LOOKED_AT[kind])})" for kind in kinds)
    # A column that a set does not have is NULL in its rows, as an unknown day is: this tells the sets apart.
    firsts = ", ".join(f"f.{_LOOKED_AT[kind][0]}" for kind in kinds)
    grouped = (
        f"SELECT {columns}, GROUPING({firsts}) AS other, count(*) AS n"  # noqa: S608 - program text
        f" FROM ({' UNION ALL '.join(parts)}) f GROUP BY GROUPING SETS ({sets})"
    )
    each = [
        f"(SELECT ARRAY[{_numbers(kind, choices)}] FROM grouped f WHERE f.other = {(1 << len(kinds)) - 1 ^ 1 << bit})"  # noqa: S608 - program text
        for bit, kind in zip(reversed(range(len(kinds))), kinds, strict=True)
    ]
    return Statement(f"WITH grouped AS MATERIALIZED ({grouped}) SELECT {' || '.join(each)}", values)


def _numbers(kind: Kind, choices: Sequence[Choice]) -> str:
    """SQL of the numbers of the choices of a kind, of rows `f` with `n`."""
    return ", ".join(
        f"coalesce(sum(f.n) FILTER (WHERE {choice.sql}), 0)" for choice in choices if choice.kind is kind
    )


#: The columns that choices of a kind look at.
_LOOKED_AT: Final = {
    Kind.SERVICES: ("services_0", "services_1", "services_2"),
    Kind.WELCOME: ("audiences", "audiences_preferred", "audiences_only", "for_everyone"),
    Kind.LANGUAGES: ("languages",),
    Kind.ACCESS: ("access",),
    Kind.CHECKED: ("verified_on",),
}


async def open_counts(
    connection: Executor, asked: Asked, vocabulary: Vocabulary, moments: Sequence[dt.datetime], *, many: bool
) -> list[int]:
    """Count how many places of a list are open at each moment: by the census where it knows; of moments close together in
    one walk. `many` says that there are many places in the list; the numbers are the same.
    """
    numbers: dict[dt.datetime, int] = {}
    for close in _close_together(moments):
        if _counted_by(replace(asked.wanted, open_at=close[0])) is None:
            found = await _open_at(asked, vocabulary, close, many=many).value(connection)
        else:
            at = [replace(asked, wanted=replace(asked.wanted, open_at=moment)) for moment in close]
            found = [await total(one, vocabulary).value(connection) for one in at]
        numbers |= dict(zip(close, map(int, found), strict=True))
    return [numbers[moment] for moment in moments]


#: What is open within so many hours is read at once. In more of them more is open that is asked for by no moment.
_CLOSE: Final = dt.timedelta(hours=3)


def _close_together(moments: Sequence[dt.datetime]) -> list[list[dt.datetime]]:
    """The moments without repetition, ascending, those that are close together in one list."""
    lists: list[list[dt.datetime]] = []
    for moment in sorted(set(moments)):
        if lists and moment - lists[-1][0] <= _CLOSE:
            lists[-1].append(moment)
        else:
            lists.append([moment])
    return lists


def _open_at(
    asked: Asked, vocabulary: Vocabulary, moments: Sequence[dt.datetime], *, many: bool
) -> Statement:
    """The number of places of a list that are open at each of ascending moments, as an array.

    The hours of a few places are looked up by the places. For many of them everything that is open then is gathered first:
    how many places lie in the ranges of a box is nothing that the server could guess.
    """
    values: dict[str, Any] = {"layer": asked.layer, "first": moments[0], "last": moments[-1]}
    parts = [f"SELECT f.id FROM {source}" for source in sources_of(asked, vocabulary, values)]  # noqa: S608 - program text
    names = [f"moment_{number}" for number in range(len(moments))]
    values |= dict(zip(names, moments, strict=True))
    is_open = ", ".join(f"bool_or(o.span @> CAST(:{name} AS timestamptz)) AS {name}" for name in names)
    opened = (
        f"SELECT o.feature_id, {is_open} FROM published.opening o WHERE o.state = 'open'"  # noqa: S608 - program text
        " AND o.span && tstzrange(CAST(:first AS timestamptz), CAST(:last AS timestamptz), '[]')"
    )
    places = f"({' UNION ALL '.join(parts)}) f"
    each = ", ".join(f"count(*) FILTER (WHERE o.{name})" for name in names)
    joined = (
        f"{places} JOIN ({opened} GROUP BY o.feature_id {FENCE}) o ON o.feature_id = f.id"
        if many
        else f"{places} CROSS JOIN LATERAL ({opened} AND o.feature_id = f.id GROUP BY o.feature_id) o"
    )
    return Statement(f"SELECT ARRAY[{each}] FROM {joined}", values)  # noqa: S608 - program text


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
