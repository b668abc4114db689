"""Many readers at once: nobody waits for a connection while they hold one, so that nobody waits for everybody."""

import asyncio
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.config import Settings
from app.db import Database, session
from app.features.versions import KnownVersions, Version, advance
from app.localdb import ClusterUrls
from tests.functional.conftest import Publish, aid_point, make_settings

Client = httpx2.AsyncClient

PAGES = (
    "/pl/",
    "/pl/?q=Kielce",
    "/pl/table",
    "/pl/table.csv",
    "/pl/compare?ids={id}",
    "/pl/lists",
    "/pl/aid_points/{id}",
    "/pl/aid_points/{id}/jadlodajnia-cieply-stol",
    "/pl/aid_points/{id}/slip.html",
    "/pl/aid_points/{id}/qr.svg",
    "/pl/aid_points/{id}/row.html",
    "/pl/places?q=Kielce",
    "/pl/units?q=Kielce",
    "/sitemap.xml",
    "/api/v1/layers/aid_points/features/{id}",
)
#: The smallest pool, so that three times as many readers are few.
POOL_SIZE = 1


@pytest.fixture
def settings(database_urls: ClusterUrls, tmp_path: Path) -> Settings:
    return make_settings(database_urls, tmp_path).model_copy(update={"pool_size": POOL_SIZE})


@pytest.mark.parametrize("path", PAGES)
async def test_three_times_as_many_readers_as_connections_all_get_their_page(
    client: Client, site: FastAPI, database: Database, publish: Publish, path: str
) -> None:
    [made] = await publish(aid_point())
    address = path.format(id=made.feature_id)
    readers = 3 * database.read.pool.size()  # type: ignore[attr-defined]
    # Whoever asks with a version that is old is held up longest.
    site.state.known_versions = KnownVersions()
    answers = await asyncio.gather(*(client.get(address) for _ in range(readers)))
    expected = 308 if path == "/pl/aid_points/{id}" else 200
    assert [answer.status_code for answer in answers] == [expected] * readers


async def test_a_page_that_takes_a_second_connection_is_told_at_once(site: FastAPI, client: Client) -> None:
    @site.get("/greedy")
    async def greedy() -> str:
        database: Database = site.state.database
        async with database.reading(), database.reading():
            return "two"

    @site.get("/modest")
    async def modest() -> str:
        database: Database = site.state.database
        for _ in range(3):
            async with database.reading():
                pass
        return "one"

    assert (await client.get("/greedy")).status_code == 500
    assert (await client.get("/modest")).status_code == 200


@pytest.mark.parametrize("page", ["slip.html", "row.html", "jadlodajnia-cieply-stol"])
async def test_no_old_page_under_the_validator_of_a_change_that_came_while_it_was_made(
    client: Client, site: FastAPI, database: Database, publish: Publish, page: str
) -> None:
    [made] = await publish(aid_point())
    address = f"/pl/aid_points/{made.feature_id}/{page}"

    class ChangedBefore(KnownVersions):
        async def current(self, db: Database) -> dict[str, Version]:
            async with session(db) as s:
                for column in ("whole", "slim"):
                    await s.execute(
                        text(f"UPDATE published.feature SET {column} = replace({column}, 'Ciepły', 'Zimny')")
                    )
                await advance(s, "aid_points")
            site.state.known_versions = KnownVersions()
            return await super().current(db)

    site.state.known_versions = ChangedBefore()
    first = await client.get(address)
    again = await client.get(address)
    assert first.headers["etag"] == again.headers["etag"]
    assert "Zimny" in again.text
    assert "Zimny" in first.text
