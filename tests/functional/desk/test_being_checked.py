"""Several say of a shelter that it is dangerous: it is looked at first, and the public reads that it is being checked (SECURITY E7)."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db import Database, session
from app.features.versions import BELIEVED_S
from tests.functional.conftest import ORIGIN, Publish, aid_point
from tests.functional.desk.test_reports import ids
from tests.functional.desk.test_reports import report as report_as_many

API = "/api/v1/submissions"
NOTE = "We are checking this place"
ENGLISH = {"Accept-Language": "en"}
SHELTER = {"services": [{"type": "night_shelter"}]}


@asynccontextmanager
async def somebody(site: FastAPI, address: str) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False, client=(address, 1234))
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


async def say(site: FastAPI, feature_id: uuid.UUID, address: str, reason: str = "unsafe") -> None:
    async with somebody(site, address) as client:
        sent = {"kind": "report", "feature_id": str(feature_id), "reason": reason}
        assert (await client.post(API, json=sent)).status_code == 202


async def resolve_all(moderator: httpx2.AsyncClient, report_id: uuid.UUID) -> None:
    """One report is resolved, and all others about the place with it."""
    form = {"version": "1", "revision": "1", "outcome": "done", "note": "Byliśmy tam.", "others": ["unsafe", "exploitation", "wrong_hours"],
            "until": "2099-01-01T00:00:00+00:00"}  # fmt: skip
    assert (await moderator.post(f"/desk/reports/{report_id}/resolve", data=form)).status_code == 303


async def page_of(client: httpx2.AsyncClient, feature_id: uuid.UUID, language: str = "en") -> httpx2.Response:
    return await client.get(f"/{language}/aid_points/{feature_id}", follow_redirects=True)


async def test_e7_three_people_of_three_connections_have_it_checked_in_public(
    site: FastAPI,
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
) -> None:
    shelter, kitchen = await publish(aid_point("Noclegownia", **SHELTER), aid_point("Stołówka"))
    await report_as_many(database, kitchen.feature_id, "unsafe", times=500)
    for n in range(2):
        await say(site, shelter.feature_id, f"198.51.100.{n}")
    before = await page_of(client, shelter.feature_id)
    assert NOTE not in before.text
    await say(site, shelter.feature_id, "198.51.100.7", "exploitation")
    # Whoever has kept the page is told that it is another one, as soon as a process no longer believes what it knew.
    await asyncio.sleep(2 * BELIEVED_S)
    url, etag = str(before.url), before.headers["etag"]
    after = await client.get(url, headers={"If-None-Match": etag})
    assert after.status_code == 200
    assert NOTE in after.text
    assert "Перевіряємо це місце" in (await page_of(client, shelter.feature_id, "uk")).text
    # It stays on the map, and is looked at before what one connection says five hundred times.
    assert (await client.get(f"/api/v1/layers/aid_points/features/{shelter.feature_id}")).status_code == 200
    listing = (await moderator.get("/desk/reports", headers=ENGLISH)).text
    assert listing.index("Noclegownia") < listing.index("Stołówka")
    async with session(database) as s:
        audited = text("SELECT count(*) FROM core.audit WHERE action = 'feature.being_checked'")
        assert await s.scalar(audited) == 1


async def test_e7_when_a_moderator_has_looked_the_note_is_gone_and_does_not_come_back(
    site: FastAPI,
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
) -> None:
    (shelter,) = await publish(aid_point("Noclegownia", **SHELTER))
    for n in range(3):
        await say(site, shelter.feature_id, f"198.51.100.{n}")
    assert NOTE in (await page_of(client, shelter.feature_id)).text
    (first, *_) = await ids(database, "unsafe")
    await resolve_all(moderator, first)
    assert NOTE not in (await page_of(client, shelter.feature_id)).text
    for n in range(3):
        await say(site, shelter.feature_id, f"203.0.113.{n}")
    assert NOTE not in (await page_of(client, shelter.feature_id)).text


@pytest.mark.parametrize(
    ("services", "reasons", "addresses"),
    [
        # Ten times from one connection, or from one customer's networks, is once.
        ("night_shelter", ["unsafe"] * 5, ["198.51.100.1"] * 5),
        ("night_shelter", ["unsafe"] * 5, [f"2001:db8:7:{n}::1" for n in range(1, 6)]),
        # Nobody is harmed at the next visit by wrong hours.
        ("night_shelter", ["wrong_hours"] * 5, [f"198.51.100.{n}" for n in range(5)]),
        # Nobody hands themselves over at a soup kitchen.
        ("hot_meals", ["unsafe"] * 5, [f"198.51.100.{n}" for n in range(5)]),
    ],
)
async def test_e7_less_than_that_changes_nothing_that_the_public_reads(
    site: FastAPI,
    client: httpx2.AsyncClient,
    publish: Publish,
    services: str,
    reasons: list[str],
    addresses: list[str],
) -> None:
    at = dt.datetime.now(dt.UTC)
    # The page is another one every five minutes.
    site.state.clock = lambda: at
    (place,) = await publish(aid_point(services=[{"type": services}]))
    before = await page_of(client, place.feature_id)
    for reason, address in zip(reasons, addresses, strict=True):
        await say(site, place.feature_id, address, reason)
    await asyncio.sleep(2 * BELIEVED_S)
    after = await page_of(client, place.feature_id)
    assert NOTE not in after.text
    assert after.headers["etag"] == before.headers["etag"]


async def test_e7_three_at_the_same_moment_are_three(
    site: FastAPI, client: httpx2.AsyncClient, publish: Publish
) -> None:
    (shelter,) = await publish(aid_point("Noclegownia", **SHELTER))
    await asyncio.gather(*(say(site, shelter.feature_id, f"198.51.100.{n}") for n in range(3)))
    assert NOTE in (await page_of(client, shelter.feature_id)).text


async def test_e7_who_reported_something_else_first_is_heard_and_a_note_goes_with_the_last_report(
    site: FastAPI,
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
) -> None:
    """Wrong hours from the house's own connection must not make those who live there unheard."""
    (shelter,) = await publish(aid_point("Noclegownia", **SHELTER))
    for n in range(3):
        await say(site, shelter.feature_id, f"198.51.100.{n}", "wrong_hours")
    for n in range(3):
        await say(site, shelter.feature_id, f"198.51.100.{n}")
    assert NOTE in (await page_of(client, shelter.feature_id)).text
    (first, *_) = await ids(database, "wrong_hours")
    await resolve_all(moderator, first)
    assert NOTE not in (await page_of(client, shelter.feature_id)).text
