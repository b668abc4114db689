"""The look where it is easily broken: text of twice the size, and every width from 320 pixels on."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ViewportSize, expect

from app.i18n.languages import LANGUAGES
from tests.browser.chromium import system_chromium
from tests.browser.conftest import DESKTOP, PHONE, Installation
from tests.browser.small_set import TOWN_BOX, SmallSet
from tests.browser.spoilt import public_pages, spoilt
from tests.browser.test_helping import kept

pytestmark = pytest.mark.browser

#: 1280 × 800 at 400 %.
ZOOMED: ViewportSize = {"width": 320, "height": 200}
PAGES_AT_ONCE = 4


#: Where each of these parts begins and ends, in one look at all of them, once nothing has moved for ten frames.
ENDS_AT_REST = """async parts => {
  const look = () => parts.flatMap(part => {
    const {top, bottom} = document.querySelector(part).getBoundingClientRect();
    return [Math.round(top), Math.round(bottom)];
  });
  let seen = look(), still = 0;
  while (still < 10) {
    await new Promise(requestAnimationFrame);
    const now = look();
    still = now.join() === seen.join() ? still + 1 : 0;
    seen = now;
  }
  return seen;
}"""


#: How many pixels of the window's height are covered by what does not move with the page.
STUCK = """async () => {
  const rest = async top => {
    scrollTo(0, top);
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  };
  const parts = [...document.querySelectorAll("body *")].filter(part =>
    ["sticky", "fixed"].includes(getComputedStyle(part).position) && part.checkVisibility());
  const tops = () => parts.map(part => Math.round(part.getBoundingClientRect().top));
  await rest(900);
  const before = tops();
  await rest(960);
  const after = tops();
  const stuck = parts.filter((part, at) => before[at] === after[at]);
  const covered = new Set();
  for (let y = 0; y < innerHeight; y++)
    if (stuck.some(part => part.contains(document.elementFromPoint(innerWidth / 2, y)))) covered.add(y);
  return covered.size;
}"""
#: Words of rows' opening that stand in two lines.
BROKEN = """() => {
  const broken = [];
  for (const line of document.querySelectorAll(".hit .when")) {
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode())
      for (const word of text.data.matchAll(/\\p{L}+/gu)) {
        const range = new Range();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word[0]);
      }
  }
  return broken;
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def large_text() -> AsyncIterator[Browser]:
    """A browser whose owner has set text to 200 %: the setting itself, which media queries in `em` answer to."""
    async with system_chromium("--blink-settings=defaultFontSize=32") as browser:
        yield browser


async def _all_is_there(context: BrowserContext, address: str, paths: list[str]) -> None:
    """Look at the pages, some beside each other: most of the time one waits until a page has come to rest."""
    found: list[str] = []

    async def look(some: list[str]) -> None:
        page = await context.new_page()
        for path in some:
            await page.goto(address + path)
            await page.wait_for_load_state("networkidle")
            found.extend(f"{path}: {fault}" for fault in await spoilt(page))

    await asyncio.gather(*(look(paths[start::PAGES_AT_ONCE]) for start in range(PAGES_AT_ONCE)))
    await context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("viewport", "lang"), [(PHONE, "uk"), (DESKTOP, "pl")], ids=["phone", "desktop"])
async def test_text_of_twice_the_size_is_all_on_the_page(
    installation: Installation,
    small_set: SmallSet,
    large_text: Browser,
    viewport: ViewportSize,
    lang: str,
) -> None:
    context = await large_text.new_context(viewport=viewport, reduced_motion="reduce")
    paths = [f"/{lang}{path}" for path in public_pages(small_set)]
    await _all_is_there(context, installation.address, [*paths, "/desk/sign-in"])


async def test_everything_is_on_a_page_that_is_zoomed_to_400_percent(
    installation: Installation, small_set: SmallSet, chromium: Browser
) -> None:
    context = await chromium.new_context(viewport=ZOOMED, device_scale_factor=4, reduced_motion="reduce")
    paths = [f"/uk{path}" for path in public_pages(small_set)]
    await _all_is_there(context, installation.address, [*paths, "/desk/sign-in"])


async def test_what_is_read_in_the_finder_begins_where_the_window_does(
    installation: Installation, small_set: SmallSet, large_text: Browser
) -> None:
    """With large text nothing sticks to the top of a phone, and no room is left free for it."""
    page = await (await large_text.new_context(viewport=PHONE, reduced_motion="reduce")).new_page()
    await page.goto(f"{installation.address}/uk/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await page.locator("li.hit h2 a").first.click()
    await expect(page.locator("#details h1")).to_be_focused()
    assert await page.locator("#details").evaluate("read => read.getBoundingClientRect().top") < 8


@pytest.mark.parametrize("by", ["setting", "root"])
@pytest.mark.parametrize("language", ["pl", "uk"])
async def test_large_letters_leave_room_to_read_whoever_has_made_them_large(
    installation: Installation,
    small_set: SmallSet,
    large_text: Browser,
    chromium: Browser,
    language: str,
    by: str,
) -> None:
    """By the browser's setting or by the root's own size: a reader's style sheet, an extension."""
    browser = large_text if by == "setting" else chromium
    page = await (await browser.new_context(viewport=PHONE, reduced_motion="reduce")).new_page()
    if by == "root":
        await page.add_init_script(
            "new MutationObserver((_, seen) => { document.documentElement.style.fontSize = '200%'; seen.disconnect(); })"
            ".observe(document, {childList: true})"
        )
    finder = f"/{language}/?bbox={TOWN_BOX}"
    place = f"/{language}{small_set.kitchen}"
    for path in (finder, place, f"/{language}/table?bbox={TOWN_BOX}", f"/{language}/add"):
        await page.goto(installation.address + path)
        await page.wait_for_load_state("networkidle")
        assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        assert await page.evaluate(STUCK) < PHONE["height"] / 3, path
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    await page.goto(installation.address + finder)
    await expect(page.locator("#map .pin").first).to_be_visible()
    assert await page.locator(".hit .when").count() > 1
    assert await page.evaluate(BROKEN) == []
    await page.locator("li.hit h2 a").first.click()
    await expect(page.locator("#details h1")).to_be_focused()
    await page.goto(f"{installation.address}{finder}#count")
    await expect(page.locator("#count")).to_be_in_viewport()
    await page.goto(f"{installation.address}{finder}#filters")
    await expect(page.locator(".panel-card")).to_be_visible()
    assert await page.locator(".panel-card").evaluate("card => card.scrollHeight > card.clientHeight")


async def test_a_phones_bar_is_one_row_and_the_list_begins_below_what_stays_on_top(
    installation: Installation, small_set: SmallSet, chromium: Browser
) -> None:
    page = await (await chromium.new_context(viewport=PHONE, reduced_motion="reduce")).new_page()
    for language in LANGUAGES:
        await page.goto(f"{installation.address}/{language}/?bbox={TOWN_BOX}")
        await expect(page.locator("#map .pin").first).to_be_visible()
        assert await page.locator(".top-row").evaluate("row => row.clientHeight") == 56, language
        await page.locator('.swap a[href="#list"]').click()
        await expect(page.locator('.swap a[href="#list"]')).to_have_attribute("aria-current", "true")
        ends = await page.evaluate(ENDS_AT_REST, [".ask", ".sheet-head", ".sheet-row"])
        assert ends == sorted(ends), f"{language}: {ends}"
        await page.locator('.swap a[href="#top"]').click()
        await expect(page.locator(".brand")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["de", "uk"])
async def test_a_place_is_as_wide_as_a_phone_whose_letters_alone_are_twice_as_large(
    installation: Installation, small_set: SmallSet, chromium: Browser, language: str
) -> None:
    """Not by the browser's setting, which the breakpoints of the sheets answer to. With it what is made of places."""
    page = await (await chromium.new_context(viewport=PHONE)).new_page()
    await page.goto(f"{installation.address}/{language}/lists")
    await page.evaluate("text => localStorage.setItem('pomapa.lists', text)", kept(small_set, name="ä" * 60))
    slip = "/".join(small_set.kitchen.split("/")[:3]) + "/slip.html"
    day = "/day?near=22.0,50.04&need=food_parcels&need=primary_care"
    for path in (
        small_set.kitchen,
        small_set.refuge,
        small_set.helpline,
        small_set.organisation,
        slip,
        day,
        "/lists",
    ):
        await page.goto(f"{installation.address}/{language}{path}")
        if path == "/lists":
            await expect(page.locator(".saved-place")).to_have_count(2)
        await page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


async def test_pins_grow_with_the_text_and_stay_apart(
    installation: Installation, small_set: SmallSet, large_text: Browser
) -> None:
    page = await (await large_text.new_context(viewport=DESKTOP)).new_page()
    await page.goto(f"{installation.address}/pl/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    boxes = [await pin.bounding_box() for pin in await page.locator("#map .pin").all()]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes if box]
    assert all(box and box["width"] >= 80 for box in boxes)
    for i, (x, y) in enumerate(middles):
        for other_x, other_y in middles[:i]:
            assert (x - other_x) ** 2 + (y - other_y) ** 2 > 70**2


async def test_who_asks_for_less_motion_gets_a_map_that_does_not_slide(
    installation: Installation, small_set: SmallSet, chromium: Browser
) -> None:
    context = await chromium.new_context(viewport=DESKTOP, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(f"{installation.address}/pl/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin[data-id]").first).to_be_visible()
    # What opens at the highest of them is higher than the map.
    moved, slides = await page.evaluate(
        """() => {
          const pins = [...document.querySelectorAll("#map .pin[data-id]")];
          const top = pin => pin.getBoundingClientRect().top;
          const pane = document.querySelector("#map .leaflet-map-pane"), before = pane.style.transform;
          pins.sort((a, b) => top(a) - top(b))[0].click();
          return [pane.style.transform !== before, pane.classList.contains("leaflet-pan-anim")];
        }"""
    )
    assert (moved, slides) == (True, False)
    await context.close()
