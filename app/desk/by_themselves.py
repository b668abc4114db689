"""What trusted organisations have published by themselves: what is to be looked at again, and the newest of all."""

import datetime as dt
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import BY_THEMSELVES, desk_page, texts_of
from app.layers import registry
from app.moderation.live import id_in
from app.moderation.scope import is_within
from app.moderation.trusts import (
    ByThemselves,
    NotByThemselves,
    note_seen,
    published_lately,
    to_look_at,
)
from app.moderation.withheld import told_of
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router(BY_THEMSELVES)

SEE, DECIDE = "submission.see", "submission.decide"


@router.get("", dependencies=[requires(SEE)])
async def show(request: Request, session: WriteSession) -> HTMLResponse:
    """What a moderator is to look at first, then what was published lately."""
    user, texts = request.state.user, texts_of(request)

    async def row(one: ByThemselves) -> dict[str, Any]:
        content = (await told_of(session, one.submission)).content(one.submission.content)
        layer = registry.LAYERS.get(one.submission.layer)
        return {
            "id": one.submission.id,
            "name": name_of(content) or "—",
            "organisation": name_of(one.organisation.content) or "—",
            "by": one.user.known_as if one.user else "—",
            "at": one.approval.at,
            "is_new": one.submission.kind == "new",
            "layer": texts.gettext(layer.singular) if layer else one.submission.layer,
            "undone": one.approval.undone_at is not None,
            "seen": one.approval.seen_at is not None,
        }

    again = [await row(one) for one in await to_look_at(session, user, SEE)]
    lately = [await row(one) for one in await published_lately(session, user, SEE)]
    return await desk_page(request, session, "desk/by_themselves.html", again=again, lately=lately)


@router.post("/seen", dependencies=[requires(DECIDE)])
async def note_it_seen(request: Request, form: Form) -> Response:
    """Note that it was looked at: it is on the first list no more."""
    found = id_in(form.one("id"))
    async with transaction(database_of(request)) as session:
        if found is None or not await is_within(session, request.state.user, DECIDE, "submission", found):
            raise NotByThemselves
        actor = Actor("staff", user_id_of(request))
        await note_seen(session, found, actor, dt.datetime.now(dt.UTC))
    return RedirectResponse(BY_THEMSELVES, status_code=303)
