"""Drawing an area on the map of the finder: by mouse, by finger, by keys alone; what is refused; the way out."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import PHONE, MakeVisitor, Visitor
from tests.browser.small_set import TOWN_BOX, WIDE_BOX, SmallSet

pytestmark = pytest.mark.browser

Axe = Callable[[Page], Awaitable[list[str]]]
#: Of the map, so that neither tools nor words lie there.
SQUARE = ((0.2, 0.15), (0.6, 0.15), (0.6, 0.55), (0.2, 0.55))


async def opened(visitor: Visitor, query: str = f"bbox={WIDE_BOX}", language: str = "en") -> Page:
    page = await visitor.page()
    await page.goto(f"{visitor.address}/{language}/?{query}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    return page


async def begun(visitor: Visitor, query: str = f"bbox={WIDE_BOX}") -> Page:
    page = await opened(visitor, query)
    await tool(page).click()
    await expect(bar(page)).to_be_visible()
    return page


async def begun_by_keys(visitor: Visitor) -> tuple[Page, Locator]:
    """The page, and the map with the keyboard on it."""
    page = await opened(visitor, f"bbox={TOWN_BOX}")
    await tool(page).focus()
    await page.keyboard.press("Enter")
    canvas = page.get_by_role("application", name="Map for drawing an area")
    await expect(canvas).to_be_focused()
    return page, canvas


def tool(page: Page) -> Locator:
    return page.locator(".map-tools .draw")


def bar(page: Page) -> Locator:
    return page.get_by_role("group", name="Draw an area")


def button(page: Page, name: str) -> Locator:
    return bar(page).get_by_role("button", name=name, exact=True)


def corners(page: Page) -> Locator:
    return page.locator("#map button.corner")


async def spot(page: Page, across: float, down: float) -> tuple[float, float]:
    box = await page.locator("#map").bounding_box()
    assert box
    return box["x"] + box["width"] * across, box["y"] + box["height"] * down


async def tap(page: Page, *places: tuple[float, float]) -> None:
    for place in places:
        count = await corners(page).count()
        await page.mouse.click(*(await spot(page, *place)))
        await expect(corners(page)).to_have_count(count + 1)


def drawn(page: Page) -> list[tuple[float, float]]:
    """The corners in the page's address."""
    [text] = parse_qs(urlsplit(page.url).query)["within"]
    return [(float(lng), float(lat)) for lng, lat in (part.split(",") for part in text.split(";"))]


async def middle(handle: Locator) -> tuple[float, float]:
    box = await handle.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


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
    assert await page.locator("#map").get_attribute("role") is None
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
