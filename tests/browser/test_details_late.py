"""An answer that comes too late, when somebody has gone elsewhere, opens no place."""

import asyncio
import re
from contextlib import suppress

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route, expect

from tests.browser.conftest import MakeVisitor
from tests.browser.place_details import KITCHEN, details, finder, has_opened, row
from tests.browser.small_set import SmallSet

pytestmark = pytest.mark.browser


class Held:
    """What is asked for with these words in its address waits until it is let go."""

    def __init__(self) -> None:
        self.route: asyncio.Future[Route] = asyncio.get_running_loop().create_future()

    async def hold(self, page: Page, words: str) -> None:
        await page.route(re.compile(re.escape(words)), self._keep, times=1)

    def _keep(self, route: Route) -> None:
        self.route.set_result(route)

    async def let_go(self, page: Page) -> None:
        """The answer comes, if anybody waits for it still, and the page has time for it."""
        route = await self.route
        with suppress(PlaywrightError):
            await route.continue_()
        if answer := await route.request.response():
            await answer.finished()
        for _ in range(5):
            await page.evaluate("new Promise(requestAnimationFrame)")


async def test_going_back_to_the_list_gives_up_the_place_that_is_on_its_way(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor(service_workers="block")
    page = await finder(person)
    asked = page.url
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    held, nearby = Held(), details(page).locator(".near a").first
    await held.hold(page, str(await nearby.get_attribute("href")))
    await nearby.click()
    await held.route
    await page.go_back()
    await expect(page.locator("#list")).to_be_visible()
    await held.let_go(page)
    await expect(details(page)).to_have_count(0)
    assert page.url == asked
    person.assert_quiet()


async def test_going_on_again_gives_up_the_place_that_was_gone_back_to(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor(service_workers="block")
    page = await finder(person)
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    nearby = details(page).locator(".near a").first
    name = (await nearby.locator("strong").inner_text()).strip()
    await nearby.click()
    await has_opened(page, name, "/pl/aid_points/")
    address, held = page.url, Held()
    await held.hold(page, small_set.kitchen)
    await page.go_back()
    await held.route
    await page.go_forward()
    await held.let_go(page)
    assert page.url == address
    await has_opened(page, name, "/pl/aid_points/")
    person.assert_quiet()


async def test_going_back_gives_up_the_first_place_too(visitor: MakeVisitor, small_set: SmallSet) -> None:
    """What shows a place is still on its way when somebody has gone back to the question before."""
    person = await visitor(service_workers="block")
    page = await finder(person)
    asked = page.url
    chip = page.locator('.filters [data-value="family:food"]')
    await chip.click()
    await expect(page.locator("li.hit:visible")).to_have_count(1)
    held = Held()
    await held.hold(page, "/static/reading-")
    await row(page, KITCHEN).click()
    await held.route
    await page.go_back()
    await expect(chip).to_have_attribute("aria-pressed", "false")
    await held.let_go(page)
    await expect(details(page)).to_have_count(0)
    assert page.url == asked
    person.assert_quiet()
