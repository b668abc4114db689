"""What is kept on a device for no network, and what never is."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.offline_site import (
    FINDER,
    NOT_KEPT,
    STRIP,
    kept,
    reader,
    site,
    until_kept,
    visited,
)
from tests.browser.own_site import OwnSite
from tests.browser.small_set import TOWN_BOX, point, publish_one, take_down

__all__ = ["reader", "site"]
pytestmark = pytest.mark.browser

#: The whole of the map may have such a place among others; the promise is said on the page itself.
MAY_HOLD_ALL = {"/uk/"}
PROMISE = "Сторінки про насильство не зберігаються, щоб ніхто їх тут не знайшов."

#: Every address that is kept, with its body.
HELD = """async () => Object.fromEntries((await Promise.all((await caches.keys()).map(async name => {
  const cache = await caches.open(name);
  return Promise.all((await cache.keys()).map(async request => [
    request.url.slice(location.origin.length),
    name.includes("files") ? "" : await (await cache.match(request)).text()]));
}))).flat())"""


#: The addresses of what has these words, in its address or in itself.
HOLDING = """async words => (await Promise.all((await caches.keys()).map(async name => {
  const cache = await caches.open(name);
  return Promise.all((await cache.keys()).map(async request =>
    (request.url + await (await cache.match(request)).text()).includes(words) ? request.url : null));
}))).flat().filter(Boolean)"""

#: Make all pages and answers so many days old.
AGED = """async days => {
  for (const name of ["pomapa-pages-2", "pomapa-answers-2"]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const headers = new Headers(answer.headers);
      const made = Date.parse(headers.get("x-answered-at")) - days * 24 * 3600 * 1000;
      headers.set("x-answered-at", new Date(made).toUTCString());
      await cache.put(request, new Response(await answer.blob(), {headers}));
    }
  }
}"""


async def until_nothing_holds(page: Page, words: str) -> None:
    """Wait until nothing that is kept has these words."""
    found: list[str] = []
    for _ in range(150):
        found = await page.evaluate(HOLDING, words)
        if not found:
            return
        await page.wait_for_timeout(100)
    pytest.fail(f"{words} in {found}")


async def test_nothing_personal_is_kept(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    for path in ("/uk/add/aid_points", "/desk/sign-in", "/uk/status/x", "/uk/about"):
        await page.goto(reader.address + path)
    await until_kept(page, "/uk/about")
    addresses = [address for addresses in (await kept(page)).values() for address in addresses]
    for word in ("/add", "/desk", "/status", "/healthz", "search"):
        assert [address for address in addresses if word in address] == []
    # What is sent is never answered by the worker.
    await reader.context.set_offline(True)
    sent = await page.evaluate(
        """() => fetch("/uk/", {method: "POST"}).then(() => "answered", error => error.name)"""
    )
    assert sent == "TypeError"
    reader.assert_quiet()


async def test_nothing_about_violence_is_kept(site: OwnSite, reader: Visitor) -> None:
    """Whoever shares the phone finds neither the place nor that somebody has asked."""
    refuge = site.places.refuge.split("/")[2]
    page = await reader.page()
    # A page, before there is a worker, is told to it afterwards; the others go through it.
    await page.goto(f"{reader.address}/uk{site.places.refuge}/slip.html")
    await until_kept(page, "/uk/offline", "taxonomy/uk")
    await page.goto(f"{reader.address}/uk/about")
    await until_kept(page, "/uk/about")
    for path in (
        f"/uk{site.places.refuge}",
        f"/uk{site.places.refuge}/slip.html",
        f"/uk{site.places.refuge}/row.html",
        f"/uk/compare?ids={refuge},{site.places.kitchen_id}",
        "/uk/table?service=violence_shelter",
        "/uk/?service=violence_shelter",
        "/uk/?service=safety",
        "/uk/?audience=violence_victims",
        "/uk/?q=przemoc",
        "/uk/?q=Pomoc%20dla%20kobiet",
        f"/uk/?near=22,50&service=violence_shelter&bbox={TOWN_BOX}",
        "/uk/day?need=violence_support,hot_meals&near=22,50",
    ):
        await page.goto(reader.address + path)
    for path in ("/uk/table.csv", "/uk/table.csv?service=violence_shelter"):
        async with page.expect_download():
            await page.evaluate("path => { location.assign(path) }", path)
    # From the finder, as it asks for them.
    await page.goto(reader.address + FINDER)
    await page.locator('.filters [data-value="family:food"]').click()
    await page.evaluate(
        """async ([id, paths]) => {
          for (const path of paths) await (await fetch(path)).text();
          for (const question of ["?service=violence_shelter", "?q=przemoc"])
            await (await fetch("/uk/" + question, {headers: {"X-Fragment": "results"}})).text();
        }""",
        [
            refuge,
            [
                "/api/v1/tiles/aid_points/5/17/10.geojson?service=violence_shelter",
                "/api/v1/tiles/aid_points/5/17/10.geojson?q=przemoc",
                "/api/v1/layers/aid_points/features.geojson?service=violence_shelter",
                "/api/v1/layers/aid_points/features.geojson?q=kobiet",
                f"/api/v1/layers/aid_points/features/{refuge}",
            ],
        ],
    )
    await page.goto(f"{reader.address}/uk/table?service=hot_meals")
    # What was asked for last is kept last.
    await until_kept(page, "/uk/table?service=hot_meals", "family%3Afood")
    held = await page.evaluate(HELD)
    for address, body in held.items():
        about = address + body
        assert "Pomoc dla kobiet" not in about or address in MAY_HOLD_ALL, address
        assert refuge not in about or address in MAY_HOLD_ALL, address
        assert not re.search(r"violence_(shelter|support)|safety|przemoc|kobiet|need=|\.csv", address), (
            address
        )
    await page.goto(f"{reader.address}/uk/offline")
    await expect(page.locator("[data-kept-lists] a").first).to_be_visible()
    said = await page.locator("[data-kept]").inner_html()
    for word in ("Pomoc dla kobiet", refuge, "violence", "przemoc", "насильств"):
        assert word not in said.replace(PROMISE, ""), word
    reader.assert_quiet()


async def test_what_is_taken_down_is_not_read_without_network(site: OwnSite, reader: Visitor) -> None:
    """Once it was asked for again: neither its page nor its slip, nor a list or a tile that names it."""
    name = "Punkt, którego nie będzie"
    content = point(name, "laundry", 22.001, 50.045)
    feature_id = await asyncio.to_thread(publish_one, site.urls, content)
    path = f"{reader.address}/uk/aid_points/{feature_id}"
    page = await visited(reader)
    await expect(page.locator("li.hit", has_text=name)).to_have_count(1)
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    place = page.url
    await page.goto(f"{path}/slip.html")
    await until_kept(page, place.removeprefix(reader.address), "slip.html")
    await asyncio.to_thread(take_down, site.urls, feature_id)
    gone = await page.goto(place)
    assert gone is not None
    assert gone.status == 404
    await until_nothing_holds(page, feature_id)
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator(STRIP)).to_have_text(NOT_KEPT)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Без інтернету")
    assert name not in await page.content()
    await page.goto(f"{path}/slip.html")
    assert name not in await page.content()


async def test_what_is_older_than_a_month_is_not_shown(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    await page.evaluate(AGED, 29)
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator("li.hit").first).to_be_visible()
    await page.evaluate(AGED, 2)
    await page.reload()
    await expect(page.locator(STRIP)).to_have_text(NOT_KEPT)
    assert [url for url in (await kept(page))["pomapa-pages-2"] if url == FINDER] == []


async def test_all_of_it_can_be_removed(site: OwnSite, reader: Visitor, axe: Any) -> None:
    page = await visited(reader)
    await page.goto(f"{reader.address}/uk/offline")
    await expect(page.locator("[data-kept-lists] a").first).to_be_visible()
    assert await axe(page) == []
    await page.locator("[data-kept-forget]").click()
    await expect(page.locator("[data-kept-status]")).to_have_text("Усе видалено з цього пристрою.")
    await expect(page.locator("[data-kept-lists]")).to_be_hidden()
    assert (await kept(page)).get("pomapa-pages-2", []) == []
    reader.assert_quiet()
