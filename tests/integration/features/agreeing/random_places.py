"""Places and organisations made by a fixed chance, with gaps, equals and outliers, of which any question is asked."""

import datetime as dt
import random
import uuid

from shapely import box
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.unions import Union, compose
from app.db import Database, session
from app.features.layer import Layer
from app.features.publishing import Item, Provenance, publish_many
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from tests.areas import polish_unit
from tests.integration.features.conftest import spot

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SERVICES = ["hot_meals", "food_parcels", "night_shelter", "laundry", "clothing"]
ACCESS = ["free", "low_cost", "step_free", "walk_in", "appointment"]
HOURS = [
    "",
    "24/7",
    "Mo-Fr 09:00-17:00",
    "Sa-Su 10:00-14:00",
    '24/7 unknown "po umówieniu"',
    "Mo-Su 22:00-06:00",
]

ORGANISATIONS = ["Caritas", "Fundacja Łąka", "Stowarzyszenie Zaułek", "Towarzystwo, które nic nie prowadzi"]
#: Of an organisation that is not published: its places are, and nobody may read who it is.
HIDDEN = uuid.UUID(int=7)
#: Names that alphabets put in other places than bytes do.
CYRILLIC = ("Гай", "Ґанок", "Дім", "Ель", "Єдність", "Жито", "Іван", "Їдальня")
LATIN = ("Ćma", "Cynamon", "dom", "Łódź", "Mleko", "Śnieg", "Țară", "Tulipan", "Żaba", "Zamek")
NAMES = [*LATIN, *CYRILLIC]


async def publish_random_places(db: Database, spots: Layer, setting: Setting) -> None:
    """Publish 240 places of two voivodeships, one in twelve without a position, and who runs them."""
    west, east = box(19, 49, 20.6, 53), box(20.6, 49, 22, 53)
    async with session(db) as s:
        await import_units(
            s,
            [
                polish_unit(code, outline)
                for code, outline in (
                    ("1001012", west),
                    ("1001", west),
                    ("10", west),
                    ("2001012", east),
                    ("2001", east),
                    ("20", east),
                )
            ],
        )
        unions = [
            Union("PL-west", "PL", "metropolis", "West", ("PL-100101",)),
            Union("PL-both", "PL", "metropolis", "Both", ("PL-100101", "PL-200101")),
        ]
        await import_units(s, (await compose(s, unions)).units)
    organisations = LAYERS["organisations"]
    named = [
        Item(organisations.content.read({"name": {"texts": {"pl": name}, "source": "pl"}, "sector": "ngo"}))
        for name in ORGANISATIONS
    ]
    async with session(db) as s:
        await publish_many(s, setting, organisations, named)
    runners = [None, HIDDEN, *(await published_organisations(db))[:3]]
    rnd = random.Random(20261122)
    centres = [(20.63, 50.87), (21.01, 52.23), (19.94, 50.06)]
    items = []
    for i in range(240):
        lng, lat = rnd.choice(centres)
        spread = rnd.choice([0.0, 0.001, 0.05, 0.9])
        placed = i % 12 != 0
        content = spot(
            f"Punkt {i}",
            lng=lng + rnd.uniform(-spread, spread) if placed else None,
            lat=lat + rnd.uniform(-spread, spread) if placed else None,
            services=rnd.sample(SERVICES, rnd.randint(1, 3)),
            audiences=rnd.sample(["women", "homeless"], rnd.randint(0, 2)),
            audience_mode=rnd.choice(["", "everyone", "preferred", "only"]),
            languages=rnd.sample(["pl", "uk", "en"], rnd.randint(0, 2)),
            access=rnd.sample(ACCESS, rnd.randint(0, 3)),
            hours=rnd.choice(HOURS),
            serves=[] if placed else rnd.choice([[], ["PL"], ["PL-10"], ["PL-20"]]),
            phone=rnd.choice(["", f"+4841{i:07}", "+48415550123"]),
            address=rnd.choice(["", f"ul. Łąkowa {i}, 25-502 Kielce", "ul. Żabia 1, 00-001 Warszawa"]),
            organisation=str(rnd.choice(runners) or ""),
            names={language: rnd.choice(NAMES) for language in rnd.sample(LANGUAGES, rnd.choice([0, 2, 5]))},
        )
        checked = rnd.choice([None, 5, 95, 200, 400])
        at = NOW - dt.timedelta(days=checked) if checked else None
        items.append(Item(content, provenance=Provenance(verified_at=at)))
    async with session(db) as s:
        await publish_many(s, setting, spots, items)


async def published_organisations(db: Database) -> list[uuid.UUID]:
    """Their ids, in the order of `ORGANISATIONS`."""
    async with db.reading() as reader:
        rows = await reader.execute(
            text("SELECT name, id FROM published.feature WHERE layer = 'organisations'")
        )
        found = {row.name: row.id for row in rows}
    return [found[name] for name in ORGANISATIONS]
