"""What a page tells its map, as data attributes of the element; see static/js/finder.js and map/config.js."""

import datetime as dt
from collections.abc import Callable

import orjson

from app.config import Settings
from app.pages.views.clock import clock_changes
from app.web.basemap import basemap_of
from geo.bbox import BBox

#: What the map shows where nothing is asked for, by country: the land with a little of its neighbours.
HOMES = {
    "PL": BBox(14.1, 49.0, 24.2, 54.9),
    "RO": BBox(20.2, 43.6, 29.8, 48.3),
    "UA": BBox(22.1, 44.3, 40.3, 52.4),
    "DE": BBox(5.8, 47.2, 15.1, 55.1),
    "CZ": BBox(12.0, 48.5, 18.9, 51.1),
    "SK": BBox(16.8, 47.7, 22.6, 49.7),
    "LT": BBox(20.9, 53.9, 26.9, 56.5),
    "MD": BBox(26.6, 45.4, 30.2, 48.5),
    "HU": BBox(16.0, 45.7, 23.0, 48.6),
}
EVERYWHERE = BBox(-25.0, 34.0, 45.0, 72.0)


def home_box(countries: tuple[str, ...]) -> BBox:
    """The box of the configured countries."""
    boxes = [HOMES[country] for country in countries if country in HOMES] or [EVERYWHERE]
    return BBox(
        min(box.west for box in boxes),
        min(box.south for box in boxes),
        max(box.east for box in boxes),
        max(box.north for box in boxes),
    )


def map_data(
    settings: Settings,
    language: str,
    layer: str,
    box: BBox,
    asset: Callable[[str], str],
    built: Callable[[str], bool],
) -> dict[str, str]:
    """The attributes, names without `data-`."""
    messages = f"messages/{language}.json"
    return {
        "lang": language,
        "clock": clock_changes(settings.timezone, dt.datetime.now(dt.UTC).year),
        "layer": layer,
        "tiles-url": f"/api/v1/tiles/{layer}/{{z}}/{{x}}/{{y}}.geojson",
        "basemap": orjson.dumps(basemap_of(settings)).decode(),
        "bounds": ",".join(f"{side:g}" for side in box.as_tuple()),
        "taxonomy-url": f"/api/v1/taxonomy/{language}.json",
        "messages-url": asset(messages) if built(messages) else "",
        "results-url": f"/{language}/",
        "units-url": f"/{language}/units",
        "suggest-url": "/api/v1/search",
        "sprite-url": asset("sprite.svg"),
        "outline-url": asset("outline.json") if built("outline.json") else "",
        "draw-sheet-url": asset("draw.css") if built("draw.css") else "",
    }
