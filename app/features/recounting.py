"""After an area that the desk keeps has changed: the places in it are found, a batch in a transaction, and then it is offered.

Whoever publishes after the change sees the new outline by itself; whoever had begun before is waited for, as the version of the
layer is theirs till they end. So the list of places to look at misses none.
"""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.gazetteer_loading import recode_places_of
from app.areas.kept_models import KeptArea
from app.areas.told import count_change
from app.db import Database, may_take, session
from app.features.layer import Layer
from app.features.made_before import drop_made
from app.features.reindexing import RENEWED_TOGETHER, renew
from app.features.setting import Setting
from app.features.versions import advance

#: What waits at the desk is located anew in one statement.
TIMEOUT_S = 600


async def recount_area(
    db: Database, setting: Setting, layers: Mapping[str, Layer], code: str, version: int
) -> int:
    """Find the places of an area that lies or lay there, and offer it at the end; give how many were looked at.

    A later version of the area has a job of its own: this one ends where it meets one. Begun again, it does all again.
    """
    found: dict[str, Sequence[uuid.UUID]] = {}
    async with session(db) as s:
        if not await _is_current(s, code, version):
            return 0
        for key in sorted(layers):
            await advance(s, key)
            found[key] = (await s.scalars(_CONCERNED, {"layer": key, "code": code})).all()
        total = sum(map(len, found.values()))
        await s.execute(_BEGUN, {"code": code, "total": total})
    done = 0
    for key, ids in found.items():
        for start in range(0, len(ids), RENEWED_TOGETHER):
            batch = ids[start : start + RENEWED_TOGETHER]
            async with session(db) as s:
                if not await _is_current(s, code, version):
                    return done
                await _look_at(s, setting, layers[key], batch)
                done += len(batch)
                await s.execute(_LOOKED_AT, {"code": code, "done": done})
    async with session(db) as s:
        await may_take(s, TIMEOUT_S)
        await recode_places_of(s, code)
        await s.execute(text("SELECT core.locate_submissions()"))
        # Last, since whoever changes the area waits for its row.
        if await s.scalar(_DONE, {"code": code, "version": version}) is not None:
            await s.execute(
                text("UPDATE published.area SET offered = true WHERE code = :code AND kept"), {"code": code}
            )
            await count_change(s)
    return done


async def _is_current(session: AsyncSession, code: str, version: int) -> bool:
    kept = await session.get(KeptArea, code)
    return kept is not None and kept.version == version and kept.counting


async def _look_at(session: AsyncSession, setting: Setting, layer: Layer, ids: Sequence[uuid.UUID]) -> None:
    await advance(session, layer.key)
    # What was taken down until it was our turn is left alone.
    there = (await session.scalars(_STILL_THERE, {"ids": list(ids)})).all()
    await drop_made(session, there)
    await renew(session, setting, layer, there)
    await session.execute(text("SELECT pg_notify('published', :layer)"), {"layer": layer.key})


# Those that say so, those that lie in it, and of a union those of its units: what lies outside all outlines is counted to one.
_CONCERNED = text(
    """
    SELECT f.id FROM published.feature f WHERE f.layer = :layer AND f.id IN (
      SELECT id FROM published.feature WHERE area_codes @> ARRAY[CAST(:code AS text)]
      UNION
      SELECT g.id FROM published.area_part part JOIN published.feature g ON ST_Intersects(part.geom, g.geom)
      WHERE part.area_code = :code
      UNION
      SELECT h.id FROM published.feature h
      WHERE h.area_codes && ARRAY(
        SELECT u.code FROM published.area k
        JOIN published.area_part part ON part.area_code = k.code
        JOIN published.area u ON ST_Intersects(part.geom, u.label)
        WHERE k.code = :code AND k.members IS NOT NULL AND u.level IN ('gmina', 'uat')))
    ORDER BY f.id
    """
)
_STILL_THERE = text("SELECT id FROM published.feature WHERE id = ANY(:ids) ORDER BY id")
_BEGUN = text("UPDATE core.kept_area SET to_count = :total, looked_at = 0 WHERE code = :code")
_LOOKED_AT = text("UPDATE core.kept_area SET looked_at = :done WHERE code = :code")
_DONE = text(
    """
    UPDATE core.kept_area SET counting = false, to_count = NULL, looked_at = 0
    WHERE code = :code AND version = :version RETURNING code
    """
)
