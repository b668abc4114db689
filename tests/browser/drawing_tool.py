"""The drawing tool on the map of the finder, as somebody has it before them."""

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.small_set import TOWN_BOX, WIDE_BOX

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
