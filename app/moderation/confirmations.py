"""What visitors say who found a place as the map says: counted without anything about them, believed with care."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.scopes import Scope
from app.features.models import Feature, FeatureState
from app.moderation.models import Confirmation, Report

#: So many have to say it, within these days, before the public date of the check moves by itself …
LEAST: Final = 3
WITHIN: Final = dt.timedelta(days=30)
#: … and so many of them on one day, when the rate limiter can tell one connection from another.
ON_ONE_DAY: Final = 2
#: More are not looked at: the question costs the same however many there are.
LOOKED_AT: Final = 50


@dataclass(frozen=True, slots=True)
class SaidTrue:
    """How many times visitors have said it since the last check, the day of the first, and whether it was several people.

    One connection may say it every day: only two of one day are of two for certain.
    """

    count: int
    since: dt.datetime
    by_several: bool


def enough(days: Sequence[dt.date]) -> bool:
    """Whether confirmations of these days are those of several people: no one connection can make them alone."""
    return len(days) >= LEAST and max(Counter(days).values()) >= ON_ONE_DAY


async def days_said(session: AsyncSession, feature: Feature, now: dt.datetime) -> Sequence[dt.date]:
    """Give the days of the newest confirmations that count: of the live revision, since it was checked, not too old."""
    since = max(now - WITHIN, feature.verified_at or dt.datetime.min.replace(tzinfo=dt.UTC))
    query = (
        select(Confirmation.day)
        .where(
            Confirmation.feature_id == feature.id,
            Confirmation.revision == feature.revision,
            Confirmation.created_at > since,
        )
        .order_by(Confirmation.created_at.desc())
        .limit(LOOKED_AT)
    )
    return (await session.scalars(query)).all()


async def is_disputed(
    session: AsyncSession, feature_id: uuid.UUID, among: Collection[str] | None = None
) -> bool:
    """Whether somebody says otherwise: a report waits, for one of the reasons `among` where they are given."""
    query = select(Report.id).where(Report.feature_id == feature_id, Report.state == "open")
    if among is not None:
        query = query.where(Report.reason.in_(among))
    return await session.scalar(query.limit(1)) is not None


async def said_true(session: AsyncSession, feature: Feature) -> SaidTrue | None:
    """Give what visitors have said of a feature as it is now, since it was last checked; None when nobody has."""
    row = (await session.execute(_SAID.where(Feature.id == feature.id))).one_or_none()
    return None if row is None else _said(row)


async def all_said_true(
    session: AsyncSession, scope: Scope, limit: int
) -> Sequence[tuple[Feature, SaidTrue]]:
    """Give the places of this scope that visitors confirm and nobody has checked since, those confirmed most often first."""
    rows = (
        await session.execute(
            _SAID.where(scope.clause).order_by(func.count().desc(), Feature.id).limit(limit)
        )
    ).all()
    found = {row.id: _said(row) for row in rows}
    features = await session.scalars(select(Feature).where(Feature.id.in_(found)))
    by_id = {feature.id: feature for feature in features}
    return [(by_id[key], said) for key, said in found.items()]


def _said(row: Row[uuid.UUID, int, int, dt.datetime]) -> SaidTrue:
    return SaidTrue(row.voices, row.since, row.voices > row.days)


_SAID = (
    select(
        Feature.id,
        func.count().label("voices"),
        func.count(Confirmation.day.distinct()).label("days"),
        func.min(Confirmation.created_at).label("since"),
    )
    .join(Confirmation, Confirmation.feature_id == Feature.id)
    .where(
        Feature.state == FeatureState.PUBLISHED,
        Confirmation.revision == Feature.revision,
        or_(Feature.verified_at.is_(None), Confirmation.created_at > Feature.verified_at),
    )
    .group_by(Feature.id)
)
