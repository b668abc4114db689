"""One feature led to another: off the map under its own id, which answers with the other from then on; and back again."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.db import Executor
from app.features.disclosure import disclosure_of_services, is_too_open
from app.features.facets import Disclosure
from app.features.layer import Layer
from app.features.made_before import drop_made
from app.features.models import FeatureState
from app.features.place import strictest
from app.features.protected import protected_content, streets_of
from app.features.read_model import withdraw
from app.features.revisions import NewRevision, tell, write_revisions
from app.features.setting import Setting
from app.features.showing import show_again
from app.features.spine import Spine
from app.features.statement import Statement

MERGE = "merge"
UNMERGE = "unmerge"


async def lead_to(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    loser: Spine,
    winner_id: uuid.UUID,
    *,
    actor: Actor,
    reason: str | None,
    openly: bool,
) -> Spine:
    """Take a published feature off the map as the same as another one, and give it as it is then.

    The caller holds the layer and both features, and publishes the other one afterwards. Only `openly` the public is
    led from one to the other: whoever knew where the one was must not learn by it where a protected one is.
    """
    spine = replace(loser, revision=loser.revision + 1, updated_at=setting.now)
    await write_revisions(session, FeatureState.UNPUBLISHED, [NewRevision(spine)], actor, MERGE, reason)
    await session.execute(_LEAD, {"id": spine.id, "winner": winner_id})
    await drop_made(session, [spine.id])
    await withdraw(session, setting.vocabulary, [spine.id])
    await tell(session, layer.key, [spine.id], "removed")
    if openly:
        given = {"id": spine.id, "layer": layer.key, "winner": winner_id}
        await session.execute(_LEAD_OPENLY, given)
    return spine


async def lead_back(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    loser: Spine,
    *,
    actor: Actor,
    reason: str | None,
    least: Disclosure,
) -> Spine:
    """Put a feature that was led to another one back on the map as it was, and give it as it is then.

    The caller holds the layer and the feature. It comes back no more openly than `least`, nor than its services allow
    by now. `OutdatedContent`.
    """
    spine = replace(loser, revision=loser.revision + 1, updated_at=setting.now)
    content = layer.content.kept(await _as_protected(session, setting, layer, loser, least))
    if content.to_dict() != loser.content:
        spine = replace(spine, content=content.to_dict(), source_url=None)
    await session.execute(_LEAD, {"id": spine.id, "winner": None})
    await session.execute(_STAY, {"id": spine.id})
    await show_again(session, setting, layer, spine, content, actor=actor, action=UNMERGE, reason=reason)
    return spine


async def _as_protected(
    session: AsyncSession, setting: Setting, layer: Layer, loser: Spine, least: Disclosure
) -> dict[str, Any]:
    """The content, at least as strict as `least` and as its services ask by now."""
    facets = layer.facets(layer.content.kept(loser.content), setting.vocabulary)
    wanted = least
    if is_too_open(facets, setting.vocabulary):
        wanted = strictest((least, disclosure_of_services(facets.services, setting.vocabulary)))
    if facets.disclosure == strictest((wanted, facets.disclosure)):
        return loser.content
    return await protected_content(session, setting, loser.content, wanted, streets_of(loser.content))


async def way_on(
    connection: Executor, feature_id: uuid.UUID, layer: str | None = None
) -> tuple[uuid.UUID, str] | None:
    """Give id and slug of what the public finds in the place of an id; None where nothing is, or nobody is led there."""
    row = (await connection.execute(_WAY_ON, {"id": feature_id, "layer": layer})).one_or_none()
    return None if row is None else (row.id, row.slug)


def merged_into(layer: str, feature_id: uuid.UUID) -> Statement:
    """Give the id at which an id leads as text in bytes; no row where nobody is led on."""
    return Statement(
        f"SELECT convert_to(CAST(id AS text), 'UTF8') FROM ({_WAY}) AS way",  # noqa: S608 - program text
        {"id": feature_id, "layer": layer},
    )


def three_way(
    now: Mapping[str, object],
    after: Mapping[str, object],
    before: Mapping[str, object],
    together: tuple[str, ...],
) -> dict[str, object]:
    """Take a change (`before` → `after`) out of what is there `now`; what was changed since stays as it is.

    Members in `together` go as one, since one says little without the others.
    """
    result = dict(now)
    groups = [together, *((key,) for key in {**now, **after, **before} if key not in together)]
    for group in groups:
        if all(now.get(key) == after.get(key) for key in group):
            for key in group:
                result.pop(key, None)
                if key in before:
                    result[key] = before[key]
    return result


def way_from(id_sql: str, layer_sql: str) -> str:
    """Give the query for id and slug of what the public finds in the place of an id, of a layer unless that is NULL.

    To the end of all merges. What is protected by now is led to by nobody who knew where it was.
    """
    return f"""
    WITH RECURSIVE way AS (
      SELECT m.into_id, 1 AS steps FROM published.merged m WHERE m.id = {id_sql} AND m.layer = coalesce({layer_sql}, m.layer)
      UNION ALL
      SELECT m.into_id, way.steps + 1 FROM way JOIN published.merged m ON m.id = way.into_id WHERE way.steps < 50
    )
    SELECT f.id, f.slug FROM way JOIN published.feature f ON f.id = way.into_id
    WHERE f.disclosure = 'exact' LIMIT 1
    """  # noqa: S608 - program text


_LEAD = text("UPDATE core.feature SET merged_into = CAST(:winner AS uuid) WHERE id = :id")
_LEAD_OPENLY = text(
    """
    INSERT INTO published.merged (id, layer, into_id) VALUES (:id, :layer, :winner)
    ON CONFLICT (id) DO UPDATE SET into_id = excluded.into_id
    """
)
_STAY = text("DELETE FROM published.merged WHERE id = :id")
_WAY = way_from(":id", "CAST(:layer AS text)")
_WAY_ON = text(_WAY)
