"""Which base map the pages draw: the best of three sources, as the map script reads it."""

from typing import Any

from app.config import Settings

PROXY_ADDRESS = "/tiles/base/{z}/{x}/{y}"
PMTILES_ADDRESS = "/tiles/base.pmtiles"
OSM_COPYRIGHT = "https://www.openstreetmap.org/copyright"


def basemap_of(settings: Settings) -> dict[str, Any]:
    """Give the content of the attribute `data-basemap`.

    A PMTiles file of the operator goes before the tile proxy, that before the built-in outline, which is
    always drawn first and stays where the others give nothing.
    """
    credit = {"attribution": settings.basemap_attribution}
    if "openstreetmap" in settings.basemap_attribution.lower():
        credit["attributionUrl"] = OSM_COPYRIGHT
    if settings.basemap_pmtiles:
        return {"kind": "pmtiles", "url": PMTILES_ADDRESS, **credit}
    if settings.basemap_tiles_url == "off":
        return {"kind": "outline"}
    return {"kind": "proxy", "url": PROXY_ADDRESS, "maxZoom": settings.basemap_max_zoom, **credit}
