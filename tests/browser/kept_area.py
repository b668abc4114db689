"""A gmina far from everything else with more places than a page, on a site of its own, for tests that keep it on a device."""

import datetime as dt
from dataclasses import dataclass

from shapely import MultiPolygon, box

from app.areas.importing import import_units
from app.areas.units import Origin, Unit
from app.db import Database, session
from app.features.publishing import Item, Provenance, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.taxonomy.vocabulary import load_vocabulary
from tests.browser.own_site import OwnSite
from tests.browser.small_set import kitchen, point, text

CODE = "PL-1863011"
#: More than a page of the list, apart from each other on the map; one of which everything is known; and a telephone
#: that serves everybody.
PLACES = 27
TOTAL = PLACES + 2


async def publish_area(urls: ClusterUrls) -> str:
    """A gmina far from the other places, and what is in it; gives the id of an organisation that runs some of it."""
    database = Database(urls.app, urls.reader)
    gmina = Unit(
        code=CODE,
        stable_code=CODE,
        country="PL",
        level="gmina",
        kind="urban",
        name="Nowe Miasto",
        origin=Origin("test", "CC0"),
        ancestors=("PL-1863", "PL-18", "PL"),
        population=30_000,
        geometry=MultiPolygon([box(20.0, 51.0, 20.6, 51.2)]),
    )
    now = dt.datetime.now(dt.UTC)
    days = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    foundation = {
        "name": text("Fundacja „Nowe <b>Drzwi</b>”", uk="Фундація «Нові <b>двері</b>»"),
        "sector": "ngo",
    }
    places = [point(f"Punkt {n:02}", "clothing", 20.01 + n * 0.02, 51.1) for n in range(1, PLACES + 1)]
    # None of them is open on the day of the test.
    for n in range(2, 5):
        places[n]["hours"] = f"{days[(now.weekday() + n) % 7]} 10:00-12:00"
    for n, name in ((5, "Łaźnia Nowe"), (6, "żłobek"), (7, "Ćma"), (8, "Światło nowe")):
        places[n]["name"] = text(name)
    canteen = kitchen() | {
        "name": text("Jadłodajnia Nowa", uk="Їдальня «Нова»"),
        "place": {"position": {"lng": 20.31, "lat": 51.13}},
        "address": {
            "street": "Polna",
            "house_number": "7",
            "city": "Nowe Miasto",
            "entrance": text("Od podwórza."),
        },
    }
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", now)
    try:
        async with session(database) as s:
            await import_units(s, [gmina])
        async with session(database) as s:
            layer = LAYERS["organisations"]
            [runner] = await publish_many(s, setting, layer, [Item(layer.content.read(foundation))])
            layer = LAYERS["aid_points"]
            for n in (*range(0, 20, 3), 20):
                places[n]["organisation"] = {"id": str(runner.feature_id), "name": "Fundacja"}
            items = [Item(layer.content.read(canteen), provenance=Provenance())]
            for n, place in enumerate(places):
                checked = Provenance(
                    verified_at=now - dt.timedelta(days=37 * n % 500), never_verified=n % 5 == 4
                )
                items.append(Item(layer.content.read(place), provenance=checked))
            await publish_many(s, setting, layer, items)
    finally:
        await database.dispose()
    return str(runner.feature_id)


@dataclass
class KeptSite(OwnSite):
    """`runner` is the id of the organisation behind some of the area's places."""

    runner: str = ""
