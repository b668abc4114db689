"""Whether what the first of two people has made sure of still counts when the second one comes (SECURITY A5, A7)."""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from app.accounts.memberships import seat_of
from app.accounts.models import User
from app.moderation.scope import is_within

#: What whoever makes sure has to be allowed.
TO_MAKE_SURE: Final = "feature.publish"


async def still_counts(
    session: AsyncSession,
    user_id: uuid.UUID,
    *,
    feature_id: uuid.UUID,
    organisation_id: uuid.UUID,
    permission: str = TO_MAKE_SURE,
) -> bool:
    """Whether somebody may still make sure of an entry: not suspended, with the right to, and not of the organisation."""
    query = select(User).where(User.id == user_id, User.suspended_at.is_(None))
    found: User | None = await session.scalar(
        query.options(selectinload(User.grants)).execution_options(populate_existing=True)
    )
    if found is None or not await is_within(session, found, permission, "feature", feature_id):
        return False
    return await seat_of(session, user_id, organisation_id) is None
