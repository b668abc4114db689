"""Still true: visitors say so, and when several have, or a moderator agrees, the place counts as checked.

Of the organisation behind it one press is enough, as long as nobody says otherwise.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, SYSTEM, Actor, record
from app.accounts.memberships import belongs_to, hold_seat
from app.accounts.models import User
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.content import OutdatedContent
from app.features.history import Role
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.publishing import verify
from app.features.revisions import FeatureNotFound, StaleRevision, hold_layers
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.confirmations import days_said, enough, is_disputed
from app.moderation.reports import told_reasons
from app.moderation.ways_to_check import BY_ONE, BY_OWNER, BY_VISITORS, ways_to_check


class SomebodySaysOtherwise(Conflict):
    """Somebody has reported that something is wrong here. A moderator looks at it first. You can suggest a change meanwhile."""


async def counting_day(session: AsyncSession) -> dt.date:
    """Give the day by which the rate limiter counts now, in UTC by the database's clock."""
    day: dt.date = (await session.execute(text("SELECT (now() AT TIME ZONE 'UTC')::date"))).scalar_one()
    return day


async def say(session: AsyncSession, feature_id: uuid.UUID, revision: int, day: dt.date) -> bool:
    """Count somebody who found a place as `revision` says; False when `day`, on which they were counted, is over.

    The caller has asked the rate limiter on that day whether this connection has said so before.
    `FeatureNotFound` for what the public cannot see; `StaleRevision` when they looked at an older one.
    """
    feature = await session.get(Feature, feature_id)
    if feature is None or feature.state != FeatureState.PUBLISHED:
        raise FeatureNotFound
    if feature.revision != revision:
        raise StaleRevision
    made = await session.execute(_SAY, {"id": feature_id, "revision": revision, "day": day})
    if made.first() is None:
        return False
    record(session, SUBMITTER, "feature.said_true", "feature", feature_id, revision=revision)
    # The audit lets one transaction after the other pass: of two visitors at one moment the second sees the first.
    await session.flush()
    if enough(await days_said(session, feature, dt.datetime.now(dt.UTC))):
        # The worker waits for whoever publishes at the moment; a visitor need not.
        await defer(session, "notifications.settle", once=f"settle {feature_id}", feature_id=str(feature_id))
    return True


async def settle(
    session: AsyncSession, setting: Setting, layers: Mapping[str, Layer], feature_id: uuid.UUID
) -> bool:
    """Count a place as checked by visitors when enough of them have said so; whether it was so.

    In a transaction of its own: it takes the locks of a publication. Never for a place that is protected, since
    nobody is to be asked whether they know where it is, nor while somebody says otherwise, nor on the day of the last
    check: that date would stay, and what a moderator has seen would be said to be visitors' word.
    """
    if not await _believed(session, setting, layers, feature_id):
        return False
    feature = await session.get_one(Feature, feature_id)
    layer = layers[feature.layer]
    await hold_layers(session, [layer.key])
    await session.refresh(feature)
    if not await _believed(session, setting, layers, feature_id):
        return False
    await verify(session, setting, layer, feature_id, how=BY_VISITORS, actor=SYSTEM, by=Role.VISITORS)
    return True


async def _believed(
    session: AsyncSession, setting: Setting, layers: Mapping[str, Layer], feature_id: uuid.UUID
) -> bool:
    feature = await session.get(Feature, feature_id)
    if feature is None or feature.state != FeatureState.PUBLISHED:
        return False
    if feature.verified_at is not None and setting.day_of(feature.verified_at) >= setting.today:
        return False
    if not enough(await days_said(session, feature, setting.now)):
        return False
    layer = layers[feature.layer]
    try:
        content = layer.content.kept(feature.content)
    except OutdatedContent:
        return False
    if layer.facets(content, setting.vocabulary).disclosure != "exact":
        return False
    return not await is_disputed(session, feature_id)


async def check(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    how: str,
    revision: int,
    actor: Actor,
) -> None:
    """Note that a moderator has checked a place, or believes the visitors who did.

    `InvalidInput` for a way of checking that is not theirs; `FeatureNotFound`, `NotOnTheMap`, `StaleRevision`,
    `OutdatedContent`.
    """
    if how not in ways_to_check(setting):
        raise InvalidInput(FieldProblem("how", "missing", N_("Choose how it was checked.")))
    by = Role.VISITORS if how in (BY_ONE, BY_VISITORS) else Role.MODERATOR
    await verify(session, setting, layer, feature_id, how=how, actor=actor, by=by, base_revision=revision)


async def confirm_own(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    feature_id: uuid.UUID,
    *,
    revision: int,
    organisation_id: uuid.UUID,
    user: User,
) -> None:
    """Note that one of the people of the organisation behind a place says that it is as the map says.

    `SomebodySaysOtherwise` while a report waits that they may know of; `NoSuchOrganisation` for whoever belongs to it no more,
    `FeatureNotFound` for what is not its own; `NotOnTheMap`, `StaleRevision`, `OutdatedContent`.
    """
    await hold_seat(session, user.id, organisation_id)
    # Whose it is stays as it is from here on.
    await hold_layers(session, [layer.key])
    if not await belongs_to(session, organisation_id, feature_id):
        raise FeatureNotFound
    # What was said in confidence is not to be told by a refusal either.
    if await is_disputed(session, feature_id, told_reasons(setting.vocabulary)):
        raise SomebodySaysOtherwise
    await verify(
        session,
        setting,
        layer,
        feature_id,
        how=BY_OWNER,
        actor=Actor("staff", user.id),
        by=Role.ORGANISATION,
        base_revision=revision,
    )


_SAY = text(
    """
    INSERT INTO core.confirmation (feature_id, revision, day)
    SELECT :id, :revision, :day WHERE (now() AT TIME ZONE 'UTC')::date = :day
    RETURNING id
    """
)
