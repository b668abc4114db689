"""What a moderator corrected before publishing: noted with the decision, and told apart from what was sent."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.features.content import Content, OutdatedContent
from app.features.layer import Layer
from app.features.models import Feature, Revision
from app.features.setting import Setting
from app.moderation.merging import merge
from app.moderation.models import Submission
from app.moderation.suggesting import is_suggestion, merge_of
from app.taxonomy.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Correction:
    """A content as it would have been published as sent, and as it was published; JSON-ready data."""

    sent: dict[str, Any]
    published: dict[str, Any]


async def note_correction(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    submission: Submission,
    edited: Content,
    actor: Actor,
) -> None:
    """Mark a submission that is published otherwise than sent, and say in the audit log which fields differ."""
    sent, published = await _proposed(session, layer, setting.vocabulary, submission), edited.to_dict()
    fields = sorted(key for key in {**sent, **published} if sent.get(key) != published.get(key))
    if fields:
        submission.corrected = True
        record(session, actor, "submission.corrected", "submission", submission.id, fields=fields)


async def _proposed(
    session: AsyncSession, layer: Layer, vocabulary: Vocabulary, submission: Submission
) -> dict[str, Any]:
    live = await session.get(Feature, submission.feature_id) if is_suggestion(submission) else None
    try:
        if live is not None:
            return (await merge_of(session, layer, vocabulary, submission, live)).content
        return layer.content.kept(submission.content).to_dict()
    except OutdatedContent:
        return submission.content


async def correction_of(
    session: AsyncSession, layer: Layer, vocabulary: Vocabulary, submission: Submission
) -> Correction | None:
    """Give what was corrected in a submission before it was published; None when it was published as sent."""
    if not submission.corrected:
        return None
    revisions = select(Revision).where(Revision.feature_id == submission.feature_id)
    made = await session.scalar(
        revisions.where(Revision.submission_id == submission.id).order_by(Revision.number.desc()).limit(1)
    )
    if made is None:
        return None
    sent = submission.content
    if is_suggestion(submission):
        # Laid on what was live then: whoever suggested it has not seen what is hidden, and took nothing of it away.
        wanted = (submission.base_revision, made.number - 1)
        numbered = await session.scalars(revisions.where(Revision.number.in_(wanted)))
        contents = {revision.number: revision.content for revision in numbered}
        if all(number in contents for number in wanted):
            try:
                base, now = (layer.content.kept(contents[number]) for number in wanted if number is not None)
                sent = merge(layer, vocabulary, base, layer.content.kept(sent), now).content
            except OutdatedContent:
                sent = submission.content
    return Correction(sent, made.content)
