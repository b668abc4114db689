"""What the pages about an organisation share, on which staff vouch for it or trust it: how an act is done, and who has done it."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.db import session as transaction
from app.desk.acts import refusal
from app.desk.content_words import Words
from app.desk.guard import user_id_of
from app.desk.pages import texts_of
from app.errors import Conflict, InvalidInput
from app.features.revisions import FeatureNotFound
from app.moderation.live import id_in
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of

Act = Callable[[AsyncSession, uuid.UUID, Actor], Awaitable[object]]
#: The page again, with what stands in the way of the act.
Page = Callable[..., Awaitable[HTMLResponse]]


async def decide(
    request: Request, feature_id: str, act: Act, *, page: Page, leads_to: str, **typed: Any
) -> Response:
    """Do an act in one transaction and lead back to its page; where it is refused, give that page with the reason and with what was typed."""
    found = id_in(feature_id)
    if found is None:
        raise FeatureNotFound
    try:
        async with transaction(database_of(request)) as session:
            await act(session, found, Actor("staff", user_id_of(request)))
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await page(request, session, feature_id, **typed, **refusal(error))
    return RedirectResponse(f"/desk/published/{found}/{leads_to}", status_code=303)


async def known_as(session: AsyncSession, user_id: uuid.UUID | None) -> str:
    """Give what a colleague is called; "" for nobody."""
    user = await session.scalar(select(User).where(User.id == user_id)) if user_id else None
    return user.known_as if user else ""


def registers_in(request: Request, content: Mapping[str, Any]) -> list[str]:
    """Give its numbers in registers, each with the name of the register."""
    return list(Words(load_vocabulary(), texts_of(request)).lines("identifiers", content.get("identifiers")))
