"""The feed of changes: what was published, changed, withdrawn and merged, page by page, for whoever keeps a copy."""

import base64
import binascii
import hmac
from typing import Annotated

import orjson
from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.errors import Gone
from app.features.changes import Place, changes
from app.layers.registry import LAYERS
from app.map_api.answers import etag_of
from app.map_api.cursors import TamperedCursor
from app.taxonomy.discretion import speaks_of_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, settings_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.keeping import keepable
from app.web.query import PLAIN_INTEGER, PlainText
from app.web.routes import PUBLIC, api_router, requires

router = api_router("/api/v1", tags=["features"], route_class=DirectRoute)

_HEAD = b',"more":'
_MOST = 2**63 - 1
_CURSOR = "`next` of the answer before; without it from the beginning"


class FeedBegunAnew(Gone):
    """This cursor is of a database that is there no longer. Begin without a cursor."""


class ChangesQuery(BaseModel):
    """From where, and how much of it."""

    model_config = ConfigDict(frozen=True)

    cursor: Annotated[PlainText, Field(max_length=400, description=_CURSOR)] = ""
    limit: Annotated[int, Field(ge=1, le=10_000, description="Entries an answer"), PLAIN_INTEGER] = 1000


@router.get(
    "/changes",
    dependencies=[requires(PUBLIC)],
    summary="What was published, changed, withdrawn and merged, in order",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 304: {}, 410: {}, 422: {}},
)
async def read_changes(request: Request, asked: Annotated[ChangesQuery, Query()]) -> Response:
    """`changes` after `cursor`, the oldest first; `next` is the cursor for what comes after them, now or later.

    The newest entry of a feature has what it says now (`feature`), or the id that it was merged into.
    """
    secret = settings_of(request).secret_key.get_secret_value()
    place = _read(asked.cursor, secret)
    etag = await etag_of(request, *LAYERS)
    if unchanged := not_modified(request, etag):
        return unchanged
    timezone = settings_of(request).timezone
    body = await changes(place, limit=asked.limit, timezone=timezone).answer_if_any(database_of(request))
    if body is None:
        raise FeedBegunAnew
    at = body.index(_HEAD)
    head = orjson.loads(body[:at] + b"}")
    after = Place(head["positions"], *head["last"])
    answer = b"".join((b'{"next":"', _written(after, secret), b'"', memoryview(body)[at:]))
    discreet = speaks_of_discreet(body, load_vocabulary())
    return public(keepable(Response(answer, media_type="application/json"), unless=discreet), etag)


def _written(place: Place, secret: str) -> bytes:
    said = [dict(sorted(place.cursors.items())), place.last, place.last_at_us ^ _mask(place.last, secret)]
    return base64.urlsafe_b64encode(orjson.dumps(said)).rstrip(b"=")


def _mask(last: int, secret: str) -> int:
    """What hides the moment of an entry: nobody is told at which hour something changed, nor what changed with it."""
    # Seven bytes are more than the microseconds of any day that we live to see.
    return int.from_bytes(hmac.digest(secret.encode(), b"changes %d" % last, "sha256")[:7]) if last else 0


def _read(cursor: str, secret: str) -> Place:
    """The place in a cursor; a layer that came to be since is read from its beginning. `TamperedCursor`."""
    if not cursor:
        return Place(dict.fromkeys(LAYERS, 0))
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        cursors, *last = orjson.loads(raw)
        numbers = [*cursors.values(), *last]
        if len(last) != 2 or not all(type(n) is int and 0 <= n <= _MOST for n in numbers):
            raise TamperedCursor
        newest, hidden = last
        return Place(
            {layer: cursors.get(layer, 0) for layer in LAYERS}, newest, hidden ^ _mask(newest, secret)
        )
    except (binascii.Error, ValueError, TypeError, AttributeError):
        raise TamperedCursor from None
