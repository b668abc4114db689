"""0088: the names that the migration puts down for features that are published already are those that publication does."""

import asyncio
import datetime as dt

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import aid_point

_NAMES = "name_pl, name_uk, name_en, name_de, name_ro, name_ru"


async def fill(urls: ClusterUrls) -> None:
    database, layer = Database(urls.app, urls.reader), LAYERS["aid_points"]
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    named = [
        {"texts": {"pl": "Stołówka"}, "source": "pl"},
        {
            "texts": {"pl": 'Kuchnia "Pod, kasztanem"', "uk": "Кухня «Під каштаном»", "ro": "Bucătărie"},
            "source": "uk",
        },
        {"texts": {"en": 'Called "names":', "de": "Genannt"}, "source": "en"},
    ]
    try:
        async with session(database) as s:
            items = [Item(layer.content.read(aid_point() | {"name": name})) for name in named]
            await publish_many(s, setting, layer, items)
    finally:
        await database.dispose()


def test_shown_names_are_put_down_as_by_publication(database_urls: ClusterUrls) -> None:
    asyncio.run(fill(database_urls))
    engine = create_engine(database_urls.owner, poolclass=NullPool)

    def shown() -> list[tuple[str, ...]]:
        with engine.connect() as connection:
            return [
                tuple(row)
                for row in connection.execute(text(f"SELECT {_NAMES} FROM published.feature ORDER BY id"))
            ]

    published = shown()
    assert (
        'Kuchnia "Pod, kasztanem"',
        *["Кухня «Під каштаном»"] * 3,
        "Bucătărie",
        "Кухня «Під каштаном»",
    ) in published
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0087")
        connection.commit()
    migrate(database_urls.owner)
    assert shown() == published
