"""Mails to whoever has sent something: confirm, a question, the decision. Done twice, each is sent once."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.config import Settings
from app.features.models import Feature, Revision
from app.features.published_models import PublishedFeature
from app.i18n import translator
from app.jobs import Retry, Work, task
from app.layers import registry
from app.mail import queue_mail
from app.moderation.links import Purpose, mailed_link
from app.moderation.live import submitter_of
from app.moderation.models import Submission, SubmissionNote
from app.moderation.reasons import rejection_reasons, rejection_sentence
from app.moderation.states import SubmissionState
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary

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
        values = await _values(session, work.settings, submission)
        if submission.state == SubmissionState.APPROVED:
            values["feature"] = await _feature_address(work.settings, session, submission)
        else:
            texts = translator(submission.language)
            # The sentence is made here: a reason that is renamed later must not change what was said.
            reason = texts.gettext(
                rejection_reasons(submission.layer, submission.kind).get(submission.decision_reason or "", "")
            )
            sentence = rejection_sentence(submission.layer, submission.kind)
            values["reason"] = texts.gettext(sentence, reason=reason) if reason else ""
            values["note"] = submission.decision_note or ""
            values["change"] = submission.kind == "change"
        template = "approved" if submission.state == SubmissionState.APPROVED else "rejected"
        await _queue(session, submission, template, values, key=f"decision:{submission.id}")


@task("notifications.moved", retry=RETRY)
async def moved(work: Work, *, feature_id: str, revision: int) -> None:
    """Tell the submitter that what they sent was taken off the map, or put back, and why."""
    async with work.transaction() as session:
        submission = await submitter_of(session, uuid.UUID(feature_id))
        made = await session.get(Revision, (uuid.UUID(feature_id), revision))
        if submission is None or made is None:
            return
        values = {**await _values(session, work.settings, submission), "reason": made.reason or ""}
        if made.action == "unpublish":
            template = "taken_down"
        else:
            template = "put_back"
            values["feature"] = await _feature_address(work.settings, session, submission)
        await _queue(session, submission, template, values, key=f"moved:{feature_id}:{revision}")


async def _to_tell(session: AsyncSession, submission_id: str, *states: SubmissionState) -> Submission | None:
    """The submission, if it is in one of these states and somebody can still be written to."""
    submission = await session.get(Submission, uuid.UUID(submission_id))
    if submission is None or submission.state not in states or not submission.contact_email:
        return None
    return submission


async def _values(session: AsyncSession, settings: Settings, submission: Submission) -> dict[str, Any]:
    name = submission.content.get("name", {})
    words = name.get("texts", {}).get(name.get("source"), "")
    if await _is_discreet(session, submission):
        words = translator(submission.language).gettext(registry.layer(submission.layer).singular)
    return {
        "name": words,
        "status": _link(settings, submission, "status"),
    }


async def _is_discreet(session: AsyncSession, submission: Submission) -> bool:
    """Whether it is, or was, about help that nobody else is to find: who shares the mailbox may look.

    A change may take that help out of a place, and the place keeps its name; or somebody else has added it since.
    """
    contents = [submission.content]
    if submission.feature_id is not None:
        feature = await session.get(Feature, submission.feature_id)
        base = await session.get(Revision, (submission.feature_id, submission.base_revision or 0))
        contents += [one.content for one in (feature, base) if one is not None]
    return any(is_discreet(content, load_vocabulary()) for content in contents)


def _link(settings: Settings, submission: Submission, purpose: Purpose) -> dict[str, Any]:
    return mailed_link(settings.public_url, submission.language, purpose, submission.id).to_value()


async def _feature_address(settings: Settings, session: AsyncSession, submission: Submission) -> str:
    """The page of what was published, without the name in it where nobody is to read that; the start page when it is gone."""
    start = f"{settings.public_url}/{submission.language}/"
    slug = await session.scalar(
        select(PublishedFeature.slug).where(PublishedFeature.id == submission.feature_id)
    )
    if slug is None:
        return start
    page = f"{start}{submission.layer}/{submission.feature_id}"
    return page if await _is_discreet(session, submission) else f"{page}/{slug}"


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
