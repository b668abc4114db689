"""All rows that are sure, decided and taken back as one."""

import asyncio
import uuid

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.setting import Setting
from app.imports.staging import bulk as many
from app.layers.registry import LAYERS
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.import_desk.files import PHONE, count, file_of, row, rows_in, uploaded, words
from tests.functional.desk.locks import OWN_PID, until_it_waits


async def test_all_that_are_sure_are_put_on_the_map_and_taken_back_as_one(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    await publish(aid_point("Jadłodajnia Caritas", contacts=[PHONE]))
    places = [
        row(number, f"Punkt {name}", lat=str(50.0 + number / 10), lng="21.0")
        for number, name in enumerate(["Alfa", "Beta", "Gamma"], start=1)
    ]
    # Much like the one that is there, and not surely it.
    doubtful = row(9, "Kuchnia Caritas", lat="50.8665", phone="41 344 51 23")
    run = await uploaded(moderator, file_of(*places, doubtful))
    planned = await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})
    assert planned.status_code == 303
    asked = await moderator.get(planned.headers["location"])
    assert "Punkt Alfa" in asked.text
    assert await count(database, "core.feature") == 1

    of = {"of": planned.headers["location"].partition("of=")[2]}
    # Meanwhile somebody adds one of them: it is left, and told.
    await publish(aid_point("Punkt Gamma", place={"position": {"lng": 21.0, "lat": 50.3}}))
    assert (await moderator.post("/desk/imports/bulk/do", data=of)).status_code == 303
    done = await moderator.get(planned.headers["location"])
    assert await count(database, "core.feature", "source = 'caritas-kielce'") == 2
    assert "mniej pewne niż przedtem" in words(done)
    assert await count(database, "core.import_row", "decision IS NULL AND class = 'conflict'") >= 1
    assert (await moderator.post("/desk/imports/bulk/do", data=of)).status_code == 409

    assert (await moderator.post("/desk/imports/bulk/undo", data=of)).status_code == 303
    assert await count(database, "published.feature") == 2
    assert await count(database, "core.import_link") == 0
    assert await count(database, "core.import_row", "decision IS NOT NULL") == 0


async def test_what_somebody_decides_by_itself_is_not_taken_back_with_the_many(
    moderator: httpx2.AsyncClient, database: Database
) -> None:
    places = [row(1, "Punkt Alfa"), row(2, "Punkt Beta", lat="52.0")]
    run = await uploaded(moderator, file_of(*places))
    addresses = rows_in(await moderator.get(f"{run}?kind=create"))
    planned = await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})
    of = {"of": planned.headers["location"].partition("of=")[2]}
    assert (await moderator.post("/desk/imports/bulk/do", data=of)).status_code == 303
    for act in ("undo", "create"):
        assert (await moderator.post(addresses[0], data={"act": act})).status_code == 303

    assert (await moderator.post("/desk/imports/bulk/undo", data=of)).status_code == 303

    assert await count(database, "published.feature") == 1
    assert await count(database, "core.import_row", "decision = 'created'") == 1
    # Taken back once, it is nothing to take back.
    assert (await moderator.post("/desk/imports/bulk/undo", data=of)).status_code == 409


async def test_taken_back_while_it_is_carried_out_nothing_of_it_stays(
    moderator: httpx2.AsyncClient, database: Database, setting: Setting
) -> None:
    places = [row(n, f"Punkt {name}", lat=f"5{n}.0") for n, name in enumerate(["Alfa", "Beta", "Gamma"])]
    run = await uploaded(moderator, file_of(*places))
    planned = await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})
    bulk_id = uuid.UUID(planned.headers["location"].partition("of=")[2])
    async with session(database) as s:
        actor = Actor("staff", await s.scalar(text("SELECT user_id FROM core.import_bulk")))
    undoing: list[asyncio.Task[None]] = []

    async def allow(_session: AsyncSession, _feature_id: uuid.UUID) -> None:
        pass

    async def undo_at_the_first(deciding: AsyncSession, _feature_id: uuid.UUID) -> None:
        if undoing:
            return
        undo = many.undo_bulk(database, setting, LAYERS, bulk_id, actor=actor, check=allow)
        undoing.append(asyncio.create_task(undo))
        async with database.write.connect() as looking:
            await until_it_waits(looking, await deciding.scalar(OWN_PID), undoing[0])

    await many.carry_out(database, setting, LAYERS, bulk_id, actor=actor, check=undo_at_the_first)
    await undoing[0]

    assert await count(database, "core.import_row", "decision IS NOT NULL") == 0
    assert await count(database, "published.feature") == 0


@pytest.mark.parametrize(
    ("act", "bar"), [("create", "50"), ("conflict", "100"), ("refused", "100"), ("", "")]
)
async def test_nothing_unsure_is_decided_in_bulk(moderator: httpx2.AsyncClient, act: str, bar: str) -> None:
    run = await uploaded(moderator, file_of(row(1, "Bar"), row(2, "Bar")))

    assert (await moderator.post(f"{run}/bulk", data={"act": act, "bar": bar})).status_code == 422
    # Both are much like each other.
    assert (await moderator.post(f"{run}/bulk", data={"act": "create", "bar": "100"})).status_code == 422
    odd = await uploaded(
        moderator, file_of(row(3, "Noclegownia", lat="52.0", hours="jak zawsze")), source="odd"
    )
    assert (await moderator.post(f"{odd}/bulk", data={"act": "create", "bar": "100"})).status_code == 422
    assert (await moderator.post(f"{odd}/bulk", data={"act": "create", "bar": "95"})).status_code == 303
