"""The openings of a new day, written while people decide."""

import asyncio
import datetime as dt
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, session
from app.features import reindexing
from app.features.layer import Layer
from app.features.publishing import Item, publish, publish_many, unpublish
from app.features.reindexing import renew_openings
from app.features.setting import Setting

from .conftest import spot

STAFF = Actor("staff", uuid.UUID(int=7))


async def _days(db: Database) -> list[dt.date]:
    """The day from which each feature's openings go."""
    async with db.reading() as reader:
        rows = await reader.execute(
            text(
                "SELECT DISTINCT min(lower(o.span) AT TIME ZONE 'Europe/Warsaw')::date AS day"
                " FROM published.opening o GROUP BY o.feature_id ORDER BY day"
            )
        )
        return [row.day for row in rows]


async def test_a_decision_gets_through_while_the_openings_are_renewed(
    db: Database, spots: Layer, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "RENEWED_TOGETHER", 10)
    contents = [Item(spot(f"Nr {i}", hours="Mo-Su 08:00-20:00")) for i in range(100)]
    async with session(db) as s:
        made = await publish_many(s, setting, spots, contents, actor=STAFF)
    tomorrow = replace(setting, now=setting.now + dt.timedelta(days=1))
    renewing = asyncio.create_task(renew_openings(db, tomorrow, {"spots": spots}))
    still_renewing = []
    for i in range(3):
        await asyncio.sleep(0)
        async with session(db) as s:
            await publish(s, tomorrow, spots, Item(spot(f"Nowe {i}", hours="Mo-Su 08:00-20:00")), actor=STAFF)
        still_renewing.append(not renewing.done())
    async with session(db) as s:
        await unpublish(s, tomorrow, spots, max(p.feature_id for p in made), actor=STAFF, reason="closed")
    assert await renewing >= 99
    assert still_renewing[0]
    assert await _days(db) == [tomorrow.today]
    async with db.reading() as reader:
        counted = await reader.execute(
            text("SELECT DISTINCT sum(n) FROM published.cell WHERE facet = '' GROUP BY z")
        )
        assert counted.scalars().all() == [102]
        assert await reader.scalar(text("SELECT count(*) FROM published.feature")) == 102
        assert (
            await reader.scalar(text("SELECT openings_from FROM published.layer_version")) == tomorrow.today
        )


async def test_a_layer_of_today_is_left_alone_and_one_cut_off_is_begun_anew(
    db: Database, spots: Layer, setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "RENEWED_TOGETHER", 2)
    contents = [Item(spot(f"Nr {i}", hours="Mo-Su 08:00-20:00")) for i in range(5)]
    async with session(db) as s:
        await publish_many(s, setting, spots, contents, actor=STAFF)
    whole, calls = reindexing._renew_batch, 0

    async def cut_off(*args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise ConnectionError
        return await whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(reindexing, "_renew_batch", cut_off)
    with pytest.raises(ConnectionError):
        await renew_openings(db, setting, {"spots": spots})
    assert await renew_openings(db, setting, {"spots": spots}) == 5
    assert await renew_openings(db, setting, {"spots": spots}) == 0
