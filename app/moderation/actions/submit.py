"""Submit: somebody proposes a new feature, or the next content of one."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, Actor, record_each
from app.accounts.memberships import belongs_to, hold_seat
from app.accounts.models import User
from app.features.content import Content
from app.features.family import keep_open
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.protected import as_protected_as
from app.features.publishing import Provenance
from app.features.revisions import FeatureNotFound
from app.jobs import defer
from app.moderation.models import Submission, SubmissionNote
from app.moderation.said_beside import refuse_where
from app.moderation.screening.imported import screen_imported_soon
from app.moderation.screening.screen import screen_quickly
from app.moderation.states import SubmissionState
from app.moderation.withheld import is_protected
from app.photos.keeping import check_photos

#: Tells whoever is behind a place already that somebody wants to change it.
PREVIOUS_CONTACT: Final = "notifications.previous_contact"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed. `feature_id` names the published feature that is to change; None proposes a new one.

    `base_revision` is the revision that a change was made from; without it that is the live one.
    """

    layer: Layer
    content: Content
    feature_id: uuid.UUID | None = None
    base_revision: int | None = None
    provenance: Provenance = field(default_factory=Provenance)


async def submit(
    session: AsyncSession,
    proposal: Proposal,
    *,
    language: str,
    contact_email: str,
    channel: Literal["form", "api"] = "form",
    remark: str = "",
) -> Submission:
    """Take a proposal in and have its confirmation mailed; nobody sees it before the mail's link is used.

    `remark` is what the submitter says beside it, for moderators alone. `FeatureNotFound` when what is to change is not
    published; `InvalidInput` for a photo that is not kept, and for a remark that says where a protected place is.
    """
    if proposal.feature_id is not None:
        await keep_open(session, proposal.feature_id)
    (submission,) = await _new(session, [proposal], language=language, channel=channel)
    submission.contact_email = contact_email
    submission.state = SubmissionState.UNCONFIRMED
    await _add(session, [submission], SUBMITTER)
    if remark:
        await refuse_where(session, submission, "remark", remark)
        session.add(
            SubmissionNote(id=uuid.uuid4(), submission_id=submission.id, author="submitter", body=remark)
        )
    await screen_quickly(session, submission)
    await defer(session, "notifications.confirm_submission", submission_id=str(submission.id))
    return submission


async def hold_sender(session: AsyncSession, user: User) -> None:
    """Have what somebody sends for an organisation come one after the other; before anything else is locked."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('pomapa member'), hashtext(:id))"), {"id": str(user.id)}
    )


async def submit_as_member(
    session: AsyncSession,
    proposal: Proposal,
    *,
    organisation_id: uuid.UUID,
    user: User,
    now: dt.datetime,
    key: uuid.UUID | None = None,
    tells: bool = True,
) -> Submission:
    """Put a change by one of an organisation's people into the queue, or a new place that it runs: theirs, with nothing to confirm by mail.

    Pressed twice it is one: the same content by the same person is given again while it waits, and of a new place what was
    sent under the same `key`. `tells`: whoever is behind the place is told that somebody wants to change it.
    `NoSuchOrganisation` for whoever belongs to it no more, `FeatureNotFound` for what is not its own.
    """
    await hold_sender(session, user)
    await hold_seat(session, user.id, organisation_id)
    if proposal.feature_id is not None:
        await keep_open(session, proposal.feature_id)
        if not await belongs_to(session, organisation_id, proposal.feature_id):
            raise FeatureNotFound
    elif proposal.content.to_dict().get("organisation") != {"id": str(organisation_id)}:
        raise FeatureNotFound
    (submission,) = await _new(session, [proposal], language=user.language, channel="form")
    if key is not None and (sent := await session.get(Submission, key)) is not None:
        return sent
    same = select(Submission).where(
        Submission.organisation_id == organisation_id,
        Submission.sent_by == user.id,
        Submission.feature_id == proposal.feature_id,
        Submission.state == SubmissionState.PENDING,
        Submission.content == submission.content,
    )
    if (there := await session.scalar(same.limit(1))) is not None:
        return there
    submission.id = key or submission.id
    submission.organisation_id, submission.sent_by = organisation_id, user.id
    submission.contact_email = user.email
    submission.state, submission.confirmed_at = SubmissionState.PENDING, now
    await _add(session, [submission], Actor("staff", user.id), organisation=str(organisation_id))
    await screen_quickly(session, submission)
    if tells and submission.kind == "change":
        await defer(session, PREVIOUS_CONTACT, submission_id=str(submission.id))
    return submission


async def submit_imports(
    session: AsyncSession, proposals: Sequence[Proposal], *, language: str, actor: Actor
) -> list[Submission]:
    """Put imported records into the queue, with when and how their source was checked.

    Nobody has to confirm them and nobody is mailed.

    `FeatureNotFound` when one of what is to change is not published.
    """
    submissions = await _new(session, proposals, language=language, channel="import")
    for submission, proposal in zip(submissions, proposals, strict=True):
        submission.state = SubmissionState.PENDING
        submission.verified_at = proposal.provenance.verified_at
        submission.verified_how = proposal.provenance.verified_how
    await _add(session, submissions, actor)
    await _follow_protection(session, submissions, proposals)
    await screen_imported_soon(session, submissions)
    return submissions


async def _follow_protection(
    session: AsyncSession, submissions: Sequence[Submission], proposals: Sequence[Proposal]
) -> None:
    """Take where a place is out of what is submitted about it, where it was protected while that was being written.

    An import has too many to keep them all open (`keep_open`). It holds the end of the log by now: whoever protected
    a place before is seen here, and whoever does so after it looks once more when they are done.
    """
    changed = {proposal.feature_id for proposal in proposals if proposal.feature_id}
    rows = await session.execute(select(Feature.id, Feature.content).where(Feature.id.in_(changed)))
    hidden = {row.id: row.content for row in rows if is_protected(row.content)}
    for submission, proposal in zip(submissions, proposals, strict=True):
        if submission.feature_id in hidden:
            cleaned = as_protected_as(hidden[submission.feature_id], proposal.content).to_dict()
            submission.content, submission.source_url = cleaned, None
    await session.flush()


async def _new(
    session: AsyncSession, proposals: Sequence[Proposal], *, language: str, channel: str
) -> list[Submission]:
    bases = await _live(session, proposals)
    return [
        Submission(
            id=uuid.uuid4(),
            layer=proposal.layer.key,
            kind="new" if proposal.feature_id is None else "change",
            channel=channel,
            feature_id=proposal.feature_id,
            base_revision=(
                (proposal.base_revision or bases[proposal.feature_id][0]) if proposal.feature_id else None
            ),
            # Where a protected place is does not reach the register, by whichever way it comes.
            content=(
                as_protected_as(bases[proposal.feature_id][1], proposal.content)
                if proposal.feature_id
                else proposal.content
            ).to_dict(),
            language=language,
            source=proposal.provenance.source,
            source_id=proposal.provenance.source_id,
            source_url=proposal.provenance.source_url,
            licence=proposal.provenance.licence,
            attribution=proposal.provenance.attribution,
            version=1,
        )
        for proposal in proposals
    ]


async def _live(
    session: AsyncSession, proposals: Sequence[Proposal]
) -> dict[uuid.UUID, tuple[int, dict[str, Any]]]:
    """The revisions that are to change, with their contents, by the ids of their features."""
    changed = {proposal.feature_id: proposal.layer.key for proposal in proposals if proposal.feature_id}
    if not changed:
        return {}
    rows = await session.execute(
        select(Feature.id, Feature.layer, Feature.revision, Feature.content).where(
            Feature.id.in_(changed), Feature.state == FeatureState.PUBLISHED
        )
    )
    found = {row.id: (row.revision, row.content) for row in rows if row.layer == changed[row.id]}
    if len(found) < len(changed):
        raise FeatureNotFound
    return found


async def _add(session: AsyncSession, submissions: Sequence[Submission], actor: Actor, **detail: str) -> None:
    await check_photos(session, [submission.content for submission in submissions])
    session.add_all(submissions)
    await session.flush()
    entries = [
        (str(s.id), {"layer": s.layer, "kind": s.kind, "channel": s.channel, **detail}) for s in submissions
    ]
    await record_each(session, actor, "submission.submitted", "submission", entries)
