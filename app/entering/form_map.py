"""The map of a form: at first it shows the country."""

import json
from dataclasses import dataclass

from app.config import Settings
from app.web.basemap import basemap_of
from geo.position_checks import COUNTRY_BOXES


@dataclass(frozen=True, slots=True)
class MapData:
    """What the page tells the map of a form, for its data attributes."""

    basemap: str
    bounds: str = ""


def map_data(settings: Settings) -> MapData:
    """The map of the form: at first it shows the country."""
    home = COUNTRY_BOXES[settings.countries[0]]
    bounds = f"{home.west},{home.south},{home.east},{home.north}"
    return MapData(json.dumps(basemap_of(settings)), bounds)
