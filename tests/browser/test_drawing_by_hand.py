"""Drawing an area by keys alone, and by finger."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.drawing_tool import (
    SQUARE,
    bar,
    begun,
    begun_by_keys,
    button,
    corners,
    drawn,
    middle,
    opened,
    spot,
    tool,
)
from tests.browser.small_set import TOWN_BOX, WIDE_BOX, SmallSet

pytestmark = pytest.mark.browser


async def test_the_map_in_view_becomes_the_area_by_keys_alone(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page, _ = await begun_by_keys(person)
    while not await button(page, "Use the map in view").evaluate("b => b === document.activeElement"):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement !== document.body")
    await page.keyboard.press("Enter")
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    west, south, east, north = map(float, TOWN_BOX.split(","))
    (w, s), (e, _), (_, n), _ = drawn(page)
    assert w <= west < east <= e
    assert s <= south < north <= n
    person.assert_quiet()


async def test_corners_are_set_and_moved_by_keys_and_said(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page, _ = await begun_by_keys(person)
    before = page.url
    said = bar(page).get_by_role("status")
    await expect(said).to_contain_text("Enter sets a corner")
    for n, key in enumerate(("ArrowRight", "ArrowDown", "ArrowLeft"), start=1):
        await page.keyboard.press("Enter")
        await expect(said).to_contain_text(f"Corner {n} is set")
        for _ in range(3):
            await page.keyboard.press(key)
    # Arrows are for the tool meanwhile: the question in the address stays.
    assert page.url == before
    await expect(said).to_contain_text("to the south of the one before")
    # The tab key leads to the corners; there the arrows move one, and Delete takes it away.
    await page.keyboard.press("Tab")
    await expect(corners(page).first).to_be_focused()
    at = await middle(corners(page).first)
    await page.keyboard.press("ArrowUp")
    assert await middle(corners(page).first) == pytest.approx((at[0], at[1] - 12), abs=1.5)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Delete")
    await expect(said).to_have_text("Corner 2 is removed.")
    await expect(corners(page)).to_have_count(2)
    await expect(corners(page).first).to_be_focused()
    await page.locator("#map").focus()
    await page.keyboard.press("Enter")
    await expect(corners(page)).to_have_count(3)
    await corners(page).first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    assert len(drawn(page)) == 3
    person.assert_quiet()


async def test_a_button_that_goes_leaves_whoever_works_by_keys_in_the_tool(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page, canvas = await begun_by_keys(person)
    await page.keyboard.press("Enter")
    await expect(corners(page)).to_have_count(1)
    # The only step there is to undo.
    await button(page, "Undo").focus()
    await page.keyboard.press("Enter")
    await expect(corners(page)).to_have_count(0)
    await expect(canvas).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(corners(page)).to_have_count(1)
    await corners(page).first.focus()
    await page.keyboard.press("Enter")
    await button(page, "Remove this corner").focus()
    # Thought better of it: the corner stays, the button goes.
    await page.keyboard.press("Escape")
    await expect(button(page, "Remove this corner")).to_be_hidden()
    await expect(canvas).to_be_focused()
    await expect(corners(page)).to_have_count(1)
    person.assert_quiet()


async def test_after_a_finger_has_dragged_a_corner_a_key_chooses_it_at_once(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    # Large enough for fingers: no corner lies on another.
    area = "21.75,49.95;22.25,49.95;22.25,50.15;21.75,50.15"
    person = await visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    page = await begun(person, f"within={area}&bbox={WIDE_BOX}")
    first = corners(page).first
    x, y = await middle(first)
    finger = await page.context.new_cdp_session(page)
    for kind, there in (("Start", 0), ("Move", 10), ("Move", 25), ("End", None)):
        points = [] if there is None else [{"x": x - there, "y": y + there}]
        await finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    assert await middle(first) == pytest.approx((x - 25, y + 25), abs=1.5)
    await expect(first).to_have_attribute("aria-pressed", "false")
    await first.focus()
    await page.keyboard.press("Enter")
    await expect(first).to_have_attribute("aria-pressed", "true")
    person.assert_quiet()


async def test_a_finger_draws_on_a_phone(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    page = await opened(person)
    # They come after the pins.
    await expect(page.locator(".map-tools button:visible").first).to_be_attached()
    for made in await page.locator(".map-tools button:visible").all():
        box = await made.bounding_box()
        assert box
        # Large enough for a finger, and little of the small map under it.
        assert 44 <= box["width"] <= 48
        assert 44 <= box["height"] <= 48
    await tool(page).tap()
    await expect(bar(page)).to_be_visible()
    for n, place in enumerate(SQUARE, start=1):
        await page.touchscreen.tap(*(await spot(page, *place)))
        await expect(corners(page)).to_have_count(n)
    for handle in await corners(page).all():
        box = await handle.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    await button(page, "Done").tap()
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    assert set(parse_qs(urlsplit(page.url).query)) == {"within"}
    person.assert_quiet()
