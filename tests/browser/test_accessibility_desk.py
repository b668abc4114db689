"""The same inspection of the pages by which administrators look after the desk itself, organisations and lists of others."""

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Installation, link_in
from tests.browser.small_set import SmallSet
from tests.browser.test_accessibility import Inspector, inspector

__all__ = ["inspector"]
pytestmark = pytest.mark.browser

PAGES = (
    "people", "people/invite", "banners", "banners/new", "letters", "letters/sign_in/pl", "by-themselves", "services",
    "services/add", "areas", "areas/new?shape=units", "areas/new?shape=outline", "imports", "duplicates", "account",
    "organisations", "organisations/{organisation}", "organisations/{organisation}/people",
    "published/{organisation}/trust", "merge/{place}",
)  # fmt: skip


async def test_pages_of_administrators(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    page = inspector.page
    words = ("users", "link", "desk-pages@example.org", "--role", "administrator")
    await page.goto(link_in(await asyncio.to_thread(installation.command, *words)))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").first.click()
    ids = {
        "organisation": small_set.organisation.rpartition("/")[2],
        "place": small_set.kitchen.rpartition("/")[2],
    }
    for path in PAGES:
        await inspector.open(f"/desk/{path.format(**ids)}", f"desk, {path}")
        # Not one of another page, or of a mistake.
        await expect(page.locator("body.desk-page")).to_be_visible()
    inspector.conclude()
