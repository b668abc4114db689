"""What no copy may hold any longer: asked by readers' devices that keep pages for when they have no network."""

import datetime as dt
from typing import Annotated

import orjson
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.features.changes import Place, gone, place_before
from app.features.dates import IsoDate
from app.layers.registry import LAYERS
from app.map_api.answers import etag_of
from app.map_api.change_cursors import FeedBegunAnew, next_place, read_place, write_place
from app.taxonomy.discretion import discreet_services
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, settings_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.query import PlainText
from app.web.routes import PUBLIC, api_router, requires

router = api_router("/api/v1", tags=["features"], route_class=DirectRoute)

#: Entries that an answer looks at; what it says of them is a few ids.
_LOOKED_AT = 10_000
_CURSOR = "`next` of the answer before, or of `/api/v1/changes`"
_SINCE = "Without a cursor: all since this day; nothing without either, but `next` to ask with later"


class GoneQuery(BaseModel):
    """From where."""

    model_config = ConfigDict(frozen=True)

    cursor: Annotated[PlainText, Field(max_length=400, description=_CURSOR)] = ""
    since: Annotated[IsoDate | None, Field(description=_SINCE)] = None


@router.get(
    "/gone",
    dependencies=[requires(PUBLIC)],
    summary="What no copy may hold any longer",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 304: {}, 410: {}, 422: {}},
)
async def read_gone(request: Request, asked: Annotated[GoneQuery, Query()]) -> Response:
    """`gone`: ids of what is withdrawn, merged, or not openly on the map any more, of what changed after `cursor`.

    What somebody has kept of these is to be dropped. An id is named whatever it was before, so that asking once too
    often does no harm; what is on the map again by now is not named. `more` and `next` as in `/changes`.
    """
    secret = settings_of(request).secret_key.get_secret_value()
    held = read_place(asked.cursor, secret) if asked.cursor else None
    etag = await etag_of(request, *LAYERS)
    if unchanged := not_modified(request, etag):
        return unchanged
    place = held or await _begun(request, asked.since)
    discreet = load_vocabulary().mask(tuple(discreet_services(load_vocabulary())))
    body = await gone(place, limit=_LOOKED_AT, discreet=discreet).answer_if_any(database_of(request))
    if body is None:
        raise FeedBegunAnew
    after, rest = next_place(body)
    answer = b"".join((b'{"next":"', write_place(after, secret), b'"', rest))
    return public(Response(answer, media_type="application/json"), etag)


async def _begun(request: Request, since: dt.date | None) -> Place:
    """The place before a day; the newest one without."""
    settings = settings_of(request)
    found = place_before(since or dt.date.max, LAYERS, timezone=settings.timezone)
    head = orjson.loads(await found.answer(database_of(request)))
    return Place(head["positions"], *head["last"])
