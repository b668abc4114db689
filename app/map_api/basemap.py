"""The base map from our own origin: tiles by a caching proxy, or one PMTiles file of the operator."""

import asyncio
from pathlib import Path

from fastapi import Request
from starlette.responses import Response

from app.config import Settings
from app.errors import NotFound, Overloaded
from app.map_api.tile_cache import FRESH_S, TileCache
from app.map_api.tile_upstream import TileUpstream
from app.map_api.tiles import tile_of
from app.web.dependencies import settings_of
from app.web.head_requests import LargeFile
from app.web.routes import PUBLIC, api_router, requires

router = api_router("/tiles", include_in_schema=False)

VERSION = "0.1"


class NoBaseMap(NotFound):
    """There is no base map here."""


class BaseMapNotAvailable(Overloaded):
    """The pictures of the map cannot be reached at the moment."""

    #: One outage fails every tile that anybody looks at.
    logged_at_its_cause = True


@router.get("/base.pmtiles", dependencies=[requires(PUBLIC)])
async def pmtiles(request: Request) -> Response:
    """The operator's PMTiles file, in ranges as the map asks for them."""
    path = settings_of(request).basemap_pmtiles
    if not path or not await asyncio.to_thread(Path(path).is_file):
        raise NoBaseMap
    headers = {"Cache-Control": "public, max-age=86400"}
    return LargeFile(path, media_type="application/vnd.pmtiles", headers=headers)


@router.get("/base/{z}/{x}/{y}", dependencies=[requires(PUBLIC)])
async def base_tile(request: Request, z: str, x: str, y: str) -> Response:
    """One picture of the base map (XYZ, EPSG:3857, 256 px)."""
    settings = settings_of(request)
    if settings.basemap_tiles_url == "off":
        raise NoBaseMap
    at = tile_of(z, x, y, settings.basemap_max_zoom)
    picture = await _upstream(request).picture(at.z, at.x, at.y)
    if picture is None:
        raise BaseMapNotAvailable
    return Response(
        picture.body, media_type=picture.kind, headers={"Cache-Control": f"public, max-age={FRESH_S}"}
    )


def _upstream(request: Request) -> TileUpstream:
    state = request.app.state
    if not hasattr(state, "tile_upstream"):
        state.tile_upstream = make_upstream(settings_of(request))
    upstream: TileUpstream = state.tile_upstream
    return upstream


def make_upstream(settings: Settings) -> TileUpstream:
    """Make the proxy's client, which says who it is, as the usage policy of the default upstream asks for."""
    contact = settings.basemap_contact or settings.public_url
    cache = TileCache(settings.data_dir / "tiles", settings.basemap_cache_mb * 1_000_000)
    return TileUpstream(settings.basemap_tiles_url, f"Pomapa/{VERSION} (+{contact})", cache)
