"""Whose a place is, by name: a content holds no more than the number of the organisation."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.desk.listed import name_of
from app.features.models import Feature, FeatureState


async def with_run_by(session: AsyncSession, *contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the contents, to be read only, with the name of the organisation on the map beside its number."""
    ids = {uuid.UUID(found) for content in contents if (found := _id_in(content))}
    query = select(Feature.id, Feature.content).where(
        Feature.id.in_(ids), Feature.state == FeatureState.PUBLISHED
    )
    names = {str(row.id): name_of(row.content) for row in await session.execute(query)} if ids else {}
    return [_named(content, names) for content in contents]


def _named(content: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    name = names.get(_id_in(content))
    return {**content, "organisation": {**content["organisation"], "name": name}} if name else {**content}


def _id_in(content: Mapping[str, Any]) -> str:
    return str((content.get("organisation") or {}).get("id") or "")
