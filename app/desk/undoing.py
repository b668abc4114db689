"""Spam, and undo: what is pressed about one submission beside the three decisions."""

import datetime as dt
import time
from typing import Annotated

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.decisions import next_address
from app.desk.guard import user_id_of
from app.desk.listed import NoSuchSubmission, id_of
from app.desk.pages import secret_of
from app.desk.review import review_page
from app.desk.shown import Shown
from app.errors import Conflict
from app.layers.registry import LAYERS
from app.moderation.actions.spam import mark_spam
from app.moderation.actions.undo import undo
from app.moderation.scope import stay_within
from app.moderation.submissions import SubmissionNotFound
from app.web.dependencies import Form, database_of, settings_of
from app.web.routes import page_router, requires

router = page_router("/desk/submissions")
SubmissionId = Annotated[str, Path(max_length=36)]


@router.post("/{submission_id}/undo", dependencies=[requires("submission.decide")])
async def take_back(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Take the last decision on it back; what stands in the way is said on its page."""
    found = id_of(submission_id)
    try:
        async with transaction(database_of(request)) as session:
            taken_back = await undo(
                session,
                setting_of(request),
                LAYERS,
                found,
                version=version_in(form, "version"),
                actor=Actor("staff", user_id_of(request)),
                within=undo_for(request),
            )
            if taken_back.feature_id is not None:
                await stay_within(session, request.state.user, "submission.decide", taken_back.feature_id)
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await review_page(request, session, found, **refusal(error))
    except SubmissionNotFound:
        raise NoSuchSubmission from None
    return RedirectResponse(f"/desk/submissions/{found}?undone=1", status_code=303)


@router.post("/{submission_id}/spam", dependencies=[requires("submission.decide")])
async def call_it_spam(request: Request, form: Form, submission_id: SubmissionId) -> Response:
    """Mark it as spam: nobody is written to."""
    found, version = id_of(submission_id), version_in(form, "version")
    try:
        Shown(found, version).check_was_read(form.one("shown"), secret_of(request), time.time())
        async with transaction(database_of(request)) as session:
            now, actor = dt.datetime.now(dt.UTC), Actor("staff", user_id_of(request))
            await mark_spam(session, found, version=version, actor=actor, now=now)
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await review_page(request, session, found, **refusal(error))
    except SubmissionNotFound:
        raise NoSuchSubmission from None
    return RedirectResponse(await next_address(request, found), status_code=303)


def undo_for(request: Request) -> dt.timedelta:
    """How long a decision can be undone."""
    return dt.timedelta(seconds=settings_of(request).undo_seconds)
