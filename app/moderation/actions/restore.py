"""Restore: what an older version said becomes the next one, whole or in some fields, under the rules of today."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.layer import Layer
from app.features.models import FeatureState
from app.features.publishing import Item, Provenance, Publication, publish_many
from app.features.revisions import NotOnTheMap, StaleRevision
from app.features.setting import Setting
from app.i18n import N_
from app.moderation.actions.take_down import Move, tell_submitter
from app.moderation.agreements import Yes, check_two, mark_of
from app.moderation.difference import difference
from app.moderation.live import read_feature
from app.moderation.past import RESTORED, read_past

NO_FIELD = N_("Choose at least one field.")


class SaysThisAlready(Conflict):
    """This is what it says already, so nothing was changed."""


class ProtectedSince(Conflict):
    """This place is protected now. A version that tells more of where it was is not restored."""


async def restore(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    move: Move,
    number: int,
    *,
    fields: Collection[str] | None = None,
) -> Publication:
    """Publish what version `number` said as the next version, for a reason that its submitter learns; with `fields` only those.

    `move.revision` is the version that was looked at. Nobody has checked anything by that, so the last check stays.
    `InvalidInput` without a reason or a field, and with a problem for each field that today's rules refuse; `FeatureNotFound`,
    `RevisionNotFound`, `NotOnTheMap`, `StaleRevision`, `ProtectedSince`, `SaysThisAlready`, `NeedsTwo`.
    """
    reason = move.said()
    if fields is not None and not fields:
        raise InvalidInput(FieldProblem("field", "missing", NO_FIELD))
    feature = await read_feature(session, move.feature_id)
    if feature.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if move.revision != feature.revision:
        raise StaleRevision
    older = (await read_past(session, feature, number)).content
    if older is None:
        raise ProtectedSince
    change = difference(feature.content, older)
    if fields is not None:
        change = change.only(fields)
    content = layer.content.read(change.apply(feature.content), country=setting.country)
    if content.to_dict() == feature.content:
        raise SaysThisAlready
    said = mark_of(content.to_dict())
    which = {"number": number, "fields": None if fields is None else sorted(fields)}
    yes = Yes(move.actor, RESTORED, said, feature_id=feature.id, base=feature.revision, content=which)
    await check_two(session, setting.vocabulary, yes, feature.content, content.to_dict())
    item = Item(content, feature.id, base_revision=feature.revision, provenance=Provenance(keeps_check=True))
    (done,) = await publish_many(
        session, setting, layer, [item], actor=move.actor, action=RESTORED, reason=reason
    )
    await tell_submitter(session, done)
    return done
