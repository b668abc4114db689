"""What is here already of the rows of a source: the places that they are, what the source last said, what was turned down."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import FeatureState


@dataclass(frozen=True, slots=True)
class Live:
    """A place as it is now. `merged` says that the row's own place leads to it."""

    feature_id: uuid.UUID
    published: bool
    revision: int
    content: dict[str, Any]
    changed_at: Any
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The place that a row is for certain, by `how`: link, source, id; what the source said last, and at which version."""

    live: Live
    how: str
    said: dict[str, Any] | None = None
    said_at: int | None = None


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
    rows = await session.execute(_KNOWN, {"layer": layer, "source": source, "ids": list(ids)})
    found: dict[str, Known] = {}
    for row in rows:
        live = await live_of(session, row.feature_id)
        if live is not None:
            said = row.said if row.how != "id" else None
            found[row.source_id] = Known(live, row.how, said, row.said_at if said is not None else None)
    return found


async def live_of(session: AsyncSession, feature_id: uuid.UUID) -> Live | None:
    """Give a place as it is now, or the one that it leads to; None for what is invented, which is beside nothing real."""
    row = (await session.execute(_LIVE, {"id": feature_id})).one_or_none()
    if row is None:
        return None
    published = row.state == FeatureState.PUBLISHED
    return Live(row.id, published, row.revision, row.content, row.updated_at, row.id != feature_id)


async def refusals(
    session: AsyncSession, layer: str, source: str, ids: Sequence[str]
) -> Mapping[str, Refusal]:
    """Give what was last turned down of rows here, by their ids: at this desk or in the queue."""
    rows = await session.execute(_REFUSED, {"layer": layer, "source": source, "ids": list(ids)})
    return {row.source_id: Refusal(row.code, row.content) for row in rows}


async def linked_rows(session: AsyncSession, source: str, feature_id: uuid.UUID) -> set[str]:
    """Give the ids of the rows of a source that are a place."""
    rows = await session.scalars(_LINKED, {"source": source, "id": feature_id})
    return set(rows.all())


async def off_the_map(
    session: AsyncSession, layer: str, content: Mapping[str, Any]
) -> list[tuple[uuid.UUID, int, dict[str, Any]]]:
    """Give places that were taken off the map and share a contact, a page, or a name with a content."""
    rows = await session.execute(
        _OFF_THE_MAP,
        {
            "layer": layer,
            "contacts": [one["value"] for one in content.get("contacts", ())],
            "website": content.get("website", ""),
            "names": list(content["name"]["texts"].values()),
        },
    )
    return [(row.id, row.revision, row.content) for row in rows]


_KNOWN = text(
    r"""
    SELECT DISTINCT ON (source_id) * FROM (
      SELECT asked.id AS source_id, l.feature_id, 'link' AS how, l.content AS said, l.revision AS said_at, 1 AS rank
      FROM unnest(CAST(:ids AS text[])) AS asked (id)
      JOIN core.import_link l ON l.source = :source AND l.source_id = asked.id
      UNION ALL
      SELECT asked.id, f.id, 'source', last.content, last.number, 2
      FROM unnest(CAST(:ids AS text[])) AS asked (id)
      JOIN core.feature f ON f.source = :source AND f.source_id = asked.id AND f.layer = :layer
      LEFT JOIN LATERAL (
        SELECT coalesce(s.content, r.content) AS content, r.number
        FROM core.revision r LEFT JOIN core.submission s ON s.id = r.submission_id
        WHERE r.feature_id = f.id AND (r.action = 'import' OR s.channel = 'import')
        ORDER BY r.number DESC LIMIT 1
      ) last ON true
      UNION ALL
      SELECT asked.id, f.id, 'id', NULL, NULL, 3
      FROM unnest(CAST(:ids AS text[])) AS asked (id)
      JOIN core.feature f
        ON f.id = CASE WHEN asked.id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN CAST(asked.id AS uuid) END
        AND f.layer = :layer
    ) found
    ORDER BY source_id, rank
    """
)
# What was merged leads to another one, which may have been merged as well.
_LIVE = text(
    """
    WITH RECURSIVE led AS (
      SELECT id, merged_into, 1 AS step FROM core.feature WHERE id = :id
      UNION ALL
      SELECT f.id, f.merged_into, led.step + 1 FROM led JOIN core.feature f ON f.id = led.merged_into
      WHERE led.step < 20
    )
    SELECT f.id, f.state, f.revision, f.content, f.updated_at
    FROM (SELECT id FROM led ORDER BY step DESC LIMIT 1) last JOIN core.feature f USING (id)
    WHERE NOT f.example
    """
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
      SELECT FROM core.import_link l WHERE l.source = :source AND l.source_id = found.source_id AND l.at >= found.at
    )
    ORDER BY source_id, at DESC
    """
)
_LINKED = text(
    """
    SELECT source_id FROM core.import_link WHERE source = :source AND feature_id = :id
    UNION
    SELECT source_id FROM core.feature WHERE id = :id AND source = :source
    """
)
# Few are off the map: the index by layer and state leads to them.
_OFF_THE_MAP = text(
    """
    SELECT id, revision, content FROM core.feature
    WHERE layer = :layer AND state = 'unpublished' AND merged_into IS NULL AND (
      jsonb_path_query_array(content, '$.contacts[*].value') ?| CAST(:contacts AS text[])
      OR (content ? 'website' AND content ->> 'website' = :website)
      OR EXISTS (SELECT FROM jsonb_each_text(content -> 'name' -> 'texts') n WHERE n.value = ANY(CAST(:names AS text[])))
    )
    ORDER BY id LIMIT 20
    """
)
