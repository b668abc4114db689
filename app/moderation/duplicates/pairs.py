"""Pairs that the last search found, for whoever looks through them; and those of which it was said that they are two."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.accounts.scopes import Scope
from app.features.models import Feature
from app.features.revisions import FeatureNotFound

#: Gives the scope of features for the name of their table.
Within = Callable[[str], Scope]


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """Two features on the map that may be one; `reasons` as they were kept: code, points, amount."""

    a: Feature
    b: Feature
    score: int
    reasons: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SaidToBeTwo:
    """Two features of which somebody has said that they are two."""

    a: Feature
    b: Feature
    at: dt.datetime


async def likely(session: AsyncSession, within: Within, limit: int, skip: int = 0) -> Sequence[LikelyPair]:
    """Give the likeliest pairs of which nobody has said anything, both of them on the map still.

    Both have to lie within a scope: `within` gives it for the name of a table of features.
    """
    both, values = _both(within)
    query = text(
        f"SELECT d.a, d.b, d.score, d.reasons {_FROM}{both}"
        " ORDER BY d.score DESC, d.a, d.b LIMIT :limit OFFSET :skip"
    )
    rows = (await session.execute(query, values | {"limit": limit, "skip": skip})).all()
    wanted = select(Feature).where(Feature.id.in_({key for row in rows for key in (row.a, row.b)}))
    features = {feature.id: feature for feature in await session.scalars(wanted)}
    return [LikelyPair(features[row.a], features[row.b], row.score, row.reasons) for row in rows]


async def count_likely(session: AsyncSession, within: Within) -> int:
    """Give how many pairs of a scope wait for somebody to look."""
    both, values = _both(within)
    query = text(f"SELECT count(*) {_FROM}{both}")
    return int((await session.execute(query, values)).scalar_one())


async def say_not_the_same(session: AsyncSession, one: uuid.UUID, other: uuid.UUID, actor: Actor) -> None:
    """Keep that two features are two; said twice it is said once. `FeatureNotFound` for ids of nothing."""
    a, b = min(one, other), max(one, other)
    known = [await session.get(Feature, key) for key in (a, b)]
    if a == b or None in known:
        raise FeatureNotFound
    made = await session.execute(_SAY, {"a": a, "b": b, "actor": actor.user_id})
    if made.first() is not None:
        record(session, actor, "duplicate.not_the_same", "feature", a, other=str(b))


def _both(within: Within) -> tuple[str, dict[str, Any]]:
    one, other = within("fa"), within("fb")
    return f" AND {one.sql} AND {other.sql}", one.values


async def said_to_be_two(session: AsyncSession, within: Within, limit: int) -> Sequence[SaidToBeTwo]:
    """Give the pairs of a scope of which it was said last that they are two, while both are on the map; the newest first."""
    both, values = _both(within)
    query = text(f"SELECT n.a, n.b, n.at {_SAID}{both} ORDER BY n.at DESC, n.a, n.b LIMIT :limit")
    rows = (await session.execute(query, values | {"limit": limit})).all()
    wanted = select(Feature).where(Feature.id.in_({key for row in rows for key in (row.a, row.b)}))
    features = {feature.id: feature for feature in await session.scalars(wanted)}
    return [SaidToBeTwo(features[row.a], features[row.b], row.at) for row in rows]


async def ask_again(session: AsyncSession, one: uuid.UUID, other: uuid.UUID, actor: Actor) -> None:
    """Take back that two are two, so that the pair is listed again; nothing when nobody has said so."""
    a, b = min(one, other), max(one, other)
    if (await session.execute(_UNSAY, {"a": a, "b": b})).first() is not None:
        record(session, actor, "duplicate.ask_again", "feature", a, other=str(b))


_FROM = """
    FROM core.duplicate d
    JOIN core.feature fa ON fa.id = d.a AND fa.state = 'published'
    JOIN core.feature fb ON fb.id = d.b AND fb.state = 'published'
    WHERE NOT EXISTS (SELECT FROM core.not_duplicate n WHERE n.a = d.a AND n.b = d.b)
"""
_SAY = text(
    """
    INSERT INTO core.not_duplicate (a, b, actor_id) VALUES (:a, :b, CAST(:actor AS uuid))
    ON CONFLICT DO NOTHING RETURNING a
    """
)
_UNSAY = text("DELETE FROM core.not_duplicate WHERE a = :a AND b = :b RETURNING a")
_SAID = """
    FROM core.not_duplicate n
    JOIN core.feature fa ON fa.id = n.a AND fa.state = 'published'
    JOIN core.feature fb ON fb.id = n.b AND fb.state = 'published'
    WHERE true
"""
