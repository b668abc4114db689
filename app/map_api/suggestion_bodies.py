"""Suggestions as programs read them, in one language: what each kind of them says of itself."""

from collections.abc import Mapping, Sequence

import orjson

from app.areas.address_search import AddressHit
from app.areas.place_search import PlaceHit
from app.features.help_suggested import Way
from app.i18n import translator
from app.map_api.suggestions import Suggestions
from app.taxonomy.search_words import Match
from app.taxonomy.vocabulary import Vocabulary


def body_of(
    vocabulary: Vocabulary, found: Suggestions, counts: Mapping[str, int], language: str
) -> dict[str, object]:
    """All that was found, by its kind. `counts` are places by `s:` or `g:` and the code of help.

    Positions are degrees of WGS 84, `lng` and `lat`; a `bbox` is west, south, east, north.
    """
    return {
        "together": [
            _together(vocabulary, way, language) | {"place": _place(hit, language)}
            for way, hit in found.together
        ],
        "services": _services(vocabulary, found.services, counts, language),
        "places": [_place(hit, language) for hit in found.places],
        "addresses": [_address(hit) for hit in found.addresses],
        "features": orjson.Fragment(found.features),
    }


def _services(
    vocabulary: Vocabulary, matches: Sequence[Match], counts: Mapping[str, int], language: str
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        _named(vocabulary, match, language) | {"count": counts.get(f"{match.kind[0]}:{match.code}", 0)}
        for match in matches
    ]
    # Help that nobody offers is said only where there is no other.
    return [service for service in found if service["count"]] or found


def _together(vocabulary: Vocabulary, way: Way, language: str) -> dict[str, object]:
    """The help, and what else the sentence says: `with` in words, `words` for the one who takes it."""
    said = [
        translator(language).gettext("Open now") if kind == "open" else vocabulary.name(kind, code, language)
        for kind, code in way.conditions
    ]
    if way.time:
        said.append(way.time.words)
    found: dict[str, object] = {"service": _named(vocabulary, way.match, language)}
    return found | {"with": said, "words": way.words} if said else found


def _named(vocabulary: Vocabulary, match: Match, language: str) -> dict[str, object]:
    terms = vocabulary.services if match.kind == "service" else vocabulary.groups
    return {
        "code": match.code,
        "name": terms[match.code].names[language],
        "family": _family(vocabulary, match),
    }


def _family(vocabulary: Vocabulary, match: Match) -> str:
    if match.kind == "service":
        return vocabulary.family_of(match.code).code
    return vocabulary.groups[match.code].family


def _address(hit: AddressHit) -> dict[str, object]:
    detail = " ".join(part for part in (hit.postcode, hit.town) if part)
    address: dict[str, object] = {
        "name": hit.name,
        "detail": detail,
        "whole": hit.whole,
        "lng": round(hit.lng, 5),
        "lat": round(hit.lat, 5),
        "bbox": hit.around.as_tuple(),
    }
    if hit.guessed:
        address["guessed"] = True
    return address


def _place(hit: PlaceHit, language: str) -> dict[str, object]:
    name = hit.names.get(language, hit.name)
    # Of a town that is a unit of its own its name would come twice.
    regions = [region for region in hit.regions_in(language) if region not in (name, hit.name)]
    place: dict[str, object] = {"id": hit.id, "name": name, "lng": hit.lng, "lat": hit.lat}
    if regions:
        place["detail"] = ", ".join(dict.fromkeys(regions))
    return place
