"""From right to left: every kind of page in a long pseudo-Arabic, on a phone and on a desktop."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.own_site import OwnSite
from tests.browser.pseudo_arabic import NAMES, copy_with_arabic, pseudo
from tests.browser.sign_in_link import sign_in_link
from tests.browser.small_set import TOWN_BOX, add_waiting
from tests.browser.test_accessibility import OVERFLOW

pytestmark = pytest.mark.browser
Open = Callable[[str, str], Awaitable[None]]

SECRET = "not-a-real-secret-but-long-enough-0123456789"
SIZES = {"phone": PHONE, "desktop": DESKTOP}
#: Set to a folder to look at the pages.
PICTURES = os.environ.get("PICTURES", "")

# Controls that lie on one another. What is fixed floats on purpose, pins stand where their places are, and links in
# lines reach as far up and down as a finger needs.
OVERLAPS = """() => {
  const floats = element => { for (; element; element = element.parentElement)
    if (["fixed", "sticky"].includes(getComputedStyle(element).position)) return true; return false; };
  const cutOff = (element, box) => { while ((element = element.parentElement)) {
    const frame = element.getBoundingClientRect();
    if (getComputedStyle(element).overflow !== "visible" && (box.top < frame.top || box.top >= frame.bottom ||
      box.right <= frame.left || box.left >= frame.right)) return true; } return false; };
  const seen = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(control => control.checkVisibility({checkVisibilityCSS: true, checkOpacity: true}) &&
      !control.closest(".hush, .skip, [aria-hidden=true], .leaflet-pane, #map, label") && !control.matches("p a, td a, th a") && !floats(control))
    .flatMap(control => [...control.getClientRects()].map(box => ({control, box}))).filter(({control, box}) => box.width > 4 && !cutOff(control, box));
  const found = [];
  for (const [at, one] of seen.entries()) for (const other of seen.slice(at + 1)) {
    if (one.control === other.control || one.control.contains(other.control) || other.control.contains(one.control)) continue;
    const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    if (wide > 2 && high > 2) found.push(`${one.control.outerHTML.slice(0, 90)} lies on ${other.control.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""

# Latin letters and digits that take the direction of the Arabic around them: phones, mail addresses.
NOT_ISOLATED = r"""() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const {parentElement: parent, textContent: text} = walker.currentNode;
    if (!parent.checkVisibility() || parent.closest("script, style, option") || text.includes("\u2066")) continue;
    if (!/\+?\d[\d ]*\d \d{2,} \d{2,}|\S+@\S+\.\w+/.test(text)) continue;
    if (getComputedStyle(parent).direction === "rtl") found.push(text.trim().slice(0, 80));
  }
  return found;
}"""

# Arrows along the line that are not turned round.
NOT_TURNED = """() => [...document.querySelectorAll("svg.icon")].filter(icon => icon.checkVisibility() &&
  /#i-(arrow|chevron|undo|redo|log-out)(?!-(up|down))/.test(icon.querySelector("use")?.getAttribute("href")) &&
  !icon.closest("#map") && new DOMMatrix(getComputedStyle(icon).transform).a !== -1).map(icon => icon.parentElement.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def arabic(module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    code = copy_with_arabic(tmp_path_factory.mktemp("arabic-code"))
    made = OwnSite(tmp_path_factory.mktemp("arabic"), module_database_urls, code=code)
    engine = create_engine(made.urls.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE published.feature RENAME COLUMN {} TO {}".format(*NAMES)))
    made.start()
    yield made
    made.stop()


class Reader:
    """Somebody who reads from right to left, and what they found wrong."""

    def __init__(self, visitor: Visitor, page: Page, size: str) -> None:
        self.visitor, self.page, self.size = visitor, page, size
        self.found: list[str] = []

    async def open(self, path: str, name: str) -> None:
        answer = await self.page.goto(self.visitor.address + path)
        assert answer is not None
        assert answer.status < 500, f"{name}: {answer.status}"
        await self.inspect(name)

    async def inspect(self, name: str) -> None:
        await self.visitor.at_rest(self.page)
        problems = [f"lies on another: {text}" for text in await self.page.evaluate(OVERLAPS)]
        problems += [f"not isolated: {text}" for text in await self.page.evaluate(NOT_ISOLATED)]
        problems += [f"not turned: {text}" for text in await self.page.evaluate(NOT_TURNED)]
        if (
            await self.page.evaluate("document.documentElement.lang + document.documentElement.dir")
            != "arrtl"
        ):
            problems.append("not from right to left")
        if (over := await self.page.evaluate(OVERFLOW)) > 0:
            problems.append(f"{over} px too wide")
        if PICTURES:
            await self.page.screenshot(path=f"{PICTURES}/{name}-{self.size}.png".replace(" ", "-"))
        self.found += [f"{name}: {problem}" for problem in problems]

    def conclude(self) -> None:
        assert not self.found, "\n".join(self.found)
        self.visitor.assert_quiet()


@pytest_asyncio.fixture(loop_scope="session", params=SIZES)
async def reader(request: pytest.FixtureRequest, chromium: Browser, arabic: OwnSite) -> Reader:
    context = await chromium.new_context(
        viewport=SIZES[request.param],
        locale="ar",
        reduced_motion="reduce",
        service_workers="block",
    )
    visitor = Visitor(context, arabic.address)
    return Reader(visitor, await visitor.page(), request.param)


async def test_the_finder_reads_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    page = reader.page
    await reader.open(f"/ar/?bbox={TOWN_BOX}", "finder")
    await page.locator("#map a.pin").first.wait_for()
    await _the_map_is_whole(reader)
    await page.locator("#map a.pin").first.dispatch_event("click")
    await page.locator(".brief").wait_for()
    await reader.inspect("finder with a place")
    await reader.open("/ar/#filters", "finder with its panel")
    await reader.open("/ar/?q=qqqq+zzzz", "nothing found")
    reader.conclude()


async def test_the_drawing_tool_reads_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    """The map is not mirrored: a corner lies where it was tapped, its outline under it, and keys go where they point."""
    page = reader.page
    await reader.open(f"/ar/?bbox={TOWN_BOX}", "finder")
    await page.locator(".map-tools .draw").click()
    await page.locator(".draw-bar").wait_for()
    await reader.inspect("drawing")
    frame = await page.locator("#map").bounding_box()
    assert frame
    corners = page.locator("#map button.corner")
    places = [
        (frame["x"] + frame["width"] * across, frame["y"] + frame["height"] * down)
        for across, down in ((0.3, 0.2), (0.6, 0.2), (0.6, 0.5))
    ]
    for n, place in enumerate(places, start=1):
        await page.mouse.click(*place)
        await expect(corners).to_have_count(n)
    assert [await _middle(corners.nth(n)) for n in range(3)] == [pytest.approx(at, abs=1.5) for at in places]
    outline = await page.locator("#map .drawn-area").bounding_box()
    assert outline
    (left, top), (right, _), _ = places
    assert (outline["x"], outline["y"]) == pytest.approx((left, top), abs=4)
    assert outline["x"] + outline["width"] == pytest.approx(right, abs=4)
    await corners.nth(2).click()
    await reader.inspect("drawing with a corner chosen")
    await _the_map_is_whole(reader)
    await page.keyboard.press("ArrowRight")
    assert await _middle(corners.nth(2)) == pytest.approx((right + 12, places[2][1]), abs=1.5)
    await page.locator(".draw-bar button").last.click()
    await expect(page.locator(".draw-bar")).to_have_count(0)
    await expect(page.locator("#map .drawn-area")).to_be_visible()
    await reader.inspect("drawn area")
    reader.conclude()


async def _middle(corner: Locator) -> tuple[float, float]:
    box = await corner.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def _the_map_is_whole(reader: Reader) -> None:
    """Its controls are inside of it, and a pin lies where its place is: the map itself is not mirrored."""
    page = reader.page
    frame = await page.locator("#map").bounding_box()
    assert frame
    controls = page.locator("#map button:visible, #map .leaflet-control a:visible")
    await expect(controls.first).to_be_visible()
    for control in await controls.all():
        box = await control.bounding_box()
        assert box
        if box["x"] < frame["x"] - 1 or box["x"] + box["width"] > frame["x"] + frame["width"] + 1:
            reader.found.append(f"outside of the map: {await control.inner_html()}")
    if reader.size == "desktop":
        east, west = [
            await page.locator(f'#map a.pin[aria-label^="{name}"]').bounding_box()
            for name in ("Kurs polskiego", "Poradnia prawna")
        ]
        assert east
        assert west
        assert east["x"] > west["x"]


async def test_a_place_reads_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    for name in ("kitchen", "refuge", "helpline", "organisation"):
        await reader.open(f"/ar{getattr(arabic.places, name)}", name)
    await reader.open(f"/ar{arabic.places.kitchen}/slip.html", "slip")
    reader.conclude()


async def test_what_is_told_reads_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    """What is missing, what is wrong, what is still true, and what happened to a place."""
    page = reader.page
    await reader.open("/ar/missing?near=22.0,50.04&service=laundry", "missing")
    await page.locator("main form button[type=submit]").last.click()
    await page.wait_for_load_state()
    await reader.inspect("missing, sent")
    for name in ("kitchen", "helpline"):
        place = getattr(arabic.places, name).split("/")[2]
        await reader.open(f"/ar/report/{place}/still-true", f"still true {name}")
        await reader.open(f"/ar/report/{place}", f"report {name}")
        await page.locator("main form button[type=submit]").last.click()
        await page.wait_for_load_state()
        await reader.inspect(f"report {name} with problems")
    await reader.open(f"/ar{arabic.places.kitchen}", "kitchen")
    await page.locator("details.past summary").click()
    await expect(page.locator("details.past li").first).to_be_visible()
    await reader.inspect("kitchen with its history")
    reader.conclude()


async def test_the_form_reads_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    page = reader.page
    await reader.open("/ar/add", "what to add")
    await reader.open("/ar/add/aid_points", "form 1")
    await _press(page, "next")
    await reader.inspect("form 1 with problems")
    await page.fill('[name="name"]', "Pralnia przy Rynku")
    await page.locator('details:has(input[value="laundry"]) > summary').first.click()
    await page.locator('label:has(input[value="laundry"])').click()
    await _press(page, "next")
    await page.locator('label:has(input[name="hours.kind"][value="fixed"])').click()
    await reader.inspect("form 2 with a week")
    await page.fill('[name="address.city"]', "Rzeszów")
    await page.fill('[name="position"]', "50.04, 22.0")
    await page.locator('label:has(input[name="hours.kind"][value="always"])').click()
    for step in (3, 4, 5):
        await _press(page, "next")
        await reader.inspect(f"form {step}")
    token = await asyncio.to_thread(add_waiting, arabic.urls, SECRET, "Pralnia Czysta")
    await reader.open(f"/ar/status/{token}", "status")
    reader.conclude()


async def _press(page: Page, action: str) -> None:
    async with page.expect_event("load"):
        await page.locator(f'main button[value="{action}"]:not(.hush)').last.click()


async def test_pages_for_helpers_read_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    places = [getattr(arabic.places, name).split("/")[2] for name in ("kitchen", "helpline")]
    await reader.open("/ar/table", "table")
    await reader.open(f"/ar/compare?ids={','.join(places)}", "compare")
    await reader.open("/ar/day?near=22.0,50.04&need=food_parcels&need=primary_care", "day")
    points = [{"layer": "aid_points", "id": place, "name": "Miejsce", "note": ""} for place in places]
    kept = json.dumps({"v": 1, "lists": [{"name": pseudo("My places"), "points": points}]})
    await reader.page.evaluate("text => localStorage.setItem('pomapa.lists', text)", kept)
    await reader.open("/ar/lists", "lists")
    await reader.page.locator(".saved-place").nth(1).wait_for()
    await reader.inspect("lists with places")
    for name in ("about", "accessibility", "offline", "no-such-page"):
        await reader.open(f"/ar/{name}", name)
    reader.conclude()


async def test_the_desk_reads_from_right_to_left(arabic: OwnSite, reader: Reader) -> None:
    page = reader.page
    await asyncio.to_thread(add_waiting, arabic.urls, SECRET, f"Pralnia {reader.size}")
    await reader.open("/desk/sign-in", "sign in")
    await page.goto(await sign_in_link(arabic.urls, arabic.address, "arabic@example.org"))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    await reader.inspect("queue")
    await page.locator(".queue a", has_text=f"Pralnia {reader.size}").first.click()
    await page.locator("#review").wait_for()
    await reader.inspect("review")
    reader.conclude()
