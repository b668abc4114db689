"""Acts on protected help as two people do them, for tests that are about something else than who says yes."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.accounts.granting import grant_role
from app.accounts.models import User
from app.accounts.roles import Role
from app.features.layer import Layer
from app.features.publishing import Publication
from app.features.setting import Setting
from app.moderation.actions.approve import approve
from app.moderation.agreements import NeedsTwo, agree

COLLEAGUE = "colleague@example.org"
Done = TypeVar("Done")


async def colleague(s: AsyncSession) -> uuid.UUID:
    """Give the moderator who says yes first; made when there is none."""
    found = await s.scalar(select(User.id).where(User.email == COLLEAGUE))
    if found is None:
        found = (await grant_role(s, COLLEAGUE, Role.MODERATOR)).id
        await s.flush()
    return found


async def by_two(s: AsyncSession, act: Callable[[], Awaitable[Done]]) -> Done:
    """Do it; where it needs two, after a colleague has said yes to it."""
    try:
        async with s.begin_nested():
            return await act()
    except NeedsTwo as needed:
        await agree(s, replace(needed.yes, actor=Actor("staff", await colleague(s))))
    return await act()


async def approve_by_two(
    s: AsyncSession,
    setting: Setting,
    layer: Layer,
    submission_id: uuid.UUID,
    *,
    version: int,
    **more: Any,
) -> Publication:
    """Approve, where it takes two after a colleague; whose yes makes the next version of the submission."""
    versions = iter((version, version + 1))
    return await by_two(s, lambda: approve(s, setting, layer, submission_id, version=next(versions), **more))
