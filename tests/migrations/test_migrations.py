"""The migrations make the tables that the code describes, one step at a time, down and up again with data in them."""

import asyncio
import datetime as dt
import time

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.localdb.schema import check_models, migrate
from app.taxonomy.loading import load_terms
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import aid_point

SCRIPTS = ScriptDirectory.from_config(Config("alembic.ini"))


@pytest.fixture(autouse=True)
def scripts_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step reads all scripts anew, some of them twice; of hundreds of steps that would be most of the time."""
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _config: SCRIPTS)


def test_the_migrations_make_what_the_models_describe(database_urls: ClusterUrls) -> None:
    check_models(database_urls.owner)


def test_there_is_one_head_and_one_line() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert all(not script.is_branch_point for script in SCRIPTS.walk_revisions())


def test_every_step_goes_up_down_and_up_again(empty_urls: ClusterUrls) -> None:
    revisions = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
    for before, revision in zip(["base", *revisions], revisions, strict=False):
        migrate(empty_urls.owner, revision)
        _downgrade(empty_urls, before)
        migrate(empty_urls.owner, revision)
    check_models(empty_urls.owner)


def test_every_step_goes_down_up_and_down_again_with_data(database_urls: ClusterUrls) -> None:
    asyncio.run(_fill(database_urls))
    newest_first = [script.revision for script in SCRIPTS.walk_revisions()]
    for revision, below in zip(newest_first, [*newest_first[1:], "base"], strict=True):
        _downgrade(database_urls, below)
        # What is left of the data is in the way of each step up, as it is in an installation.
        migrate(database_urls.owner, revision)
        _downgrade(database_urls, below)
    migrate(database_urls.owner)
    check_models(database_urls.owner)
    asyncio.run(_fill(database_urls))


def test_migrations_do_not_wait_for_locks_for_ever(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as blocker:
        blocker.execute(text("LOCK TABLE core.submission IN ACCESS EXCLUSIVE MODE"))
        began = time.monotonic()
        with pytest.raises(OperationalError) as raised:
            _downgrade(database_urls, "0003")
        waited_s = time.monotonic() - began
        blocker.rollback()
    assert isinstance(raised.value.orig, LockNotAvailable)
    # It did wait, for the three seconds of lock_timeout: whoever is quick is let through.
    assert waited_s > 2.9
    with engine.connect() as after:
        assert after.execute(text("SELECT count(*) FROM core.submission")).scalar_one() == 0


async def _fill(urls: ClusterUrls) -> None:
    database = Database(urls.app, urls.reader)
    vocabulary = load_vocabulary()
    setting = Setting(vocabulary, "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    layer = LAYERS["aid_points"]
    try:
        async with session(database) as s:
            await load_terms(s, vocabulary)
            items = [
                Item(layer.content.read(aid_point(f"Punkt {i}", hours="Mo-Fr 08:00-16:00")))
                for i in range(50)
            ]
            await publish_many(s, setting, layer, items)
    finally:
        await database.dispose()


def _downgrade(urls: ClusterUrls, revision: str) -> None:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
