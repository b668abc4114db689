"""Where a submission is and what is around it: pins, published places near it, the town in its address."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.nearest_place import FAR_FROM_TOWN_M, away_from_town_m
from app.moderation.models import Submission
from app.web.dependencies import settings_of
from geo.distance import distance_m

LEAST_MOVE_M = 1.0


def position(content: Mapping[str, Any] | None) -> dict[str, float] | None:
    """Give `lng` and `lat` of a content; None where it has none, or not to be known."""
    return ((content or {}).get("place") or {}).get("position")


def pins(content: dict[str, Any], live: dict[str, Any] | None) -> dict[str, Any] | None:
    """The proposed position, the live one where it differs, and metres between; None without a position."""
    new, old = position(content), position(live)
    if new is None:
        return None
    moved = distance_m(new["lng"], new["lat"], old["lng"], old["lat"]) if old else 0.0
    # Two pins on one spot hide each other.
    return {"new": new, "old": old if moved >= LEAST_MOVE_M else None, "moved_m": moved}


async def town_away_m(session: AsyncSession, request: Request, content: dict[str, Any]) -> float | None:
    """Metres from the pin to the town in the address, where they are too many to be taken for granted."""
    at, town = position(content), (content.get("address") or {}).get("city")
    if at is None or not town:
        return None
    away_m = await away_from_town_m(session, town, **at, countries=settings_of(request).countries)
    return away_m if away_m is not None and away_m > FAR_FROM_TOWN_M else None


async def near(
    session: AsyncSession, submission: Submission, content: dict[str, Any]
) -> list[dict[str, Any]]:
    """Published places of the same layer within 250 m of what a submission makes of a place."""
    at = position(content)
    if at is None:
        return []
    found = await session.execute(_NEAR, {**at, "layer": submission.layer, "not": submission.feature_id})
    return [{"slim": orjson.loads(row.slim), "metres": row.metres} for row in found]


def near_pins(found: list[dict[str, Any]]) -> list[list[Any]]:
    """`[lng, lat, name]` of each, for the map."""
    slim = [one["slim"] for one in found]
    return [[*one["geometry"]["coordinates"], one["properties"]["name"]] for one in slim]


_NEAR = text(
    """
    SELECT f.slim, ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) AS metres
    FROM published.feature f
    WHERE f.layer = :layer AND f.id IS DISTINCT FROM CAST(:not AS uuid)
      AND f.geom && ST_Expand(ST_SetSRID(ST_MakePoint(:lng, :lat), 4326), 0.006, 0.003)
      AND ST_DistanceSphere(f.geom, ST_SetSRID(ST_MakePoint(:lng, :lat), 4326)) <= 250
    ORDER BY metres LIMIT 5
    """
)
