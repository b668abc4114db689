"""Suggestions as somebody types: services, places of the gazetteer, published features."""

import datetime as dt
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import orjson
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.errors import FieldProblem, InvalidInput
from app.features.typed_words import LONGEST
from app.layers.registry import LAYERS
from app.map_api.answers import etag_of
from app.map_api.features import NOT_A_POSITION
from app.map_api.service_counts import places_by_facet
from app.map_api.suggestion_bodies import body_of
from app.map_api.suggestions import Typed, suggest
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, settings_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.query import COMPOSED, PlainText
from app.web.routes import PUBLIC, api_router, requires
from geo.bbox import Position, parse_position
from geo.errors import GeoError

router = api_router("/api/v1", tags=["search"], route_class=DirectRoute)

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
    vocabulary, settings = load_vocabulary(), settings_of(request)
    today = dt.datetime.now(ZoneInfo(settings.timezone)).date()
    typed = Typed(asked.q, asked.lang, near, settings.countries, today)
    found = await suggest(database_of(request), vocabulary, typed)
    counts = await places_by_facet(request, vocabulary) if found.services else {}
    body = body_of(vocabulary, found, counts, asked.lang)
    return public(Response(orjson.dumps(body), media_type="application/json"), etag)
