"""Drawing an area on the map of the finder: what becomes of it, what is refused, the way out."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import MakeVisitor
from tests.browser.drawing_tool import (
    SQUARE,
    bar,
    begun,
    button,
    corners,
    drawn,
    middle,
    opened,
    spot,
    tap,
    tool,
)
from tests.browser.small_set import TOWN_BOX, WIDE_BOX, SmallSet

pytestmark = pytest.mark.browser

Axe = Callable[[Page], Awaitable[list[str]]]


async def test_taps_set_corners_and_the_first_one_finishes(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await begun(person)
    await expect(bar(page)).to_contain_text("first corner")
    await tap(page, *SQUARE)
    outline = page.locator("#map .drawn-area")
    await expect(outline).to_have_class("drawn-area open")
    await page.get_by_role("button", name="Corner 1: finish the area here").click()
    await expect(bar(page)).to_have_count(0)
    await expect(outline).to_have_class("drawn-area")
    # List, map and address are about the area, and only about that.
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    query = parse_qs(urlsplit(page.url).query)
    assert set(query) == {"within"}
    (w, n), (e, _), (_, s), _ = drawn(page)
    assert w < e
    assert s < n
    await expect(tool(page)).to_have_text("Change the area")
    await expect(tool(page)).to_be_focused()
    await page.go_back()
    await expect(outline).to_be_hidden()
    await expect(tool(page)).to_have_text("Draw an area")
    person.assert_quiet()


async def test_the_list_has_what_lies_inside_as_the_server_counts_it(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await begun(person, f"bbox={TOWN_BOX}")
    await tap(page, *((0.03, 0.03), (0.8, 0.03), (0.8, 0.65), (0.03, 0.6)))
    await button(page, "Done").click()
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    heading = await page.locator("#count").get_attribute("data-count")
    within = ";".join(f"{lng},{lat}" for lng, lat in drawn(page))
    address = "/api/v1/layers/aid_points/features.geojson"
    answer = await page.request.get(
        f"{person.address}{address}", params={"within": within, "count": "true", "limit": "1"}
    )
    matched = (await answer.json())["numberMatched"]
    assert 0 < matched < small_set.total
    assert heading == f"{matched} places"
    person.assert_quiet()


async def test_a_side_that_would_cross_is_refused_in_words(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await begun(person)
    await tap(page, *SQUARE[:3])
    await page.mouse.click(*(await spot(page, 0.4, 0.05)))
    await expect(bar(page).get_by_role("alert")).to_have_text(
        "Here two sides would cross. Choose another place for the corner."
    )
    await expect(corners(page)).to_have_count(3)
    # A corner that is dragged over a side comes back.
    third = corners(page).nth(2)
    there = await middle(third)
    await tap(page, SQUARE[3])
    await page.mouse.move(*there)
    await page.mouse.down()
    await page.mouse.move(*(await spot(page, 0.4, 0.05)), steps=4)
    await page.mouse.up()
    await expect(bar(page).get_by_role("alert")).to_contain_text("cross")
    assert await middle(third) == pytest.approx(there, abs=1.5)
    person.assert_quiet()


async def test_too_few_corners_are_no_area(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await begun(person)
    await tap(page, *SQUARE[:2])
    await button(page, "Done").click()
    await expect(bar(page).get_by_role("alert")).to_have_text("An area needs at least 3 corners.")
    person.assert_quiet()


async def test_steps_are_undone_and_escape_leaves_everything_as_it_was(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await opened(person)
    address = page.url
    await tool(page).click()
    await expect(bar(page)).to_be_visible()
    await tap(page, *SQUARE)
    await button(page, "Undo").click()
    await expect(corners(page)).to_have_count(3)
    # The map goes elsewhere for the drawing; the list does not go along.
    await page.keyboard.press("Shift+Tab")
    await page.locator("#map").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Escape")
    await expect(bar(page)).to_have_count(0)
    await expect(corners(page)).to_have_count(0)
    await expect(tool(page)).to_be_focused()
    await expect(page.locator("#map .pin").first).to_be_visible()
    await expect(page.locator("#map .drawn-area")).to_be_hidden()
    await expect(page.locator("#map")).to_have_role("group")
    await expect(page.locator("#map")).to_have_accessible_name("Map of places")
    assert page.url == address
    person.assert_quiet()


async def test_an_area_is_changed_by_dragging_by_two_taps_and_by_removing(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    west, south, east, north = map(float, TOWN_BOX.split(","))
    person = await visitor()
    page = await begun(
        person, f"within={west},{south};{east},{south};{east},{north};{west},{north}&bbox={WIDE_BOX}"
    )
    await expect(corners(page)).to_have_count(4)
    first = corners(page).first
    x, y = await middle(first)
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 40, y + 20, steps=4)
    await page.mouse.up()
    await expect(first).to_have_attribute("aria-pressed", "false")
    assert await middle(first) == pytest.approx((x - 40, y + 20), abs=1.5)
    # Nobody has to drag: a tap chooses a corner, the next one says where it goes.
    second = corners(page).nth(1)
    await second.click()
    await expect(second).to_have_attribute("aria-pressed", "true")
    x, y = await middle(second)
    await page.mouse.click(x + 50, y + 30)
    await expect(second).to_have_attribute("aria-pressed", "false")
    assert await middle(second) == pytest.approx((x + 50, y + 30), abs=1.5)
    # A tap on the map is a corner more, in the nearest side.
    x, y = await middle(corners(page).nth(2))
    await page.mouse.click(x + 60, y + 40)
    await expect(corners(page)).to_have_count(5)
    await corners(page).nth(3).click()
    await button(page, "Remove this corner").click()
    await expect(corners(page)).to_have_count(4)
    await button(page, "Done").click()
    await expect(bar(page)).to_have_count(0)
    changed = drawn(page)
    assert len(changed) == 4
    assert changed[0][0] < west
    assert changed[1][0] > east
    assert changed[3] == (west, north)
    person.assert_quiet()


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light"},
        # 1280 × 800 at 400 %.
        {"viewport": {"width": 320, "height": 200}, "reduced_motion": "reduce"},
    ],
    ids=["desktop", "at 400 %"],
)
async def test_the_tool_has_no_fault_that_axe_knows(
    small_set: SmallSet, visitor: MakeVisitor, axe: Axe, options: dict[str, Any]
) -> None:
    person = await visitor(**options)
    page = await opened(person)
    await tool(page).click()
    await button(page, "Done").click()
    await expect(bar(page).get_by_role("alert")).to_be_visible()
    await page.locator("#map").scroll_into_view_if_needed()
    await page.locator("#map").focus()
    for key in ("Enter", "ArrowRight", "Enter"):
        await page.keyboard.press(key)
    await expect(corners(page)).to_have_count(2)
    assert await axe(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("Undo", "Use the map in view", "Cancel", "Done"):
        box = await button(page, name).bounding_box()
        assert box
        assert box["height"] >= 44
    await button(page, "Cancel").click()
    await expect(bar(page)).to_have_count(0)
    person.assert_quiet()


async def test_a_tool_that_cannot_be_fetched_says_so_and_can_be_tried_again(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(service_workers="block")
    page = await opened(person)
    sheets = "**/static/draw-*.css"
    await page.route(sheets, lambda route: route.abort())
    await tool(page).click()
    word = page.locator(".map-word")
    await expect(word).to_contain_text("The drawing tool did not load.")
    await page.unroute(sheets)
    await word.get_by_role("button", name="Try again").click()
    await expect(bar(page)).to_be_visible()


async def test_without_script_there_is_no_tool(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(java_script_enabled=False)
    page = await person.page()
    await page.goto(f"{person.address}/en/?bbox={TOWN_BOX}")
    await expect(page.locator("li.hit").first).to_be_visible()
    await expect(page.get_by_text("Draw an area")).to_have_count(0)
