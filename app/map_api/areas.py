"""The outline of one administrative unit, as simple as a map needs it."""

import re

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.features.statement import Statement
from app.map_api.answers import geojson
from app.web.dependencies import database_of
from app.web.direct import DirectRoute
from app.web.etag import not_modified, public, strong_etag
from app.web.keeping import keepable
from app.web.routes import PUBLIC, api_router, requires

router = api_router("/api/v1/areas", tags=["areas"], route_class=DirectRoute)

#: Corners of an outline at most, some twenty bytes each: with fewer a coast is no coast any more.
MOST_CORNERS = 4000
#: Into how many parts the longer side of a unit is divided: what is smaller than one of them is left out. The first of
#: these that leaves few enough corners is taken. On a screen of 2,000 pixels the first two are not to be told from all.
FINENESS = (8000, 2000, 500, 120)
COARSEST = 30
#: Borders change when an operator imports others, which is not an event of anybody's day.
FRESH = "public, max-age=3600, stale-while-revalidate=604800"


class NoSuchArea(NotFound):
    """We know no area of this code."""


_STEP = """
        (SELECT s.geom FROM (SELECT ST_Simplify(u.geom, u.reach / {parts}) AS geom) AS s
         WHERE ST_NPoints(s.geom) <= :most)"""
# Plain simplification is many times faster than one that minds how rings lie to each other; what it breaks is made
# valid after that, when few corners are left. Five decimals are a metre; what is rounded stays valid, and outer rings
# go counterclockwise (RFC 7946, 3.1.6).
OUTLINE = f"""
    SELECT convert_to(json_build_object(
        'type', 'Feature',
        'id', u.code,
        'geometry', CAST(ST_AsGeoJSON(ST_ForcePolygonCCW(ST_ReducePrecision(ST_CollectionExtract(ST_MakeValid(
        coalesce({",".join(_STEP.format(parts=parts) for parts in FINENESS)},
        ST_Simplify(u.geom, u.reach / {COARSEST}, true))
        ), 3), 0.00001)), 5) AS json),
        'properties', json_strip_nulls(json_build_object(
            'code', u.code, 'level', u.level, 'kind', u.kind, 'name', u.name, 'names', nullif(u.names, '{{}}'),
            'population', u.population, 'year', u.year, 'source', u.source, 'licence', u.licence))
    )::text, 'UTF8')
    FROM (SELECT a.*, greatest(ST_XMax(a.geom) - ST_XMin(a.geom), ST_YMax(a.geom) - ST_YMin(a.geom)) AS reach
          FROM published.area a WHERE a.code = :code AND a.offered) AS u
"""  # noqa: S608 - program text


def outline_of(code: str) -> Statement:
    """Give the unit as a Feature, its geometry null where no boundary is known; no row for a code that is not known."""
    return Statement(OUTLINE, {"code": code, "most": MOST_CORNERS})


_CODE = re.compile(r"[A-Z]{2}(?:-[0-9A-Za-z_-]{1,40})?", re.ASCII)


@router.get(
    "/{code}.geojson",
    dependencies=[requires(PUBLIC)],
    summary="The outline of an administrative unit or another area",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}, 304: {}, 404: {}},
)
async def area(request: Request, code: str) -> Response:
    """One GeoJSON Feature (RFC 7946; lng, lat in EPSG:4326), simplified to what a map can show.

    `population`, `names`, `kind` and `year` are there where they are known; `source` and `licence` are the boundary's.
    """
    body = await outline_of(code).answer_if_any(database_of(request)) if _CODE.fullmatch(code) else None
    if body is None:
        raise NoSuchArea
    etag = strong_etag(body)
    if unchanged := not_modified(request, etag, FRESH):
        return unchanged
    return public(keepable(geojson(body)), etag, FRESH)
