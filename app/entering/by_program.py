"""What a program proposes, checked as the form checks it; each problem names its member.

Where the form drops what must not be known, a program is told: it would go on sending it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.areas.nearest_place import FAR_FROM_TOWN_M, away_from_town_m
from app.db import Executor
from app.entering.found_areas import (
    FAR,
    FAR_FROM_HOUSE,
    NO_TOWN,
    is_far_from_its_address,
    is_unknown_town,
    located,
)
from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.features.disclosure import check_disclosure
from app.features.layer import Layer
from app.i18n import N_
from app.moderation.patching import WHERE, patched
from app.moderation.suggesting import Suggestible
from app.taxonomy.vocabulary import load_vocabulary
from geo.position_checks import check_position

CONTENT = "content"
#: The code of a position that is in none of the countries of the installation.
OUTSIDE = "outside_country"
CHANGES = "changes"
FAR_AWAY = N_(
    "This position is far from the town in the address. Put one of them right, or send position_is_right as true."
)
FAR_FROM_ADDRESS = N_(
    "This position is far from the street and number in the address. Put one of them right, or send position_is_right as true."
)
UNKNOWN_TOWN = N_(
    "We cannot say where this town is, so the place would be on no map. Put its name right, send a position, or send position_is_right as true."
)
ABROAD = N_(
    "This position is not in the country. Are longitude and latitude the wrong way round? If it is right, send position_is_right as true."
)
NOTHING_NEW = N_("Nothing in this is different from what the map says.")
PROTECTED = N_("The place of this help is protected. It cannot be changed in this way.")


async def new_content(
    reader: Executor, layer: Layer, data: Mapping[str, Any], countries: Sequence[str], *, sure: bool = False
) -> Content:
    """Give the content of something new; a place with a town and no position gets a computed one, which says so.

    `sure` that the position is right, although it is abroad or far from the town in the address, or that there is none,
    although nobody knows that town. `InvalidInput`.
    """
    try:
        content = layer.content.read(_without_computed(data), country=countries[0])
        found = await located(reader, content.to_dict(), tuple(countries))
        content = layer.content.read(found, country=countries[0])
        await _check(reader, layer, content, countries, sure=sure)
    except InvalidInput as error:
        raise _at(CONTENT, error) from None
    return content


async def changed_content(
    reader: Executor,
    at: Suggestible,
    changes: Mapping[str, Any],
    countries: Sequence[str],
    *,
    sure: bool = False,
) -> Content:
    """Give what the public content of something becomes by `changes`, a merge patch (RFC 7396).

    Translations of a text that changed, and that nobody has written anew, are marked as outdated. `InvalidInput`.
    """
    if at.is_protected and (hidden := [key for key in WHERE if key in changes]):
        raise InvalidInput(*(FieldProblem(f"{CHANGES}.{key}", "protected", PROTECTED) for key in hidden))
    whole = at.whole
    try:
        wanted = at.layer.content.read(_merged(whole, _with_place(changes)), country=countries[0]).to_dict()
        was = at.layer.content.kept(whole).to_dict()
        new = patched(was, was, wanted, wanted)
        content = at.layer.content.read(new, country=countries[0])
        if not at.is_protected and any(key in changes for key in WHERE):
            await _check(reader, at.layer, content, countries, sure=sure)
        else:
            check_disclosure(at.layer.facets(content, load_vocabulary()), load_vocabulary())
    except InvalidInput as error:
        raise _at(CHANGES, error) from None
    if content.to_dict() == was:
        raise InvalidInput(FieldProblem(CHANGES, "unchanged", NOTHING_NEW))
    return content


async def _check(
    reader: Executor, layer: Layer, content: Content, countries: Sequence[str], *, sure: bool
) -> None:
    vocabulary = load_vocabulary()
    check_disclosure(layer.facets(content, vocabulary), vocabulary)
    data = content.to_dict()
    if not sure and await is_unknown_town(reader, data, tuple(countries)):
        raise InvalidInput(FieldProblem("address.city", NO_TOWN, UNKNOWN_TOWN))
    place, town = data.get("place", {}), data.get("address", {}).get("city")
    position = place.get("position")
    if sure or not position or "geocoded" in place:
        return  # What is computed from the address is not far from it.
    if check_position(position["lng"], position["lat"], countries):
        raise InvalidInput(FieldProblem("place.position", OUTSIDE, ABROAD))
    if not town:
        return
    away_m = await away_from_town_m(
        reader, town, position["lng"], position["lat"], countries=tuple(countries)
    )
    if away_m is not None and away_m > FAR_FROM_TOWN_M:
        raise InvalidInput(FieldProblem("place.position", FAR, FAR_AWAY))
    if await is_far_from_its_address(reader, data, tuple(countries)):
        raise InvalidInput(FieldProblem("place.position", FAR_FROM_HOUSE, FAR_FROM_ADDRESS))


def _with_place(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Another position is no longer one that was computed; only we say that one is."""
    place = changes.get("place")
    if isinstance(place, Mapping) and ("position" in place or "geocoded" in place):
        return {**changes, "place": {**place, "geocoded": None}}
    return changes


def _without_computed(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whoever sends a position in answers for it: nobody but us says that it was computed, and how surely."""
    place = data.get("place")
    if not isinstance(place, Mapping) or "geocoded" not in place:
        return data
    return {**data, "place": {key: value for key, value in place.items() if key != "geocoded"}}


def _merged(target: Any, patch: Any) -> Any:
    """A JSON value with a merge patch laid on it (RFC 7396, 2)."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), value)
    return result


def _at(member: str, error: InvalidInput) -> InvalidInput:
    """The same problems, each at its place in what was sent."""
    return InvalidInput(
        *(
            replace(problem, path=f"{member}.{problem.path}" if problem.path else member)
            for problem in error.problems
        )
    )
