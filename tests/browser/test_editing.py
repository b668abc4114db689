"""A moderator corrects a submission in the browser, by keyboard as well, and asks a colleague."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_one_decision import Desk, open_desk

__all__ = ["open_desk"]
pytestmark = pytest.mark.browser


async def test_a_correction_is_published_and_what_was_sent_is_struck_out_beside_it(
    open_desk: Callable[..., Awaitable[Desk]], axe: Any
) -> None:
    person, desk = await open_desk(viewport=PHONE)
    assert await axe(desk) == []
    await desk.locator('.decide a[href$="/edit"]').click()
    name = desk.locator('input[name="name"]')
    await expect(name).to_have_value("Czeka na decyzję")
    assert await axe(desk) == []
    # Nothing is wider than the screen.
    assert await desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await name.fill("Kuchnia po poprawce")
    submit = desk.locator('.form-end button[value="send"]')
    await expect(submit).to_be_enabled()
    async with desk.expect_event("load"):
        await submit.click()
    decided = desk.locator("#decided")
    await expect(decided).to_be_visible()
    await decided.locator("a").first.click()
    corrected = desk.locator('section[aria-labelledby="corrected"]')
    await expect(corrected.locator("ins").first).to_be_visible()
    await expect(corrected.locator("del").first).to_be_visible()
    assert await axe(desk) == []
    person.assert_quiet()


async def test_who_asks_a_colleague_has_nothing_left_to_decide(
    open_desk: Callable[..., Awaitable[Desk]], axe: Any
) -> None:
    person, desk = await open_desk()
    address = desk.url
    await desk.locator("#second summary").click()
    ask = desk.locator("#second button")
    await expect(ask).to_be_enabled()
    async with desk.expect_event("load"):
        await ask.click()
    await desk.goto(address)
    await expect(desk.locator("#second-asked")).to_be_visible()
    await expect(desk.locator(".decide form, .decide a.danger")).to_have_count(0)
    assert await axe(desk) == []
    person.assert_quiet()
