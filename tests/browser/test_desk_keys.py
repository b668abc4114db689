"""A moderator decides on five submissions by the keyboard alone; single keys do nothing before they are turned on."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Installation, MakeVisitor, Visitor
from tests.browser.small_set import add_waiting
from tests.browser.test_keyboard import tab_to

pytestmark = pytest.mark.browser

NAMES = tuple(f"Punkt {number}" for number in ("pierwszy", "drugi", "trzeci", "czwarty", "piąty"))
Open = Callable[..., Awaitable[tuple[Visitor, Page]]]


@pytest.fixture
def open_desk(installation: Installation, visitor: MakeVisitor) -> Open:
    """Open the first of five that wait."""

    async def run(**options: object) -> tuple[Visitor, Page]:
        link = await installation.link_for("keys-only@example.org")
        secret = installation.environment["SECRET_KEY"]
        for name in NAMES:
            await asyncio.to_thread(add_waiting, installation.urls, secret, name)
        person = await visitor(reduced_motion="reduce", **options)
        page = await person.page()
        await page.goto(link)
        await expect(page.locator("main form button[type=submit]")).to_be_focused()
        await _loads(page, "Enter")
        first = await page.locator(".queue li a", has_text=NAMES[0]).get_attribute("href")
        await tab_to(page, f'.queue li a[href="{first}"]')
        await _loads(page, "Enter")
        return person, page

    return run


async def _loads(page: Page, key: str) -> None:
    async with page.expect_event("load"):
        await page.keyboard.press(key)


async def _is_open(page: Page, name: str) -> None:
    """The submission of this name can be decided on."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(page.locator("[data-shortcuts]")).to_be_visible()
    await expect(page.locator(".decide button[data-key=p]:not([aria-disabled])")).to_be_visible()


async def test_five_submissions_are_decided_on_by_keys_alone(open_desk: Open, axe: Any) -> None:
    person, page = await open_desk()
    await _is_open(page, NAMES[0])
    address = page.url
    for key in ("p", "r", "?", "n"):
        await page.keyboard.press(key)
    assert page.url == address
    await expect(page.locator(".keys-help")).to_be_hidden()
    await expect(page.locator(".decide kbd")).to_have_count(0)

    await tab_to(page, "[data-shortcuts]")
    await page.keyboard.press("Enter")
    await expect(page.locator(".keys-help")).to_be_visible()
    assert await axe(page) == []
    await tab_to(page, ".keys-help [aria-pressed=false]")
    await page.keyboard.press("Enter")
    await tab_to(page, "#key-p")
    await page.keyboard.press("y")
    await page.keyboard.press("Escape")
    await expect(page.locator(".keys-help")).to_be_hidden()
    await expect(page.locator(".decide button kbd")).to_have_text("y")
    # Only the panes scroll: the page behind them is as high as the window, and stays where it is.
    assert await page.evaluate("[document.documentElement.scrollHeight - innerHeight, scrollY]") == [0, 0]

    # Published by the key that was chosen.
    await _loads(page, "y")
    await _is_open(page, NAMES[1])
    # Keys scroll what is read, wherever one is; what is turned down stays in sight while one chooses why, and Escape leads back.
    await page.keyboard.press("End")
    await expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    await page.keyboard.press("Home")
    await page.keyboard.press("r")
    await expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await expect(page.locator("#reject")).to_be_hidden()
    # Turned down for the first reason.
    await page.keyboard.press("r")
    await expect(page.locator("#reject input[name=reason]").first).to_be_focused()
    await page.keyboard.press("Space")
    await tab_to(page, "#reject button[type=submit]")
    await _loads(page, "Enter")
    await _is_open(page, NAMES[2])
    # Asked about; letters that are typed are letters.
    await page.keyboard.press("a")
    await expect(page.locator("#ask textarea")).to_be_focused()
    await page.keyboard.type("Xerox na parterze?")
    await tab_to(page, "#ask button[type=submit]")
    await _loads(page, "Enter")
    await _is_open(page, NAMES[3])
    # Left for later, and the one behind it published as checked, in three presses.
    await _loads(page, "n")
    await _is_open(page, NAMES[4])
    await page.keyboard.press("c")
    await page.keyboard.press("Space")
    await _loads(page, "Enter")
    await expect(page.locator("#decided")).to_contain_text(NAMES[4])
    await _is_open(page, NAMES[3])
    await _loads(page, "y")
    await expect(page.locator(".queue li a", has_text=re.compile("Punkt"))).to_have_count(0)
    person.assert_quiet()
