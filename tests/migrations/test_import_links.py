"""0082: rows of a source go down with a word for each layer, and up with their layer. 0083: protected places name no page."""

import asyncio
import datetime as dt

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.db import Database, session
from app.features.publishing import Item, Provenance, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS as REGISTERED
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import aid_point

BELOW = "0081"
PUT = text(
    """
    WITH made AS (
      INSERT INTO core.feature (layer, state, revision, content, source, source_id)
      SELECT layer, 'published', 1, '{}', 'caritas', '1' FROM unnest(ARRAY['aid_points', 'organisations']) AS layer
      RETURNING id, layer
    )
    INSERT INTO core.import_link (layer, source, source_id, feature_id, content, revision, licence, attribution, as_of)
    SELECT layer, 'caritas', '1', id, '{}', 1, 'CC0-1.0', 'Caritas', '2026-11-20' FROM made
    """
)
LINKS = text(
    "SELECT f.layer, f.source, l.source FROM core.import_link l JOIN core.feature f ON f.id = l.feature_id ORDER BY 1"
)
LAYERS = text("SELECT layer, as_of FROM core.import_link ORDER BY 1")
APART = [("aid_points", "caritas", "caritas"), ("organisations", *["caritas-organisations"] * 2)]


def test_what_two_layers_have_numbered_under_one_word_goes_down_and_up(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, BELOW)
        connection.commit()
        assert [tuple(row) for row in connection.execute(LINKS)] == APART
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(LINKS)] == APART
        assert [tuple(row) for row in connection.execute(LAYERS)] == [
            ("aid_points", None),
            ("organisations", None),
        ]


def test_places_that_were_protected_long_ago_name_no_page_from_now_on(database_urls: ClusterUrls) -> None:
    """As a program has written them that did not think of it; of what is open, everything stays as it is."""
    asyncio.run(_publish(database_urls))
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        before = [tuple(row) for row in connection.execute(PUBLIC)]
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0082")
        connection.execute(text("UPDATE core.feature SET source_url = 'https://a.example/tajna-7'"))
        connection.execute(NAMED)
        connection.commit()
        assert [tuple(row) for row in connection.execute(PUBLIC)] != before
        connection.commit()
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(PUBLIC)] == before
        assert connection.execute(PAGES).all() == [("area", None), ("exact", "https://a.example/tajna-7")]


async def _publish(urls: ClusterUrls) -> None:
    database = Database(urls.app, urls.reader)
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC))
    layer = REGISTERED["aid_points"]
    protected = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
    contents = (aid_point("Bar"), aid_point("Dom", place=protected))
    came = [
        Provenance("caritas", str(number), "https://a.example/tajna-7", "CC0-1.0", "Caritas")
        for number in range(2)
    ]
    try:
        async with session(database) as s:
            items = [
                Item(layer.content.read(content), provenance=given)
                for content, given in zip(contents, came, strict=True)
            ]
            await publish_many(s, setting, layer, items)
    finally:
        await database.dispose()


PUBLIC = text("SELECT disclosure, whole FROM published.feature ORDER BY disclosure")
PAGES = text(
    "SELECT coalesce(content #>> '{place,disclosure}', 'exact'), source_url FROM core.feature ORDER BY 1"
)
NAMED = text(
    r"""
    UPDATE published.feature SET whole = replace(
      whole, ',"licence"', ',"source_id":"node/7","source_url":"https://a.example/\"tajna\"-7","licence"')
    WHERE disclosure <> 'exact'
    """
)
