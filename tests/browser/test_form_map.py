"""The map of the form: its search never sends the step and says what it does not know; its words follow the pin."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE, Installation, MakeVisitor

pytestmark = pytest.mark.browser


async def test_a_street_that_is_not_known_and_a_pin_that_is_not_in_the_country(
    installation: Installation, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=PHONE, locale="en-GB")
    page = await person.page()
    await page.goto(f"{installation.address}/en/add/aid_points")
    await page.fill('[name="name"]', "Kitchen")
    await page.locator('details:has(input[value="hot_meals"]) > summary').first.click()
    await page.check('input[value="hot_meals"]')
    async with page.expect_event("load"):
        await page.locator('main button[value="next"]:not(.hush)').click()
    second = page.url
    search = page.get_by_label("Find the town")
    await page.locator("[data-picker]").scroll_into_view_if_needed()
    await expect(search).to_have_attribute("role", "combobox")
    await search.fill("Kielce, Planty 12")
    await search.press("Enter")
    await expect(page.locator("[data-search-said]")).to_have_text(
        "We do not know this street. Choose the town and set the pin on the map."
    )
    await expect(page.locator(".error-box")).to_have_count(0)
    assert page.url == second

    said = page.locator("[data-confidence]")
    position = page.locator('[name="position"]')
    for typed, words, good in (
        ("50.8703, 20.6275", "You have set the pin", None),
        ("20.6275, 50.8703", "wrong way round", False),
        ("48.85, 2.35", "not in the country", False),
        ("here", "two numbers", False),
    ):
        await position.fill(typed)
        await position.blur()
        await expect(said).to_contain_text(words)
        if good is False:
            await expect(said).not_to_have_class("checked is-good")
    person.assert_quiet()
