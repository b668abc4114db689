"""An administrator says of a unit how many people live there, or what it is called: what is published of protected places in it follows.

A protected place is published by a unit of at least 20,000 people (`app.areas.protection`). Where a unit is found to be smaller, every row that
points to it points to a larger one from the same transaction on: there is no moment at which somebody reads the smaller one.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.areas.told import Told, tell
from app.features.layer import Layer
from app.features.made_before import drop_made
from app.features.reindexing import RENEWED_TOGETHER, renew
from app.features.revisions import hold_layers
from app.features.setting import Setting

_NOTIFY = text("SELECT pg_notify('published', :layer)")


async def tell_area(
    session: AsyncSession,
    setting: Setting,
    layers: Mapping[str, Layer],
    code: str,
    told: Told,
    *,
    version: int,
    by: Actor,
    act: str = "changed",
) -> bool:
    """Say something else of a unit that a file gave; whether anything is another now. `app.areas.told.tell` says what it raises."""
    # Nobody publishes by the old number meanwhile: whoever comes after us waits, and reads the new one.
    await hold_layers(session, sorted(layers))
    changed = await tell(session, code, told, version=version, by=by, today=setting.today)
    if "population" in changed:
        for key in sorted(layers):
            await _renew_protected(session, setting, layers[key], code)
    if changed:
        record(session, by, f"area.{act}", "area", code, fields=changed, **_number(told, changed))
    return bool(changed)


def _number(told: Told, changed: Sequence[str]) -> dict[str, int | str | None]:
    if "population" not in changed:
        return {}
    day: dt.date | None = told.population_on
    return {
        "population": told.population,
        "source": told.population_source,
        "day": day.isoformat() if day else None,
    }


async def _renew_protected(session: AsyncSession, setting: Setting, layer: Layer, code: str) -> None:
    """Write anew every protected place that is published by the unit, or that lies in it and is published by a larger one."""
    ids: list[uuid.UUID] = [*(await session.scalars(_PROTECTED, {"layer": layer.key, "code": code})).all()]
    for start in range(0, len(ids), RENEWED_TOGETHER):
        batch = ids[start : start + RENEWED_TOGETHER]
        await drop_made(session, batch)
        await renew(session, setting, layer, batch)
    await session.execute(_NOTIFY, {"layer": layer.key})


_PROTECTED = text(
    """
    SELECT p.id FROM published.feature p JOIN core.feature f ON f.id = p.id
    WHERE p.layer = :layer AND p.qk = -1 AND p.disclosure <> 'exact' AND (
      p.area_codes @> ARRAY[CAST(:code AS text)]
      OR CAST(p.whole AS jsonb) #>> '{properties,place,area,code}' = :code
      OR jsonb_exists_any(
        jsonb_path_query_array(f.content, 'lax $.**.code'),
        ARRAY(SELECT unnest(ARRAY[a.code, a.stable_code]) FROM published.area a
              WHERE a.code = :code OR a.ancestors @> ARRAY[CAST(:code AS text)])))
    ORDER BY p.id
    """
)
