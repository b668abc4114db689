"""Publication: the one writer of what the public sees, in the transaction of the revision it publishes."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, Actor, record
from app.errors import Conflict, NotFound
from app.features.content import Content
from app.features.layer import Layer
from app.features.models import Feature, FeatureState, Revision
from app.features.read_model import withdraw, write
from app.features.setting import Setting
from app.features.versions import advance
from app.taxonomy.vocabulary import Vocabulary

#: The source of everything invented: whatever comes from it is an example, by whichever way it came in.
DEMONSTRATION = "demonstration"


class FeatureNotFound(NotFound):
    """This place is not in the register."""


class StaleRevision(Conflict):
    """This has changed since you opened it. Look at the current version first."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a feature comes from; people's own submissions have none but a licence.

    `verified_how` is a code of the taxonomy's ways to check; without `verified_at` the check is this
    publication itself, unless it is known that nobody ever checked (`never_verified`).
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

    def checked_at(self, now: dt.datetime) -> dt.datetime | None:
        """When somebody last checked, as far as a publication at `now` knows."""
        return None if self.never_verified else self.verified_at or now


@dataclass(frozen=True, slots=True)
class Item:
    """One content to be published: of a new feature (`feature_id` None) or as the next revision of one.

    `base_revision` is the revision it was made from; None skips that check (imports own their records).
    """

    content: Content
    feature_id: uuid.UUID | None = None
    base_revision: int | None = None
    provenance: Provenance = Provenance()
    submission_id: uuid.UUID | None = None


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
) -> list[Publication]:
    """Publish contents of one layer in the order given, as new features or as next revisions.

    Writes spine, revision, audit and the whole read model, and counts one change of the layer.
    `FeatureNotFound` for an unknown id; `StaleRevision` when another revision has become live since.
    """
    if not items:
        return []
    await advance(session, layer.key)
    existing = await _locked(session, layer, [item.feature_id for item in items if item.feature_id])
    features: list[Feature] = []
    revisions: list[dict[str, Any]] = []
    for item in items:
        feature = _with_next_revision(layer, item, existing, setting.now)
        features.append(feature)
        revisions.append(
            {
                "feature_id": feature.id,
                "number": feature.revision,
                "content": feature.content,
                "action": action,
                "reason": reason,
                "actor_id": actor.user_id,
                "submission_id": item.submission_id,
            }
        )
        record(
            session,
            actor,
            f"feature.{action}",
            "feature",
            feature.id,
            layer=layer.key,
            revision=feature.revision,
        )
    session.add_all(features)
    await session.flush()
    await session.execute(insert(Revision), revisions)
    await write(session, setting, layer, [(f, item.content) for f, item in zip(features, items, strict=True)])
    await _tell(session, layer.key, [feature.id for feature in features], "published")
    return [Publication(feature.id, feature.revision) for feature in features]


async def unpublish(
    session: AsyncSession, setting: Setting, layer: Layer, feature_id: uuid.UUID, *, actor: Actor, reason: str
) -> Publication:
    """Take a feature out of everything the public can read; its history stays."""
    await advance(session, layer.key)
    feature = (await _locked(session, layer, [feature_id]))[feature_id]
    feature.state = FeatureState.UNPUBLISHED
    feature.revision += 1
    feature.updated_at = setting.now
    session.add(
        Revision(
            feature_id=feature.id,
            number=feature.revision,
            content=feature.content,
            action="unpublish",
            reason=reason,
            actor_id=actor.user_id,
        )
    )
    record(
        session, actor, "feature.unpublish", "feature", feature.id, layer=layer.key, revision=feature.revision
    )
    await session.flush()
    await withdraw(session, setting.vocabulary, [feature.id])
    await _tell(session, layer.key, [feature.id], "removed")
    return Publication(feature.id, feature.revision)


async def remove_examples(session: AsyncSession, vocabulary: Vocabulary, *, actor: Actor = SYSTEM) -> int:
    """Delete every invented feature with its history and give their number. Nothing else is ever deleted."""
    layers = (await session.scalars(select(Feature.layer).where(Feature.example).distinct())).all()
    ids: list[uuid.UUID] = []
    for layer in sorted(layers):
        await advance(session, layer)
        found = (
            await session.scalars(select(Feature.id).where(Feature.example, Feature.layer == layer))
        ).all()
        await withdraw(session, vocabulary, found)
        await _tell(session, layer, found, "removed")
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
    session: AsyncSession, setting: Setting, layer: Layer, feature_id: uuid.UUID, *, how: str, actor: Actor
) -> None:
    """Note that somebody has just checked a published feature and found it true, in the way `how` says."""
    await advance(session, layer.key)
    feature = (await _locked(session, layer, [feature_id]))[feature_id]
    feature.verified_at, feature.verified_how = setting.now, how
    record(session, actor, "feature.verify", "feature", feature.id, how=how)
    await session.flush()
    await write(session, setting, layer, [(feature, layer.content.model_validate(feature.content))])
    await _tell(session, layer.key, [feature.id], "published")


async def _locked(session: AsyncSession, layer: Layer, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Feature]:
    if not ids:
        return {}
    query = select(Feature).where(Feature.id.in_(ids), Feature.layer == layer.key).order_by(Feature.id)
    rows = await session.scalars(query.with_for_update().execution_options(populate_existing=True))
    found = {feature.id: feature for feature in rows}
    if len(found) < len(set(ids)):
        raise FeatureNotFound
    return found


def _with_next_revision(
    layer: Layer, item: Item, existing: dict[uuid.UUID, Feature], now: dt.datetime
) -> Feature:
    content = item.content.to_dict()
    given = item.provenance
    if item.feature_id is None:
        return Feature(
            id=uuid.uuid4(),
            layer=layer.key,
            state=FeatureState.PUBLISHED,
            revision=1,
            content=content,
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
    feature = existing[item.feature_id]
    if item.base_revision is not None and item.base_revision != feature.revision:
        raise StaleRevision
    feature.revision += 1
    feature.content = content
    feature.state = FeatureState.PUBLISHED
    feature.updated_at = now
    feature.published_at = feature.published_at or now
    feature.verified_at = given.checked_at(now)
    feature.verified_how = given.verified_how
    if given.source is not None:
        feature.source_url, feature.licence, feature.attribution = (
            given.source_url,
            given.licence,
            given.attribution,
        )
    return feature


async def _tell(session: AsyncSession, layer: str, ids: Sequence[uuid.UUID], kind: str) -> None:
    """Add to the changes feed, and wake whoever listens."""
    await session.execute(
        text(
            """
            INSERT INTO published.change (layer, feature_id, kind)
            SELECT :layer, id, :kind FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS given (id, place) ORDER BY place
            """
        ),
        {"layer": layer, "kind": kind, "ids": list(ids)},
    )
    await session.execute(text("SELECT pg_notify('published', :layer)"), {"layer": layer})
