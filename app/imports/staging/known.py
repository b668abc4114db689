"""What is here already of the rows of a source: the places that they are, what the source last said, what was turned down."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.history import BY_SOURCE
from app.features.models import FeatureState

#: As it stands in the history of a place.
UNDONE: Final = "The decision was undone."


#: A place off the map: its id, version and content.
Gone = tuple[uuid.UUID, int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Live:
    """A place as it is now, as it was last decided about, and when people last found it true. `merged` says that the row's own place leads to it.

    A decision of this desk that was taken back is none: `decided` is the version before it.
    """

    feature_id: uuid.UUID
    published: bool
    revision: int
    content: dict[str, Any]
    decided: int
    decided_at: dt.datetime
    checked_at: dt.datetime | None = None
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The place that a row is for certain, by `how`: link, source, id; what the source said last, at which version, and when.

    `as_of` is the day of which it said that, None where only the moment is known at which we took it.
    """

    live: Live
    how: str
    said: dict[str, Any] | None = None
    said_at: int | None = None
    as_of: dt.date | None = None
    taken_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What waits of a row, or was turned down here and not taken since: `code` is waits, rejected or skipped."""

    code: str
    content: dict[str, Any]


async def known_places(
    session: AsyncSession, layer: str, source: str, ids: Sequence[str]
) -> dict[str, Known]:
    """Give the places of rows by the rows' ids: linked before, of this source, or named by our own id."""
    if not ids:
        return {}
    asked = {"layer": layer, "source": source, "ids": list(ids)}
    found: dict[str, Known] = {}
    for row in await session.execute(_KNOWN, asked | _DECIDED):
        said = row.said if row.how != "id" else None
        said_at = row.said_at if said is not None else None
        found[row.source_id] = Known(_live(row), row.how, said, said_at, row.as_of, row.taken_at)
    return found


async def live_of(session: AsyncSession, feature_id: uuid.UUID) -> Live | None:
    """Give a place as it is now, or the one that it leads to; None for what is invented, which is beside nothing real."""
    return (await lives_of(session, [feature_id])).get(feature_id)


async def lives_of(session: AsyncSession, feature_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Live]:
    """Give, by the ids that were asked for, what `live_of` gives; those that it has nothing for are left out."""
    if not feature_ids:
        return {}
    rows = await session.execute(_LIVE, {"ids": list(feature_ids)} | _DECIDED)
    return {row.feature_id: _live(row) for row in rows}


def _live(row: Row[Any]) -> Live:
    return Live(
        row.id,
        row.state == FeatureState.PUBLISHED,
        row.revision,
        row.content,
        row.decided,
        row.decided_at,
        row.checked_at,
        row.id != row.feature_id,
    )


async def refusals(
    session: AsyncSession, layer: str, source: str, ids: Sequence[str]
) -> Mapping[str, Refusal]:
    """Give what was last turned down of rows here, by their ids: at this desk or in the queue."""
    rows = await session.execute(_REFUSED, {"layer": layer, "source": source, "ids": list(ids)})
    return {row.source_id: Refusal(row.code, row.content) for row in rows}


async def linked_rows(
    session: AsyncSession, layer: str, source: str, feature_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, set[str]]:
    """Give, by the ids of places, those of the rows of a source that are this place."""
    linked: dict[uuid.UUID, set[str]] = {key: set() for key in feature_ids}
    if not linked:
        return linked
    for row in await session.execute(_LINKED, {"layer": layer, "source": source, "ids": list(linked)}):
        linked[row.feature_id].add(row.source_id)
    return linked


async def off_the_map(
    session: AsyncSession, layer: str, contents: Mapping[int, Mapping[str, Any]]
) -> Mapping[int, Sequence[Gone]]:
    """Give, by the contents' numbers, places that were taken off the map and share a contact, a page or a name with one.

    One statement for all contents, of whatever file.
    """
    found: dict[int, list[Gone]] = defaultdict(list)
    if asked := [{"number": number, "marks": _marks(content)} for number, content in contents.items()]:
        values = {"layer": layer, "asked": orjson.dumps(asked).decode()}
        for row in await session.execute(_OFF_THE_MAP, values):
            found[row.number].append((row.id, row.revision, row.content))
    return found


def _marks(content: Mapping[str, Any]) -> list[str]:
    """By what a place off the map is found again, as `core.found_again_by` has it."""
    contacts = [one["value"] for one in content.get("contacts", ())]
    website = [content["website"]] if content.get("website") else []
    return [*contacts, *content["name"]["texts"].values(), *website]


#: What is no decision of people here: what was taken back, and the checks of sources.
_DECIDED: Final = {"undone": UNDONE, "by_source": sorted(BY_SOURCE)}
# Of one place, for it is looked up by its id whatever statistics know: what was merged leads to another one, which may have
# been merged as well.
_LIVE_OF: Final = """
    WITH RECURSIVE led AS (
      SELECT id, merged_into, 1 AS step FROM core.feature WHERE id = {id}
      UNION ALL
      SELECT f.id, f.merged_into, led.step + 1 FROM led JOIN core.feature f ON f.id = led.merged_into
      WHERE led.step < 20
    )
    SELECT f.id, f.state, f.revision, f.content,
      coalesce(r.number, f.revision) AS decided, coalesce(r.created_at, f.updated_at) AS decided_at,
      CASE WHEN f.verified_how <> ALL(CAST(:by_source AS text[])) THEN f.verified_at END AS checked_at
    FROM (SELECT id FROM led ORDER BY step DESC LIMIT 1) last JOIN core.feature f USING (id)
    LEFT JOIN LATERAL (
      SELECT r.number, r.created_at FROM core.revision r
      WHERE r.feature_id = f.id AND NOT EXISTS (
        SELECT FROM core.revision given JOIN core.revision back
          ON back.feature_id = given.feature_id AND back.number = given.number + 1
        WHERE given.feature_id = f.id AND r.number IN (given.number, back.number)
          AND given.action = 'import' AND back.action = 'revert' AND back.reason = :undone
      )
      ORDER BY r.number DESC LIMIT 1
    ) r ON true
    WHERE NOT f.example
"""
_LIVE = text(
    f"""
    SELECT asked.feature_id, live.* FROM unnest(CAST(:ids AS uuid[])) AS asked (feature_id)
    CROSS JOIN LATERAL ({_LIVE_OF.format(id="asked.feature_id")}) live
    """  # noqa: S608 - program text
)
_KNOWN = text(
    rf"""
    SELECT known.*, live.* FROM (
      SELECT DISTINCT ON (source_id) * FROM (
        SELECT asked.id AS source_id, l.feature_id, 'link' AS how, l.content AS said, l.revision AS said_at,
          l.as_of, l.at AS taken_at, 1 AS rank
        FROM unnest(CAST(:ids AS text[])) AS asked (id)
        JOIN core.import_link l ON l.layer = :layer AND l.source = :source AND l.source_id = asked.id
        UNION ALL
        SELECT asked.id, f.id, 'source', last.content, last.number, NULL, last.checked_at, 2
        FROM unnest(CAST(:ids AS text[])) AS asked (id)
        JOIN core.feature f ON f.layer = :layer AND f.source = :source AND f.source_id = asked.id
        LEFT JOIN LATERAL (
          SELECT coalesce(s.content, r.content) AS content, r.number, coalesce(r.verified_at, r.created_at) AS checked_at
          FROM core.revision r LEFT JOIN core.submission s ON s.id = r.submission_id
          WHERE r.feature_id = f.id AND (r.action = 'import' OR s.channel = 'import')
          ORDER BY r.number DESC LIMIT 1
        ) last ON true
        UNION ALL
        SELECT asked.id, f.id, 'id', NULL, NULL, NULL, NULL, 3
        FROM unnest(CAST(:ids AS text[])) AS asked (id)
        JOIN core.feature f
          ON f.id = CASE WHEN asked.id ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN CAST(asked.id AS uuid) END
          AND f.layer = :layer
      ) found
      ORDER BY source_id, rank
    ) known
    CROSS JOIN LATERAL ({_LIVE_OF.format(id="known.feature_id")}) live
    """  # noqa: S608 - program text
)
_REFUSED = text(
    """
    SELECT DISTINCT ON (source_id) source_id, code, content FROM (
      SELECT s.source_id, s.content, s.created_at AS at,
        CASE WHEN s.state IN ('pending', 'needs_changes') THEN 'waits' ELSE 'rejected' END AS code
      FROM core.submission s
      WHERE s.source = :source AND s.source_id = ANY(CAST(:ids AS text[])) AND s.layer = :layer
        AND s.state IN ('pending', 'needs_changes', 'rejected', 'spam')
      UNION ALL
      SELECT r.source_id, r.content, r.decided_at, 'skipped'
      FROM core.import_row r
      WHERE r.decision = 'skipped' AND r.source = :source AND r.source_id = ANY(CAST(:ids AS text[]))
        AND r.layer = :layer
    ) found
    WHERE NOT EXISTS (
      SELECT FROM core.import_link l
      WHERE l.layer = :layer AND l.source = :source AND l.source_id = found.source_id AND l.at >= found.at
    )
    ORDER BY source_id, at DESC
    """
)
_LINKED = text(
    """
    SELECT feature_id, source_id FROM core.import_link
    WHERE layer = :layer AND source = :source AND feature_id = ANY(CAST(:ids AS uuid[]))
    UNION
    SELECT id, source_id FROM core.feature WHERE id = ANY(CAST(:ids AS uuid[])) AND source = :source
    """
)
# Each content looks by itself into the index of what is off the map. OFFSET 0 keeps the layer and the order out of it:
# where statistics know of nothing off the map, an index that leads to all of it seems as good.
_OFF_THE_MAP = text(
    """
    SELECT asked.number, f.id, f.revision, f.content
    FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS asked (number integer, marks text[])
    CROSS JOIN LATERAL (
      SELECT id, revision, content FROM (
        SELECT id, layer, revision, content FROM core.feature
        WHERE state = 'unpublished' AND merged_into IS NULL AND core.found_again_by(content) ?| asked.marks
        OFFSET 0
      ) gone
      WHERE layer = :layer ORDER BY id LIMIT 20
    ) f
    ORDER BY asked.number, f.id
    """
)
