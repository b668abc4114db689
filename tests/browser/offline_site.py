"""A site of one's own that may be stopped, and somebody with a small phone who has been there once."""

import re
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.localdb import ClusterUrls
from tests.browser.conftest import Visitor
from tests.browser.own_site import OwnSite
from tests.browser.small_set import TOWN_BOX

FINDER = f"/uk/?bbox={TOWN_BOX}"
KITCHEN = "Кухня «Під каштаном»"
STRIP = "[data-network-strip]"
NO_INTERNET = re.compile(r"Немає інтернету\. Дані за сьогодні, \d\d:\d\d")
NO_SERVER = re.compile(r"Наш сервер зараз не відповідає\. Дані за сьогодні, \d\d:\d\d")
NOT_KEPT = re.compile("Немає інтернету. Того, що ви шукаєте, немає на цьому пристрої.")

KEPT = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async name =>
  [name, (await (await caches.open(name)).keys()).map(({url}) => url.slice(location.origin.length))])))"""


@pytest.fixture(scope="module")
def site(module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    made = OwnSite(tmp_path_factory.mktemp("offline"), module_database_urls)
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(chromium: Browser, site: OwnSite) -> AsyncIterator[Visitor]:
    """Somebody with a small phone, who reads Ukrainian."""
    context = await chromium.new_context(
        viewport={"width": 360, "height": 740},
        locale="uk-UA",
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    yield Visitor(context, site.address)
    await context.close()


@pytest.fixture
def without_server(site: OwnSite) -> Iterator[OwnSite]:
    """The site for a test that stops its web server; started again afterwards."""
    yield site
    site.stop()
    site.start()


async def kept(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = await page.evaluate(KEPT)
    return found


async def until_kept(page: Page, *wanted: str) -> dict[str, list[str]]:
    """Wait until the worker has kept everything whose address has these words."""
    found: dict[str, list[str]] = {}
    for _ in range(150):
        found = await kept(page)
        addresses = [address for addresses in found.values() for address in addresses]
        if all(any(word in address for address in addresses) for word in wanted):
            return found
        await page.wait_for_timeout(100)
    pytest.fail(f"not kept: {wanted} in {found}")


async def visited(reader: Visitor) -> Page:
    """One visit to the finder, until its worker has kept it."""
    page = await reader.page()
    await page.goto(reader.address + FINDER)
    await expect(page.locator("#map .pin").first).to_be_visible()
    await until_kept(page, FINDER, "/uk/offline", "/api/v1/tiles/", "/static/messages-uk", "taxonomy/uk")
    return page
