"""What was on the map on a day: one feature, or a whole layer, from the versions that there were by then."""

import datetime as dt
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database
from app.db import session as transaction
from app.features.models import Revision
from app.moderation.past import OFF_THE_MAP, is_withheld

#: Features read together: few enough for flat memory, however large the layer is.
BATCH: Final = 500
_FIRST: Final = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Then:
    """A feature as it was: the version that was on the map, since when, and what it said.

    `content` is None where it told more of the place than may be told of it now, or of what it was merged into since.
    `live` is the content of today, or the last one of what is on the map no longer.
    """

    feature_id: uuid.UUID
    revision: int
    since: dt.datetime
    content: Mapping[str, Any] | None
    live: Mapping[str, Any]


async def revision_at(session: AsyncSession, feature_id: uuid.UUID, before: dt.datetime) -> int | None:
    """Give the number of the last version from before a moment; None where the feature was not there yet."""
    query = (
        select(Revision.number)
        .where(Revision.feature_id == feature_id, Revision.created_at < before)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    found: int | None = await session.scalar(query)
    return found


async def layer_at(
    session: AsyncSession,
    layer: str,
    before: dt.datetime,
    *,
    after: uuid.UUID = _FIRST,
    limit: int = BATCH,
) -> tuple[Sequence[Then], uuid.UUID | None]:
    """Give what of a layer was on the map just before a moment, by ids from `after` on, and where to go on.

    At most `limit` features are looked at, and those that were not on the map are left out of them.
    """
    given = {"layer": layer, "before": before, "after": after, "limit": limit}
    rows = (await session.execute(_LAYER, given)).all()
    found = [
        Then(
            row.id,
            row.number,
            row.created_at,
            None if any(is_withheld(row.content, live) for live in (row.live, *row.into)) else row.content,
            row.live,
        )
        for row in rows
        if row.number is not None and row.action not in OFF_THE_MAP and not row.merged
    ]
    return found, rows[-1].id if len(rows) == limit else None


async def whole_layer_at(db: Database, layer: str, before: dt.datetime) -> AsyncIterator[Sequence[Then]]:
    """Give the whole layer batch by batch, each in a transaction of its own: nobody waits for a slow reader.

    What has become a version before `before` stays as it was, so that the batches fit together.
    """
    after: uuid.UUID | None = _FIRST
    while after is not None:
        async with transaction(db) as session:
            found, after = await layer_at(session, layer, before, after=after)
        yield found


_LAYER = text(
    """
    SELECT f.id, f.content AS live, r.number, r.action, r.created_at, r.content,
      EXISTS (SELECT FROM core.merge m WHERE m.loser_id = f.id AND m.loser_revision = r.number) AS merged,
      ARRAY(
        WITH RECURSIVE way AS (
          SELECT f.merged_into AS id, 1 AS steps
          UNION ALL
          SELECT o.merged_into, way.steps + 1 FROM way JOIN core.feature o ON o.id = way.id WHERE way.steps < 20
        )
        SELECT jsonb_build_object('place', o.content -> 'place') FROM way JOIN core.feature o ON o.id = way.id
      ) AS into
    FROM (
      SELECT id, content, merged_into FROM core.feature WHERE layer = :layer AND id > :after ORDER BY id LIMIT :limit
    ) f
    LEFT JOIN LATERAL (
      SELECT number, action, created_at, content FROM core.revision
      WHERE feature_id = f.id AND created_at < :before ORDER BY number DESC LIMIT 1
    ) r ON true
    ORDER BY f.id
    """
)
