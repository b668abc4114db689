"""The whole main job with keys alone: somebody adds a place, a moderator signs in and publishes it, a reader opens it."""

import asyncio
import re
import time

import pytest
from playwright.async_api import Page, expect

from app.forms.started import SHORTEST_S
from tests.browser.conftest import Installation, MakeVisitor, link_in
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser

NAME = "Obiady przy Klawiaturze"
SUBMITTER = "klawisz@example.org"
MODERATOR = "keys-only@example.org"
STILL = {"reduced_motion": "reduce"}


async def follow(page: Page) -> None:
    """Press Enter where the focus is, and wait for the page that comes.

    For its `load`: what a script writes into the history is a navigation to the browser, too.
    """
    async with page.expect_event("load"):
        await page.keyboard.press("Enter")


async def type_into(page: Page, selector: str, words: str) -> None:
    await tab_to(page, selector)
    await page.keyboard.type(words)


async def choose(page: Page, name: str, value: str) -> None:
    """Choose a radio button as people without a mouse do: Tab into the group, arrows inside."""
    await tab_to(page, f'[name="{name}"]')
    await page.keyboard.press("Space")
    for _ in range(10):
        if await page.locator(f'[name="{name}"][value="{value}"]').is_checked():
            return
        await page.keyboard.press("ArrowDown")
    pytest.fail(f"{value} is not reached by arrows")


async def add_a_place(page: Page, address: str) -> None:
    await page.goto(f"{address}/pl/")
    began = time.monotonic()
    await tab_to(page, 'a[href="/pl/add/aid_points"]')
    await follow(page)
    await type_into(page, '[name="name"]', NAME)
    await tab_to(page, 'details:has(input[value="hot_meals"]) > summary')
    await page.keyboard.press("Enter")
    await tab_to(page, 'input[value="hot_meals"]')
    await page.keyboard.press("Space")
    await tab_to(page, 'button[value="next"]')
    await follow(page)
    await type_into(page, '[name="address.street"]', "Planty")
    await type_into(page, '[name="address.house_number"]', "12")
    await type_into(page, '[name="address.city"]', "Kielce")
    await type_into(page, '[name="position"]', "50.8661, 20.6286")
    await choose(page, "hours.kind", "always")
    for _ in range(3):
        await tab_to(page, 'button[value="next"]')
        await follow(page)
    await type_into(page, '[name="email"]', SUBMITTER)
    await asyncio.sleep(max(0.0, SHORTEST_S + 1 - (time.monotonic() - began)))
    await follow(page)


async def test_the_main_job_with_keys_alone(installation: Installation, visitor: MakeVisitor) -> None:
    address = installation.address
    submitter = await visitor(**STILL)
    page = await submitter.page()
    await add_a_place(page, address)
    mail = await asyncio.to_thread(installation.mail.wait_for, SUBMITTER, "/pl/confirm/")
    await page.goto(link_in(mail))
    await tab_to(page, "main button[type=submit]")
    await follow(page)
    await expect(page.locator("[aria-current=step]")).to_be_visible()

    await installation.link_for(MODERATOR)
    moderator = await visitor(**STILL)
    desk = await moderator.page()
    await desk.goto(f"{address}/desk/sign-in")
    await type_into(desk, '[name="email"]', MODERATOR)
    await follow(desk)
    mail = await asyncio.to_thread(installation.mail.wait_for, MODERATOR, "/desk/sign-in/link")
    await desk.goto(link_in(mail))
    await expect(desk.locator("main form button[type=submit]")).to_be_focused()
    await follow(desk)
    path = await desk.locator(".queue li a", has_text=NAME).get_attribute("href")
    await tab_to(desk, f'.queue li a[href="{path}"]')
    await follow(desk)
    await expect(desk.get_by_role("heading", level=1)).to_have_text(NAME)
    # The way past the queue: from there the decision is near, however many wait.
    await tab_to(desk, '.skip[href="#review"]')
    await desk.keyboard.press("Enter")
    await tab_to(desk, '.decide form[action$="/approve"] button')
    await expect(desk.locator(".decide form button")).to_be_enabled()
    await follow(desk)
    await expect(desk.locator("#decided")).to_contain_text(NAME)

    reader = await visitor(**STILL)
    read = await reader.page()
    await read.goto(f"{address}/pl/")
    await tab_to(read, '[data-value="family:food"]')
    await read.keyboard.press("Space")
    await tab_to(read, "#q", key="Shift+Tab")
    await read.keyboard.type("Klawiaturze")
    await read.keyboard.press("Enter")
    await read.wait_for_url(re.compile("q=Klawiaturze"))
    await expect(read.locator("li.hit")).to_have_count(1)
    await tab_to(read, "li.hit h2 a")
    await read.keyboard.press("Enter")
    await expect(read.get_by_role("heading", level=1)).to_have_text(NAME)
    for person in (submitter, moderator, reader):
        person.assert_quiet()
