"""The search box suggests while somebody types: by keyboard, by touch, in another alphabet, and harmlessly."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route, expect
from sqlalchemy import text

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from geo.gazetteer import Place
from tests.browser.conftest import PHONE, Installation, MakeVisitor, Visitor
from tests.browser.small_set import WIDE_BOX, SmallSet

pytestmark = pytest.mark.browser


async def _typed(visitor: Visitor, language: str, words: str) -> Page:
    page = await visitor.page()
    await page.goto(f"{visitor.address}/{language}/")
    await expect(page.locator("#q")).to_have_attribute("role", "combobox")
    await page.locator("#q").press_sequentially(words, delay=20)
    return page


async def test_a_service_is_taken_by_keyboard_and_filters_list_and_map(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await _typed(person, "uk", "їжа")
    box = page.locator("#q")
    await expect(box).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("ArrowDown")
    option = page.get_by_role("option").first
    await expect(option).to_have_attribute("aria-selected", "true")
    assert await box.get_attribute("aria-activedescendant") == await option.get_attribute("id")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**service=food**")
    await expect(page.locator("li.hit").first).to_be_visible()
    person.assert_quiet()


@pytest_asyncio.fixture(loop_scope="session")
async def town(installation: Installation) -> AsyncIterator[str]:
    """The town of the small set, in the gazetteer for the time of a test; its Ukrainian name."""
    rzeszow = Place(1, "Rzeszów", ("Ряшів", "Жешув", "Rzeszow"), "PL", 21.999, 50.041, 182_028)
    database = Database(installation.urls.app, installation.urls.reader)
    async with session(database) as s:
        await load_gazetteer(s, ("PL",), places=[rzeszow], refresh=True)
    yield "Жешув"
    async with session(database) as s:
        await s.execute(text("DELETE FROM published.place"))
    await database.dispose()


async def test_a_town_is_taken_by_touch_and_the_list_is_about_it(
    small_set: SmallSet, visitor: MakeVisitor, town: str
) -> None:
    person = await visitor(viewport=PHONE, has_touch=True)
    page = await _typed(person, "uk", town.lower())
    await page.get_by_role("option").filter(has_text=re.compile("Rzeszów|Жешув|Ряшів")).first.tap()
    await page.wait_for_url("**place=**")
    await expect(page.locator("#q")).to_have_value(re.compile("Rzeszów|Жешув|Ряшів"))
    await expect(page.locator("li.hit").first).to_be_visible()
    person.assert_quiet()


async def test_what_is_suggested_hangs_on_the_field_and_covers_nothing_that_is_typed(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    """Also where the field is higher than it was drawn: letters of twice the size, which no breakpoint answers to."""
    person = await visitor(viewport=PHONE, has_touch=True)
    page = await _typed(person, "uk", "їжа")
    await expect(page.get_by_role("option").first).to_be_visible()
    for size in ("100%", "200%"):
        await page.evaluate("size => document.documentElement.style.setProperty('font-size', size)", size)
        field = await page.locator(".find-box").bounding_box()
        listed = await page.locator("[data-suggest]").bounding_box()
        assert field
        assert listed
        assert 0 <= listed["y"] - (field["y"] + field["height"]) < 16


async def test_a_misspelt_name_leads_to_its_page(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await _typed(person, "pl", "pod kasztnem")
    await page.get_by_role("option").filter(has_text="Kuchnia „Pod Kasztanem”").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Kuchnia „Pod Kasztanem”")
    person.assert_quiet()


async def test_escape_closes_and_what_was_typed_stays(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await _typed(person, "pl", "kuch")
    await expect(page.get_by_role("option").first).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(page.locator("#q")).to_have_value("kuch")
    person.assert_quiet()


@pytest.mark.parametrize("late", ["the suggestions", "the script"])
async def test_enter_searches_before_anything_has_come_and_leads_to_what_was_found(
    small_set: SmallSet, visitor: MakeVisitor, late: str
) -> None:
    """Whatever is late, for ever or until it fails: the words are looked for, and the keyboard goes on at the heading."""
    person = await visitor(viewport=PHONE, locale="ro")
    page = await person.page()
    held = asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        with contextlib.suppress(PlaywrightError):
            await route.abort()

    if late == "the script":
        await page.route("**/finder*.js", hold)
    await page.goto(f"{person.address}/ro/?bbox={WIDE_BOX}", wait_until="commit")
    box = page.locator("#q")
    if late == "the suggestions":
        await page.route("**/api/v1/search?*", hold)
        await expect(box).to_have_attribute("role", "combobox")
    await box.press_sequentially("Kasztanem")
    await box.press("Enter")
    await expect(page).to_have_url(re.compile("q=Kasztanem"))
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(re.compile("^1 loc"))
    if late == "the script":
        held.set()  # What is left of a page that loads is waited for by the browser before it follows an address to its end.
    await expect(heading).to_be_focused()
    # The map stays in sight, and the next stop of the keyboard lies behind the heading.
    assert await page.evaluate("scrollY") == 0
    await page.keyboard.press("Tab")
    assert await page.evaluate("!!document.activeElement.closest('[data-results]')")
    held.set()
    await page.unroute_all(behavior="ignoreErrors")
    person.assert_quiet()


async def test_an_address_is_a_place_to_start_from(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    page = await person.page()
    await page.goto(f"{person.address}/uk/")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await page.locator("#q").press_sequentially("Kopernika 10")
    option = page.get_by_role("option").filter(has_text="Kopernika 12")
    await expect(option).to_contain_text("35-002 Rzeszów")
    await option.click()
    await expect(page.locator("#q")).to_have_value("Kopernika 12, Rzeszów")
    await expect(page.locator(".tag")).to_contain_text("Поруч: Kopernika 12, Rzeszów")
    await expect(page.locator("li.hit").first).to_contain_text("Кухня «Під каштаном»")
    await expect(page.locator("#map .me")).to_have_attribute("aria-label", "Kopernika 12, Rzeszów")
    await expect(page).to_have_url(re.compile(r"near=21\.999,50\.041"))
    # It stands in the address: whoever comes by it starts from there too.
    await page.reload()
    await expect(page.locator("#map .me")).to_have_attribute("aria-label", "Kopernika 12, Rzeszów")
    await expect(page.locator("#q")).to_have_value("Kopernika 12, Rzeszów")
    await page.locator(".tag").click()
    await expect(page.locator("#map .me")).to_have_count(0)
    person.assert_quiet()


async def test_an_address_that_was_typed_to_its_end_is_shown_on_the_map(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor()
    page = await person.page()
    await page.goto(f"{person.address}/pl/?bbox=14.2,53.3,14.8,53.6")
    await expect(page.locator("#map .leaflet-tile-pane")).to_be_attached()
    await page.locator("#q").fill("Kopernika 12, Rzeszów")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    await expect(page.locator(".tag")).to_contain_text("W pobliżu: Kopernika 12, Rzeszów")
    # The map has gone there.
    await expect(page.locator("#map .me")).to_be_in_viewport()
    await expect(page.locator("#map .pin").first).to_be_in_viewport()
    await expect(page).to_have_url(re.compile(r"near_name=Kopernika"))
    person.assert_quiet()


async def test_a_link_puts_no_words_of_its_own_on_the_map(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor()
    page = await person.page()
    await page.goto(f"{person.address}/pl/?near=21.999,50.041&near_name=Zadzwoń+700+800+900")
    await expect(page.locator("#map .me")).to_have_attribute("aria-label", "W pobliżu wybranego miejsca")
    person.assert_quiet()
