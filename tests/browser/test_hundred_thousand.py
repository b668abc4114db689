"""A hundred thousand places, on a cheap phone whose processor is slowed four times: from the country to one door."""

import asyncio
import datetime as dt
import os
import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from app.features.setting import Setting
from app.localdb import LocalCluster
from app.taxonomy.vocabulary import load_vocabulary
from benchmarks import loading
from benchmarks.server import serving
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.browser

PLACES = 100_000
#: So many contents; the others are multiplied from them.
PATTERNS = 400
SLOWER = 4
#: More elements on the map than this, and a finger feels it.
MOST_PINS = 150
#: From the country to a street are fewer steps.
MOST_STEPS = 14
#: Presses the cluster of most places that lies clear of the sheet, the bar and what stands on the map, and gives what it is
#: called. In one go: what comes meanwhile would put another in its place.
PRESS_THE_FULLEST = """() => {
  const clear = cluster => {
    const at = cluster.getBoundingClientRect();
    const hit = document.elementFromPoint(at.x + at.width / 2, at.y + at.height / 2);
    return hit !== null && cluster.contains(hit);
  };
  const [fullest] = [...document.querySelectorAll("#map button.cluster")].filter(clear)
    .sort((one, other) => other.getBoundingClientRect().width - one.getBoundingClientRect().width);
  fullest?.click();
  return fullest?.getAttribute("aria-label");
}"""
SAYS_HOW_MANY = re.compile(r"^([\d\s]+)")


@pytest.fixture(scope="module")
def address(cluster: LocalCluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    name = f"hundred_thousand_{os.getpid()}"
    cluster.drop_database(name)
    urls = cluster.create_database(name, template=template)
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "PATTERNS", PATTERNS)
        patch.setenv("BASEMAP_TILES_URL", "off")
        patch.setenv("DATA_DIR", str(tmp_path_factory.mktemp("data")))
        asyncio.run(loading.fill(urls, PLACES, setting))
        with serving(urls) as server:
            yield f"http://127.0.0.1:{server.port}"
    cluster.drop_database(name)


@pytest_asyncio.fixture(loop_scope="session")
async def person(chromium: Browser, address: str) -> AsyncIterator[Visitor]:
    context = await chromium.new_context(
        viewport=ViewportSize(width=360, height=740), locale="uk-UA", has_touch=True, is_mobile=True
    )
    yield Visitor(context, address)
    await context.close()


async def said(page: Page) -> str:
    """What the list says of itself."""
    words = await page.locator("#count").get_attribute("data-count")
    assert words
    return words


async def counted(page: Page) -> int:
    """How many places the list says there are."""
    return number_in(await said(page))


def number_in(words: str | None) -> int:
    """The number that words begin with."""
    found = SAYS_HOW_MANY.match(words or "")
    assert found, words
    return int(re.sub(r"\s", "", found[1]))


def box_in(address: str) -> tuple[float, ...]:
    """What the map shows, as its address says: west, south, east, north."""
    (box,) = parse_qs(urlsplit(address).query)["bbox"]
    return tuple(map(float, box.split(",")))


def extent(box: tuple[float, ...]) -> float:
    """How much of the world a box is, in square degrees."""
    west, south, east, north = box
    return (east - west) * (north - south)


def lies_in(box: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return box[0] >= other[0] and box[1] >= other[1] and box[2] <= other[2] and box[3] <= other[3]


async def test_from_the_country_to_one_door(person: Visitor) -> None:
    page = await person.page()
    slow = await page.context.new_cdp_session(page)
    await slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(f"{person.address}/uk/")
    await expect(page.locator("#map .pin").first).to_be_visible()
    assert await counted(page) == PLACES
    before = PLACES
    for _ in range(MOST_STEPS):
        assert 0 < await page.locator("#map .pin").count() <= MOST_PINS
        if before <= 25:
            break
        # While places are long in coming the map says so, over some of them.
        await expect(page.locator(".map-word .toast")).to_have_count(0)
        shown, words = page.url, await said(page)
        async with page.expect_response(re.compile(r"/uk/\?.*bbox=")):
            label = await page.evaluate(PRESS_THE_FULLEST)
            assert label, "no cluster lies clear of what stands on the map"
        await expect(page).not_to_have_url(shown)
        # The answer is there; the list takes it over when the map rests.
        await expect(page.locator("#count")).not_to_have_attribute("data-count", words)
        await expect(page.locator("#map .pin").first).to_be_visible()
        if "тис" not in label:
            # The list is of just what was pressed, or says that there is more around it.
            pressed = number_in(label)
            kept_word = page.locator(f'#count[data-total="{pressed}"], [data-pressed="{pressed}"]')
            await expect(kept_word).to_have_count(1)
        now = await counted(page)
        if "bbox" in shown:
            # Each step is deeper. Beyond the edge of what was seen there may be more, whatever was pressed there.
            assert extent(box_in(page.url)) < extent(box_in(shown))
            assert now <= before or not lies_in(box_in(page.url), box_in(shown))
        before = now
    assert before <= 25
    door = page.locator("#map a.pin").first
    await expect(door).to_be_visible()
    name = await door.get_attribute("data-name")
    assert name
    await door.dispatch_event("click")
    brief = page.get_by_role("dialog", name=name)
    await expect(brief.get_by_role("heading")).to_be_visible()
    person.assert_quiet()


async def test_filters_and_pages_of_the_list(person: Visitor) -> None:
    page = await person.page()
    await page.goto(f"{person.address}/uk/")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await page.locator('.filters [data-value="family:food"]').click()
    await expect(page.locator("#count")).not_to_have_attribute("data-count", re.compile(r"^100\s000"))
    food = await counted(page)
    assert 0 < food < PLACES
    assert 0 < await page.locator("#map .pin").count() <= MOST_PINS
    first = await page.locator("li.hit").first.get_attribute("data-id")
    assert await page.locator("li.hit").count() == 25
    await page.locator('a[rel="next"]').click()
    await expect(page.locator(f'li.hit[data-id="{first}"]')).to_have_count(0)
    assert await page.locator("li.hit").count() == 25
    assert await counted(page) == food
    person.assert_quiet()
