"""The three decisions on a submission: publish, turn down, ask."""

import datetime as dt
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.guard import user_id_of
from app.desk.pages import secret_of
from app.desk.queue import id_of, review_page
from app.desk.shown import Shown
from app.errors import Conflict, InvalidInput
from app.layers import registry
from app.moderation.actions.approve import approve
from app.moderation.actions.reject import reject
from app.moderation.actions.request_changes import request_changes
from app.moderation.submissions import SubmissionNotFound, next_waiting, read
from app.web.dependencies import Form, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/submissions")

LONGEST_NOTE = 2000
SubmissionId = Annotated[str, Path(max_length=36)]
Decision = Callable[[AsyncSession, Any, int, Actor], Awaitable[object]]


@router.post("/{submission_id}/approve", dependencies=[requires("submission.decide")])
async def publish_it(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Publish what was proposed."""

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        submission = await read(session, found)
        layer = registry.layer(submission.layer)
        return await approve(session, setting_of(request), layer, found, version=version, actor=actor)

    return await _decide(request, form, submission_id, decide)


@router.post("/{submission_id}/reject", dependencies=[requires("submission.decide")])
async def turn_it_down(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Turn it down for a reason that the submitter will read."""

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        return await reject(
            session,
            found,
            version=version,
            actor=actor,
            reason=form.one("reason"),
            note=form.one("note").strip()[:LONGEST_NOTE],
            now=dt.datetime.now(dt.UTC),
        )

    return await _decide(request, form, submission_id, decide)


@router.post("/{submission_id}/ask", dependencies=[requires("submission.decide")])
async def ask(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Ask the submitter a question; the submission comes back with the answer."""

    async def decide(session: AsyncSession, found: Any, version: int, actor: Actor) -> object:
        question = form.one("question").strip()[:LONGEST_NOTE]
        return await request_changes(session, found, version=version, actor=actor, question=question)

    return await _decide(request, form, submission_id, decide)


async def _decide(request: Request, form: Form, submission_id: str, decide: Decision) -> Response:
    """Carry a decision out in its own transaction; what stands in its way is said on the same page.

    The transaction is over before the answer is made, so that the page shows what is true.
    """
    found = id_of(submission_id)
    version, actor = version_in(form, "version"), Actor("staff", user_id_of(request))
    try:
        Shown(found, version).check_was_read(form.one("shown"), secret_of(request), time.time())
        async with transaction(database_of(request)) as session:
            await decide(session, found, version, actor)
    except (Conflict, InvalidInput) as error:
        said = refusal(error)
        # Which of the three forms was sent: it comes back unfolded with what was typed, and has the field.
        said["unfold"] = request.url.path.rsplit("/", 1)[1]
        said["problem_at"] = said["unfold"] if said["problem_field"] else ""
        typed = {name: form.one(name) for name in ("reason", "note", "question")}
        async with transaction(database_of(request)) as session:
            return await review_page(request, session, found, typed=typed, **said)
    except SubmissionNotFound:
        return RedirectResponse("/desk", status_code=303)
    return RedirectResponse(await _next_address(request, found), status_code=303)


async def _next_address(request: Request, decided: uuid.UUID) -> str:
    """The page of what waits next, which also says what was decided: one press is enough for the next decision."""
    async with transaction(database_of(request)) as session:
        following = await next_waiting(session, await read(session, decided))
    return f"/desk?after={decided}" if following is None else f"/desk/submissions/{following}?after={decided}"
