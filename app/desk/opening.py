"""Protected places that their owners want to be shown again: the list, one wish in each of its states, the two who agree."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.db import session as transaction
from app.desk.acts import refusal, version_in
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page
from app.desk.published import FeatureId
from app.errors import Conflict, InvalidInput
from app.moderation.actions.open_up import agree, refuse
from app.moderation.live import id_in, read_feature
from app.moderation.openings import standing_of, waiting
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router("/desk")

PERMISSION = "feature.publish"


@router.get("/openings", dependencies=[requires(PERMISSION)])
async def show_all(request: Request, session: WriteSession) -> HTMLResponse:
    """What waits for one or two moderators, and what waits for its owner."""
    wishes = await waiting(session, request.state.user, PERMISSION)
    found = [(wish.opening, name_of(wish.feature.content)) for wish in wishes]
    return await desk_page(request, session, "desk/openings.html", wishes=found)


@router.get("/published/{feature_id}/opening", dependencies=[requires(PERMISSION)])
async def show(request: Request, session: WriteSession, feature_id: FeatureId) -> HTMLResponse:
    """One wish: why, who has agreed, and what is to be done."""
    return await _page(request, session, feature_id)


@router.post("/published/{feature_id}/opening/agree", dependencies=[requires(PERMISSION)])
async def agree_to_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Agree; after two different people have done so, its owner may say where the place is."""

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        version, now = version_in(form, "version"), dt.datetime.now(dt.UTC)
        await agree(session, load_vocabulary(), found, version=version, actor=actor, now=now)

    return await _decide(request, feature_id, act)


@router.post("/published/{feature_id}/opening/refuse", dependencies=[requires(PERMISSION)])
async def refuse_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Refuse it, or take back what was agreed to."""

    async def act(session: AsyncSession, found: uuid.UUID, actor: Actor) -> None:
        version, now = version_in(form, "version"), dt.datetime.now(dt.UTC)
        await refuse(session, found, version=version, actor=actor, note=form.one("note"), now=now)

    return await _decide(request, feature_id, act, typed=form.one("note"))


async def _decide(
    request: Request,
    feature_id: str,
    act: Callable[[AsyncSession, uuid.UUID, Actor], Awaitable[None]],
    **typed: str,
) -> Response:
    try:
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, id_in(feature_id))
            await act(session, feature.id, Actor("staff", user_id_of(request)))
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, feature_id, **{**typed, **refusal(error)})
    return RedirectResponse("/desk/openings", status_code=303)


async def _page(
    request: Request, session: AsyncSession, feature_id: str, *, status: int = 200, **more: Any
) -> HTMLResponse:
    feature = await read_feature(session, id_in(feature_id))
    opening = await standing_of(session, feature.id)
    agreed = [
        (await _known_as(session, by), at)
        for by, at in ((opening.first_by, opening.first_at), (opening.second_by, opening.second_at))
        if by is not None
    ]
    data = {
        "feature": feature,
        "title": name_of(feature.content),
        "opening": opening,
        "agreed": agreed,
        "is_mine": opening.first_by == user_id_of(request),
        "owner_told": await session.scalar(_OWNER, {"id": opening.submission_id}) is not None,
        "problem": "",
        "problem_field": "",
        "typed": "",
        **more,
    }
    return await desk_page(request, session, "desk/opening.html", status=status, **data)


# Erased 90 days after the place was brought in: nobody who lost their link to somebody could be warned.
_OWNER = text("SELECT contact_email FROM core.submission WHERE id = :id")


async def _known_as(session: AsyncSession, user_id: uuid.UUID) -> str:
    user = await session.scalar(select(User).where(User.id == user_id))
    return user.known_as if user else ""
