"""The read model made anew from the live revisions: after a change of code or vocabulary, and every night."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database, session
from app.features import census, words
from app.features.content import Content, OutdatedContent
from app.features.disclosure import disclosure_of_services
from app.features.layer import Layer
from app.features.made_before import drop_made
from app.features.models import Feature, FeatureState
from app.features.openings import stale_layers
from app.features.pyramid import Delta, clear
from app.features.read_model import keep, withdraw, write
from app.features.revisions import tell
from app.features.setting import Setting
from app.features.spine import Spine, read_spines
from app.features.versions import advance
from app.log import log_failure

#: Features derived and written together: enough for set-based SQL, few enough for flat memory.
BATCH = 1000
#: By night a decision waits for so many at most: about half a second.
RENEWED_TOGETHER = 500
_NOTIFY = text("SELECT pg_notify('published', :layer)")


async def reindex(
    session: AsyncSession, setting: Setting, layer: Layer, progress: Callable[[int, int], None] | None = None
) -> int:
    """Derive the public rows of every published feature of a layer again and give their number.

    Rows of features that are no longer published are deleted; those whose content cannot be read any more stay as they
    are, and are not in the number; unless their services are protected by now, which nobody could see to in their rows:
    those are deleted. `progress` gets how many are done, and of how many. Readers see the old rows until
    the transaction ends.
    """
    await advance(session, layer.key)
    left = await session.scalars(
        text(
            """
            DELETE FROM published.feature p WHERE p.layer = :layer AND NOT EXISTS (
              SELECT FROM core.feature f WHERE f.id = p.id AND f.layer = p.layer AND f.state = 'published')
            RETURNING id
            """
        ),
        {"layer": layer.key},
    )
    await tell(session, layer.key, left.all(), "removed")
    query = select(Feature.id).where(Feature.layer == layer.key, Feature.state == FeatureState.PUBLISHED)
    ids = (await session.scalars(query.order_by(Feature.id))).all()
    # Pyramid, words and numbers are counted from nothing, so that no earlier mistake lives on in them.
    await clear(session, layer.key)
    await words.clear(session, layer.key)
    await census.clear(session, layer.key)
    pyramid = Delta(setting.vocabulary)
    written = 0
    for start in range(0, len(ids), BATCH):
        spines = await read_spines(session, ids[start : start + BATCH], layer=layer.key)
        contents = _readable(layer, spines.values())
        before = await _said(session, spines)
        await write(session, setting, layer, contents, pyramid, counted_before=False)
        await _tell_what_differs(session, layer, before, spines)
        written += len(contents)
        kept = spines.keys() - {spine.id for spine, _ in contents}
        hidden = {key for key in kept if _may_lead_there(setting, spines[key])}
        await _hide(session, layer, hidden)
        if kept - hidden:
            await keep(session, setting.vocabulary, layer.key, list(kept - hidden), pyramid)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    await pyramid.apply(session)
    await _note_renewed(session, setting, layer)
    await session.execute(_NOTIFY, {"layer": layer.key})
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


async def renew_with_service(db: Database, setting: Setting, layers: Mapping[str, Layer], code: str) -> int:
    """Write anew what has a service, whose name is among the words by which it is found; give how many features."""
    total = 0
    for layer in layers.values():
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            async with session(db) as s:
                ids = await _with_service(s, setting, layer, code, after)
                if ids:
                    await advance(s, layer.key)
                    # What was decided until it was our turn counts.
                    ids = await _with_service(s, setting, layer, code, after)
                    await renew(s, setting, layer, ids)
                    await s.execute(_NOTIFY, {"layer": layer.key})
            total += len(ids)
            after = ids[-1] if len(ids) == RENEWED_TOGETHER else None
    return total


async def _with_service(
    session: AsyncSession, setting: Setting, layer: Layer, code: str, after: uuid.UUID
) -> Sequence[uuid.UUID]:
    masks = {f"mask_{word}": mask for word, mask in enumerate(setting.vocabulary.mask((code,)))}
    has_it = text(
        """
        SELECT f.id FROM published.feature f WHERE f.layer = :layer AND f.id > :after
        AND (f.services_0 & :mask_0 <> 0 OR f.services_1 & :mask_1 <> 0 OR f.services_2 & :mask_2 <> 0)
        ORDER BY f.id LIMIT :limit
        """
    )
    values = {"layer": layer.key, "after": after, "limit": RENEWED_TOGETHER, **masks}
    return (await session.scalars(has_it, values)).all()


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
        await renew(session, setting, layer, ids)
    last = len(ids) < RENEWED_TOGETHER
    if last:
        await _note_renewed(session, setting, layer)
    await session.execute(_NOTIFY, {"layer": layer.key})
    return (None if last else ids[-1]), len(ids)


async def renew(session: AsyncSession, setting: Setting, layer: Layer, ids: Sequence[uuid.UUID]) -> None:
    """Write the rows of features that are published anew, and tell of those that say something else now."""
    spines = await read_spines(session, ids, layer=layer.key)
    contents = _readable(layer, spines.values())
    pyramid = Delta(setting.vocabulary)
    before = await _said(session, spines)
    await write(session, setting, layer, contents, pyramid)
    await _tell_what_differs(session, layer, before, spines)
    await pyramid.apply(session)
    # Nobody could see to it in their rows, here as when everything is made anew.
    kept = before.keys() - {spine.id for spine, _ in contents}
    hidden = sorted(key for key in kept if _may_lead_there(setting, spines[key]))
    await drop_made(session, hidden)
    await withdraw(session, setting.vocabulary, hidden)
    await tell(session, layer.key, hidden, "removed")


def _readable(layer: Layer, spines: Iterable[Spine]) -> list[tuple[Spine, Content]]:
    """The contents of features; one that today's rules refuse is logged and keeps its rows, and holds up no other."""
    read = []
    for spine in spines:
        try:
            read.append((spine, layer.content.kept(spine.content)))
        except OutdatedContent as error:
            log_failure("app.features", "content cannot be read", error, feature=str(spine.id))
    return read


def _may_lead_there(setting: Setting, spine: Spine) -> bool:
    """Whether the content, that cannot be read, has a service whose place is not to be shown."""
    services = spine.content.get("services", ())
    codes = [one.get("type") if isinstance(one, dict) else one for one in services]
    known = [code for code in codes if isinstance(code, str) and code in setting.vocabulary.services]
    return disclosure_of_services(known, setting.vocabulary) != "exact"


async def _hide(session: AsyncSession, layer: Layer, ids: Collection[uuid.UUID]) -> None:
    """Delete rows whose pyramid, words and numbers are forgotten already."""
    if ids:
        delete = text("DELETE FROM published.feature WHERE id = ANY(:ids) RETURNING id")
        gone = await session.scalars(delete, {"ids": list(ids)})
        await tell(session, layer.key, gone.all(), "removed")


async def _said(session: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What the public can read of each, as a mark."""
    query = text("SELECT id, md5(whole) AS mark FROM published.feature WHERE id = ANY(:ids)")
    return {row.id: row.mark for row in await session.execute(query, {"ids": list(ids)})}


async def _tell_what_differs(
    session: AsyncSession, layer: Layer, before: Mapping[uuid.UUID, str], ids: Collection[uuid.UUID]
) -> None:
    """Whoever keeps a copy learns of what a new program or vocabulary says otherwise: a place may be protected by it."""
    after = await _said(session, ids)
    await tell(
        session, layer.key, [key for key, mark in after.items() if before.get(key) != mark], "published"
    )


async def _note_renewed(session: AsyncSession, setting: Setting, layer: Layer) -> None:
    await session.execute(
        text("UPDATE published.layer_version SET openings_from = :today WHERE layer = :layer"),
        {"today": setting.today, "layer": layer.key},
    )
