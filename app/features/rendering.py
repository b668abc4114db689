"""The GeoJSON texts of one feature, written once at publication and served as they are ever after."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.features.facets import Facets
from geo.names import fold_name

LONGEST_SLUG = 60
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Spine:
    """What the texts say of a feature beside its content. Dates are days in the installation's zone."""

    id: uuid.UUID
    layer: str
    revision: int
    verified_on: dt.date | None
    verified_how: str | None
    updated_on: dt.date
    source: str | None = None
    source_id: str | None = None
    source_url: str | None = None
    licence: str | None = None
    attribution: str | None = None
    example: bool = False


@dataclass(frozen=True, slots=True)
class AreaName:
    """An administrative unit that a feature lies in: its code, its level and its name."""

    code: str
    level: str
    name: str


def slug_of(name: str) -> str:
    """Give the readable part of a feature's address: latin letters, digits and hyphens, at most 60."""
    return _NOT_SLUG.sub("-", fold_name(name)).strip("-")[:LONGEST_SLUG].rstrip("-") or "-"


def slim_text(
    spine: Spine,
    facets: Facets,
    areas: Sequence[AreaName],
    openings: tuple[dt.date, Sequence[Sequence[Any]]] | None,
) -> str:
    """Give the Feature for map and list; what is not known is left out.

    `openings` is a base day and `[start, end, state]` in minutes since its midnight, local time, for the
    next 48 hours; None when the hours are not known. `area` is the smallest unit's name.
    """
    properties: dict[str, Any] = {
        "layer": spine.layer,
        "name": facets.name,
        "slug": slug_of(facets.name),
        "family": facets.family,
        "services": list(facets.services),
    }
    if facets.names:
        properties["names"] = facets.names
    if spine.verified_on is not None:
        properties["checked"] = spine.verified_on.isoformat()
    if facets.disclosure != "exact":
        properties["disclosure"] = facets.disclosure
    if facets.phone:
        properties["phone"] = facets.phone
    place = facets.area_hint or (areas[0].name if areas else None)
    if place:
        properties["area"] = place
    if facets.address_line:
        properties["address"] = facets.address_line
    if facets.access:
        properties["access"] = list(facets.access)
    if facets.languages:
        properties["languages"] = list(facets.languages)
    if facets.capacity:
        properties["capacity"] = facets.capacity
    if facets.closed:
        properties["closed"] = True
    if openings is not None:
        properties["base"] = openings[0].isoformat()
        properties["open"] = [list(span) for span in openings[1]]
    if spine.example:
        properties["example"] = True
    return _feature(spine, facets, properties)


def full_text(spine: Spine, facets: Facets, areas: Sequence[AreaName], content: Mapping[str, Any]) -> str:
    """Give the Feature with the whole public content, and with where it comes from."""
    properties: dict[str, Any] = {
        "layer": spine.layer,
        "slug": slug_of(facets.name),
        "family": facets.family,
        "disclosure": facets.disclosure,
        **content,
        "areas": [{"code": a.code, "level": a.level, "name": a.name} for a in areas],
        "revision": spine.revision,
        "updated": spine.updated_on.isoformat(),
    }
    optional = {
        "verified": spine.verified_on.isoformat() if spine.verified_on else None,
        "verified_how": spine.verified_how,
        "half_life_days": facets.half_life_days,
        "source": spine.source,
        "source_id": spine.source_id,
        "source_url": spine.source_url,
        "licence": spine.licence,
        "attribution": spine.attribution,
        "example": spine.example or None,
    }
    properties |= {key: value for key, value in optional.items() if value is not None}
    return _feature(spine, facets, properties)


def _feature(spine: Spine, facets: Facets, properties: Mapping[str, Any]) -> str:
    position = facets.position
    geometry = (
        None
        if position is None
        else {"type": "Point", "coordinates": [round(position[0], 6), round(position[1], 6)]}
    )
    feature = {"type": "Feature", "id": str(spine.id), "geometry": geometry, "properties": properties}
    return orjson.dumps(feature).decode()
