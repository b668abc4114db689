"""The finder, a row of its list, and a place that is read in it."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, MakeVisitor, Visitor
from tests.browser.small_set import TOWN_BOX, SmallSet

KITCHEN = "Kuchnia „Pod Kasztanem”"
SURGERY = "Przychodnia Zdrowie"
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest_asyncio.fixture(loop_scope="session", params=SIZES)
async def reader(request: pytest.FixtureRequest, visitor: MakeVisitor, small_set: SmallSet) -> Visitor:
    return await visitor(viewport=SIZES[request.param], locale="pl")


async def finder(person: Visitor, query: str = f"bbox={TOWN_BOX}") -> Page:
    page = await person.page()
    await page.goto(f"{person.address}/pl/?{query}")
    await ready(page)
    return page


async def ready(page: Page) -> None:
    """Pins are there when all of the finder answers to script."""
    await expect(page.locator("#map .pin").first).to_be_visible()


def row(page: Page, name: str) -> Locator:
    return page.locator("li.hit h2 a", has_text=name)


def details(page: Page) -> Locator:
    return page.locator("#details")


async def has_opened(page: Page, name: str, address: str) -> None:
    await expect(details(page).get_by_role("heading", level=1)).to_contain_text(name)
    await expect(page).to_have_url(re.compile(re.escape(address)))
    await expect(page).to_have_title(re.compile(re.escape(name)))
    await expect(details(page).get_by_role("heading", level=1)).to_be_focused()
    await expect(page.locator("#list")).to_be_hidden()
