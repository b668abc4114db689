"""Publication: the one writer of what the public sees, in the transaction of the revision it publishes."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, Actor, record
from app.errors import Conflict
from app.features.content import Content
from app.features.disclosure import check_disclosure
from app.features.forgetting import forget_later
from app.features.history import Role, changed_since
from app.features.history_models import FeatureCheck
from app.features.layer import Layer
from app.features.made_before import drop_made
from app.features.models import Feature, FeatureState
from app.features.place import disclosure_in, is_tightened
from app.features.protected import as_protected_as
from app.features.pyramid import Delta
from app.features.read_model import withdraw, write
from app.features.revisions import NewRevision, StaleRevision, hold_layers, locked, tell, write_revisions
from app.features.setting import Setting
from app.features.showing import show_again
from app.features.spine import Spine
from app.photos.keeping import PHOTOS, check_photos
from app.taxonomy.vocabulary import Vocabulary

#: The source of everything invented: whatever comes from it is an example, by whichever way it came in.
DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a feature comes from; people's own submissions have none but a licence.

    `verified_how` is a code of the taxonomy's ways to check; without `verified_at` the check is this
    publication itself, unless it is known that nobody ever checked (`never_verified`). A feature that is there
    already can keep the check that it had (`keeps_check`).
    """

    source: str | None = None
    source_id: str | None = None
    source_url: str | None = None
    licence: str | None = None
    attribution: str | None = None
    example: bool = False
    verified_how: str = "email"
    verified_at: dt.datetime | None = None
    never_verified: bool = False
    keeps_check: bool = False

    def checked_at(self, now: dt.datetime) -> dt.datetime | None:
        """When somebody last checked, as far as a publication at `now` knows."""
        return None if self.never_verified else self.verified_at or now


@dataclass(frozen=True, slots=True)
class Item:
    """One content to be published: of a new feature (`feature_id` None) or as the next revision of one.

    `base_revision` is the revision it was made from; None skips that check (imports own their records). `opens_up`:
    the owner of a protected place and two moderators have agreed that it may be shown; the database looks again.
    """

    content: Content
    feature_id: uuid.UUID | None = None
    base_revision: int | None = None
    provenance: Provenance = Provenance()
    submission_id: uuid.UUID | None = None
    opens_up: bool = False


class StillProtected(Conflict):
    """This place is protected, and nothing may tell more of where it is."""


class LeadsToAnother(Conflict):
    """This was merged with another entry. Take the merge back, and both are on the map again."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of an item."""

    feature_id: uuid.UUID
    revision: int


async def publish(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    item: Item,
    *,
    actor: Actor,
    reason: str | None = None,
) -> Publication:
    """Publish one content; see `publish_many`."""
    (publication,) = await publish_many(session, setting, layer, [item], actor=actor, reason=reason)
    return publication


async def publish_many(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    items: Sequence[Item],
    *,
    actor: Actor = SYSTEM,
    action: str = "publish",
    reason: str | None = None,
    pyramid: Delta | None = None,
) -> list[Publication]:
    """Publish contents of one layer in the order given, as new features or as next revisions.

    Writes spine, revision, audit and the whole read model, and counts one change of the layer. Who publishes
    batch after batch in one transaction gives a `pyramid`, and applies it at the end.
    `FeatureNotFound` for an unknown id; `NotOnTheMap` for one that was taken down, `StaleRevision` when another
    revision has become live since; `InvalidInput` for a place that its services protect better, or a photo that is not kept; `StillProtected` for
    what tells more of a protected place. What an import tells more of it is left out. Where a place was that is
    protected from now on is forgotten right afterwards.
    """
    if not items:
        return []
    await hold_layers(session, [layer.key])
    known = {item.feature_id for item in items if item.feature_id}
    live = await locked(session, layer, list(known))
    items = [_protected(item, live, leaves_out=action == "import") for item in items]
    contents: dict[uuid.UUID, Content] = {}
    revisions: list[NewRevision] = []
    to_forget: set[uuid.UUID] = set()
    for item in items:
        spine = _next_revision(layer, item, live, setting.now)
        if spine.id in live and is_tightened(live[spine.id].content, spine.content):
            to_forget.add(spine.id)
        changed = _changed(layer, setting.vocabulary, live.get(spine.id), item.content)
        live[spine.id], contents[spine.id] = spine, item.content
        revisions.append(NewRevision(spine, item.submission_id, changed))
    await check_photos(
        session, [content.to_dict() for content in contents.values() if getattr(content, PHOTOS, ())]
    )
    await drop_made(session, known)
    await write_revisions(session, FeatureState.PUBLISHED, revisions, actor, action, reason)
    delta = Delta(setting.vocabulary) if pyramid is None else pyramid
    written = [(live[key], content) for key, content in contents.items()]
    await write(
        session,
        setting,
        layer,
        written,
        delta,
        written_before=known,
        check=lambda facets: check_disclosure(facets, setting.vocabulary),
    )
    if pyramid is None:
        await delta.apply(session)
    await tell(session, layer.key, [made.spine.id for made in revisions], "published")
    await forget_later(session, to_forget)
    return [Publication(made.spine.id, made.spine.revision) for made in revisions]


async def unpublish(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    actor: Actor,
    reason: str,
    base_revision: int | None = None,
) -> Publication:
    """Take a feature out of everything the public can read; its history stays.

    `FeatureNotFound`; `NotOnTheMap` when it is down already; `StaleRevision` when `base_revision` is given and
    another one is live.
    """
    await hold_layers(session, [layer.key])
    found = (await locked(session, layer, [feature_id]))[feature_id]
    if base_revision is not None and base_revision != found.revision:
        raise StaleRevision
    spine = replace(found, revision=found.revision + 1, updated_at=setting.now)
    await write_revisions(session, FeatureState.UNPUBLISHED, [NewRevision(spine)], actor, "unpublish", reason)
    await drop_made(session, [spine.id])
    await withdraw(session, setting.vocabulary, [spine.id])
    await tell(session, layer.key, [spine.id], "removed")
    return Publication(spine.id, spine.revision)


async def republish(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    actor: Actor,
    reason: str,
    base_revision: int | None = None,
) -> Publication:
    """Put back what was taken down, with the content that it had and as it was last checked.

    `FeatureNotFound`; `OnTheMapAlready`; `LeadsToAnother`; `StaleRevision` when `base_revision` is given and is not its
    last one; `OutdatedContent`.
    """
    await hold_layers(session, [layer.key])
    found = (await locked(session, layer, [feature_id], FeatureState.UNPUBLISHED))[feature_id]
    if base_revision is not None and base_revision != found.revision:
        raise StaleRevision
    if await session.scalar(select(Feature.merged_into).where(Feature.id == feature_id)) is not None:
        raise LeadsToAnother
    content = layer.content.kept(found.content)
    spine = replace(found, revision=found.revision + 1, updated_at=setting.now)
    await show_again(session, setting, layer, spine, content, actor=actor, action="republish", reason=reason)
    return Publication(spine.id, spine.revision)


async def remove_examples(session: AsyncSession, vocabulary: Vocabulary, *, actor: Actor = SYSTEM) -> int:
    """Delete every invented feature with its history and give their number. Nothing else is ever deleted."""
    # What a decision locks first, a submission about an example, is locked first here too.
    await session.execute(
        text(
            "SELECT FROM core.submission s JOIN core.feature f ON f.id = s.feature_id WHERE f.example"
            " ORDER BY s.id FOR UPDATE OF s"
        )
    )
    layers = sorted((await session.scalars(select(Feature.layer).where(Feature.example).distinct())).all())
    await hold_layers(session, layers)
    ids: list[uuid.UUID] = []
    for layer in layers:
        found = (
            await session.scalars(select(Feature.id).where(Feature.example, Feature.layer == layer))
        ).all()
        await drop_made(session, found)
        await withdraw(session, vocabulary, found)
        await tell(session, layer, found, "removed")
        ids += found
    if ids:
        await session.execute(
            text(
                "UPDATE core.submission SET feature_id = NULL, base_revision = NULL, kind = 'new' WHERE feature_id = ANY(:ids)"
            ),
            {"ids": ids},
        )
        await session.execute(delete(Feature).where(Feature.example))
        record(session, actor, "feature.remove_examples", "feature", "examples", count=len(ids))
    return len(ids)


async def verify(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    how: str,
    actor: Actor,
    by: Role = Role.MODERATOR,
    base_revision: int | None = None,
) -> None:
    """Note that somebody (`by`) has just checked a published feature and found it true, in the way `how` says.

    `FeatureNotFound`; `NotOnTheMap`: a check does not put back what was taken down; `StaleRevision` when
    `base_revision` is given and another one is live; `OutdatedContent`.
    """
    await hold_layers(session, [layer.key])
    found = (await locked(session, layer, [feature_id]))[feature_id]
    if base_revision is not None and base_revision != found.revision:
        raise StaleRevision
    spine = replace(found, verified_at=setting.now, verified_how=how)
    await session.execute(
        update(Feature).where(Feature.id == spine.id).values(verified_at=spine.verified_at, verified_how=how)
    )
    session.add(FeatureCheck(feature_id=spine.id, at=setting.now, how=how, by=by))
    record(session, actor, "feature.verify", "feature", spine.id, how=how)
    await session.flush()
    delta = Delta(setting.vocabulary)
    await write(session, setting, layer, [(spine, layer.content.kept(spine.content))], delta)
    await delta.apply(session)
    await tell(session, layer.key, [spine.id], "published")


def _changed(layer: Layer, vocabulary: Vocabulary, before: Spine | None, content: Content) -> tuple[str, ...]:
    """The public members in which a content is not as the revision before; none of a new feature."""
    if before is None or before.content == content.to_dict():
        return ()
    return changed_since(layer, vocabulary, before.content, content)


def _protected(item: Item, live: Mapping[uuid.UUID, Spine], *, leaves_out: bool) -> Item:
    if item.feature_id is None or item.opens_up:
        return item
    content = as_protected_as(live[item.feature_id].content, item.content)
    if content is item.content:
        return item
    if not leaves_out:
        raise StillProtected
    return replace(item, content=content)


def _next_revision(layer: Layer, item: Item, live: Mapping[uuid.UUID, Spine], now: dt.datetime) -> Spine:
    made = _made_of(layer, item, live, now)
    # The page of a register that a place was read from says where it is.
    return made if disclosure_in(made.content) == "exact" else replace(made, source_url=None)


def _made_of(layer: Layer, item: Item, live: Mapping[uuid.UUID, Spine], now: dt.datetime) -> Spine:
    given = item.provenance
    if item.feature_id is None:
        return Spine(
            id=uuid.uuid4(),
            layer=layer.key,
            revision=1,
            content=item.content.to_dict(),
            source=given.source,
            source_id=given.source_id,
            source_url=given.source_url,
            licence=given.licence,
            attribution=given.attribution,
            example=given.example or given.source == DEMONSTRATION,
            verified_at=given.checked_at(now),
            verified_how=given.verified_how,
            created_at=now,
            updated_at=now,
            published_at=now,
        )
    found = live[item.feature_id]
    if item.base_revision is not None and item.base_revision != found.revision:
        raise StaleRevision
    sourced = found if given.source is None else given
    checked = (
        (found.verified_at, found.verified_how)
        if given.keeps_check
        else (given.checked_at(now), given.verified_how)
    )
    return replace(
        found,
        revision=found.revision + 1,
        content=item.content.to_dict(),
        source_url=sourced.source_url,
        licence=sourced.licence,
        attribution=sourced.attribution,
        verified_at=checked[0],
        verified_how=checked[1],
        updated_at=now,
        published_at=found.published_at or now,
    )
