"""Without network after one visit, with the server or its database stopped, and what is never kept."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from app.features.versions import BELIEVED_S
from tests.browser.conftest import Visitor
from tests.browser.own_site import OwnSite
from tests.browser.small_set import TOWN_BOX, point, publish_one, take_down

pytestmark = pytest.mark.browser

FINDER = f"/uk/?bbox={TOWN_BOX}"
KITCHEN = "Кухня «Під каштаном»"
STRIP = "[data-network-strip]"
NO_INTERNET = re.compile(r"Немає інтернету\. Дані за сьогодні, \d\d:\d\d")
NO_SERVER = re.compile(r"Наш сервер зараз не відповідає\. Дані за сьогодні, \d\d:\d\d")
NOT_KEPT = re.compile("Немає інтернету. Того, що ви шукаєте, немає на цьому пристрої.")

OLD_LIST = "Ви бачите місця з попереднього пошуку. Нові не вдалося завантажити."

#: Keep what a screen reader is told from now on.
SAYINGS = """() => {
  window.said = [];
  for (const status of document.querySelectorAll("p.hush[role=status]"))
    new MutationObserver(() => window.said.push(status.textContent)).observe(status, {childList: true});
}"""

KEPT = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(async name =>
  [name, (await (await caches.open(name)).keys()).map(({url}) => url.slice(location.origin.length))])))"""


#: The whole of the map may have such a place among others; the promise is said on the page itself.
MAY_HOLD_ALL = {"/uk/"}
PROMISE = "Сторінки про насильство не зберігаються, щоб ніхто їх тут не знайшов."

#: Every address that is kept, with its body.
HELD = """async () => Object.fromEntries((await Promise.all((await caches.keys()).map(async name => {
  const cache = await caches.open(name);
  return Promise.all((await cache.keys()).map(async request => [
    request.url.slice(location.origin.length),
    name.includes("files") ? "" : await (await cache.match(request)).text()]));
}))).flat())"""


#: The addresses of what has these words, in its address or in itself.
HOLDING = """async words => (await Promise.all((await caches.keys()).map(async name => {
  const cache = await caches.open(name);
  return Promise.all((await cache.keys()).map(async request =>
    (request.url + await (await cache.match(request)).text()).includes(words) ? request.url : null));
}))).flat().filter(Boolean)"""

#: Make all pages and answers so many days old.
AGED = """async days => {
  for (const name of ["pomapa-pages-2", "pomapa-answers-2"]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const headers = new Headers(answer.headers);
      const made = Date.parse(headers.get("x-answered-at")) - days * 24 * 3600 * 1000;
      headers.set("x-answered-at", new Date(made).toUTCString());
      await cache.put(request, new Response(await answer.blob(), {headers}));
    }
  }
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSite]:
    made = OwnSite(tmp_path_factory.mktemp("offline"))
    made.start()
    yield made
    made.close()


@pytest.fixture
async def reader(chromium: Browser, site: OwnSite) -> AsyncIterator[Visitor]:
    """Somebody with a small phone, who reads Ukrainian."""
    context = await chromium.new_context(
        viewport={"width": 360, "height": 740},
        locale="uk-UA",
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    yield Visitor(context, site.address)
    await context.close()


@pytest.fixture
def without_server(site: OwnSite) -> Iterator[OwnSite]:
    """The site for a test that stops its web server; started again afterwards."""
    yield site
    site.stop()
    site.start()


async def kept(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = await page.evaluate(KEPT)
    return found


async def until_kept(page: Page, *wanted: str) -> dict[str, list[str]]:
    """Wait until the worker has kept everything whose address has these words."""
    found: dict[str, list[str]] = {}
    for _ in range(150):
        found = await kept(page)
        addresses = [address for addresses in found.values() for address in addresses]
        if all(any(word in address for address in addresses) for word in wanted):
            return found
        await page.wait_for_timeout(100)
    pytest.fail(f"not kept: {wanted} in {found}")


async def until_nothing_holds(page: Page, words: str) -> None:
    """Wait until nothing that is kept has these words."""
    found: list[str] = []
    for _ in range(150):
        found = await page.evaluate(HOLDING, words)
        if not found:
            return
        await page.wait_for_timeout(100)
    pytest.fail(f"{words} in {found}")


async def visited(reader: Visitor) -> Page:
    """One visit to the finder, until its worker has kept it."""
    page = await reader.page()
    await page.goto(reader.address + FINDER)
    await expect(page.locator("#map .pin").first).to_be_visible()
    await until_kept(page, FINDER, "/uk/offline", "/api/v1/tiles/", "/static/messages-uk", "taxonomy/uk")
    return page


async def test_after_one_visit_the_finder_works_without_network(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    hits = await page.locator("li.hit").count()
    pins = await page.locator("#map .pin").count()
    await expect(page.locator(STRIP)).to_have_count(0)
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.locator("li.hit")).to_have_count(hits)
    await expect(page.locator("#map .pin")).to_have_count(pins)
    # The icons and the outline are there too.
    assert await page.evaluate("getComputedStyle(document.body).fontFamily") != '"Times New Roman"'
    assert await page.locator("#map canvas").count() > 0
    await reader.context.set_offline(False)
    await page.locator(f"{STRIP} a").click()
    await expect(page.locator(STRIP)).to_have_count(0)
    reader.assert_quiet()


async def test_lists_that_were_asked_for_are_there_and_others_are_said_to_be_missing(
    site: OwnSite, reader: Visitor, without_server: OwnSite
) -> None:
    page = await visited(reader)
    await page.reload()
    food = page.locator('.filters [data-value="family:food"]')
    await food.click()
    await expect(food).to_have_attribute("aria-pressed", "true")
    await until_kept(page, "family%3Afood")
    await expect(page.locator("li.hit")).to_have_count(1)
    asked = page.url
    await page.locator("li.hit h2 a", has_text=KITCHEN).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    place = page.url
    await until_kept(page, place.removeprefix(reader.address))

    # A worker that starts anew forgets that the test has taken its network away: with the server gone it is sure.
    await reader.context.set_offline(True)
    without_server.stop()
    await page.goto(asked)
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.locator("li.hit h2")).to_have_text([KITCHEN])
    await page.goto(place)
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    await expect(page.locator('a[href="tel:+48175550123"]:visible').first).to_be_visible()

    # What was not seen: a page that says what was, and the emergency number.
    await page.goto(f"{reader.address}/uk{site.places.shelter}/dim")
    await expect(page.locator(STRIP)).to_have_text(NOT_KEPT)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Без інтернету")
    await expect(page.locator('a[href="tel:112"]')).to_be_visible()
    await page.locator("[data-kept-places] a", has_text=KITCHEN).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    # The language that was read leads from the bare address to its finder.
    await page.goto(f"{reader.address}/")
    assert page.url == f"{reader.address}/uk/"
    reader.assert_quiet()


async def test_a_list_that_could_not_be_replaced_says_so_itself(
    site: OwnSite, reader: Visitor, without_server: OwnSite
) -> None:
    """Where somebody reads it, and nothing else says that it works; until the next good answer."""
    page = await visited(reader)
    await page.reload()
    await expect(page.locator("#map .pin").first).to_be_visible()
    before = await page.locator("li.hit").count()
    await reader.context.set_offline(True)
    without_server.stop()
    food = page.locator('.filters [data-value="family:food"]')
    await food.click()
    await expect(food).to_have_attribute("aria-pressed", "true")
    said = page.locator("[data-results] .strip")
    await expect(said).to_contain_text(OLD_LIST)
    await expect(page.locator("li.hit")).to_have_count(before)
    await expect(page.locator(".map-word")).to_have_text(
        "Мапа не змогла завантажити всі місця.Спробувати ще раз"
    )
    await expect(page.locator('p.hush[role="status"]', has_text=OLD_LIST)).to_have_count(1)
    # The strip over the page is scrolled away on a phone; this is not.
    await page.locator("li.hit").last.scroll_into_view_if_needed()
    await expect(page.locator(STRIP)).not_to_be_in_viewport()
    await expect(said).to_be_in_viewport(ratio=1)
    # No luck: it is said again, and the button keeps the focus.
    again = said.get_by_role("button", name="Спробувати ще раз")
    await again.focus()
    await page.evaluate(SAYINGS)
    await page.keyboard.press("Enter")
    await page.wait_for_function("words => window.said.includes(words)", arg=OLD_LIST)
    await expect(again).to_be_focused()
    await expect(page.locator("[data-results] .strip")).to_have_count(1)

    without_server.start()
    await reader.context.set_offline(False)
    await again.click()
    await expect(page.locator("li.hit h2")).to_have_text([KITCHEN])
    await expect(said).to_have_count(0)
    await expect(page.locator(".map-word")).to_be_empty()
    await expect(page.locator("#count")).to_be_focused()
    reader.assert_quiet()


async def test_with_the_database_stopped_the_last_good_answer_is_shown_with_its_age(
    site: OwnSite, reader: Visitor
) -> None:
    page = await visited(reader)
    hits = await page.locator("li.hit").count()
    site.cluster.stop()
    try:
        # For so long the server believes what it knew of the data last, and says that nothing has changed.
        await asyncio.sleep(2 * BELIEVED_S)
        await page.reload()
        await expect(page.locator(STRIP)).to_have_text(NO_SERVER)
        await expect(page.locator("li.hit")).to_have_count(hits)
        await expect(page.locator("#map .pin").first).to_be_visible()
        await page.goto(f"{reader.address}/uk/about")
        await expect(page.locator('a[href="tel:112"]')).to_be_visible()
    finally:
        site.cluster.start()
    await page.goto(reader.address + FINDER)
    await expect(page.locator(STRIP)).to_have_count(0)
    reader.assert_quiet()


async def test_with_the_server_stopped_too(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    site.stop()
    try:
        await page.reload()
        await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
        await expect(page.locator("li.hit").first).to_be_visible()
    finally:
        site.start()
    reader.assert_quiet()


async def test_nothing_personal_is_kept(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    for path in ("/uk/add/aid_points", "/desk/sign-in", "/uk/status/x", "/uk/about"):
        await page.goto(reader.address + path)
    await until_kept(page, "/uk/about")
    addresses = [address for addresses in (await kept(page)).values() for address in addresses]
    for word in ("/add", "/desk", "/status", "/healthz", "search"):
        assert [address for address in addresses if word in address] == []
    # What is sent is never answered by the worker.
    await reader.context.set_offline(True)
    sent = await page.evaluate(
        """() => fetch("/uk/", {method: "POST"}).then(() => "answered", error => error.name)"""
    )
    assert sent == "TypeError"
    reader.assert_quiet()


async def test_nothing_about_violence_is_kept(site: OwnSite, reader: Visitor) -> None:
    """Whoever shares the phone finds neither the place nor that somebody has asked."""
    refuge = site.places.refuge.split("/")[2]
    page = await reader.page()
    # A page, before there is a worker, is told to it afterwards; the others go through it.
    await page.goto(f"{reader.address}/uk{site.places.refuge}/slip.html")
    await until_kept(page, "/uk/offline", "taxonomy/uk")
    await page.goto(f"{reader.address}/uk/about")
    await until_kept(page, "/uk/about")
    for path in (
        f"/uk{site.places.refuge}",
        f"/uk{site.places.refuge}/slip.html",
        f"/uk{site.places.refuge}/row.html",
        f"/uk/compare?ids={refuge},{site.places.kitchen_id}",
        "/uk/table?service=violence_shelter",
        "/uk/?service=violence_shelter",
        "/uk/?service=safety",
        "/uk/?audience=violence_victims",
        "/uk/?q=przemoc",
        "/uk/?q=Pomoc%20dla%20kobiet",
        f"/uk/?near=22,50&service=violence_shelter&bbox={TOWN_BOX}",
        "/uk/day?need=violence_support,hot_meals&near=22,50",
    ):
        await page.goto(reader.address + path)
    for path in ("/uk/table.csv", "/uk/table.csv?service=violence_shelter"):
        async with page.expect_download():
            await page.evaluate("path => { location.assign(path) }", path)
    # From the finder, as it asks for them.
    await page.goto(reader.address + FINDER)
    await page.locator('.filters [data-value="family:food"]').click()
    await page.evaluate(
        """async ([id, paths]) => {
          for (const path of paths) await (await fetch(path)).text();
          for (const question of ["?service=violence_shelter", "?q=przemoc"])
            await (await fetch("/uk/" + question, {headers: {"X-Fragment": "results"}})).text();
        }""",
        [
            refuge,
            [
                "/api/v1/tiles/aid_points/5/17/10.geojson?service=violence_shelter",
                "/api/v1/tiles/aid_points/5/17/10.geojson?q=przemoc",
                "/api/v1/layers/aid_points/features.geojson?service=violence_shelter",
                "/api/v1/layers/aid_points/features.geojson?q=kobiet",
                f"/api/v1/layers/aid_points/features/{refuge}",
            ],
        ],
    )
    await page.goto(f"{reader.address}/uk/table?service=hot_meals")
    # What was asked for last is kept last.
    await until_kept(page, "/uk/table?service=hot_meals", "family%3Afood")
    held = await page.evaluate(HELD)
    for address, body in held.items():
        about = address + body
        assert "Pomoc dla kobiet" not in about or address in MAY_HOLD_ALL, address
        assert refuge not in about or address in MAY_HOLD_ALL, address
        assert not re.search(r"violence_(shelter|support)|safety|przemoc|kobiet|need=|\.csv", address), (
            address
        )
    await page.goto(f"{reader.address}/uk/offline")
    await expect(page.locator("[data-kept-lists] a").first).to_be_visible()
    said = await page.locator("[data-kept]").inner_html()
    for word in ("Pomoc dla kobiet", refuge, "violence", "przemoc", "насильств"):
        assert word not in said.replace(PROMISE, ""), word
    reader.assert_quiet()


async def test_what_is_taken_down_is_not_read_without_network(site: OwnSite, reader: Visitor) -> None:
    """Once it was asked for again: neither its page nor its slip, nor a list or a tile that names it."""
    name = "Punkt, którego nie będzie"
    content = point(name, "laundry", 22.001, 50.045)
    feature_id = await asyncio.to_thread(publish_one, site.cluster.urls, content)
    path = f"{reader.address}/uk/aid_points/{feature_id}"
    page = await visited(reader)
    await expect(page.locator("li.hit", has_text=name)).to_have_count(1)
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    place = page.url
    await page.goto(f"{path}/slip.html")
    await until_kept(page, place.removeprefix(reader.address), "slip.html")
    await asyncio.to_thread(take_down, site.cluster.urls, feature_id)
    gone = await page.goto(place)
    assert gone is not None
    assert gone.status == 404
    await until_nothing_holds(page, feature_id)
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator(STRIP)).to_have_text(NOT_KEPT)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Без інтернету")
    assert name not in await page.content()
    await page.goto(f"{path}/slip.html")
    assert name not in await page.content()


async def test_what_is_older_than_a_month_is_not_shown(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    await page.evaluate(AGED, 29)
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator("li.hit").first).to_be_visible()
    await page.evaluate(AGED, 2)
    await page.reload()
    await expect(page.locator(STRIP)).to_have_text(NOT_KEPT)
    assert [url for url in (await kept(page))["pomapa-pages-2"] if url == FINDER] == []


async def test_the_page_of_what_is_kept_is_kept_itself(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    # Until the finder is read through the worker, this page has never been opened.
    await reader.context.set_offline(True)
    await page.goto(f"{reader.address}/uk/offline")
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Без інтернету")
    await expect(page.locator("[data-kept-lists] a").first).to_be_visible()


async def test_all_of_it_can_be_removed(site: OwnSite, reader: Visitor, axe: Any) -> None:
    page = await visited(reader)
    await page.goto(f"{reader.address}/uk/offline")
    await expect(page.locator("[data-kept-lists] a").first).to_be_visible()
    assert await axe(page) == []
    await page.locator("[data-kept-forget]").click()
    await expect(page.locator("[data-kept-status]")).to_have_text("Усе видалено з цього пристрою.")
    await expect(page.locator("[data-kept-lists]")).to_be_hidden()
    assert (await kept(page)).get("pomapa-pages-2", []) == []
    reader.assert_quiet()


async def test_without_script_nothing_changes(chromium: Browser, site: OwnSite) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    person = Visitor(context, site.address)
    page = await person.page()
    await page.goto(site.address + FINDER)
    assert await page.locator("li.hit").count() > 0
    await page.goto(f"{site.address}/uk/offline")
    assert await page.locator('a[href="tel:112"]').is_visible()
    assert not await page.locator("[data-kept]").is_visible()
    person.assert_quiet()
    await context.close()
