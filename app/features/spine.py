"""A feature as the register keeps it, beside its state: read and written as plain rows, many at a time."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature, FeatureState


@dataclass(frozen=True, slots=True)
class Spine:
    """The columns of `core.feature`; `content` is JSON-ready. Plain data, for bulk work cannot afford ORM objects."""

    id: uuid.UUID
    layer: str
    revision: int
    content: dict[str, Any]
    source: str | None
    source_id: str | None
    source_url: str | None
    licence: str | None
    attribution: str | None
    example: bool
    verified_at: dt.datetime | None
    verified_how: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    published_at: dt.datetime | None


async def read_spines(
    session: AsyncSession,
    ids: Sequence[uuid.UUID],
    *,
    layer: str,
    state: FeatureState | None = None,
    lock: bool = False,
) -> dict[uuid.UUID, Spine]:
    """Give the features of a layer that there are, by id and in its order; `lock` keeps others from changing them.

    With a `state` only those that are in it.
    """
    query: Select[Any] = select(*_COLUMNS).where(Feature.id.in_(ids), Feature.layer == layer)
    if state is not None:
        query = query.where(Feature.state == state)
    query = query.order_by(Feature.id)
    rows = await session.execute(query.with_for_update() if lock else query)
    return {row.id: Spine(*row) for row in rows}


_COLUMNS = [getattr(Feature, field.name) for field in fields(Spine)]
