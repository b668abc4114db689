"""Publish one's own: an admin of a trusted organisation sends a change of its place, and it is public at once.

The same submission as anybody's, decided by its organisation in the transaction that takes it in. Whatever stands in the
way is said first, and then it waits for a moderator.
"""

import uuid
from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.accounts.memberships import hold_seat
from app.accounts.models import User
from app.errors import Conflict
from app.features.family import keep_open
from app.features.models import Feature, FeatureState
from app.features.revisions import FeatureNotFound, StaleRevision, hold_layers
from app.features.setting import Setting
from app.jobs import defer
from app.moderation.actions.approve import approve
from app.moderation.actions.submit import Proposal, hold_sender, submit_as_member
from app.moderation.models import Submission
from app.moderation.own_publication import Wanted, Why, why_it_waits
from app.moderation.trusts import ORGANISATIONS, note_own_approval, trust_in

#: Tells whoever was behind a place that its organisation has changed it.
TELL_CHANGED: Final = "notifications.changed_by_itself"


class WouldWait(Conflict):
    """This waits for a moderator. Read why, then send it, or change it."""

    def __init__(self, whys: Collection[Why]) -> None:
        """Give the reasons, in their order."""
        super().__init__()
        self.whys = tuple(whys)


async def send_or_publish(
    session: AsyncSession,
    setting: Setting,
    proposal: Proposal,
    *,
    organisation_id: uuid.UUID,
    user: User,
    told: Collection[Why],
    key: uuid.UUID | None = None,
) -> Submission:
    """Publish what one of an organisation's people sends, or put it into the queue; its state says which.

    `told` are the reasons for waiting that they have read before they sent it: with one it waits, for that is what was
    said; without any it is published, or nothing happens and `WouldWait` says why. `key` tells a second press of one
    new entry from another one. `NoSuchOrganisation`, `FeatureNotFound`, `StaleRevision`, `InvalidInput`.
    """
    if told:
        return await submit_as_member(
            session, proposal, organisation_id=organisation_id, user=user, now=setting.now, key=key
        )
    await hold_sender(session, user)
    if key is not None and (there := await session.get(Submission, key)) is not None:
        return there
    await hold_seat(session, user.id, organisation_id)
    if proposal.feature_id is not None:
        await keep_open(session, proposal.feature_id)
    # With that of organisations nobody begins or ends to trust or to verify one meanwhile; before the end of the log.
    await hold_layers(session, {proposal.layer.key, ORGANISATIONS})
    live = await _live(session, proposal)
    wanted = Wanted(organisation_id, user, proposal.layer.key, live, proposal.content.to_dict())
    if whys := await why_it_waits(session, setting, wanted):
        raise WouldWait(whys)
    trust = await trust_in(session, organisation_id)
    if trust is None:  # pragma: no cover - asked above, and held since
        raise WouldWait((Why.NO_TRUST,))
    submission = await submit_as_member(
        session,
        proposal,
        organisation_id=organisation_id,
        user=user,
        now=setting.now,
        key=key,
        tells=False,
    )
    await note_own_approval(session, trust, submission.id, user.id, setting.now)
    await approve(
        session,
        setting,
        proposal.layer,
        submission.id,
        version=submission.version,
        actor=Actor("staff", user.id),
        by_itself=trust.id,
    )
    if proposal.feature_id is not None:
        await defer(session, TELL_CHANGED, submission_id=str(submission.id))
    return submission


async def _live(session: AsyncSession, proposal: Proposal) -> Feature | None:
    """The entry as it is now that its layer is held; `StaleRevision` when it is not what was looked at."""
    if proposal.feature_id is None:
        return None
    # As a publication does: whoever claims it holds it too, and then the end of the log.
    live = await session.get(Feature, proposal.feature_id, populate_existing=True, with_for_update=True)
    if live is None or live.state != FeatureState.PUBLISHED:
        raise FeatureNotFound
    if proposal.base_revision != live.revision:
        raise StaleRevision
    return live
