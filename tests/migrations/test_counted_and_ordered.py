"""0030: what the migration counts of features that are published already is what publication counts."""

import asyncio
import datetime as dt
from itertools import product
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from app.taxonomy.loading import load_terms
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import aid_point

_CELLS = "SELECT layer, facet, z, cell, n, families, sum_lng, sum_lat FROM published.cell ORDER BY 1, 2, 3, 4"


def test_audiences_in_modes_are_counted_down_and_up_as_by_publication(database_urls: ClusterUrls) -> None:
    asyncio.run(_fill(database_urls))
    published = _cells(database_urls)
    assert {row.facet for row in published} >= {"we:", "wp:", "wo:", "ap:women", "ao:women"}
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0029")
        connection.commit()
    before = _cells(database_urls)
    assert {row.facet.partition(":")[0] for row in before} == {"", "f", "g", "s", "a"}
    assert sum(row.n for row in before if row.facet == "a:women") == sum(
        row.n for row in published if row.facet.startswith("a") and row.facet.endswith(":women")
    )
    migrate(database_urls.owner)
    assert _cells(database_urls) == published


def _cells(urls: ClusterUrls) -> list[Any]:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(text(_CELLS)))


async def _fill(urls: ClusterUrls) -> None:
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
                    place={"position": {"lng": 20.6 + i / 50, "lat": 50.8 + i / 90}},
                    services=[{"type": "hot_meals"} | one, {"type": "clothing"} | other],
                )
                for i, (one, other) in enumerate(product(modes, modes))
            ]
            items = [Item(layer.content.read(content)) for content in contents]
            await publish_many(s, setting, layer, items)
    finally:
        await database.dispose()
