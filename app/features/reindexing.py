"""The read model made anew from the live revisions: after a change of code or vocabulary, and every night."""

from collections.abc import Callable, Mapping

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.openings import stale_layers
from app.features.read_model import write
from app.features.setting import Setting
from app.features.versions import advance

#: Features derived and written together: enough for set-based SQL, few enough for flat memory.
BATCH = 1000


async def reindex(
    session: AsyncSession, setting: Setting, layer: Layer, progress: Callable[[int, int], None] | None = None
) -> int:
    """Derive the public rows of every published feature of a layer again and give their number.

    Rows of features that are no longer published are deleted. `progress` gets how many are done, and of
    how many. Readers see the old rows until the transaction ends.
    """
    await advance(session, layer.key)
    await session.execute(
        text(
            """
            DELETE FROM published.feature p WHERE p.layer = :layer AND NOT EXISTS (
              SELECT FROM core.feature f WHERE f.id = p.id AND f.layer = p.layer AND f.state = 'published')
            """
        ),
        {"layer": layer.key},
    )
    query = select(Feature.id).where(Feature.layer == layer.key, Feature.state == FeatureState.PUBLISHED)
    ids = (await session.scalars(query.order_by(Feature.id))).all()
    # The pyramid is counted from nothing, so that no earlier mistake lives on in it.
    await session.execute(text("DELETE FROM published.cell WHERE layer = :layer"), {"layer": layer.key})
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        features = (
            await session.scalars(select(Feature).where(Feature.id.in_(batch)).order_by(Feature.id))
        ).all()
        contents = [(f, layer.content.model_validate(f.content)) for f in features]
        await write(session, setting, layer, contents, counted_before=False)
        session.expunge_all()
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    await session.execute(
        text("UPDATE published.layer_version SET openings_from = :today WHERE layer = :layer"),
        {"today": setting.today, "layer": layer.key},
    )
    await session.execute(text("SELECT pg_notify('published', :layer)"), {"layer": layer.key})
    return len(ids)


async def renew_openings(session: AsyncSession, setting: Setting, layers: Mapping[str, Layer]) -> int:
    """Write the openings of the days from today on, in every layer where they are older; give how many features."""
    total = 0
    for key in await stale_layers(session, setting.today):
        if key in layers:
            total += await reindex(session, setting, layers[key])
    return total
