"""The GeoJSON texts of one feature, written once at publication and served as they are ever after."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from app.areas.points import AreaRef
from app.features.facets import Facets
from app.features.openings import SlimOpenings
from app.features.photos import with_addresses
from app.features.setting import Setting
from app.features.spine import Spine
from app.i18n import DEFAULT_LANGUAGE
from geo.transliteration import polish_readings

LONGEST_SLUG = 60
#: What stands in an address where nothing is left of a name, or the name would tell too much there.
NO_NAME = "-"
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slug_of(folded: str) -> str:
    """Give the readable part of a feature's address, of its folded name: latin letters, digits and hyphens.

    A name in Cyrillic is read in Polish letters; "-" where nothing is left.
    """
    latin = folded if folded.isascii() else polish_readings(folded)[0]
    return _NOT_SLUG.sub("-", latin).strip("-")[:LONGEST_SLUG].rstrip("-") or NO_NAME


def slim_text(
    setting: Setting,
    spine: Spine,
    facets: Facets,
    slug: str,
    areas: Sequence[AreaRef],
    openings: SlimOpenings | None,
) -> str:
    """Give the Feature for map and list; what is not known is left out. `area` is the smallest unit's name.

    `slug` is that of the name, `areas` come smallest first, `openings` are None when the hours are not known.
    """
    said: dict[str, Any] = {
        "layer": spine.layer,
        "name": facets.name,
        "slug": slug,
        "family": facets.family,
        "services": facets.services,
        "name_language": None if facets.name_language == DEFAULT_LANGUAGE else facets.name_language,
        "names": facets.names or None,
        "checked": setting.day_of(spine.verified_at) if spine.verified_at else None,
        "disclosure": None if facets.disclosure == "exact" else facets.disclosure,
        "phone": facets.phone or None,
        "area": facets.area_hint or (areas[0].name if areas else None),
        "address": facets.address_line or None,
        "access": facets.access or None,
        "languages": facets.languages or None,
        "capacity": facets.capacity or None,
        "closed": is_closed_for_good(facets, setting.today) or None,
        "base": openings and openings.base,
        "open": openings and openings.spans,
        "later": openings and openings.later,
        "example": spine.example or None,
    }
    return _feature(spine, facets, {key: value for key, value in said.items() if value is not None})


def is_closed_for_good(facets: Facets, today: dt.date) -> bool:
    """Whether its last day is over. Map and list are written anew every night, so that the day comes by itself."""
    return facets.closed and (facets.closed_since is None or facets.closed_since <= today)


def full_text(
    setting: Setting,
    spine: Spine,
    facets: Facets,
    slug: str,
    areas: Sequence[AreaRef],
    content: Mapping[str, Any],
) -> str:
    """Give the Feature with the whole public content, and with where it comes from."""
    properties: dict[str, Any] = {
        "layer": spine.layer,
        "slug": slug,
        "family": facets.family,
        "disclosure": facets.disclosure,
        **content,
        "units": areas,
        "revision": spine.revision,
        "updated": setting.day_of(spine.updated_at),
    }
    optional = {
        "verified": setting.day_of(spine.verified_at) if spine.verified_at else None,
        "verified_how": spine.verified_how,
        "half_life_days": facets.half_life_days,
        "source": spine.source,
        # A node of OpenStreetMap, or a row of a register, is an address.
        "source_id": None if facets.disclosure != "exact" else spine.source_id,
        "source_url": None if facets.disclosure != "exact" else spine.source_url,
        "licence": spine.licence,
        "attribution": spine.attribution,
        "example": spine.example or None,
    }
    properties |= {key: value for key, value in optional.items() if value is not None}
    if "photos" in properties:
        properties["photos"] = [with_addresses(photo) for photo in properties["photos"]]
    return _feature(spine, facets, properties)


def _feature(spine: Spine, facets: Facets, properties: Mapping[str, Any]) -> str:
    position = facets.position
    geometry = (
        None
        if position is None
        else {"type": "Point", "coordinates": [round(position[0], 6), round(position[1], 6)]}
    )
    feature = {"type": "Feature", "id": spine.id, "geometry": geometry, "properties": properties}
    return orjson.dumps(feature).decode()
