"""Files that were made of published features beforehand: what holds a feature is dropped when it changes or goes."""

import uuid
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.published_models import NO_POSITION
from app.jobs import defer

#: The task that drops them (app/exports/dropping.py).
DROP = "exports.drop"

# An organisation's name stands in the entries of its places. Of what has no position the units around it count, and
# of a protected place the area that is published for it.
_AREAS = text(
    """
    SELECT f.qk <> :no_position AS placed, array_agg(DISTINCT given.code ORDER BY given.code) AS codes
    FROM published.feature f, unnest(f.area_codes || CASE
      WHEN f.qk = :no_position AND f.disclosure <> 'exact'
      THEN ARRAY[CAST(f.whole AS jsonb) #>> '{properties,place,area,code}'] END) AS given (code)
    WHERE (f.id = ANY(:ids) OR f.organisation_id = ANY(:ids)) AND given.code IS NOT NULL
    GROUP BY 1
    """
)


async def drop_made(session: AsyncSession, ids: Collection[uuid.UUID]) -> None:
    """Have the files dropped that hold the features as they are published now; before they change, in their transaction."""
    if not ids:
        return
    rows = await session.execute(_AREAS, {"ids": list(ids), "no_position": NO_POSITION})
    found = {row.placed: list(row.codes) for row in rows}
    if found:
        await defer(session, DROP, inside=found.get(True, []), around=found.get(False, []))
