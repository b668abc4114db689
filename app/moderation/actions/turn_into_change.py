"""Turn into a change: what was sent as something new is on the map already, and becomes a suggested change of that.

What was sent is kept as its sender wrote it, and turned back while nobody has changed what was made of it.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict
from app.features.family import keep_open
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.revisions import FeatureNotFound, NotOnTheMap
from app.features.setting import Setting
from app.jobs import defer
from app.moderation.actions.submit import PREVIOUS_CONTACT
from app.moderation.duplicates.choosing import chosen_content, fields_of, may_be_both, members
from app.moderation.models import Submission
from app.moderation.patching import patched
from app.moderation.screening.screen import screen_again
from app.moderation.states import SubmissionAlreadyDecided, SubmissionState
from app.moderation.submissions import locked
from app.moderation.withheld import is_protected


class NothingNew(Conflict):
    """The map says all of this already. Turn it down as a duplicate."""


class PlaceIsProtected(Conflict):
    """The place of that entry is protected. What the sender would be told could say where it is, so decide on this by itself."""


class ChangedSince(Conflict):
    """This was written anew since it was made a change. Correct it, ask the submitter or turn it down."""


class EmptiedSince(Conflict):
    """The place of that entry is protected now, so what was sent is forgotten. It cannot be taken as something new again."""


#: Who finds a place on the map has found its name, where it is and who runs it there, checked before.
_AS_ON_THE_MAP = ("name", "place", "organisation")


async def turn_into_change(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    submission_id: uuid.UUID,
    feature_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
) -> Submission:
    """Make a suggested change of a published feature of a new submission; it stays in the queue, for a decision.

    `StaleSubmission`; `SubmissionAlreadyDecided` for what is no new proposal that waits; `FeatureNotFound` for what
    is not there in the same layer; `NotOnTheMap`, `PlaceIsProtected`, `NothingNew`; `InvalidInput` and `OutdatedContent` where
    both together are nothing that could be on the map.
    """
    await keep_open(session, feature_id)
    submission = await locked(session, submission_id, version=version)
    # What an import brings is published whole: laid on what everybody may read, it would take away what they may not.
    if (
        submission.state != SubmissionState.PENDING
        or submission.kind != "new"
        or submission.source is not None
    ):
        raise SubmissionAlreadyDecided
    live = await session.scalar(select(Feature).where(Feature.id == feature_id).with_for_update(read=True))
    if live is None or live.layer != submission.layer:
        raise FeatureNotFound
    if live.state != FeatureState.PUBLISHED:
        raise NotOnTheMap
    if is_protected(live.content) or is_protected(submission.content):
        raise PlaceIsProtected
    public = layer.public_content(layer.content.kept(live.content), setting.vocabulary)
    suggested = layer.content.read(laid_on(public, submission.content), country=setting.country)
    content = suggested.to_dict()
    if content == layer.content.kept(dict(public)).to_dict():
        raise NothingNew
    submission.kind, submission.feature_id, submission.base_revision = "change", live.id, live.revision
    submission.sent_as_new = {"content": submission.content, "laid": content}
    submission.content, submission.came_as_new = content, True
    submission.version += 1
    record(session, actor, "submission.turned_into_change", "submission", submission.id, feature=str(live.id))
    await session.flush()
    await screen_again(session, submission)
    await defer(session, PREVIOUS_CONTACT, submission_id=str(submission.id))
    return submission


async def turn_back(
    session: AsyncSession, submission_id: uuid.UUID, *, version: int, actor: Actor
) -> Submission:
    """Make what was sent of a change that came as something new, as it was sent; it waits for a decision.

    `StaleSubmission`; `SubmissionAlreadyDecided` for what does not wait; `ChangedSince` for what was never turned, and for a
    change that was written anew since: by its sender, or because its entry was merged; `EmptiedSince` where that is protected.
    """
    submission = await locked(session, submission_id, version=version)
    if submission.state != SubmissionState.PENDING:
        raise SubmissionAlreadyDecided
    await session.refresh(submission, ["sent_as_new"])
    sent, was = submission.sent_as_new, submission.feature_id
    if sent is None and submission.came_as_new:
        raise EmptiedSince
    if sent is None or submission.content != sent["laid"]:
        raise ChangedSince
    submission.kind, submission.feature_id, submission.base_revision = "new", None, None
    submission.content, submission.came_as_new, submission.sent_as_new = sent["content"], False, None
    submission.version += 1
    record(session, actor, "submission.turned_back", "submission", submission.id, feature=str(was))
    await session.flush()
    await screen_again(session, submission)
    return submission


async def is_emptied(session: AsyncSession, submission: Submission) -> bool:
    """Whether what came as something new is no longer there to be turned back to."""
    if not submission.came_as_new:
        return False
    query = select(Submission.sent_as_new.is_(None)).where(Submission.id == submission.id)
    return bool(await session.scalar(query))


def laid_on(public: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the map says with what was sent added to it: of lists both, of texts all languages."""
    chosen = {
        name: "both" if may_be_both(name, public, sent) else "loser"
        for name in fields_of(public, sent)
        if any(sent.get(member) for member in members(name))
        and not (name in _AS_ON_THE_MAP and any(public.get(member) for member in members(name)))
    }
    texts = {key: value for key, value in sent.items() if key in chosen and _is_text(value)}
    kept = {name: side for name, side in chosen.items() if name not in texts}
    return patched(chosen_content(public, sent, kept), {}, texts, texts)


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and "texts" in value
