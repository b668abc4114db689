"""Mails to whoever has sent something: confirm, a question, the decision. Done twice, each is sent once."""

import uuid
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.features.merged import way_on
from app.features.models import Revision
from app.features.published_models import PublishedFeature
from app.jobs import Retry, Work, defer, task
from app.layers import registry
from app.mail import queue_mail
from app.moderation.actions.close import CLOSED, REOPENED
from app.moderation.discretion import concerns_discreet
from app.moderation.letters import name_in, rejection
from app.moderation.links import Purpose, mailed_link
from app.moderation.live import submitter_of
from app.moderation.models import Submission, SubmissionNote
from app.moderation.past import RESTORED
from app.moderation.states import SubmissionState
from app.notifications.undo_window import may_be_undone_until

RETRY = Retry(times=8)


@task("notifications.confirm_submission", retry=RETRY)
async def confirm_submission(work: Work, *, submission_id: str) -> None:
    """Ask for confirmation of the address; nothing for a submission that is confirmed or gone."""
    async with work.transaction() as session:
        submission = await _to_tell(session, submission_id, SubmissionState.UNCONFIRMED)
        if submission is None:
            return
        # What they wrote is not repeated to whoever they say they are: see `docs/explanation/publication.md`.
        values = {"confirm": _link(work.settings, submission, "confirm")}
        await _queue(session, submission, "confirm_submission", values, key=f"confirm:{submission.id}")


@task("notifications.question", retry=RETRY)
async def question(work: Work, *, submission_id: str, note_id: str) -> None:
    """Tell the submitter what a moderator asks."""
    async with work.transaction() as session:
        submission = await _to_tell(session, submission_id, SubmissionState.NEEDS_CHANGES)
        note = await session.get(SubmissionNote, uuid.UUID(note_id))
        if submission is None or note is None:
            return
        if later := may_be_undone_until(work.settings, note.at):
            name = "notifications.question"
            await defer(session, name, at=later, submission_id=submission_id, note_id=note_id)
            return
        values = {**await _values(session, work.settings, submission), "question": note.body}
        await _queue(session, submission, "question", values, key=f"question:{note.id}")


@task("notifications.decision", retry=RETRY)
async def decision(work: Work, *, submission_id: str) -> None:
    """Tell the submitter that it is on the map, or why it is not."""
    async with work.transaction() as session:
        submission = await _to_tell(
            session, submission_id, SubmissionState.APPROVED, SubmissionState.REJECTED
        )
        if submission is None:
            return
        if later := may_be_undone_until(work.settings, submission.decided_at):
            await defer(session, "notifications.decision", at=later, submission_id=submission_id)
            return
        values = await _values(session, work.settings, submission)
        if submission.state == SubmissionState.APPROVED:
            values["feature"] = await _feature_address(work.settings, session, submission)
            values["suggest"] = await _suggest_address(work.settings, session, submission)
            values["corrected"] = submission.corrected
        else:
            values |= rejection(submission, submission.decision_reason or "", submission.decision_note or "")
        template = "approved" if submission.state == SubmissionState.APPROVED else "rejected"
        await _queue(session, submission, template, values, key=f"decision:{submission.id}")


#: Mails about a version that is on the map, by what it was made by.
_BY_ACTION: Final = {RESTORED: "restored", CLOSED: "closed", REOPENED: "reopened"}


@task("notifications.moved", retry=RETRY)
async def moved(work: Work, *, feature_id: str, revision: int) -> None:
    """Tell the submitter that what they sent was taken off the map, put back, closed or opened, or is as it was once, and why."""
    async with work.transaction() as session:
        submission = await submitter_of(session, uuid.UUID(feature_id))
        made = await session.get(Revision, (uuid.UUID(feature_id), revision))
        if submission is None or made is None:
            return
        values = {**await _values(session, work.settings, submission), "reason": made.reason or ""}
        if made.action == "unpublish":
            template = "taken_down"
        else:
            template = _BY_ACTION.get(made.action, "put_back")
            values["feature"] = await _feature_address(work.settings, session, submission)
        await _queue(session, submission, template, values, key=f"moved:{feature_id}:{revision}")


async def _to_tell(session: AsyncSession, submission_id: str, *states: SubmissionState) -> Submission | None:
    """The submission, if it is in one of these states and somebody can still be written to."""
    submission = await session.get(Submission, uuid.UUID(submission_id))
    if submission is None or submission.state not in states or not submission.contact_email:
        return None
    return submission


async def _values(session: AsyncSession, settings: Settings, submission: Submission) -> dict[str, Any]:
    return {
        "name": await name_in(session, registry.layer(submission.layer), submission),
        "status": _link(settings, submission, "status"),
    }


def _link(settings: Settings, submission: Submission, purpose: Purpose) -> dict[str, Any]:
    return mailed_link(settings.public_url, submission.language, purpose, submission.id).to_value()


async def _feature_address(settings: Settings, session: AsyncSession, submission: Submission) -> str:
    """The page of what was published, without the name in it where nobody is to read that; the start page when it is gone."""
    start = f"{settings.public_url}/{submission.language}/"
    slug = await session.scalar(
        select(PublishedFeature.slug).where(PublishedFeature.id == submission.feature_id)
    )
    if slug is None:
        # What was merged has the page of the one that stays; that of a name which nobody has asked about is not told.
        led = await way_on(session, submission.feature_id) if submission.feature_id else None
        return f"{start}{submission.layer}/{led[0]}" if led else start
    page = f"{start}{submission.layer}/{submission.feature_id}"
    return page if await concerns_discreet(session, submission) else f"{page}/{slug}"


async def _suggest_address(settings: Settings, session: AsyncSession, submission: Submission) -> str:
    """Where a change of what was published is suggested; the form once more would make it twice."""
    start = f"{settings.public_url}/{submission.language}/"
    led = await way_on(session, submission.feature_id) if submission.feature_id else None
    found = led[0] if led else submission.feature_id
    return f"{start}suggest/{found}" if found else start


async def _queue(
    session: AsyncSession, submission: Submission, template: str, values: dict[str, Any], *, key: str
) -> None:
    assert submission.contact_email is not None
    await queue_mail(
        session,
        to=submission.contact_email,
        template=template,
        language=submission.language,
        values=values,
        dedupe_key=key,
    )
