"""A drawn area in the address: its outline on the map, its places in list and map, its tag that takes it away."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import MakeVisitor
from tests.browser.small_set import TOWN_BOX, SmallSet

pytestmark = pytest.mark.browser


async def test_the_area_is_outlined_moves_with_the_map_and_is_taken_away(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    west, south, east, north = TOWN_BOX.split(",")
    person = await visitor()
    page = await person.page()
    await page.goto(
        f"{person.address}/en/?within={west},{south};{east},{south};{east},{north};{west},{north}"
    )
    area = page.locator("#map .drawn-area")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await expect(area).to_be_visible()
    before, whole = await area.bounding_box(), await page.locator("#map").bounding_box()
    assert before
    assert whole
    # The map shows all of it, and it fills the map in one direction at least by half.
    assert whole["x"] - 2 <= before["x"]
    assert before["x"] + before["width"] <= whole["x"] + whole["width"] + 2
    assert max(before["width"] / whole["width"], before["height"] / whole["height"]) > 0.5
    await page.get_by_role("button", name="Zoom in", exact=True).click()
    await page.wait_for_function(
        "width => document.querySelector('#map .drawn-area').getBoundingClientRect().width > 1.9 * width",
        arg=before["width"],
    )
    # The list has followed the map, so that nothing writes its tags anew under the finger.
    await page.locator('a.tag[href*="bbox"]', has_text="Drawn area").click()
    await expect(area).to_be_hidden()
    assert "within" not in page.url
    await page.go_back()
    await expect(area).to_be_visible()
    person.assert_quiet()
