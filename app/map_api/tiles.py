"""Map tiles as GeoJSON: clusters where there are many, features where there are few."""

import re
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from app.errors import NotFound
from app.features.tiles import tile
from app.layers import registry
from app.map_api.answer_cache import AnswerCache
from app.map_api.answers import etag_of, geojson, layer_versions
from app.map_api.questions import TileQuery
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public
from app.web.keeping import keepable
from app.web.routes import PUBLIC, api_router, requires
from geo.errors import GeoError
from geo.tile import Tile

router = api_router("/api/v1/tiles", tags=["tiles"], route_class=DirectRoute)

DEEPEST = 20
#: Tiles of wider views hold many features, are few, and everybody begins with them.
DEEPEST_KEPT = 12
_NUMBER = re.compile(r"0|[1-9][0-9]{0,6}", re.ASCII)


class NoSuchTile(NotFound):
    """There is no such tile."""


@router.get(
    "/{layer}/{z}/{x}/{y}.geojson",
    dependencies=[requires(PUBLIC)],
    summary="One map tile: clusters and features",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 304: {}, 404: {}, 422: {}},
)
async def geojson_tile(
    request: Request, layer: str, z: str, x: str, y: str, asked: Annotated[TileQuery, Query()]
) -> Response:
    """The tile of the usual web scheme (XYZ, EPSG:3857). A cluster has `count` and `families`.

    `families` are six numbers, in the order food, shelter, health, law, support, learning. From zoom 16
    on every feature is given.
    """
    declared = registry.layer(layer)
    at = tile_of(z, x, y)
    await layer_versions(request)
    wanted = asked.asks_for(request)
    etag = await etag_of(request, declared.key, also=wanted.moment)
    if unchanged := not_modified(request, etag):
        return unchanged
    statement = tile(declared.key, at, wanted, load_vocabulary())
    database = database_of(request)
    if at.z > DEEPEST_KEPT:
        body = await statement.answer(database)
    else:
        body = await _cache(request).get(etag, lambda: statement.answer(database))
    return public(keepable(geojson(body), unless=not asked.may_be_kept(body)), etag)


def _cache(request: Request) -> AnswerCache:
    state = request.app.state
    if not hasattr(state, "tile_answers"):
        state.tile_answers = AnswerCache()
    cache: AnswerCache = state.tile_answers
    return cache


def tile_of(z: str, x: str, y: str, deepest: int = DEEPEST) -> Tile:
    """Give the tile of an address; `NoSuchTile` for anything but plain numbers of a tile that exists."""
    if not all(_NUMBER.fullmatch(part) for part in (z, x, y)) or int(z) > deepest:
        raise NoSuchTile
    try:
        return Tile(int(z), int(x), int(y))
    except GeoError:
        raise NoSuchTile from None
