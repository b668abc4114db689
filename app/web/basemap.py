"""Which base map the pages draw: the best of three sources, as the map script reads it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from app.config import Settings

PROXY_ADDRESS = "/tiles/base/{z}/{x}/{y}"
PMTILES_ADDRESS = "/tiles/base.pmtiles"
OSM_COPYRIGHT = "https://www.openstreetmap.org/copyright"
#: A PMTiles file begins with this and its version; the deepest zoom that it has is one byte.
_PMTILES_3, _DEEPEST_AT = b"PMTiles\x03", 101


def basemap_of(settings: Settings) -> dict[str, Any]:
    """Give the content of the attribute `data-basemap`.

    A PMTiles file of the operator goes before the tile proxy, that before the built-in outline, which is
    always drawn first and stays where the others give nothing.
    """
    credit = {"attribution": settings.basemap_attribution}
    if "openstreetmap" in settings.basemap_attribution.lower():
        credit["attributionUrl"] = OSM_COPYRIGHT
    if settings.basemap_pmtiles:
        deepest = _deepest_now(settings.basemap_pmtiles)
        known = {} if deepest is None else {"maxZoom": deepest}
        return {"kind": "pmtiles", "url": PMTILES_ADDRESS, **known, **credit}
    if settings.basemap_tiles_url == "off":
        return {"kind": "outline"}
    return {"kind": "proxy", "url": PROXY_ADDRESS, "maxZoom": settings.basemap_max_zoom, **credit}


def _deepest_now(path: str) -> int | None:
    """The deepest zoom of a PMTiles file, below which the map enlarges; None when the file does not say.

    An operator puts the file there, or another in its place, without starting the server again.
    """
    try:
        now = Path(path).stat()
    except OSError:
        return None
    return _deepest_zoom(path, now.st_ino, now.st_mtime_ns)


@lru_cache(maxsize=1)
def _deepest_zoom(path: str, _inode: int, _changed_ns: int) -> int | None:
    try:
        with Path(path).open("rb") as file:
            head = file.read(_DEEPEST_AT + 1)
    except OSError:
        return None
    return head[_DEEPEST_AT] if head.startswith(_PMTILES_3) and len(head) > _DEEPEST_AT else None
