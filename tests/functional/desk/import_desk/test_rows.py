"""Rows beside the map: decided one by one, beside another place, and compared again."""

import re
import uuid

import httpx2
from sqlalchemy import text

from app.db import Database, session
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.import_desk.files import (
    PHONE,
    count,
    file_of,
    long_ago,
    row,
    rows_in,
    uploaded,
    words,
)


async def test_a_file_is_looked_at_row_by_row_beside_the_map_and_decided(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (here,) = await publish(aid_point("Jadłodajnia Caritas", contacts=[PHONE]))
    await long_ago(database)
    run = await uploaded(
        moderator,
        file_of(
            row(
                1,
                "Jadłodajnia Caritas",
                phone="41 344 51 23",
                hours="Mo-Fr 08:00-16:00",
                website="example.org",
            ),
            row(2, "Noclegownia", lat="52.2297", lng="21.0122"),
            row(3, "Bar", services="=cmd()"),
        ),
    )
    listed = await moderator.get("/desk/imports")
    assert "Caritas Kielce" in listed.text
    page = await moderator.get(run)
    assert page.status_code == 200
    assert "Kolumna services zawiera formułę" in words(await moderator.get(f"{run}?kind=refused"))

    changed = await moderator.get(f"{run}?kind=update")
    (address,) = rows_in(changed)
    beside = await moderator.get(address)
    assert "<ins>" in beside.text
    assert "08:00" in beside.text
    (revision,) = re.findall(r'name="revision" value="(\d+)"', beside.text)
    sent = {"act": "update", "feature": str(here.feature_id), "revision": revision, "field": "hours"}
    assert (await moderator.post(address, data=sent)).status_code == 303
    async with session(database) as s:
        content = await s.scalar(text("SELECT content FROM core.feature"))
    assert content["hours"] == "Mo-Fr 08:00-16:00"
    assert "website" not in content

    # A second press finds it decided.
    again = await moderator.post(address, data=sent)
    assert again.status_code == 409
    assert "Undo" not in again.text
    undone = await moderator.post(address, data={"act": "undo"})
    assert undone.status_code == 303
    async with session(database) as s:
        assert "hours" not in await s.scalar(text("SELECT content FROM core.feature"))


async def test_what_was_changed_meanwhile_is_said_and_compared_again(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (here,) = await publish(aid_point("Jadłodajnia Caritas", contacts=[PHONE]))
    await long_ago(database)
    run = await uploaded(
        moderator, file_of(row(1, "Jadłodajnia Caritas", phone="41 344 51 23", hours="24/7"))
    )
    (address,) = rows_in(await moderator.get(f"{run}?kind=update"))
    async with session(database) as s:
        await s.execute(text("UPDATE core.feature SET revision = 2"))
        await s.execute(
            text(
                "INSERT INTO core.revision (feature_id, number, content, action) SELECT id, 2, content, 'publish' FROM core.feature"
            )
        )

    sent = {"act": "update", "feature": str(here.feature_id), "revision": "1", "field": "hours"}
    stale = await moderator.post(address, data=sent)

    assert stale.status_code == 409
    assert 'name="revision" value="2"' in stale.text
    assert (await moderator.post(address, data=sent | {"revision": "2"})).status_code == 303


async def test_an_editor_uploads_and_does_not_decide(
    editor: httpx2.AsyncClient, moderator: httpx2.AsyncClient, database: Database
) -> None:
    run = await uploaded(editor, file_of(row(1, "Bar")))
    (address,) = rows_in(await editor.get(f"{run}?kind=create"))
    page = await editor.get(address)
    assert page.status_code == 200
    assert 'name="act"' not in page.text

    assert (await editor.post(address, data={"act": "create"})).status_code == 403
    assert (await editor.post(f"{run}/bulk", data={"act": "create", "bar": "100"})).status_code == 403
    assert (await moderator.post(address, data={"act": "create"})).status_code == 303
    assert await count(database, "published.feature") == 1
    assert (await moderator.post(address, data={"act": "skip"})).status_code == 409
    assert await count(database, "core.import_row", "decision = 'created'") == 1


async def test_a_row_is_put_beside_another_place_and_is_that(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    (other,) = await publish(aid_point("Stołówka", place={"position": {"lng": 21.5, "lat": 51.5}}))
    run = await uploaded(moderator, file_of(row(1, "Jadłodajnia Caritas")))
    (address,) = rows_in(await moderator.get(f"{run}?kind=create"))

    assert "beside-error" in (await moderator.get(f"{address}?beside={uuid.uuid4()}")).text
    beside = await moderator.get(f"{address}?beside=/pl/aid_points/{other.feature_id}/stolowka")
    (revision,) = re.findall(r'name="revision" value="(\d+)"', beside.text)
    sent = {"act": "link", "feature": str(other.feature_id), "revision": revision}
    assert (await moderator.post(address, data=sent)).status_code == 303

    assert await count(database, "core.import_link", f"feature_id = '{other.feature_id}'") == 1
    again = await uploaded(moderator, file_of(row(1, "Jadłodajnia Caritas")))
    assert len(rows_in(await moderator.get(f"{again}?kind=same"))) == 1
