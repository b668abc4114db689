"""Submit: somebody proposes a new feature, or the next content of one."""

import uuid
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, Actor, record
from app.features.content import Content
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.publishing import FeatureNotFound, Provenance
from app.jobs import defer
from app.moderation.models import Submission
from app.moderation.states import SubmissionState


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed. `feature_id` names the published feature that is to change; None proposes a new one."""

    layer: Layer
    content: Content
    feature_id: uuid.UUID | None = None
    provenance: Provenance = field(default_factory=Provenance)


async def submit(
    session: AsyncSession,
    proposal: Proposal,
    *,
    language: str,
    contact_email: str,
    channel: Literal["form", "api"] = "form",
) -> Submission:
    """Take a proposal in and have its confirmation mailed; nobody sees it before the mail's link is used.

    `FeatureNotFound` when what is to change is not published.
    """
    submission = await _new(session, proposal, language=language, channel=channel)
    submission.contact_email = contact_email
    submission.state = SubmissionState.UNCONFIRMED
    await _add(session, submission, SUBMITTER)
    await defer(session, "notifications.confirm_submission", submission_id=str(submission.id))
    return submission


async def submit_import(
    session: AsyncSession, proposal: Proposal, *, language: str, actor: Actor
) -> Submission:
    """Put one imported record into the queue; nobody has to confirm it and nobody is mailed."""
    submission = await _new(session, proposal, language=language, channel="import")
    submission.state = SubmissionState.PENDING
    await _add(session, submission, actor)
    return submission


async def _new(session: AsyncSession, proposal: Proposal, *, language: str, channel: str) -> Submission:
    base = None
    if proposal.feature_id is not None:
        base = await session.scalar(
            select(Feature.revision).where(
                Feature.id == proposal.feature_id,
                Feature.layer == proposal.layer.key,
                Feature.state == FeatureState.PUBLISHED,
            )
        )
        if base is None:
            raise FeatureNotFound
    given = proposal.provenance
    return Submission(
        id=uuid.uuid4(),
        layer=proposal.layer.key,
        kind="new" if proposal.feature_id is None else "change",
        channel=channel,
        feature_id=proposal.feature_id,
        base_revision=base,
        content=proposal.content.to_dict(),
        language=language,
        source=given.source,
        source_id=given.source_id,
        source_url=given.source_url,
        licence=given.licence,
        attribution=given.attribution,
        version=1,
    )


async def _add(session: AsyncSession, submission: Submission, actor: Actor) -> None:
    session.add(submission)
    record(
        session,
        actor,
        "submission.submitted",
        "submission",
        submission.id,
        layer=submission.layer,
        kind=submission.kind,
        channel=submission.channel,
    )
    await session.flush()
