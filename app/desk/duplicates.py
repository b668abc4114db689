"""Entries that may be one place: the pairs that the last search found, said to be two, or opened to be merged."""

import uuid
from functools import partial
from itertools import islice
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.content_words import Words
from app.desk.duplicate_words import reason_words
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.features.models import Feature
from app.features.revisions import FeatureNotFound
from app.layers import registry
from app.moderation.duplicates.merges import lately, may_name
from app.moderation.duplicates.pairs import ask_again, count_likely, likely, said_to_be_two, say_not_the_same
from app.moderation.live import id_in
from app.moderation.scope import features_within, is_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires
from app.web.strict_form import FormValues

router = page_router("/desk/duplicates")

SHOWN = 25
MOST_PAGES = 1000


@router.get("", dependencies=[requires("duplicate.see")])
async def listing(
    request: Request, session: WriteSession, page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1
) -> HTMLResponse:
    """The likeliest pairs first, with the reasons; below them what was merged lately, and what was said to be two."""
    texts = texts_of(request)
    user: User = request.state.user
    within = partial(features_within, user, "duplicate.see")
    found = await likely(session, within, SHOWN, (page - 1) * SHOWN)
    count = await count_likely(session, within)
    pairs = [
        {
            "a": _told(request, pair.a),
            "b": _told(request, pair.b),
            "score": pair.score,
            "reasons": reason_words(texts, pair.reasons),
            "layer": texts.gettext(registry.layer(pair.a.layer).singular),
        }
        for pair in found
    ]
    return await desk_page(
        request,
        session,
        "desk/duplicates.html",
        pairs=pairs,
        count=count,
        number=page,
        has_more=page * SHOWN < count and page < MOST_PAGES,
        merges=[
            one
            for one in await lately(session, within("one"), 10)
            if await may_name(session, user, one.winner, one.loser.id)
        ],
        said=await said_to_be_two(session, within, 10),
        name_of=name_of,
        may_merge=may(user, "feature.merge"),
    )


@router.post("/not-the-same", dependencies=[requires("feature.merge")])
async def not_the_same(request: Request, form: Form) -> Response:
    """Keep that two are two; the pair is not listed again until somebody takes that back."""
    async with transaction(database_of(request)) as session:
        a, b = await _pair(request, session, form)
        await say_not_the_same(session, a, b, Actor("staff", user_id_of(request)))
    return RedirectResponse("/desk/duplicates", status_code=303)


@router.post("/ask-again", dependencies=[requires("feature.merge")])
async def list_again(request: Request, form: Form) -> Response:
    """Take that back: the pair is listed again."""
    async with transaction(database_of(request)) as session:
        a, b = await _pair(request, session, form)
        await ask_again(session, a, b, Actor("staff", user_id_of(request)))
    return RedirectResponse("/desk/duplicates", status_code=303)


async def _pair(request: Request, session: AsyncSession, form: FormValues) -> tuple[uuid.UUID, uuid.UUID]:
    """The two of a form; `FeatureNotFound` for what is none, or not theirs to decide about."""
    a, b = id_in(form.one("a")), id_in(form.one("b"))
    for one in (a, b):
        if one is None or not await is_within(session, request.state.user, "feature.merge", "feature", one):
            raise FeatureNotFound
    assert a is not None
    assert b is not None
    return a, b


def _told(request: Request, feature: Feature) -> dict[str, Any]:
    """Name, address and help of one of them, as the desk words them."""
    words = Words(load_vocabulary(), texts_of(request))
    content = feature.content
    return {
        "id": str(feature.id),
        "name": name_of(content) or "—",
        "lines": [
            line
            for key in ("services", "address", "contacts")
            for line in islice(words.lines(key, content.get(key)), 3)
        ],
    }
