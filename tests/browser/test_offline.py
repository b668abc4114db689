"""Without network after one visit, with the server or its database stopped."""

import asyncio
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, expect

from app.features.versions import BELIEVED_S
from app.localdb import ClusterUrls, LocalCluster
from app.localdb.schema import migrate
from tests.browser.conftest import Visitor
from tests.browser.offline_site import (
    FINDER,
    KITCHEN,
    NO_INTERNET,
    NO_SERVER,
    NOT_KEPT,
    STRIP,
    reader,
    site,
    until_kept,
    visited,
    without_server,
)
from tests.browser.own_site import OwnSite

__all__ = ["reader", "site", "without_server"]
pytestmark = pytest.mark.browser

TRY_AGAIN = ':is(a, button):text("Спробувати ще раз"):visible'
OLD_LIST = "Ви бачите місця з попереднього пошуку. Нові не вдалося завантажити."

#: Keep what a screen reader is told from now on.
SAYINGS = """() => {
  window.said = [];
  for (const status of document.querySelectorAll("p.hush[role=status]"))
    new MutationObserver(() => window.said.push(status.textContent)).observe(status, {childList: true});
}"""


@pytest.fixture(scope="module")
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """A database server that a test may stop: nobody else's."""
    folder = tmp_path_factory.mktemp("cluster")
    # The server's own user has to come in.
    folder.chmod(0o755)
    with LocalCluster(folder) as started:
        migrate(started.urls.owner)
        yield started


@pytest.fixture(scope="module")
def module_database_urls(own_cluster: LocalCluster) -> ClusterUrls:
    """The database of this module's site is there."""
    return own_cluster.urls


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
    save = page.locator("li.hit .save-here")
    await save.click()
    await expect(save).to_have_attribute("aria-pressed", "true")
    await page.locator("li.hit h2 a", has_text=KITCHEN).click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    place = page.url
    await until_kept(page, place.removeprefix(reader.address))
    await until_kept(page, "/uk/lists")

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

    # Somebody's own lists, though their page was not opened before.
    await page.goto(f"{reader.address}/uk/lists")
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.locator(".saved li a").first).to_contain_text(KITCHEN)

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
    await expect(page.locator(TRY_AGAIN)).to_have_count(1)

    without_server.start()
    await reader.context.set_offline(False)
    await again.click()
    await expect(page.locator("li.hit h2")).to_have_text([KITCHEN])
    await expect(said).to_have_count(0)
    await expect(page.locator(".map-word")).to_be_empty()
    await expect(page.locator("#count")).to_be_focused()
    reader.assert_quiet()


async def test_a_map_that_lacks_places_is_tried_again_with_the_page(site: OwnSite, reader: Visitor) -> None:
    """What is over the page loads all of it anew; two buttons would leave people guessing."""
    page = await visited(reader)
    await page.evaluate("caches.delete('pomapa-answers-2')")
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.locator(".map-word")).to_contain_text(
        "Мапа не змогла завантажити всі місця. Список працює."
    )
    await expect(page.locator(TRY_AGAIN)).to_have_count(1)
    await reader.context.set_offline(False)
    await page.locator(TRY_AGAIN).click()
    await expect(page.locator("#map .pin").first).to_be_visible()
    await expect(page.locator(TRY_AGAIN)).to_have_count(0)


async def test_with_the_database_stopped_the_last_good_answer_is_shown_with_its_age(
    own_cluster: LocalCluster, reader: Visitor
) -> None:
    page = await visited(reader)
    hits = await page.locator("li.hit").count()
    own_cluster.stop()
    try:
        # For so long the server believes what it knew of the data last, and says that nothing has changed.
        await asyncio.sleep(2 * BELIEVED_S)
        await page.reload()
        await expect(page.locator(STRIP)).to_have_text(NO_SERVER)
        await expect(page.locator("li.hit")).to_have_count(hits)
        await expect(page.locator("#map .pin").first).to_be_visible()
        await page.goto(f"{reader.address}/uk/about")
        await expect(page.locator('a[href="tel:112"]')).to_be_visible()
        # What was never opened has the page of what is kept in its place, which says why.
        await page.goto(f"{reader.address}/uk/table")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Наш сервер зараз не відповідає")
    finally:
        own_cluster.start()
    await page.goto(reader.address + FINDER)
    await expect(page.locator(STRIP)).to_have_count(0)
    reader.assert_quiet()


async def test_with_the_server_stopped_too(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    site.stop()
    try:
        await page.reload()
        await expect(page.locator(STRIP)).to_have_text(NO_SERVER)
        await expect(page.locator("li.hit").first).to_be_visible()
    finally:
        site.start()
    reader.assert_quiet()


async def test_the_page_of_what_is_kept_is_kept_itself(site: OwnSite, reader: Visitor) -> None:
    page = await visited(reader)
    # Until the finder is read through the worker, this page has never been opened.
    await reader.context.set_offline(True)
    await page.goto(f"{reader.address}/uk/offline")
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Без інтернету")
    await expect(page.locator("[data-kept-lists] a").first).to_be_visible()


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
