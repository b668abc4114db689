"""Finds the administrative units that people name in a form, and the position of an address without a pin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from app.areas.address_distance import is_far_from_address
from app.areas.address_geocoding import GeocodeResult, geocode_address
from app.areas.nearest_place import FAR_FROM_TOWN_M, away_from_town_m
from app.areas.place_search import PlaceHit, find_places
from app.areas.protection import NoPublishableUnit, published_unit
from app.db import Executor
from app.errors import FieldProblem
from app.forms import Answers, Form
from app.forms.areas import Area
from app.forms.positions import FAR_FROM_ADDRESS, FAR_FROM_TOWN, MIDDLE_OF_TOWN, ONLY_TOWN, UNKNOWN_TOWN, Pin

#: So many places of one name are offered.
MOST_CANDIDATES = 6
#: Nobody meets the point of the gazetteer so closely by chance: whoever looked for the town and went on has shown no door.
TOWN_ITSELF_M = 1.0
#: The code of a pin that is far from the town in its address.
FAR = "far_from_town"
#: The code of a pin that is far from the street or the house in its address.
FAR_FROM_HOUSE = "far_from_address"
#: The codes of an address without a pin of which the town alone is known, or nothing.
TOWN_ALONE = "only_town"
NO_TOWN = "unknown_town"
#: What a person is asked about at the pin.
ASKED = frozenset({FAR, FAR_FROM_HOUSE, TOWN_ALONE, NO_TOWN})
#: Longer names are not looked for.
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that a name may mean: what will be stored, and words that tell it from the others."""

    code: str
    name: str
    words: str


async def with_areas(
    connection: Executor,
    form: Form,
    answers: Answers,
    countries: tuple[str, ...],
    *,
    live: Mapping[str, Any] | None = None,
) -> tuple[Answers, Mapping[str, Sequence[tuple[str, str]]]]:
    """The answers with code and name of each unit that was named; of ambiguous names the choice, by input.

    Nothing that came from the page is believed: what is written here was found just now, or is the unit of `live`, the
    content that the form was filled in with, where its name was left as it is.
    """
    offered: dict[str, Sequence[tuple[str, str]]] = {}
    for asked in form.fields:
        if not isinstance(asked, Area) or not asked.shown(answers):
            continue
        typed, chosen = answers.one(asked.name).strip(), answers.one(f"{asked.name}.code")
        found = await _candidates(connection, typed, countries)
        unit = next((c for c in found if c.code == chosen), found[0] if len(found) == 1 else None)
        if unit is None and live is not None:
            unit = _as_it_is(asked, live, typed)
        answers = _written(answers, asked.name, unit, several=len(found) > 1)
        if len(found) > 1:
            offered[asked.name] = [(candidate.code, candidate.words) for candidate in found]
    return answers, offered


async def located(
    connection: Executor, data: Mapping[str, Any], countries: tuple[str, ...]
) -> dict[str, Any]:
    """The data with a computed position where the address is public and nobody has shown the place.

    It says how it was found, so that nobody takes the middle of a town for a door. What may be far off is never taken
    silently: see `unsure_of_pin`.
    """
    found = await _by_address(connection, data, countries)
    if found is None:
        return dict(data)
    place = data.get("place", {})
    computed = {
        "position": {"lng": found.lng, "lat": found.lat},
        "geocoded": {"level": found.level, "confidence": found.confidence, "source": found.source},
    }
    return {**data, "place": {**place, **computed}}


def _waits_for_pin(data: Mapping[str, Any]) -> bool:
    """Whether a content has a town for everybody to see, and nobody has shown the place."""
    place = data.get("place", {})
    is_open = place.get("disclosure", "exact") == "exact"
    return is_open and "position" not in place and bool(data.get("address", {}).get("city"))


async def _by_address(
    connection: Executor, data: Mapping[str, Any], countries: tuple[str, ...]
) -> GeocodeResult | None:
    if not _waits_for_pin(data):
        return None
    address = data["address"]
    return await geocode_address(
        connection, city=address["city"], postcode=address.get("postcode"), countries=countries
    )


async def is_unknown_town(connection: Executor, data: Mapping[str, Any], countries: tuple[str, ...]) -> bool:
    """Whether nobody has shown the place and its town is in no gazetteer; without any gazetteer nothing is unknown."""
    if not _waits_for_pin(data) or await _by_address(connection, data, countries) is not None:
        return False
    known = await connection.execute(_ANY_PLACE, {"countries": list(countries)})
    return known.first() is not None


async def unsure_of_pin(
    connection: Executor, form: Form, answers: Answers, data: Mapping[str, Any], countries: tuple[str, ...]
) -> list[FieldProblem]:
    """A problem at the pin that is far from the town, the street or the house in the address, stands where a search for
    the town has put it, or would only be computed from that.

    None once a person says that it is right.
    """
    pin = next((field for field in form.fields if isinstance(field, Pin) and field.shown(answers)), None)
    if pin is None or pin.is_sure(answers):
        return []
    if _waits_for_pin(data):
        if await _by_address(connection, data, countries) is not None:
            return [FieldProblem(pin.name, TOWN_ALONE, ONLY_TOWN)]
        unknown = await is_unknown_town(connection, data, countries)
        return [FieldProblem(pin.name, NO_TOWN, UNKNOWN_TOWN)] if unknown else []
    position = data.get("place", {}).get("position")
    city = data.get("address", {}).get("city")
    if not position or not city:
        return []
    away_m = await away_from_town_m(connection, city, position["lng"], position["lat"], countries=countries)
    wrong = None if away_m is None else _wrong_with(away_m)
    if wrong is None and await is_far_from_its_address(connection, data, countries):
        wrong = FAR_FROM_HOUSE, FAR_FROM_ADDRESS
    return [FieldProblem(pin.name, *wrong)] if wrong else []


async def is_far_from_its_address(
    connection: Executor, data: Mapping[str, Any], countries: tuple[str, ...]
) -> bool:
    """Whether a content's position is far from the street or the house that its address names, as far as these are known."""
    address, position = data.get("address", {}), data.get("place", {}).get("position")
    if not position:
        return False
    street, number, town = (address.get(part) or "" for part in ("street", "house_number", "city"))
    at = position["lng"], position["lat"]
    return await is_far_from_address(connection, (street, number, town), at, countries=countries)


def _wrong_with(away_m: float) -> tuple[str, str] | None:
    """The code and the words for a pin so far from the middle of its town; None for one of which nothing is asked."""
    if away_m > FAR_FROM_TOWN_M:
        return FAR, FAR_FROM_TOWN
    return (TOWN_ALONE, MIDDLE_OF_TOWN) if away_m < TOWN_ITSELF_M else None


_ANY_PLACE = text("SELECT 1 FROM published.place WHERE country = ANY(:countries) LIMIT 1")


def _as_it_is(asked: Area, live: Mapping[str, Any], typed: str) -> Candidate | None:
    """The unit of a content, if what was typed is its name: what is shown of it may be no town, as that of a region is none."""
    written = dict(asked.write(live))
    if not typed or written.get(asked.name) != typed:
        return None
    return Candidate(written[f"{asked.name}.code"], written[f"{asked.name}.name"], typed)


async def _candidates(connection: Executor, typed: str, countries: tuple[str, ...]) -> list[Candidate]:
    if not typed or len(typed) > LONGEST:
        return []
    hits = await find_places(connection, typed, limit=MOST_CANDIDATES, countries=countries)
    exact = [hit for hit in hits if hit.match == "exact"]
    found = [await _candidate(connection, hit) for hit in exact or hits if hit.area_codes]
    return list({candidate.code: candidate for candidate in found if candidate is not None}.values())


async def _candidate(connection: Executor, hit: PlaceHit) -> Candidate | None:
    """The unit to show for a place: never one of few people. None when only such small ones are known."""
    words = ", ".join(dict.fromkeys((hit.name, *hit.regions)))
    try:
        unit = await published_unit(connection, hit.area_codes[0])
    except NoPublishableUnit:
        known = await connection.scalar(
            text("SELECT count(*) FROM published.area WHERE code = ANY(:codes)"),
            {"codes": list(hit.area_codes)},
        )
        # Without boundaries the gazetteer says the region only, and that is large enough.
        return None if known or not hit.regions else Candidate(hit.area_codes[-1], hit.regions[-1], words)
    return Candidate(unit.code, unit.name, words)


def _written(answers: Answers, name: str, unit: Candidate | None, *, several: bool) -> Answers:
    answers = answers.replaced(f"{name}.code", *([unit.code] if unit else []))
    answers = answers.replaced(f"{name}.name", *([unit.name] if unit else []))
    return answers.replaced(f"{name}.several", *(["1"] if several and unit is None else []))
