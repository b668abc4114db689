"""Merges as the desk shows them: one with both of its entries, and the last ones."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.roles import may
from app.accounts.scopes import Scope
from app.errors import NotFound
from app.features.models import Feature
from app.moderation.duplicate_models import FeatureMerge
from app.moderation.scope import is_within
from app.moderation.withheld import is_protected


class MergeNotFound(NotFound):
    """There is no such merge."""


@dataclass(frozen=True, slots=True)
class ToldMerge:
    """A merge with what is kept and what leads to it; `by` is a colleague's name, or ""."""

    merge: FeatureMerge
    winner: Feature
    loser: Feature
    by: str


async def read_merge(session: AsyncSession, merge_id: uuid.UUID | None) -> ToldMerge:
    """Give a merge, taken back or not; `MergeNotFound`."""
    rows = (await session.execute(_QUERY.where(FeatureMerge.id == merge_id))).all() if merge_id else []
    if not rows:
        raise MergeNotFound
    return _told(*rows[0])


async def may_name(session: AsyncSession, user: User, feature: Feature, other_id: uuid.UUID) -> bool:
    """Whether somebody may learn that two features were made one.

    Where one of them is protected, it is where the open one was: only who could take the merge back is told which it is.
    """
    other = await session.get(Feature, other_id)
    if other is None:
        return False
    if not (is_protected(feature.content) or is_protected(other.content)):
        return True
    return may(user, "feature.merge") and await is_within(session, user, "feature.merge", "feature", other_id)


async def lately(session: AsyncSession, scope: Scope, limit: int) -> Sequence[ToldMerge]:
    """Give the last merges of a scope that stand, the newest first; `scope` is for features of the name `one`."""
    query = _QUERY.where(FeatureMerge.undone_at.is_(None))
    if not scope.is_everything:
        query = query.where(text(_BOTH.format(scope=scope.sql)).bindparams(**scope.values))
    query = query.order_by(FeatureMerge.at.desc(), FeatureMerge.id)
    return [_told(*row) for row in await session.execute(query.limit(limit))]


async def standing_merge(session: AsyncSession, loser_id: uuid.UUID) -> ToldMerge | None:
    """Give the merge by which a feature leads to another one; None for one that leads nowhere."""
    query = _QUERY.where(FeatureMerge.loser_id == loser_id, FeatureMerge.undone_at.is_(None))
    row = (await session.execute(query)).one_or_none()
    return None if row is None else _told(*row)


def _told(merge: FeatureMerge, winner: Feature, loser: Feature, user: User | None) -> ToldMerge:
    return ToldMerge(merge, winner, loser, user.known_as if user else "")


_BOTH = """
    (SELECT count(*) FROM core.feature one
     WHERE one.id IN (core.merge.winner_id, core.merge.loser_id) AND {scope}) = 2
"""
_WINNER, _LOSER = aliased(Feature), aliased(Feature)
_QUERY: Select[FeatureMerge, Feature, Feature, User] = (
    select(FeatureMerge, _WINNER, _LOSER, User)
    .join(_WINNER, _WINNER.id == FeatureMerge.winner_id)
    .join(_LOSER, _LOSER.id == FeatureMerge.loser_id)
    .outerjoin(User, User.id == FeatureMerge.actor_id)
)
