"""The features of a layer as GeoJSON: page by page, the nearest ones, or one of them."""

import uuid
from typing import Annotated
from urllib.parse import urlencode

import orjson
from fastapi import Path, Query, Request
from starlette.responses import Response

from app.errors import FieldProblem, InvalidInput, NotFound
from app.features.filters import Filter
from app.features.published import Position, collection, nearest, one
from app.i18n import N_
from app.layers import registry
from app.map_api.answers import etag_of, geojson
from app.map_api.conditional import ConditionalRoute
from app.map_api.cursors import read_cursor, write_cursor
from app.map_api.questions import AskedFilter, BBoxText
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, settings_of
from app.web.etag import not_modified, public
from app.web.query import PlainFloat, PlainInt, PlainText
from app.web.routes import PUBLIC, api_router, requires
from geo.bbox import parse_bbox, parse_position
from geo.errors import GeoError

router = api_router("/api/v1/layers", tags=["features"], route_class=ConditionalRoute)

DEFAULT_LIMIT = 500
HIGHEST_LIMIT = 10_000
HIGHEST_NEAR_LIMIT = 100
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
async def features(
    request: Request,
    reader: ReadConnection,
    layer: Annotated[str, Path(max_length=40)],
    wanted: AskedFilter,
    bbox: BBoxText = "",
    near: Annotated[PlainText, Query(description="lng,lat: the nearest features first")] = "",
    radius_m: Annotated[
        PlainFloat | None, Query(gt=0, le=200_000, description="With near: at most so far")
    ] = None,
    limit: Annotated[PlainInt, Query(ge=1, le=HIGHEST_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[PlainText, Query(max_length=64, description="From the link of the answer before")] = "",
    count: Annotated[bool, Query(description="Give numberMatched as well")] = False,
) -> Response:
    """One page of a layer, in the order of position; or with `near` the nearest features.

    Coordinates are lng, lat in EPSG:4326. A link `next` is there when more may follow.
    """
    declared = registry.layer(layer)
    etag = await etag_of(request, declared.key, also=str(wanted.open_at or ""))
    vocabulary = load_vocabulary()
    if near:
        lng, lat = _position(near)
        statement = nearest(
            declared.key,
            lng,
            lat,
            wanted,
            vocabulary,
            limit=min(limit, HIGHEST_NEAR_LIMIT),
            radius_m=radius_m,
        )
        return not_modified(request, etag) or public(geojson(await statement.bytes(reader)), etag)
    if radius_m is not None:
        raise InvalidInput(FieldProblem("near", "missing", NOT_A_POSITION))
    question = _question(request)
    statement = collection(
        declared.key,
        _with_box(wanted, bbox),
        vocabulary,
        limit=limit,
        after=read_cursor(cursor, question) if cursor else None,
        count=count,
        members=_members(request, declared.key),
    )
    # Only now is the question known to be a good one, which `If-None-Match: *` takes for granted.
    if unchanged := not_modified(request, etag):
        return unchanged
    return public(geojson(_with_next_link(request, await statement.bytes(reader), question)), etag)


@router.get(
    "/{layer}/features/{feature_id}",
    dependencies=[requires(PUBLIC)],
    summary="One feature with its whole public content",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 304: {}, 404: {}},
)
async def feature(
    request: Request, reader: ReadConnection, layer: Annotated[str, Path(max_length=40)], feature_id: str
) -> Response:
    """One GeoJSON Feature. The answer for what is hidden is the same as for what does not exist."""
    declared = registry.layer(layer)
    wanted = _id(feature_id)
    etag = await etag_of(request, declared.key)
    statement = one(declared.key, wanted)
    body = (await reader.execute(statement.sql, statement.values)).scalar_one_or_none()
    if body is None:
        raise FeatureNotPublished
    return not_modified(request, etag) or public(geojson(bytes(body)), etag)


def _id(text: str) -> uuid.UUID:
    """An id in the one form that we give out."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        raise MalformedId from None
    if str(found) != text:
        raise MalformedId
    return found


def _position(text: str) -> tuple[float, float]:
    try:
        position = parse_position(text)
    except GeoError as error:
        raise InvalidInput(FieldProblem("near", error.code, NOT_A_POSITION)) from None
    return position.lng, position.lat


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


def _members(request: Request, layer: str) -> str:
    settings = settings_of(request)
    members = {"name": layer, "timeZone": settings.timezone}
    return "," + orjson.dumps(members).decode()[1:-1]


def _with_next_link(request: Request, body: bytes, question: str) -> bytes:
    """Put a link to the next page in the place of the key that the database gave for it."""
    start = body.find(b',"nextKey":[', 0, 400)
    if start < 0:
        return body
    end = body.index(b"]", start) + 1
    key = orjson.loads(body[start + len(b',"nextKey":') : end])
    cursor = write_cursor(Position(key[0], uuid.UUID(key[1])), question)
    path = str(request.scope["path"])
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    href = f"{settings_of(request).public_url}{path}?{urlencode([*pairs, ('cursor', cursor)])}"
    links = orjson.dumps([{"rel": "next", "type": "application/geo+json", "href": href}])
    return body[:start] + b',"links":' + links + body[end:]
