"""Places that an organisation runs, when it is merged with another one: each names its organisation in its own content."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.features.layer import Layer
from app.features.publishing import Item, Provenance, publish_many
from app.features.revisions import StaleRevision, hold_layers, locked
from app.features.setting import Setting

#: The action of a version that says nothing else but that another entry runs the place.
REASSIGN = "reassign"

#: Ids of places by their layer.
Places = Mapping[str, Sequence[uuid.UUID]]


async def hold_with_places(
    session: AsyncSession, layer: Layer, organisation_id: uuid.UUID, only: Collection[str] | None = None
) -> Places:
    """Hold a layer and those of the places on the map that an organisation runs, and give these; of `only` some ids those.

    `StaleRevision` when it has got its first place of a further layer at the same moment.
    """
    there = await _places(session, organisation_id, only)
    await hold_layers(session, {layer.key, *there})
    held = await _places(session, organisation_id, only)
    if not held.keys() <= {layer.key, *there}:
        raise StaleRevision
    return held


async def give_places(
    session: AsyncSession,
    setting: Setting,
    layers: Mapping[str, Layer],
    places: Places,
    run_by: uuid.UUID,
    to: uuid.UUID,
    *,
    actor: Actor,
) -> list[str]:
    """Publish places once more as run by another organisation, with everything else as it was; give their ids.

    The caller holds the layers. `OutdatedContent`.
    """
    given: list[str] = []
    for key, ids in sorted(places.items()):
        layer, items = layers[key], []
        for spine in (await locked(session, layer, ids)).values():
            organisation = {**spine.content["organisation"], "id": str(to)}
            if spine.content["organisation"].get("id") != str(run_by):
                raise StaleRevision
            content = layer.content.kept({**spine.content, "organisation": organisation})
            items.append(Item(content, spine.id, spine.revision, Provenance(keeps_check=True)))
        await publish_many(session, setting, layer, items, actor=actor, action=REASSIGN)
        given += [str(item.feature_id) for item in items]
    return given


async def _places(
    session: AsyncSession, organisation_id: uuid.UUID, only: Collection[str] | None
) -> dict[str, list[uuid.UUID]]:
    rows = await session.execute(
        _RUN_BY, {"id": str(organisation_id), "only": None if only is None else list(only)}
    )
    found: dict[str, list[uuid.UUID]] = {}
    for row in rows:
        found.setdefault(row.layer, []).append(row.id)
    return found


# Of what is on the map; what was taken off says what it said then.
_RUN_BY = text(
    """
    SELECT id, layer FROM core.feature
    WHERE content ? 'organisation' AND content -> 'organisation' ->> 'id' = :id AND state = 'published'
      AND (CAST(:only AS uuid[]) IS NULL OR id = ANY(CAST(:only AS uuid[])))
    ORDER BY layer, id
    """
)
