"""An area that somebody keeps for the way: all of its list and its points, without network, with the day of the data."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.localdb import ClusterUrls
from tests.browser.conftest import Visitor
from tests.browser.held_by_device import A_DAY_AGO, AREA_HOLDS, HOLDING, looked
from tests.browser.kept_area import CODE, TOTAL, KeptSite, publish_area
from tests.browser.kept_area_questions import ANSWERS, ORDERS, PANELS, QUESTIONS
from tests.browser.own_site import OwnSite
from tests.browser.small_set import point, protect_one, publish_one, take_down

pytestmark = pytest.mark.browser

AREA = f"/uk/?area={CODE}"
STRIP = "[data-network-strip]"
NO_INTERNET = re.compile(r"Немає інтернету\. Дані за сьогодні, \d\d:\d\d")
NOT_KEPT = re.compile("Немає інтернету. Того, що ви шукаєте, немає на цьому пристрої.")
KEPT_HERE = re.compile(r"Уже на цьому пристрої\. Дані за сьогодні, \d\d:\d\d\.")


@pytest.fixture(scope="module")
def site(module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptSite]:
    made = KeptSite(tmp_path_factory.mktemp("kept-area"), module_database_urls)
    made.runner = asyncio.run(publish_area(made.urls))
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(chromium: Browser, site: OwnSite) -> AsyncIterator[Visitor]:
    context = await chromium.new_context(
        viewport={"width": 360, "height": 740}, locale="uk-UA", has_touch=True, is_mobile=True
    )
    yield Visitor(context, site.address)
    await context.close()


async def test_an_area_that_was_kept_is_read_without_network_and_can_be_removed(
    site: OwnSite, reader: Visitor, axe: Any
) -> None:
    page = await reader.page()
    await page.goto(site.address + AREA)
    box_ = page.locator("[data-keep-area]")
    await expect(box_.locator("button")).to_contain_text("Nowe Miasto")
    await box_.locator("button").click()
    await expect(box_.locator("[data-keep-said]")).to_have_text(KEPT_HERE)
    # From the top: a row that has been scrolled half under the bar is no target that is too small.
    await page.evaluate("scrollTo(0, 0)")
    assert await axe(page) == []
    # Nothing else of this visit is needed.
    await page.evaluate(
        'Promise.all(["pages-2", "answers-2", "tiles-1"].map(name => caches.delete(`pomapa-${name}`)))'
    )

    await reader.context.set_offline(True)
    site.stop()
    try:
        await page.goto(site.address + AREA)
        await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
        await expect(page.locator("li.hit")).to_have_count(25)
        await expect(page.locator("#map .pin").first).to_be_visible()
        # What stands above the link is there, so that it no longer moves under the pointer.
        await expect(page.locator("[data-keep-said]")).to_have_text(KEPT_HERE)
        forth = page.locator('a[rel="next"]')
        # Rows that come into sight take the room that they need: a finger comes after that.
        await forth.hover()
        await forth.click()
        await expect(page).to_have_url(re.compile("page=2"))
        await expect(page.locator("li.hit")).to_have_count(TOTAL - 25)
        # By its own address as well: a page that is opened anew, or a link that is pressed before script listens.
        await page.goto(f"{site.address}{AREA}&page=2")
        await expect(page.locator("li.hit")).to_have_count(TOTAL - 25)
        await expect(page.locator("[data-keep-said]")).to_have_text(KEPT_HERE)
        # What only the server can say is not answered with something else.
        await page.goto(f"{site.address}{AREA}&organisation={site.places.organisation.split('/')[-1]}")
        await expect(page.locator(STRIP)).to_have_text(NOT_KEPT)
        kept = page.locator("[data-kept-areas] li")
        await expect(kept).to_contain_text("Nowe Miasto")
        await expect(kept).to_contain_text(
            re.compile(rf"Дані за сьогодні, \d\d:\d\d, {TOTAL} місць, \d+\sкБ")
        )
        assert await axe(page) == []
        await kept.get_by_role("link").click()
        await expect(page.locator("li.hit")).to_have_count(25)

        await page.goto(f"{site.address}/uk/offline")
        await kept.get_by_role("button").click()
        await expect(page.locator("[data-kept-areas]")).to_be_hidden()
        left = await page.evaluate(
            'caches.open("pomapa-areas-1").then(cache => cache.keys()).then(keys => keys.length)'
        )
        assert left == 0
    finally:
        site.start()
    reader.assert_quiet()


async def test_a_kept_area_is_filtered_and_each_of_its_places_read_without_network(
    site: KeptSite, reader: Visitor, axe: Any
) -> None:
    page = await reader.page()
    await page.goto(site.address + AREA)
    about = {"questions": QUESTIONS, "panels": PANELS, "orders": ORDERS}
    asked = {"code": CODE} | {
        name: [query.replace("{runner}", site.runner) for query in queries] for name, queries in about.items()
    }
    # Before it is kept: a server that is slow would else be spoken for by the device.
    online = await page.evaluate(ANSWERS, asked)
    await page.locator("[data-keep-area] button").click()
    await expect(page.locator("[data-keep-area] [data-keep-said]")).to_have_text(KEPT_HERE)
    await page.evaluate(
        'Promise.all(["pages-2", "answers-2", "tiles-1"].map(name => caches.delete(`pomapa-${name}`)))'
    )
    await reader.context.set_offline(True)
    site.stop()
    try:
        offline = await page.evaluate(ANSWERS, asked)
        different = {key: (online[key], offline[key]) for key in offline if online[key] != offline[key]}
        assert different == {}
        assert len(offline) > len(online) * 0.9
        await page.goto(site.address + AREA)
        await read_one_that_is_found_by_words(page)
        assert await axe(page) == []
        await page.go_back()
        await expect(page.locator("#count")).to_have_text(re.compile("^1 місце"))
        await page.goto(site.address + AREA)
        await filter_by_hand(page)
        # In another language than it was kept in: what there is, and that it is this.
        await page.goto(f"{site.address}/pl/?area={CODE}&service=food")
        await expect(page.locator("#count")).to_have_text(re.compile("^1 місце"))
        await expect(page.locator(STRIP)).to_contain_text("лише цією мовою")
        await page.goto(f"{site.address}{AREA}&q=Warszawa")
        await expect(page.locator(".blank")).to_contain_text("шукаємо лише за назвами та видами допомоги")
        # Nothing found, and that there may be more elsewhere; the panel is of this question from the start.
        await page.goto(f"{site.address}{AREA}&language=de")
        await expect(page.locator(".blank")).to_contain_text("Немає місць")
        await expect(page.locator(".more")).to_contain_text("ніколи не зберігаються на пристрої")
        await expect(page.locator("[data-count-button]")).to_have_text("Показати 0 місць")
        assert await axe(page) == []
    finally:
        site.start()
    reader.assert_quiet()


async def read_one_that_is_found_by_words(page: Page) -> None:
    """It was never opened before."""
    await expect(page.locator("#count")).to_have_text(re.compile(f"^{TOTAL} місць"))
    await expect(page.locator("#map .pin").first).to_be_visible()
    await page.locator("#q").fill("їжа")
    await page.locator("#q").press("Enter")
    # Read as help, as with a network: the group by its name.
    await expect(page).to_have_url(re.compile(r"service=food"))
    await expect(page.locator("#count")).to_have_text(re.compile("^1 місце.*Їжа та продукти"))
    await page.go_back()
    await expect(page.locator("#count")).to_have_text(re.compile(f"^{TOTAL} місць"))
    await page.locator("#q").fill("jadłodajnia nowa")
    await page.locator("#q").press("Enter")
    await expect(page).to_have_url(re.compile("q=jad"))
    await expect(page.locator("#count")).to_have_text(re.compile("^1 місце"))
    await expect(page.locator("#map .pin")).to_have_count(1)
    await page.locator("li.hit h2 a").click()
    await expect(page.locator("h1")).to_have_text("Їдальня «Нова»")
    await expect(page).to_have_title("Їдальня «Нова» – Pomapa")
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    for said in (
        *("Відчинено цілодобово", "Polna 7", "Od podwórza.", "12:00–16:00", "Codzienny posiłek."),
        *("біженці", "українська, польська", "Невелика плата", "Потрібен документ", "без сходинок"),
    ):
        await expect(page.locator("main")).to_contain_text(said)
    await expect(page.locator("main a[href='tel:+48175550123']").first).to_be_visible()


async def filter_by_hand(page: Page) -> None:
    """With a chip, with the panel and its numbers, and one step back."""
    await expect(page.locator("#map .pin").first).to_be_visible()
    await page.locator('[data-filter="open_at"]').click()
    await expect(page.locator("#count")).to_have_text(re.compile("^2 місця"))
    await expect(page.locator("#map .pin")).to_have_count(1)
    await page.locator("a[href='#filters']").click()
    tick = page.locator(".panel .tick", has=page.locator("input[name=language][value=uk]"))
    await expect(tick.locator(".count")).to_have_text("1")
    await tick.click()
    await expect(page.locator("[data-count-button]")).to_have_text("Показати 1 місце")
    await page.locator("[data-count-button]").click()
    await expect(page.locator("#count")).to_have_text(re.compile("^1 місце"))
    await expect(page).to_have_url(re.compile("language=uk&open_at=now"))
    await page.go_back()
    await expect(page.locator("#count")).to_have_text(re.compile("^2 місця"))


async def test_what_is_taken_down_goes_from_the_area(site: OwnSite, reader: Visitor) -> None:
    """As soon as the place itself is asked for and is not there: the area is fetched anew."""
    content = point("Punkt do zdjęcia", "clothing", 20.3, 51.15)
    feature_id = await asyncio.to_thread(publish_one, site.urls, content)
    page = await reader.page()
    await page.goto(site.address + AREA)
    await page.locator("[data-keep-area] button").click()
    await expect(page.locator("[data-keep-area] [data-keep-said]")).to_have_text(KEPT_HERE)
    assert await page.evaluate(AREA_HOLDS, feature_id) == [TOTAL + 1, True]
    await asyncio.to_thread(take_down, site.urls, feature_id)
    gone = await page.goto(f"{site.address}/uk/aid_points/{feature_id}/x")
    assert gone is not None
    assert gone.status == 404
    without = [TOTAL, False]
    assert await looked(page, AREA_HOLDS, feature_id, lambda held: held == without) == without


async def test_f7_what_is_protected_goes_from_a_device_that_kept_it(site: OwnSite, reader: Visitor) -> None:
    """At the first contact with the server, whatever is read then: pages, lists, tiles, areas, and one's own lists."""
    canary = point(
        "Dom za Kanarkiem",
        "clothing",
        20.31,
        51.14,
        address={"street": "Zaułkowska", "house_number": "7", "city": "Nowe Miasto"},
        contacts=[{"kind": "phone", "value": "+48 17 555 13 37"}],
    )
    words = ["Zaułkowska", "zaulkowska", "555 13 37", "175551337", "Kanarkiem", "kanarkiem"]
    feature_id = await asyncio.to_thread(publish_one, site.urls, canary)
    refuge = point("Punkt Bezpieczna Przystań", "violence_support", 20.32, 51.14)
    refuge_id = await asyncio.to_thread(publish_one, site.urls, refuge)
    page = await reader.page()
    await page.goto(site.address + AREA)
    await page.locator("[data-keep-area] button").click()
    await expect(page.locator("[data-keep-area] [data-keep-said]")).to_have_text(KEPT_HERE)
    # What is about violence was never kept.
    assert await page.evaluate(AREA_HOLDS, "Przystań") == [TOTAL + 1, False]
    path = f"{site.address}/uk/aid_points/{feature_id}"
    for address in (f"{path}/slip.html", path.replace("/uk/", "/pl/"), path):
        await page.goto(address)
    place = page.url
    await page.evaluate(
        """id => localStorage.setItem("pomapa.lists", JSON.stringify({v: 1, lists: [{name: "", points: [
          {layer: "aid_points", id, name: "Dom za Kanarkiem", note: ""}]}]}))""",
        feature_id,
    )
    # Two pages and a slip, the list of the area and its places, and a list of one's own. The page of the area as
    # well, when the place is among the first of those that were checked on one day.
    assert len(await looked(page, HOLDING, words, lambda held: len(held) >= 6)) >= 6
    await page.evaluate(A_DAY_AGO)
    await reader.context.set_offline(True)
    await page.goto(place)
    await expect(page.locator(STRIP)).to_have_text(re.compile("Немає інтернету"))
    await expect(page.locator("main")).to_contain_text("Zaułkowska")
    await asyncio.to_thread(protect_one, site.urls, feature_id)
    await reader.context.set_offline(False)
    # No page of ours is open that could forget what one's own list calls it.
    await page.goto(f"{site.address}/api/v1/layers/aid_points/features/{feature_id}")
    own = ["pomapa.lists"]
    assert await looked(page, HOLDING, words, lambda left: left == own) == own
    # The next one that is opened hears of it, without a network too; the rest of the area is there still.
    await reader.context.set_offline(True)
    await page.goto(site.address + AREA)
    await page.wait_for_function("() => !localStorage.getItem('pomapa.lists').includes('Kanarkiem')")
    assert await page.evaluate(HOLDING, words) == []
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.locator("#count")).to_have_text(re.compile(f"^{TOTAL} місць"))
    await asyncio.to_thread(take_down, site.urls, feature_id)
    await asyncio.to_thread(take_down, site.urls, refuge_id)
    reader.assert_quiet()


async def test_without_script_nothing_of_it_is_shown(chromium: Browser, site: OwnSite) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(site.address + AREA)
    assert await page.locator("li.hit").count() > 0
    assert not await page.locator("[data-keep-area]").is_visible()
    await context.close()


async def test_the_next_places_begin_below_what_stays_on_top_of_a_phone(
    site: OwnSite, reader: Visitor
) -> None:
    page = await reader.page()
    await page.goto(site.address + AREA)
    await expect(page.locator("#map .pin").first).to_be_visible()
    # Rows above are laid out while it scrolls, and move what a finger would hit; it has the focus as after a finger.
    await page.locator("a[rel=next]").press("Enter")
    await expect(page.locator("ol[start='26']")).to_be_visible()
    await expect(page.locator("#count")).to_be_focused()
    await expect(page.locator("li.hit").first).to_be_in_viewport(ratio=1)
    first, head = (
        await page.locator("li.hit").first.bounding_box(),
        await page.locator(".sheet-head").bounding_box(),
    )
    assert first
    assert head
    assert first["y"] >= head["y"] + head["height"]
