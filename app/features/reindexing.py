"""The read model made anew from the live revisions: after a change of code or vocabulary, and every night."""

import uuid
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database, session
from app.features import words
from app.features.content import Content, OutdatedContent
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.openings import stale_layers
from app.features.pyramid import Delta, clear
from app.features.read_model import keep, write
from app.features.setting import Setting
from app.features.spine import Spine, read_spines
from app.features.versions import advance
from app.log import log_failure

#: Features derived and written together: enough for set-based SQL, few enough for flat memory.
BATCH = 1000
#: By night a decision waits for so many at most: about half a second.
RENEWED_TOGETHER = 500


async def reindex(
    session: AsyncSession, setting: Setting, layer: Layer, progress: Callable[[int, int], None] | None = None
) -> int:
    """Derive the public rows of every published feature of a layer again and give their number.

    Rows of features that are no longer published are deleted; those whose content cannot be read any more stay as they
    are, and are not in the number. `progress` gets how many are done, and of how many. Readers see the old rows until
    the transaction ends.
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
    # Pyramid and words are counted from nothing, so that no earlier mistake lives on in them.
    await clear(session, layer.key)
    await words.clear(session, layer.key)
    pyramid = Delta(setting.vocabulary)
    written = 0
    for start in range(0, len(ids), BATCH):
        spines = await read_spines(session, ids[start : start + BATCH], layer=layer.key)
        contents = _readable(layer, spines.values())
        await write(session, setting, layer, contents, pyramid, counted_before=False)
        written += len(contents)
        if kept := list(spines.keys() - {spine.id for spine, _ in contents}):
            await keep(session, setting.vocabulary, layer.key, kept, pyramid)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    await pyramid.apply(session)
    await _note_renewed(session, setting, layer)
    await session.execute(text("SELECT pg_notify('published', :layer)"), {"layer": layer.key})
    return written


async def renew_openings(db: Database, setting: Setting, layers: Mapping[str, Layer]) -> int:
    """Write the openings of the days from today on, in every layer where they are older; give how many features.

    Batch by batch, each in its own transaction: whoever decides meanwhile waits for one batch at most. A layer
    counts as renewed when its last batch is; cut off before, it is begun anew the next time.
    """
    async with session(db) as s:
        stale = [key for key in await stale_layers(s, setting.today) if key in layers]
    total = 0
    for key in stale:
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            async with session(db) as s:
                after, renewed = await _renew_batch(s, setting, layers[key], after)
            total += renewed
    return total


async def _renew_batch(
    session: AsyncSession, setting: Setting, layer: Layer, after: uuid.UUID
) -> tuple[uuid.UUID | None, int]:
    """Write the next features by their ids anew; give the last one's id, None at the end, and how many."""
    await advance(session, layer.key)
    query = select(Feature.id).where(
        Feature.layer == layer.key, Feature.state == FeatureState.PUBLISHED, Feature.id > after
    )
    ids = (await session.scalars(query.order_by(Feature.id).limit(RENEWED_TOGETHER))).all()
    if ids:
        spines = await read_spines(session, ids, layer=layer.key)
        contents = _readable(layer, spines.values())
        pyramid = Delta(setting.vocabulary)
        await write(session, setting, layer, contents, pyramid)
        await pyramid.apply(session)
    last = len(ids) < RENEWED_TOGETHER
    if last:
        await _note_renewed(session, setting, layer)
    await session.execute(text("SELECT pg_notify('published', :layer)"), {"layer": layer.key})
    return (None if last else ids[-1]), len(ids)


def _readable(layer: Layer, spines: Iterable[Spine]) -> list[tuple[Spine, Content]]:
    """The contents of features; one that today's rules refuse is logged and keeps its rows, and holds up no other."""
    read = []
    for spine in spines:
        try:
            read.append((spine, layer.content.kept(spine.content)))
        except OutdatedContent as error:
            log_failure("app.features", "content cannot be read", error, feature=str(spine.id))
    return read


async def _note_renewed(session: AsyncSession, setting: Setting, layer: Layer) -> None:
    await session.execute(
        text("UPDATE published.layer_version SET openings_from = :today WHERE layer = :layer"),
        {"today": setting.today, "layer": layer.key},
    )
