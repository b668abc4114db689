"""Suggestions as somebody types: services, places of the gazetteer, published features."""

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import orjson
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.areas.address_search import AddressHit
from app.areas.address_words import read_address
from app.areas.place_search import PlaceHit, ask_places
from app.errors import FieldProblem, InvalidInput
from app.features.addresses import ask_addresses
from app.features.help_suggested import Way, ask_together
from app.features.pyramid import COUNTED_ZOOMS
from app.features.search import NOTHING, ask_features
from app.features.typed_words import LONGEST, typed_words
from app.features.versions import tag_of
from app.i18n import translator
from app.layers.registry import LAYERS
from app.map_api.answers import etag_of, layer_versions
from app.map_api.features import NOT_A_POSITION
from app.taxonomy.search_words import Fit, Match, find_services
from app.taxonomy.vocabulary import Vocabulary, load_vocabulary
from app.web.dependencies import database_of, settings_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.query import COMPOSED, PlainText
from app.web.routes import PUBLIC, api_router, requires
from geo.bbox import Position, parse_position
from geo.errors import GeoError

router = api_router("/api/v1", tags=["search"], route_class=DirectRoute)

MOST_SERVICES, MOST_PLACES, MOST_FEATURES, MOST_TOGETHER, MOST_ADDRESSES = 5, 4, 6, 3, 3
#: The layer whose features have services.
WITH_SERVICES = "aid_points"

_Q = "What was typed, from two letters on; the last word may be a beginning"
_LANG = "Language of the names in the answer"


class SearchQuery(BaseModel):
    """What is searched for."""

    model_config = ConfigDict(frozen=True)

    q: Annotated[str, Field(max_length=LONGEST, description=_Q), COMPOSED]
    lang: Annotated[Literal["pl", "uk", "en", "de", "ro", "ru"], Field(description=_LANG)] = "en"
    near: Annotated[PlainText, Field(description="lng,lat: prefer what is not far")] = ""

    @property
    def position(self) -> Position | None:
        """`near`, read; `InvalidInput` when it is no position."""
        if not self.near:
            return None
        try:
            return parse_position(self.near)
        except GeoError as error:
            raise InvalidInput(FieldProblem("near", error.code, NOT_A_POSITION)) from None


@router.get(
    "/search",
    dependencies=[requires(PUBLIC)],
    summary="Suggestions as somebody types",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 304: {}, 422: {}},
)
async def search(request: Request, asked: Annotated[SearchQuery, Query()]) -> Response:
    """What the words may mean: `together` are help and a place (`dentist Kielce`; of a sentence `with` what
    else it says, and its `words` without the place), `services` with how many places offer
    them, `places`, `addresses`, `features`, each best first.

    Words are found in any of the six languages, begun, misspelt, without diacritics and in Cyrillic letters.
    """
    near = asked.position
    etag = await etag_of(request, *LAYERS)
    if unchanged := not_modified(request, etag):
        return unchanged
    database = database_of(request)
    matches = find_services(asked.q, MOST_SERVICES)
    # Where the words name help, a village that is spelt like them is not what is meant: їжа is not Izabelin.
    fit = min((match.fit for match in matches), default=Fit.SIMILAR)
    likely = {"exact"} if fit is Fit.EXACT else {"exact", "prefix"} if fit is Fit.PREFIX else None
    vocabulary, countries = load_vocabulary(), settings_of(request).countries
    # What the words stand for decides what is asked next, all of it at once: a way to the database and back costs the
    # server about as much as a small answer costs the database.
    words = typed_words(asked.q, as_written=fit is Fit.EXACT)
    typed = read_address(asked.q)
    of_addresses = (
        ask_addresses(
            typed,
            near=near,
            countries=countries,
            misspelt=typed.looks_like_one,
            beside=None if fit is Fit.EXACT else words,
        )
        if typed
        else None
    )
    # What looks like an address is asked for at once, a word that may be a street only where it is nothing else.
    at_once = of_addresses.questions if of_addresses and typed and typed.looks_like_one else ()
    first = await database.answers(*((words.question,) if words else ()), *at_once)
    of_words = first.pop(0) if words else None
    wanted = words.understood(of_words) if words and of_words is not None else None
    beside = [of_words] if of_addresses and of_addresses.asked_beside and of_words is not None else []
    as_typed = wanted is not None and all(word.sure for word in wanted)
    of_features = (
        ask_features(wanted, vocabulary, language=asked.lang, limit=MOST_FEATURES, near=near)
        if wanted
        else None
    )
    of_places = ask_places(
        asked.q,
        limit=MOST_PLACES,
        near=near,
        countries=countries,
        misspelt=likely is None and not as_typed,
    )
    today = dt.datetime.now(ZoneInfo(settings_of(request).timezone)).date()
    of_both = ask_together(asked.q, vocabulary, countries, limit=MOST_TOGETHER, today=today)
    in_street = of_addresses.follow_up([*first, *beside]) if of_addresses and at_once else None
    questions = (
        of_features,
        in_street.question if in_street else None,
        of_places.question if of_places else None,
        *of_both.questions,
    )
    answers = iter(await database.answers(*(question for question in questions if question)))
    features = next(answers) if of_features else NOTHING
    followed_up = (in_street, next(answers)) if in_street else None
    places = of_places.hits(next(answers)) if of_places else []
    together = of_both.found(list(answers))
    addresses: list[AddressHit] = []
    if of_addresses and (at_once or not (matches or places or as_typed)):
        first = first if at_once else await database.answers(*of_addresses.questions)
        addresses = await of_addresses.found(
            database, [*first, *beside], limit=MOST_ADDRESSES, followed_up=followed_up
        )
    body = {
        "together": [
            _together(vocabulary, way, asked.lang) | {"place": _place(hit, asked.lang)}
            for way, hit in together
        ],
        "services": await _services(request, matches, asked.lang),
        "places": [_place(hit, asked.lang) for hit in places if likely is None or hit.match in likely],
        "addresses": [_address(hit) for hit in addresses],
        "features": orjson.Fragment(features),
    }
    return public(Response(orjson.dumps(body), media_type="application/json"), etag)


async def _services(request: Request, matches: list[Match], language: str) -> list[dict[str, object]]:
    if not matches:
        return []
    vocabulary = load_vocabulary()
    counts = await _counts(request)
    found: list[dict[str, object]] = [
        _named(vocabulary, match, language) | {"count": counts.get(f"{match.kind[0]}:{match.code}", 0)}
        for match in matches
    ]
    # Help that nobody offers is said only where there is no other.
    return [service for service in found if service["count"]] or found


async def _counts(request: Request) -> dict[str, int]:
    """How many places there are of each service and group, read once for each state of the layer."""
    mark = tag_of(await layer_versions(request), [WITH_SERVICES])
    state = request.app.state
    kept: tuple[str, dict[str, int]] = getattr(state, "service_counts", ("", {}))
    if kept[0] != mark:
        body = await database_of(request).answer(
            _COUNTS,
            {
                "layer": WITH_SERVICES,
                "facets": _facets(load_vocabulary()),
                "coarsest": COUNTED_ZOOMS[0],
                "none": "{}",
            },
            planned_once=True,
        )
        kept = state.service_counts = (mark, orjson.loads(body))
    return kept[1]


def _facets(vocabulary: Vocabulary) -> list[str]:
    return [*(f"s:{code}" for code in vocabulary.services), *(f"g:{code}" for code in vocabulary.groups)]


# Counts of the coarsest zoom: not many cells for each facet, whatever the number of places. By name, for between the facets
# the index has all that is finer.
_COUNTS = """
SELECT convert_to(coalesce(json_object_agg(c.facet, c.n)::text, :none), 'UTF8')
FROM (SELECT t.facet, sum(c.n) AS n
      FROM unnest(CAST(:facets AS text[])) AS t (facet)
      JOIN published.cell c ON c.layer = :layer AND c.facet = t.facet AND c.z = :coarsest GROUP BY t.facet) c
"""


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
    box = hit.around
    address: dict[str, object] = {
        "name": hit.name,
        "detail": detail,
        "whole": hit.whole,
        "lng": round(hit.lng, 5),
        "lat": round(hit.lat, 5),
        "bbox": [box.west, box.south, box.east, box.north],
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
