"""Names of towns and villages for the built-in map, which is all there is where no streets can be shown."""

from fastapi import Request
from starlette.responses import Response

from app.features.statement import Statement
from app.map_api.tiles import tile_of
from app.web.dependencies import database_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public, strong_etag
from app.web.keeping import keepable
from app.web.routes import PUBLIC, api_router, requires
from geo.tile import Tile

router = api_router("/api/v1/place-names", tags=["place names"], route_class=DirectRoute)

#: On a tile drawn 512 pixels wide more names than this do not find room.
MOST_NAMES = 40
#: From this zoom on, where a town fills the screen, its parts have names too.
PARTS_ZOOM = 12
#: Beyond this zoom a tile is smaller than a village.
DEEPEST = 16
#: The gazetteer changes when an operator loads another one, which is not an event of anybody's day.
FRESH = "public, max-age=86400, stale-while-revalidate=604800"

# Coordinates are rounded to eleven metres.
NAMES = """
    SELECT convert_to(
        json_build_object('places', coalesce(json_agg(shown.place ORDER BY shown.rank), '[]'))::text, 'UTF8')
    FROM (
        SELECT json_strip_nulls(json_build_object(
                   'name', p.name, 'names', nullif(p.names, '{}'),
                   'lng', round(p.lng::numeric, 4), 'lat', round(p.lat::numeric, 4),
                   'population', p.population)) AS place,
               row_number() OVER (ORDER BY p.population DESC, p.id) AS rank
        FROM published.place p
        WHERE p.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
          AND p.lng >= :west AND p.lng < :east AND p.lat > :south AND p.lat <= :north
          AND (p.kind = 'settlement' OR :with_parts)
        ORDER BY p.population DESC, p.id
        LIMIT :most
    ) AS shown
"""


def names_of(at: Tile) -> Statement:
    """Give the most populous places of a tile, most people first. The north and west edges belong to it."""
    box = at.bounds
    return Statement(
        NAMES,
        {
            "west": box.west,
            "south": box.south,
            "east": box.east,
            "north": box.north,
            "with_parts": at.z >= PARTS_ZOOM,
            "most": MOST_NAMES,
        },
    )


@router.get(
    "/{z}/{x}/{y}.json",
    dependencies=[requires(PUBLIC)],
    summary="The names of one map tile",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 304: {}, 404: {}},
)
async def place_names(request: Request, z: str, x: str, y: str) -> Response:
    """The most populous places of the tile (XYZ, EPSG:3857) from the gazetteer (GeoNames, CC BY 4.0).

    `name` is in the language of the country, `names` holds those in others by language code, where known.
    """
    body = await names_of(tile_of(z, x, y, DEEPEST)).answer(database_of(request))
    etag = strong_etag(body)
    if unchanged := not_modified(request, etag, FRESH):
        return unchanged
    return public(keepable(Response(body, media_type="application/json")), etag, FRESH)
