"""The features of a layer as GeoJSON: page by page, the nearest ones, or one of them."""

import functools
import uuid
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import Query, Request
from starlette.responses import Response

from app.errors import FieldProblem, InvalidInput, NotFound
from app.features.filters import Filter
from app.features.merged import merged_into
from app.features.published import Position, collection, last_id, nearest, one, past
from app.features.statement import Statement
from app.i18n import N_
from app.layers import registry
from app.map_api.answers import etag_of, geojson, layer_versions
from app.map_api.cursors import TamperedCursor, read_cursor, write_cursor
from app.map_api.questions import FeaturesQuery
from app.taxonomy.discretion import speaks_of_discreet
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, settings_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.keeping import keepable
from app.web.routes import PUBLIC, api_router, requires
from geo.bbox import parse_bbox, parse_position
from geo.errors import GeoError

router = api_router("/api/v1/layers", tags=["features"], route_class=DirectRoute)

HIGHEST_NEAR_LIMIT = 100
_NEXT_KEY = b',"nextKey":'
#: What was found to be the same as another one: its new address, and `merged_into`, the id that it has there.
_MERGED: dict[str, Any] = {
    "description": "Merged into another one: `Location`, and its id in `merged_into`",
    "content": {"application/json": {}},
}
NOT_A_BOX = N_("Write west,south,east,north in degrees, for example 20.5,50.8,20.7,50.9.")
NOT_A_POSITION = N_("Write lng,lat in degrees, for example 20.63,50.87.")


class FeatureNotPublished(NotFound):
    """This place is not on the map, or no longer."""


class MalformedId(NotFound):
    """There is nothing here."""


@router.get(
    "/{layer}/features.geojson",
    dependencies=[requires(PUBLIC)],
    summary="Features as a GeoJSON FeatureCollection (RFC 7946)",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 304: {}, 404: {}, 422: {}},
)
async def features(request: Request, layer: str, asked: Annotated[FeaturesQuery, Query()]) -> Response:
    """One page of a layer, in the order of position; or with `near` the nearest features.

    Coordinates are lng, lat in EPSG:4326. A link `next` is there when more may follow.
    """
    declared = registry.layer(layer)
    await layer_versions(request)
    wanted = _with_box(asked.asks_for(request), asked.bbox)
    etag = await etag_of(request, declared.key, also=wanted.moment)
    if asked.near:
        statement = _nearest(declared.key, asked, wanted)
        if unchanged := not_modified(request, etag):
            return unchanged
        body = await statement.answer(database_of(request))
        return public(keepable(geojson(body), unless=not asked.may_be_kept(body)), etag)
    if asked.radius_m is not None:
        raise InvalidInput(FieldProblem("near", "missing", NOT_A_POSITION))
    question = _question(request)
    statement = collection(
        declared.key,
        wanted,
        load_vocabulary(),
        limit=asked.limit,
        after=read_cursor(asked.cursor, question) if asked.cursor else None,
        count=asked.count,
        members=_members(declared.key, settings_of(request).timezone),
    )
    # Only now is the question known to be a good one, which `If-None-Match: *` takes for granted.
    if unchanged := not_modified(request, etag):
        return unchanged
    body = await statement.answer(database_of(request))
    answer = geojson(_with_next_link(request, body, question))
    return public(keepable(answer, unless=not asked.may_be_kept(body)), etag)


@router.get(
    "/{layer}/features/{feature_id}",
    dependencies=[requires(PUBLIC)],
    summary="One feature with its whole public content",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 301: _MERGED, 304: {}, 404: {}},
)
async def feature(request: Request, layer: str, feature_id: str) -> Response:
    """One GeoJSON Feature. The answer for what is hidden is the same as for what does not exist."""
    declared = registry.layer(layer)
    wanted = _id(feature_id)
    etag = await etag_of(request, declared.key)
    body = await one(declared.key, wanted).answer_if_any(database_of(request))
    if body is None:
        return await _led_on(request, declared.key, wanted)
    if unchanged := not_modified(request, etag):
        return unchanged
    return public(keepable(geojson(body), unless=speaks_of_discreet(body, load_vocabulary())), etag)


@router.get(
    "/{layer}/features/{feature_id}/history",
    dependencies=[requires(PUBLIC)],
    summary="What happened to one feature, by the day",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 301: _MERGED, 304: {}, 404: {}},
)
async def history(request: Request, layer: str, feature_id: str) -> Response:
    """Publication, changes (names of fields, never what stood in them), closures and checks; the newest first."""
    declared = registry.layer(layer)
    wanted = _id(feature_id)
    etag = await etag_of(request, declared.key)
    body = await past(declared.key, wanted).answer_if_any(database_of(request))
    if body is None:
        return await _led_on(request, declared.key, wanted)
    if unchanged := not_modified(request, etag):
        return unchanged
    # Nothing in it says whether the place is one that no device must remember, so that none does.
    return public(Response(body, media_type="application/json"), etag)


async def _led_on(request: Request, layer: str, feature_id: uuid.UUID) -> Response:
    """The answer for what was merged: the same of the other one. `FeatureNotPublished` for anything else."""
    found = await merged_into(layer, feature_id).answer_if_any(database_of(request))
    if found is None:
        raise FeatureNotPublished
    into = found.decode()
    body = orjson.dumps({"id": str(feature_id), "layer": layer, "merged_into": into})
    location = request.url.path.replace(str(feature_id), into)
    # Somebody may take a merge back.
    headers = {"Location": location, "Cache-Control": "public, max-age=60"}
    return Response(body, status_code=301, media_type="application/json", headers=headers)


def _id(text: str) -> uuid.UUID:
    """An id in the one form that we give out."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        raise MalformedId from None
    if str(found) != text:
        raise MalformedId
    return found


def _nearest(layer: str, asked: FeaturesQuery, wanted: Filter) -> Statement:
    """The nearest features. There is no further page of them, so a cursor cannot be one of theirs."""
    if asked.cursor:
        raise TamperedCursor
    try:
        position = parse_position(asked.near)
    except GeoError as error:
        raise InvalidInput(FieldProblem("near", error.code, NOT_A_POSITION)) from None
    return nearest(
        layer,
        position.lng,
        position.lat,
        wanted,
        load_vocabulary(),
        limit=min(asked.limit, HIGHEST_NEAR_LIMIT),
        radius_m=asked.radius_m,
        count=asked.count,
    )


def _with_box(wanted: Filter, text: str) -> Filter:
    if not text:
        return wanted
    try:
        box = parse_bbox(text)
    except GeoError as error:
        raise InvalidInput(FieldProblem("bbox", error.code, NOT_A_BOX)) from None
    return wanted.within(box)


def _question(request: Request) -> str:
    """The request without its cursor: what a cursor belongs to."""
    pairs = [
        (name, value) for name, value in request.query_params.multi_items() if name not in {"cursor", "count"}
    ]
    return f"{request.scope['path']}?{urlencode(sorted(pairs))}"


@functools.cache
def _members(layer: str, timezone: str) -> str:
    return "," + orjson.dumps({"name": layer, "timeZone": timezone}).decode()[1:-1]


def _with_next_link(request: Request, body: bytes, question: str) -> bytes:
    """Put a link to the next page in the place of the key that the database gave for it."""
    start = body.find(_NEXT_KEY, 0, 400)
    if start < 0:
        return body
    end = body.index(b",", start + len(_NEXT_KEY))
    key = int(body[start + len(_NEXT_KEY) : end])
    cursor = write_cursor(Position(key, last_id(body)), question)
    path = str(request.scope["path"])
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    href = f"{settings_of(request).public_url}{path}?{urlencode([*pairs, ('cursor', cursor)])}"
    links = orjson.dumps([{"rel": "next", "type": "application/geo+json", "href": href}])
    # Hundreds of kilobytes, copied once.
    return b"".join((memoryview(body)[:start], b',"links":', links, memoryview(body)[end:]))
