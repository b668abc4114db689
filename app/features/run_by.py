"""Who runs the places of a list: organisations with how many of its places are theirs, and organisations by name."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.db import Executor
from app.features import census
from app.features.census import Kind
from app.features.filters import Filter, tsquery
from app.features.listing import Asked, in_name, sources_of
from app.taxonomy.vocabulary import Vocabulary
from geo.names import fold_name

#: A typed name of so many letters at least is looked for.
SHORTEST = 2
#: From this likeness on an organisation is offered whose name is only spelt like what was typed.
ALIKE = 0.25


@dataclass(frozen=True, slots=True)
class Runner:
    """A published organisation: its names by language beside its own, and how many places of a list it runs, where that
    was counted.
    """

    id: uuid.UUID
    name: str
    names: Mapping[str, str]
    count: int | None = None

    def name_in(self, language: str) -> str:
        """The name for a reader: in their language, or as it was given."""
        return self.names.get(language, self.name)


# Of an organisation that is not published, or no longer, nobody may read here that it runs something.
_RUNNER = "published.feature o ON o.id = n.id AND o.layer = 'organisations'"
_NAMES = "coalesce(CAST(o.slim AS json) #> '{properties,names}', '{}')"


async def who_runs(
    connection: Executor,
    asked: Asked,
    vocabulary: Vocabulary,
    *,
    limit: int,
    only: Collection[uuid.UUID] | None = None,
) -> list[Runner]:
    """Give the organisations that run most of the places of a list, by their number and then by name.

    `only` leaves out all others. One walk over what fits, unless nothing is asked for: that is kept.
    """
    values: dict[str, Any] = {"layer": asked.layer, "limit": limit}
    theirs = "f.organisation_id IS NOT NULL"
    if only is not None:
        theirs = "f.organisation_id = ANY(:only)"
        values["only"] = list(only)
    counted = f"SELECT f.organisation_id AS id, f.n FROM {census.source(Kind.ORGANISATION)} WHERE {theirs}"  # noqa: S608 - program text
    if asked.wanted != Filter():
        counted = _walk(asked, vocabulary, values, theirs)
    rows = await connection.execute(
        text(
            f"SELECT o.id, o.name, {_NAMES} AS names, n.n FROM ({counted}) n JOIN {_RUNNER}"  # noqa: S608 - program text
            " ORDER BY n.n DESC, o.name, o.id LIMIT :limit"
        ),
        values,
    )
    return [Runner(row.id, row.name, row.names, row.n) for row in rows]


def _walk(asked: Asked, vocabulary: Vocabulary, values: dict[str, Any], theirs: str) -> str:
    """SQL of the organisations and their numbers, by all that fits."""
    every = " UNION ALL ".join(
        f"SELECT f.organisation_id FROM {source} AND {theirs}"  # noqa: S608 - program text
        for source in sources_of(asked, vocabulary, values)
    )
    return f"SELECT f.organisation_id AS id, count(*) AS n FROM ({every}) f GROUP BY f.organisation_id"  # noqa: S608 - program text


async def find_runner(connection: Executor, organisation_id: uuid.UUID) -> Runner | None:
    """Give the organisation of an id; None when the public cannot see it."""
    rows = await _organisations(connection, "o.id = :id", {"id": organisation_id}, limit=1)
    return rows[0] if rows else None


async def find_runners(connection: Executor, typed: str, *, limit: int) -> list[Runner]:
    """Give the organisations whose names have all the words of a text, the last one begun; by name."""
    words = tsquery(typed)
    if len(fold_name(typed)) < SHORTEST or not words:
        return []
    named = "o.search @@ to_tsquery('simple', :words)"
    return await _organisations(connection, named, {"words": in_name(words)}, limit=limit)


async def runners_alike(connection: Executor, typed: str, *, limit: int) -> list[Runner]:
    """Give the organisations whose names are the most like a text that names none, the likeliest first."""
    if len(fold_name(typed)) < SHORTEST:
        return []
    likeness = "word_similarity(CAST(:typed AS text), lower(o.name))"
    return await _organisations(
        connection,
        f"{likeness} >= :alike",
        {"typed": typed.lower(), "alike": ALIKE},
        limit=limit,
        order=f"{likeness} DESC",
    )


def named_exactly(runners: Sequence[Runner], typed: str) -> list[Runner]:
    """Those whose name, in any language, is what was typed."""
    folded = fold_name(typed)
    return [one for one in runners if folded in {fold_name(name) for name in (one.name, *one.names.values())}]


async def anybody_runs(connection: Executor) -> bool:
    """Whether any place has an organisation behind it."""
    found = await connection.execute(
        text("SELECT EXISTS (SELECT FROM published.feature WHERE organisation_id IS NOT NULL)")
    )
    return bool(found.scalar_one())


async def _organisations(
    connection: Executor, condition: str, values: Mapping[str, Any], *, limit: int, order: str = "o.name"
) -> list[Runner]:
    rows = await connection.execute(
        text(
            f"SELECT o.id, o.name, {_NAMES} AS names FROM published.feature o"  # noqa: S608 - program text
            f" WHERE o.layer = 'organisations' AND {condition} ORDER BY {order}, o.id LIMIT :limit"
        ),
        {**values, "limit": limit},
    )
    return [Runner(row.id, row.name, row.names) for row in rows]
