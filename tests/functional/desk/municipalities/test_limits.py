"""How often people may be sent to a service and come back (SECURITY B6)."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.config import Settings
from app.desk import sign_in_elsewhere
from app.web.rate_limit import Limit
from tests.functional.desk.municipalities.browsers import browser, came_back, sent_on
from tests.sign_in_service import SignInService


async def test_tries_are_counted_by_address_and_of_everybody_together(
    site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tries(client: httpx2.AsyncClient, method: str, path: str) -> int:
        """How many get through at once; on a slow machine one or the other comes free meanwhile."""
        for number in range(40):
            if (await client.request(method, path)).status_code == 429:
                return number
        return 40

    async with browser(site) as client:
        for way in (("GET", "/desk/sign-in/from/gdansk?state=a"), ("POST", "/desk/sign-in/with/gdansk")):
            assert 20 <= await tries(client, *way) < 30, way
    monkeypatch.setattr(sign_in_elsewhere, "OF_ALL", Limit("few", times=3, period_s=86_400))
    for number in range(4):
        async with browser(site, f"198.51.100.{number}") as client:
            answer = await client.post("/desk/sign-in/with/gdansk")
            assert answer.status_code == (200 if number < 3 else 429)


async def test_what_anybody_can_have_a_browser_ask_for_keeps_nobody_from_coming_back(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture on another website may lie at the address where people come back."""
    back = service.authorize(await sent_on(client))
    monkeypatch.setattr(sign_in_elsewhere, "OF_ALL", Limit("few", times=2, period_s=86_400))
    async with browser(site) as other:
        for number in range(24):
            answer = await came_back(other, f"/desk/sign-in/from/gdansk?state={number}")
        assert answer.status_code == 429
    assert (await came_back(client, back)).status_code == 303
    async with browser(site, "198.51.100.1") as other:
        await sent_on(other)


async def test_who_is_sent_on_is_counted_with_all_networks_of_a_customer(
    site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_elsewhere, "GOING", Limit("few", times=1, period_s=86_400))
    for number, status in ((1, 200), (2, 429)):
        async with browser(site, f"2001:db8:1:{number}::1") as client:
            assert (await client.post("/desk/sign-in/with/gdansk")).status_code == status


async def test_b6_where_nobody_can_count_nobody_comes_in(
    client: httpx2.AsyncClient, service: SignInService, settings: Settings
) -> None:
    address = service.authorize(await sent_on(client))
    owner = create_async_engine(settings.database_url)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE core.rate_limit RENAME TO gone"))
    await owner.dispose()
    assert (await came_back(client, address)).status_code == 503
    assert (await client.post("/desk/sign-in/with/gdansk")).status_code == 503
    assert "pomapa" not in client.cookies
    assert service.forms == []
