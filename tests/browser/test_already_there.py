"""While somebody types a place that is on the map already: it is said at once, and leads to a change of that entry."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor
from tests.browser.test_merging import publish_two

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("viewport", "language", "theme"),
    [(DESKTOP, "pl", "light"), (PHONE, "uk", "dark")],
    ids=["desktop", "phone"],
)
async def test_what_is_there_already_appears_while_somebody_types(
    installation: Installation,
    visitor: MakeVisitor,
    axe: Callable[[Page], Awaitable[list[str]]],
    viewport: Any,
    language: str,
    theme: str,
) -> None:
    await asyncio.to_thread(asyncio.run, publish_two(installation.urls))
    person = await visitor(viewport=viewport, color_scheme=theme)
    page = await person.page()
    await page.goto(f"{installation.address}/{language}/add/aid_points")
    await page.fill('[name="name"]', "Kuchnia Karitas")
    await page.locator('details:has(input[value="hot_meals"]) > summary').first.click()
    await page.check('input[value="hot_meals"]')
    async with page.expect_event("load"):
        await page.locator('main button[value="next"]:not(.hush)').click()
    told = page.locator("[data-already-url] li")
    await expect(told).to_have_count(0)
    await page.locator('[name="position"]').fill("50.0401, 22.0001")
    await expect(told.first).to_be_visible()
    await expect(told.first).to_contain_text("Kuchnia Caritas")
    faults = await axe(page)
    if folder := os.environ.get("PICTURES"):
        await told.first.scroll_into_view_if_needed()
        await page.screenshot(path=str(Path(folder) / f"already-{language}.png"))
    assert faults == []
    async with page.expect_event("load"):
        await told.first.locator("a.button").click()
    assert f"/{language}/suggest/" in page.url
    person.assert_quiet()
