"""Merge two features that are one place, and take that back: both ids stay, one leads to the other."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict
from app.features.content import Content
from app.features.layer import Layer
from app.features.merged import MERGE, UNMERGE, lead_back, lead_to, three_way
from app.features.models import Feature, FeatureState, Revision
from app.features.protected import as_protected_as
from app.features.publishing import Item, Provenance, publish_many
from app.features.revisions import FeatureNotFound, StaleRevision, locked
from app.features.setting import Setting
from app.features.spine import Spine
from app.moderation.agreements import Yes, check_two, mark_of
from app.moderation.duplicate_models import FeatureMerge
from app.moderation.duplicates.choosing import chosen_content, disclosure
from app.moderation.duplicates.following import follow, unfollow
from app.moderation.duplicates.merges import MergeNotFound
from app.moderation.duplicates.run_places import give_places, hold_with_places
from app.moderation.patching import WHERE


class InventedAndReal(Conflict):
    """One of these is an example. It goes away with the other examples, and is not merged with what is real."""


class MergeTakenBack(Conflict):
    """This merge has been taken back already."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which two are one, as they were looked at, and from which side each field is: winner, loser or both."""

    winner_id: uuid.UUID
    loser_id: uuid.UUID
    winner_revision: int
    loser_revision: int
    chosen: Mapping[str, str]


async def merge_features(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    choice: Choice,
    *,
    actor: Actor,
    layers: Mapping[str, Layer] | None = None,
) -> FeatureMerge:
    """Make one feature of two: the winner gets what was chosen, the loser leaves the map and leads to it.

    One transaction with revisions, audit, published rows, open reports and waiting suggestions; places that the loser
    runs, of any of `layers`, are the winner's from then on. Of two at once the second gets `NotOnTheMap` or `StaleRevision`. `InvalidInput`
    for a content that cannot be; `FeatureNotFound`, `InventedAndReal`, `OutdatedContent`, `NeedsTwo`.
    """
    if choice.winner_id == choice.loser_id:
        raise FeatureNotFound
    await _hold_what_follows(session, choice.loser_id)
    runs = await hold_with_places(session, layer, choice.loser_id)
    held = await locked(session, layer, [choice.winner_id, choice.loser_id])
    winner, loser = held[choice.winner_id], held[choice.loser_id]
    if (winner.revision, loser.revision) != (choice.winner_revision, choice.loser_revision):
        raise StaleRevision
    if winner.example != loser.example:
        raise InventedAndReal
    content = _content(setting, layer, winner, loser, choice.chosen)
    said = mark_of(content.to_dict(), str(loser.id), loser.revision)
    which = {"other": str(loser.id), "chosen": dict(choice.chosen)}
    yes = Yes(actor, MERGE, said, feature_id=winner.id, base=winner.revision, content=which)
    contents = (winner.content, loser.content, content.to_dict())
    await check_two(session, setting.vocabulary, yes, *contents, others=[loser.id])
    openly = disclosure(winner.content) == disclosure(loser.content) == "exact"
    openly = openly and disclosure(content.to_dict()) == "exact"
    # First: a place on the map is run by an organisation that is there.
    places = await give_places(
        session, setting, layers or {layer.key: layer}, runs, loser.id, winner.id, actor=actor
    )
    gone = await lead_to(
        session, setting, layer, loser, winner.id, actor=actor, reason=str(winner.id), openly=openly
    )
    (publication,) = await publish_many(
        session,
        setting,
        layer,
        [Item(content, winner.id, winner.revision, Provenance(keeps_check=True))],
        actor=actor,
        action=MERGE,
        reason=str(loser.id),
    )
    made = FeatureMerge(
        loser_id=loser.id,
        winner_id=winner.id,
        winner_before=winner.revision,
        winner_revision=publication.revision,
        loser_revision=gone.revision,
        moved=await follow(session, setting, layer, loser, publication) | {"places": places},
        actor_id=actor.user_id,
    )
    session.add(made)
    await session.flush()
    return made


async def undo_merge(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    merge_id: uuid.UUID,
    *,
    actor: Actor,
    layers: Mapping[str, Layer] | None = None,
) -> FeatureMerge:
    """Take a merge back as new revisions: the loser is on the map again, the winner without what it got from it.

    What was changed in the winner since stays, and no place becomes more open by it. Places that came with the loser go
    back with it, unless somebody else runs them by now. `MergeNotFound`, `MergeTakenBack`; `NotOnTheMap` when the winner has left the map; `StaleRevision` when the loser was changed; `InvalidInput`, `OutdatedContent`, `NeedsTwo`.
    """
    query = select(FeatureMerge).where(FeatureMerge.id == merge_id)
    made = await session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if made is None:
        raise MergeNotFound
    if made.undone_at is not None:
        raise MergeTakenBack
    await _hold_what_follows(session, made.winner_id)
    runs = await hold_with_places(session, layer, made.winner_id, made.moved.get("places", ()))
    winner = (await locked(session, layer, [made.winner_id]))[made.winner_id]
    loser = (await locked(session, layer, [made.loser_id], FeatureState.UNPUBLISHED))[made.loser_id]
    into = await session.scalar(select(Feature.merged_into).where(Feature.id == loser.id))
    if loser.revision != made.loser_revision or into != winner.id:
        raise StaleRevision
    before = await _revision(session, winner.id, made.winner_before)
    after = await _revision(session, winner.id, made.winner_revision)
    # What was protected since stays so, on both sides: nobody has said that one of them is not to be.
    content = layer.content.kept(three_way(winner.content, after, before, WHERE))
    content = as_protected_as(winner.content, content)
    said = mark_of(content.to_dict(), str(loser.id), loser.revision)
    which = {"merge": str(made.id)}
    yes = Yes(actor, UNMERGE, said, feature_id=winner.id, base=winner.revision, content=which)
    contents = (winner.content, loser.content, content.to_dict())
    await check_two(session, setting.vocabulary, yes, *contents, others=[loser.id])
    since = disclosure(winner.content)
    least = since if since != disclosure(after) else "exact"
    await lead_back(session, setting, layer, loser, actor=actor, reason=str(winner.id), least=least)
    await publish_many(
        session,
        setting,
        layer,
        [Item(content, winner.id, winner.revision, Provenance(keeps_check=True))],
        actor=actor,
        action=UNMERGE,
        reason=str(loser.id),
    )
    await give_places(session, setting, layers or {layer.key: layer}, runs, winner.id, loser.id, actor=actor)
    await unfollow(session, made.loser_id, made.moved)
    made.undone_at, made.undone_by = setting.now, actor.user_id
    record(session, actor, "merge.undo", "merge", made.id, winner=str(winner.id), loser=str(loser.id))
    await session.flush()
    return made


def _content(
    setting: Setting, layer: Layer, winner: Spine, loser: Spine, chosen: Mapping[str, str]
) -> Content:
    """What was chosen; what is as it was before is not asked by today's rules."""
    data = chosen_content(winner.content, loser.content, chosen)
    if data == winner.content:
        return layer.content.kept(data)
    return layer.content.read(data, country=setting.country)


async def _hold_what_follows(session: AsyncSession, feature_id: uuid.UUID) -> None:
    """Whoever publishes takes its locks in one order: submissions and reports before layers and features."""
    await session.execute(_HOLD_SUBMISSIONS, {"id": feature_id})
    await session.execute(_HOLD_REPORTS, {"id": feature_id})


async def _revision(session: AsyncSession, feature_id: uuid.UUID, number: int) -> Mapping[str, Any]:
    found = await session.get(Revision, (feature_id, number))
    if found is None:
        raise MergeNotFound
    return found.content


_HOLD_SUBMISSIONS = text(
    "SELECT FROM core.submission WHERE feature_id = :id AND decided_at IS NULL ORDER BY id FOR UPDATE"
)
_HOLD_REPORTS = text(
    "SELECT FROM core.report WHERE feature_id = :id AND state = 'open' ORDER BY id FOR UPDATE"
)
