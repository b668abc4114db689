"""A submission as it was sent: what it makes public, the revision that this is made from, and whose word it is."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import Content
from app.features.layer import Layer
from app.features.models import Feature
from app.features.publishing import Provenance
from app.features.revisions import FeatureNotFound
from app.features.setting import Setting
from app.moderation.merging import ConflictingChange
from app.moderation.models import Submission
from app.moderation.suggesting import is_suggestion, merge_of
from app.moderation.ways_to_check import BY_OWNER, NOBODY


async def as_sent(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission
) -> tuple[Content, int | None]:
    """Give what a submission makes public as it was sent, and the revision that this is made from; None for what is new.

    A change that somebody suggested is laid on what is live: `ConflictingChange` when the same fields were changed since,
    `FeatureNotFound` when there is nothing any more. `OutdatedContent` and `InvalidInput` by the rules of today.
    """
    if is_suggestion(submission):
        return await _suggested(session, setting, layer, submission)
    return layer.content.kept(submission.content), submission.base_revision


def provenance_of(submission: Submission, checked: str) -> Provenance:
    """Say where what it makes public comes from, and how anybody has made sure; `checked` is a moderator's own way, or ""."""
    given = Provenance(
        source=submission.source,
        source_id=submission.source_id,
        source_url=submission.source_url,
        licence=submission.licence,
        attribution=submission.attribution,
    )
    if checked:
        # Of this revision, so that the check goes when the decision is undone.
        return replace(given, verified_how=checked)
    if is_suggestion(submission):
        # Somebody knew better in one point. Nobody has looked at the rest, and a moderator who has can say so.
        return replace(given, keeps_check=True)
    if submission.organisation_id is not None:
        # Who runs a place has said how it is.
        return replace(given, verified_how=BY_OWNER)
    # A look at the desk is no check on the spot: whoever has made one says so, and how, at what is published.
    if submission.channel != "import":
        return replace(given, verified_how=NOBODY, never_verified=True)
    # What is imported is as old as its source.
    return replace(
        given,
        verified_how=submission.verified_how or "imported",
        verified_at=submission.verified_at,
        never_verified=submission.verified_at is None,
    )


async def _suggested(
    session: AsyncSession, setting: Setting, layer: Layer, submission: Submission
) -> tuple[Content, int]:
    """What a suggestion makes of what is live, and the revision that this is made from."""
    live = await session.get(Feature, submission.feature_id)
    if live is None:
        raise FeatureNotFound
    found = await merge_of(session, layer, setting.vocabulary, submission, live)
    if found.conflicts:
        raise ConflictingChange
    return layer.content.read(found.content, country=setting.country), live.revision
