"""What the submitter's links open: confirm the address, see where it is, answer, correct, take back."""

import datetime as dt
import uuid
from typing import Any

from fastapi import Request
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.errors import FieldProblem, InvalidInput
from app.features.merged import way_on
from app.features.problems import MESSAGES
from app.features.published_models import PublishedFeature
from app.features.text import Paragraphs
from app.features.wording import said
from app.i18n import N_
from app.moderation import links
from app.moderation.actions.answer import answer
from app.moderation.actions.confirm import VALID_FOR, confirm
from app.moderation.actions.withdraw import withdraw
from app.moderation.discretion import concerns_discreet
from app.moderation.models import Submission
from app.moderation.openings import last_of, owned
from app.moderation.states import MOVES, SubmissionState
from app.moderation.submissions import notes_of, read
from app.moderation.suggesting import is_suggestion
from app.pages.form_pages import closed, secret_of, texts_of
from app.pages.views.trail import trail
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, page_of, render
from app.web.language import Language
from app.web.routes import BY_LINK, page_router, requires

router = page_router()

LONGEST_ANSWER = 2000
NO_ANSWER = N_("Write an answer, or correct the entry.")


@router.get("/{lang}/confirm/{token}", dependencies=[requires(BY_LINK)])
async def confirm_page(request: Request, lang: Language, token: str, transaction: WriteSession) -> Response:
    """Ask for one press of a button: mail programs open links by themselves, but press nothing.

    Whoever has pressed it already, has taken the submission back or comes too late is shown where it is.
    """
    submission = await read(transaction, links.read_token(secret_of(request), "confirm", token))
    too_late = dt.datetime.now(dt.UTC) - submission.created_at > VALID_FOR
    if too_late or submission.state != SubmissionState.UNCONFIRMED:
        return to_status(request, lang, submission.id)
    data = await whose(transaction, submission, lang)
    return closed(render(request, "status/confirm.html", action=request.url.path, **data))


@router.post("/{lang}/confirm/{token}", dependencies=[requires(BY_LINK)])
async def confirm_address(
    request: Request, lang: Language, token: str, transaction: WriteSession
) -> Response:
    """Let the submission into the queue and show where it is. A second time changes nothing."""
    submission_id = links.read_token(secret_of(request), "confirm", token)
    await confirm(transaction, submission_id, now=dt.datetime.now(dt.UTC))
    return to_status(request, lang, submission_id)


@router.get("/{lang}/sent/{token}", dependencies=[requires(BY_LINK)])
async def sent_page(request: Request, lang: Language, token: str, transaction: WriteSession) -> HTMLResponse:
    """Where a submission is, for the browser that sent it: to look at, since the address may be somebody else's."""
    del lang
    submission_id = links.read_token(secret_of(request), "sent", token)
    return await _status_page(request, transaction, await read(transaction, submission_id), own=False)


@router.get("/{lang}/status/{token}", dependencies=[requires(BY_LINK)])
async def status(request: Request, lang: Language, token: str, transaction: WriteSession) -> HTMLResponse:
    """Where a submission is."""
    del lang
    submission_id = links.read_token(secret_of(request), "status", token)
    return await _status_page(request, transaction, await read(transaction, submission_id))


@router.post("/{lang}/status/{token}/answer", dependencies=[requires(BY_LINK)])
async def give_answer(
    request: Request, lang: Language, token: str, sent: Form, transaction: WriteSession
) -> Response:
    """Answer the question of a moderator in words."""
    submission_id = links.read_token(secret_of(request), "status", token)
    text = sent.one("answer")
    problem: FieldProblem | None = None
    try:
        body = Paragraphs(LONGEST_ANSWER, least=0).clean(text)
    except PydanticCustomError as error:
        problem = FieldProblem("answer", error.type, MESSAGES[error.type])
    else:
        if not body:
            problem = FieldProblem("answer", "missing", NO_ANSWER)
    if problem is not None:
        submission = await read(transaction, submission_id)
        return await _status_page(request, transaction, submission, text=text, problem=problem)
    try:
        async with transaction.begin_nested():
            await answer(transaction, submission_id, body=body)
    except InvalidInput as error:
        submission = await read(transaction, submission_id)
        return await _status_page(request, transaction, submission, text=text, problem=error.problems[0])
    return to_status(request, lang, submission_id)


@router.get("/{lang}/status/{token}/withdraw", dependencies=[requires(BY_LINK)])
async def withdraw_page(request: Request, lang: Language, token: str, transaction: WriteSession) -> Response:
    """Ask once whether it is really to be taken back."""
    submission = await read(transaction, links.read_token(secret_of(request), "status", token))
    if not may_withdraw(submission):
        return to_status(request, lang, submission.id)
    back = f"/{lang}/status/{token}"
    data = await whose(transaction, submission, lang)
    return closed(render(request, "status/withdraw.html", action=request.url.path, back=back, **data))


@router.post("/{lang}/status/{token}/withdraw", dependencies=[requires(BY_LINK)])
async def take_back(request: Request, lang: Language, token: str, transaction: WriteSession) -> Response:
    """Take the submission out of the queue."""
    submission_id = links.read_token(secret_of(request), "status", token)
    if may_withdraw(await read(transaction, submission_id)):
        await withdraw(transaction, submission_id)
    return to_status(request, lang, submission_id)


def to_status(request: Request, lang: str, submission_id: uuid.UUID) -> RedirectResponse:
    """The way to the status page, after something was changed."""
    token = links.make_token(secret_of(request), "status", submission_id)
    return RedirectResponse(f"/{lang}/status/{token}", status_code=303, headers={"Cache-Control": "no-store"})


def name_of(submission: Submission, language: str) -> str:
    """What was proposed, by the name that a reader of `language` knows it by."""
    name = said(submission.content.get("name"), language)
    return name.text if name else ""


def may_withdraw(submission: Submission) -> bool:
    """Whether it can still be taken back."""
    return SubmissionState.WITHDRAWN in MOVES[SubmissionState(submission.state)]


async def whose(session: AsyncSession, submission: Submission, language: str) -> dict[str, Any]:
    """What each page about a submission is told: whose it is, whether the reader may be watched."""
    return {"name": name_of(submission, language), "discreet": await concerns_discreet(session, submission)}


async def _status_page(
    request: Request,
    session: AsyncSession,
    submission: Submission,
    *,
    own: bool = True,
    text: str = "",
    problem: FieldProblem | None = None,
) -> HTMLResponse:
    """The page; without `own` it has nothing to press and nothing that was said to the submitter."""
    texts = texts_of(request)
    page = page_of(request)
    moment = request.app.state.templates.environment(page.language).filters["moment"]
    notes = await notes_of(session, submission.id) if own else ()
    token = links.make_token(secret_of(request), "status", submission.id) if own else ""
    address = f"/{page.language}/status/{token}" if own else ""
    shown = trail(
        submission,
        notes,
        texts,
        now=dt.datetime.now(dt.UTC),
        moment=moment,
        feature_address=await _feature_address(session, submission, page.language),
        own=own,
    )
    rejected = submission.state == SubmissionState.REJECTED
    data: dict[str, Any] = {
        "trail": shown,
        **await whose(session, submission, page.language),
        "address": address,
        "notes": notes,
        "own": own,
        "is_change": is_suggestion(submission),
        "asks": own and submission.state == SubmissionState.NEEDS_CHANGES,
        "corrected": submission.corrected,
        "came_as_new": submission.came_as_new,
        "decision_note": submission.decision_note if own and rejected else None,
        "may_withdraw": own and may_withdraw(submission),
        "opening": own and await asks_to_open(session, submission),
        "text": text,
        "problem": texts.gettext(problem.message) if problem else "",
    }
    return closed(render(request, "status/status.html", status=422 if problem else 200, **data))


async def asks_to_open(session: AsyncSession, submission: Submission) -> bool:
    """Whether whoever sent it may ask for its address to be shown again, or has done so."""
    if await last_of(session, submission.id) is not None:
        return True
    return await owned(session, submission, load_vocabulary()) is not None


async def _feature_address(session: AsyncSession, submission: Submission, language: str) -> str | None:
    if submission.feature_id is None:
        return None
    slug = await session.scalar(
        select(PublishedFeature.slug).where(PublishedFeature.id == submission.feature_id)
    )
    # What was merged has the address of the one that stays.
    led = (submission.feature_id, slug) if slug else await way_on(session, submission.feature_id)
    return None if led is None else f"/{language}/{submission.layer}/{led[0]}/{led[1]}"
