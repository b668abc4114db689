"""Protect now: a place leaves everything that anybody can read, and the register forgets where it was."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import Conflict
from app.features.disclosure import disclosure_of_services
from app.features.facets import Disclosure
from app.features.family import Family, family_of, hold_submissions
from app.features.forgetting import forget, forget_later
from app.features.layer import Layer
from app.features.made_before import drop_made
from app.features.models import Feature, FeatureState, Revision
from app.features.place import strictest
from app.features.places_in_text import without_places
from app.features.protected import protected_content, streets_of
from app.features.pyramid import Delta
from app.features.read_model import write
from app.features.revisions import (
    FeatureNotFound,
    NewRevision,
    NotOnTheMap,
    StaleRevision,
    hold_layers,
    locked,
    tell,
    write_revisions,
)
from app.features.setting import Setting
from app.features.spine import Spine

PROTECT: Final = "protect"
#: The same of what was taken down before: it stays off the map.
PROTECT_OFF_THE_MAP: Final = "protect_off"


class ProtectedAlready(Conflict):
    """This place is protected as well as that already."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What came of it: the new revision, how open it is now, and of how many older contents the place was erased."""

    feature_id: uuid.UUID
    revision: int
    disclosure: Disclosure
    erased: int


async def protect_now(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    actor: Actor,
    reason: str,
    least: Disclosure = "area",
    base_revision: int | None = None,
) -> Protection:
    """Make a place a protected one, on the map or taken down, at least as strict as `least` and as its services ask.

    A unit of administration stands for it from now on; where none is known, nothing but the contact is public. Where
    it was is erased from every revision and every submission, its own and those of what was merged into it, in the
    same transaction. Why it was protected is kept without any address in it. `FeatureNotFound`; `NotOnTheMap` for what
    was merged into another; `StaleRevision`, `ProtectedAlready`.
    """
    family = await family_of(session, feature_id)
    submissions = await hold_submissions(session, family)
    await hold_layers(session, [layer.key])
    state = await _state(session, feature_id)
    found = (await locked(session, layer, [feature_id], state))[feature_id]
    is_live = state is FeatureState.PUBLISHED
    if await family_of(session, feature_id) != family:
        raise StaleRevision
    if base_revision is not None and base_revision != found.revision:
        raise StaleRevision
    before = layer.facets(layer.content.kept(found.content), setting.vocabulary)
    wanted = strictest((least, disclosure_of_services(before.services, setting.vocabulary)))
    if before.disclosure == strictest((wanted, before.disclosure)):
        raise ProtectedAlready
    streets = streets_of(found.content, *await _older(session, family), *submissions.values())
    data = await protected_content(session, setting, found.content, wanted, streets)
    spine = replace(found, revision=found.revision + 1, content=data, source_url=None, updated_at=setting.now)
    said = without_places(reason, streets)
    action = PROTECT if is_live else PROTECT_OFF_THE_MAP
    await write_revisions(session, state, [NewRevision(spine)], actor, action, said)
    erased = await forget(session, family, data["place"], submissions, actor=actor, streets=streets)
    await session.flush()
    if is_live:
        await _write_rows(session, setting, layer, spine)
    # An import may have brought its source's row meanwhile: looked at once more, after this.
    await forget_later(session, [feature_id])
    return Protection(feature_id, spine.revision, data["place"]["disclosure"], erased)


async def _state(session: AsyncSession, feature_id: uuid.UUID) -> FeatureState:
    """Whether it is on the map; `NotOnTheMap` for what was merged: what it leads to is protected instead."""
    query = select(Feature.state, Feature.merged_into).where(Feature.id == feature_id)
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise FeatureNotFound
    if row.merged_into is not None:
        raise NotOnTheMap
    return FeatureState(row.state)


async def _older(session: AsyncSession, family: Family) -> Sequence[dict[str, Any]]:
    return (await session.scalars(select(Revision.content).where(Revision.feature_id.in_(family.ids)))).all()


async def _write_rows(session: AsyncSession, setting: Setting, layer: Layer, spine: Spine) -> None:
    await drop_made(session, [spine.id])
    delta = Delta(setting.vocabulary)
    await write(session, setting, layer, [(spine, layer.content.kept(spine.content))], delta)
    await delta.apply(session)
    # As after any other change: that something has left the map would say what has happened.
    await tell(session, layer.key, [spine.id], "published")
