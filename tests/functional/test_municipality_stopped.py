"""A process that is stopped while it makes a municipality's file leaves nothing that is given to anybody."""

import asyncio
import datetime as dt
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing import get_context

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.audit import SYSTEM
from app.config import Settings
from app.db import Database, session
from app.exports.municipality.making import FOLDER, Maker
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.features.versions import read_versions
from app.layers.registry import LAYERS
from app.templating import Templates
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.country import import_country

CODE = "PL-2661011"


@pytest.fixture(autouse=True)
async def country(database: Database) -> None:
    await import_country(database)


class _Dying(Database):
    """Stops the process where it would be asked for anything more than what one municipality has."""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        os.kill(os.getpid(), signal.SIGKILL)
        async with super().reading() as connection:
            yield connection


def _make(settings: Settings) -> None:
    async def make() -> None:
        database = Database.of(settings)
        async with database.reading() as reader:
            versions = await read_versions(reader)
        templates = Templates(settings.public_url, timezone=settings.timezone, home=settings.countries[0])
        maker = Maker(settings, _Dying.of(settings), templates)
        await maker.package(CODE, "pl", versions, maker.day_of(dt.datetime.now(dt.UTC)))

    asyncio.run(make())


async def test_what_was_not_compared_is_given_to_nobody_and_goes_with_what_is_taken_down(
    publish: Publish,
    settings: Settings,
    database: Database,
    setting: Setting,
    mailbox: Mailbox,
) -> None:
    (gone,) = await publish(aid_point("Już nie"))
    await mailbox.collect()
    process = get_context("spawn").Process(target=_make, args=(settings,))
    process.start()
    await asyncio.to_thread(process.join)
    assert process.exitcode == -signal.SIGKILL
    folder = settings.data_dir / FOLDER / CODE
    assert {path.name: path.stat().st_size for path in folder.glob("*.zip")} == {"pl.zip": 0}
    # It was written.
    assert [path.stat().st_size > 0 for path in folder.glob(".new-*")] == [True]
    async with session(database) as s:
        await unpublish(s, setting, LAYERS["aid_points"], gone.feature_id, actor=SYSTEM, reason="test")
    await mailbox.collect()
    assert [path.name for path in folder.iterdir()] == ["pl.zip"]
    assert (folder / "pl.zip").stat().st_size == 0
