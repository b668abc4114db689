"""What is published of a protected place: one unit of administration, the same for every place in it, and no text that leads there.

`shown` is the last step before a row is written. It does not ask by which way a content came in, and when: what a
vocabulary protects since yesterday is protected in today's rows.
"""

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.points import AreaRef, units_of_points
from app.areas.protection import published_units
from app.features.content import Content
from app.features.disclosure import disclosure_of_services, is_too_open
from app.features.facets import Disclosure, Facets
from app.features.layer import Layer
from app.features.place import strictest
from app.features.places_in_text import places_in, texts_of, without_places
from app.features.setting import Setting
from app.photos.keeping import PHOTOS

#: How far outside every known boundary a point may lie and still be counted to the nearest unit: coasts are drawn coarsely.
AREA_TOLERANCE_M: Final = 3000.0
#: Members that name units of administration.
_UNITS: Final = ("area_served", "areas")
ContentOf = TypeVar("ContentOf", bound=Content)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be published of one feature: its facets, and the content that anybody may read."""

    facets: Facets
    public: Mapping[str, Any]


async def shown(
    session: AsyncSession, setting: Setting, layer: Layer, contents: Sequence[tuple[Content, Facets]]
) -> list[Shown]:
    """Give what may be published of contents with their facets; of most that is all that is public in them."""
    vocabulary = setting.vocabulary
    done: list[Shown | None] = []
    hidden: list[tuple[int, Content, Facets]] = []
    for number, (content, facets) in enumerate(contents):
        if is_too_open(facets, vocabulary):
            least = disclosure_of_services(facets.services, vocabulary)
            given = content.to_dict()
            data = await protected_content(session, setting, given, least, streets_of(given))
            content = layer.content.kept(data)  # noqa: PLW2901 - protected from here on
            facets = layer.facets(content, vocabulary)  # noqa: PLW2901
        if facets.disclosure == "exact":
            done.append(Shown(facets, layer.public_content(content, vocabulary)))
        else:
            hidden.append((number, content, facets))
            done.append(None)
    units = await published_units(session, {code for _, _, facets in hidden for code in _codes(facets)})
    for number, content, facets in hidden:
        cleaned = layer.content.kept(without_any_place(content.to_dict()))
        stated = layer.facets(cleaned, vocabulary)
        done[number] = Shown(
            _generalised(stated, units), _public(layer.public_content(cleaned, vocabulary), facets, units)
        )
    return [one for one in done if one is not None]


async def protected_content(
    session: AsyncSession,
    setting: Setting,
    data: Mapping[str, Any],
    least: Disclosure,
    streets: Collection[str] = (),
) -> dict[str, Any]:
    """Give a content as JSON without its exact place and with a unit instead, at least as strict as `least`.

    The unit is that of the position, as it may be published. Its texts name none of `streets`. Where none is known, nothing but the contact is public.
    """
    place = data.get("place", {})
    disclosure = strictest((least, place.get("disclosure", "exact")))
    area = await area_for(session, place)
    if area is None:
        disclosure, area = "contact_only", {"code": setting.country}
    kept = {key: value for key, value in data.items() if key != "address"}
    return without_any_place(kept | {"place": {"disclosure": disclosure, "area": area}}, streets)


async def area_for(session: AsyncSession, place: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the unit that may stand for a place: the one that it names, or that of its position. None where none is large enough."""
    if (named := place.get("area")) is not None:
        return dict(named)
    if not (position := place.get("position")):
        return None
    (found,) = await units_of_points(
        session, [(position["lng"], position["lat"])], tolerance_m=AREA_TOLERANCE_M
    )
    units = await published_units(session, {ref.code for ref in found})
    large = (units[ref.code] for ref in found if ref.code in units)
    return next(({"code": unit.code, "name": unit.name} for unit in large), None)


def without_any_place(data: Mapping[str, Any], streets: Collection[str] = ()) -> dict[str, Any]:
    """Give a content as JSON with "…" for every address and every coordinate in its free texts, no link to a map and no photo."""
    data = {
        key: value
        for key, value in data.items()
        if key != PHOTOS and (key != "website" or not places_in(value))
    }
    if any(_leads_there(contact) for contact in data.get("contacts", ())):
        data["contacts"] = [contact for contact in data["contacts"] if not _leads_there(contact)]
    found = [(path, text, without_places(text, streets)) for path, text in texts_of(data)]
    changed = [(path, cleaned) for path, text, cleaned in found if cleaned != text]
    if not changed:
        return data
    result = copy.deepcopy(data)
    for path, cleaned in changed:
        _put(result, path, cleaned)
    return result


def as_protected_as(live: Mapping[str, Any], content: ContentOf) -> ContentOf:
    """Give a content that tells no more of its place than `live` does, which is what the register has as JSON.

    By whichever way a change comes in, a place that is protected stays so.
    """
    place = live.get("place", {})
    data = content.to_dict()
    open_to = data.get("place", {}).get("disclosure", "exact")
    if open_to == strictest((open_to, place.get("disclosure", "exact"))):
        return content
    kept = {key: value for key, value in data.items() if key != "address"} | {"place": place}
    return type(content).kept(without_any_place(kept, streets_of(data)))


def streets_of(*contents: Mapping[str, Any]) -> frozenset[str]:
    """Names of the streets that contents as JSON have in their addresses."""
    found = (content.get("address", {}).get("street") for content in contents)
    return frozenset(street for street in found if street)


def _leads_there(contact: Mapping[str, Any]) -> bool:
    return contact.get("kind") == "web" and bool(places_in(contact.get("value", "")))


def _put(data: Any, path: Sequence[str], text: str) -> None:
    for key in path[:-1]:
        data = data[int(key)] if isinstance(data, list) else data[key]
    data[int(path[-1]) if isinstance(data, list) else path[-1]] = text


def _codes(facets: Facets) -> set[str]:
    return {*facets.area_served, *([facets.protected_in] if facets.protected_in else [])}


def _generalised(facets: Facets, units: Mapping[str, AreaRef]) -> Facets:
    unit = units.get(facets.protected_in or "")
    return replace(
        facets,
        position=None,
        address_line=None,
        area_hint=(unit.name or facets.area_hint) if unit else None,
        area_served=tuple(dict.fromkeys(units[code].code for code in facets.area_served if code in units)),
    )


def _public(public: Mapping[str, Any], facets: Facets, units: Mapping[str, AreaRef]) -> dict[str, Any]:
    """The public content with every unit that it names made as large as it has to be."""
    data = {key: value for key, value in public.items() if key != "address"}
    place = {key: value for key, value in data.get("place", {}).items() if key == "disclosure"}
    stated = data.get("place", {}).get("area")
    if stated and facets.protected_in and (larger := _larger(stated, units)):
        place["area"] = larger
    data["place"] = place
    for key in _UNITS:
        if key in data:
            found = [larger for area in data[key] if (larger := _larger(area, units))]
            data[key] = list({area["code"]: area for area in found}.values())
            if not data[key]:
                del data[key]
    return data


def _larger(stated: Mapping[str, Any], units: Mapping[str, AreaRef]) -> dict[str, Any] | None:
    unit = units.get(stated["code"])
    if unit is None:
        return None
    return {"code": unit.code, "name": unit.name} if unit.name else dict(stated)
