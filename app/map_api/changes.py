"""The feed of changes: what was published, changed, withdrawn and merged, page by page, for whoever keeps a copy."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.features.changes import changes
from app.layers.registry import LAYERS
from app.map_api.answers import etag_of
from app.map_api.change_cursors import FeedBegunAnew, next_place, read_place, write_place
from app.taxonomy.discretion import speaks_of_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, settings_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.keeping import keepable
from app.web.query import PLAIN_INTEGER, PlainText
from app.web.routes import PUBLIC, api_router, requires

router = api_router("/api/v1", tags=["features"], route_class=DirectRoute)

_CURSOR = "`next` of the answer before; without it from the beginning"


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
    place = read_place(asked.cursor, secret)
    etag = await etag_of(request, *LAYERS)
    if unchanged := not_modified(request, etag):
        return unchanged
    timezone = settings_of(request).timezone
    body = await changes(place, limit=asked.limit, timezone=timezone).answer_if_any(database_of(request))
    if body is None:
        raise FeedBegunAnew
    after, rest = next_place(body)
    answer = b"".join((b'{"next":"', write_place(after, secret), b'"', rest))
    discreet = speaks_of_discreet(body, load_vocabulary())
    return public(keepable(Response(answer, media_type="application/json"), unless=discreet), etag)
