"""Saved views: filters of the queue that a person uses again, under a name."""

import uuid
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import FieldProblem, InvalidInput
from app.i18n import N_
from app.moderation.queue_models import SavedView

MOST = 20
LONGEST_NAME = 60


class TooManyViews(InvalidInput):
    """You have twenty views already. Remove one first."""


async def save_view(session: AsyncSession, user_id: uuid.UUID, name: str, query: str) -> None:
    """Keep filters under a name; one of that name is replaced. `InvalidInput` without a name, `TooManyViews`."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(FieldProblem("name", "missing", N_("Give the view a short name.")))
    count = await session.scalar(
        select(func.count()).where(SavedView.user_id == user_id, SavedView.name != name)
    )
    if (count or 0) >= MOST:
        raise TooManyViews
    values = insert(SavedView).values(user_id=user_id, name=name, query=query)
    await session.execute(
        values.on_conflict_do_update(index_elements=["user_id", "name"], set_={"query": query})
    )


async def forget_view(session: AsyncSession, user_id: uuid.UUID, name: str) -> None:
    """Remove a view, if there is one of that name."""
    await session.execute(delete(SavedView).where(SavedView.user_id == user_id, SavedView.name == name))


async def views_of(session: AsyncSession, user_id: uuid.UUID) -> Sequence[SavedView]:
    """Give the views of a person by their names."""
    query = select(SavedView).where(SavedView.user_id == user_id).order_by(SavedView.name)
    return (await session.scalars(query)).all()
