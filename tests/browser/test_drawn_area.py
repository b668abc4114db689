"""An area in the address, drawn or a unit: its outline on the map, its places, its tag that takes it away."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import expect
from shapely import MultiPolygon, Polygon, box
from sqlalchemy import text

from app.areas.importing import import_units
from app.areas.units import Origin, Unit
from app.db import Database, session
from tests.browser.conftest import Installation, MakeVisitor
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


@pytest.fixture
def town(installation: Installation) -> Iterator[str]:
    """A unit around the town of the small set, for the time of a test."""
    west, south, east, north = map(float, TOWN_BOX.split(","))
    code = "PL-1863011"
    asyncio.run(_with_unit(installation, code, box(west, south, east, north)))
    yield code
    asyncio.run(_with_unit(installation, code, None))


async def _with_unit(installation: Installation, code: str, area: Polygon | None) -> None:
    database = Database(installation.urls.app, installation.urls.reader)
    try:
        async with session(database) as s:
            if area is None:
                await s.execute(text("DELETE FROM published.area WHERE code = :code"), {"code": code})
            else:
                outline = MultiPolygon([area])
                origin = Origin("test", "CC0")
                unit = Unit(code, code[:-1], "PL", "gmina", "Miasto", origin, geometry=outline)
                await import_units(s, [unit])
    finally:
        await database.dispose()


async def test_a_unit_that_is_asked_for_is_outlined_and_fills_the_map(
    town: str, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(service_workers="block")
    page = await person.page()
    await page.goto(f"{person.address}/en/?area={town}")
    area = page.locator("#map .drawn-area")
    await expect(area).to_be_visible()
    drawn, whole = await area.bounding_box(), await page.locator("#map").bounding_box()
    assert drawn
    assert whole
    assert whole["x"] - 2 <= drawn["x"]
    assert drawn["x"] + drawn["width"] <= whole["x"] + whole["width"] + 2
    assert max(drawn["width"] / whole["width"], drawn["height"] / whole["height"]) > 0.5
    # It goes with its tag, and comes back with the question.
    await page.locator("a.tag", has_text="Miasto").click()
    await expect(area).to_be_hidden()
    await page.go_back()
    await expect(area).to_be_visible()
    # What is drawn by hand takes its place.
    await page.locator(".map-tools .draw").click()
    await expect(area).to_be_hidden()
    await page.get_by_role("button", name="Use the map in view").click()
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    assert "area=" not in page.url
    person.assert_quiet()


async def test_a_unit_whose_outline_cannot_be_had_still_has_its_places(
    town: str, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(service_workers="block")
    page = await person.page()
    await page.route("**/api/v1/areas/*", lambda route: route.abort())
    await page.goto(f"{person.address}/en/?area={town}")
    await expect(page.locator("a.tag", has_text="Miasto")).to_be_visible()
    await expect(page.locator("#map .drawn-area")).to_be_hidden()
    await expect(page.locator(".map-word")).to_be_empty()


async def test_an_area_chosen_in_the_filters_keeps_what_is_ticked(
    town: str, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await person.page()
    await page.goto(f"{person.address}/en/?bbox={TOWN_BOX}#filters")
    await expect(page.locator("#area-name")).to_have_attribute("role", "combobox")
    await page.locator('input[name=open_at][value="now"]').check()
    await page.locator("#area-name").press_sequentially("mias", delay=20)
    await page.locator(".combo [role=option]").first.click()
    await expect(page.get_by_role("checkbox", name="Miasto")).to_be_focused()
    await expect(page.get_by_role("checkbox", name="Miasto")).to_be_checked()
    await page.locator("[data-count-button]").click()
    await expect(page.locator("a.tag", has_text="Miasto")).to_be_visible()
    assert page.url.endswith(f"?area={town}&open_at=now")
    person.assert_quiet()
