"""Published features of every kind of facet, and the pyramid that is counted of them."""

import datetime as dt
import uuid
from itertools import product
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.taxonomy.loading import load_terms
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import aid_point

_CELLS = "SELECT layer, facet, z, cell, n, families, sum_lng, sum_lat FROM published.cell ORDER BY 1, 2, 3, 4"


def cells(urls: ClusterUrls) -> list[Any]:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(text(_CELLS)))


async def fill(urls: ClusterUrls) -> None:
    database = Database(urls.app, urls.reader)
    vocabulary = load_vocabulary()
    setting = Setting(vocabulary, "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    layer = LAYERS["aid_points"]
    modes: list[dict[str, Any]] = [
        {},
        {"audience_mode": "everyone"},
        {"audience_mode": "preferred", "audiences": ["women", "homeless"]},
        {"audience_mode": "only", "audiences": ["women"]},
    ]
    try:
        async with session(database) as s:
            await load_terms(s, vocabulary)
            contents = [
                aid_point(
                    f"Punkt {i}",
                    hours=("24/7", "Mo-Fr 12:00-16:00", '24/7 unknown "by appointment"', None)[i % 4],
                    organisation={"id": str(uuid.UUID(int=(255 - i % 2) << 120))} if i % 3 else None,
                    place={"position": {"lng": 20.6 + i / 50, "lat": 50.8 + i / 90}},
                    services=[
                        {"type": "hot_meals"} | one,
                        {"type": "anti_discrimination", "languages": ["pl", "uk"]} | other,
                        {"type": "food_parcels"},
                    ],
                )
                for i, (one, other) in enumerate(product(modes, modes))
            ]
            items = [Item(layer.content.read(content)) for content in contents]
            await publish_many(s, setting, layer, items)
    finally:
        await database.dispose()
