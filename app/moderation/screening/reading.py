"""Screenings as they are kept: read for a list of submissions at once."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.moderation.models import Screened
from app.moderation.screening.signals import Screening, Signal


async def screenings(session: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Screening]:
    """Give the screenings of submissions by their ids; what was not screened is left out."""
    if not ids:
        return {}
    rows = await session.execute(
        select(Screened.submission_id, Screened.score, Screened.reasons).where(
            Screened.submission_id.in_(ids)
        )
    )
    return {row.submission_id: Screening(row.score, read_signals(row.reasons)) for row in rows}


async def scores(session: AsyncSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Give the scores of submissions by their ids, without the reasons; what was not screened is left out."""
    rows = await session.execute(
        select(Screened.submission_id, Screened.score).where(Screened.submission_id.in_(ids))
    )
    return {row.submission_id: row.score for row in rows}


def read_signals(reasons: Collection[dict[str, Any]]) -> tuple[Signal, ...]:
    """Read what `written` made of signals."""
    return tuple(Signal(reason["code"], reason["points"], reason["detail"]) for reason in reasons)


def written(signals: Collection[Signal]) -> list[dict[str, Any]]:
    """Give signals as they are kept."""
    return [{"code": signal.code, "points": signal.points, "detail": signal.detail} for signal in signals]
