"""A place is read inside the finder: all of its page is there, and it leaves nothing behind. The ways back: `test_details_back`."""

import re
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import PHONE, MakeVisitor, Visitor
from tests.browser.place_details import KITCHEN, SURGERY, details, finder, has_opened, reader, row
from tests.browser.small_set import SmallSet

__all__ = ["reader"]
pytestmark = pytest.mark.browser


async def test_all_of_its_page_is_there_with_what_its_script_does(
    reader: Visitor, small_set: SmallSet
) -> None:
    page = await finder(reader)
    asked = page.url.removeprefix(reader.address)
    in_ukrainian = page.locator('.languages a[hreflang="uk"]')
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await expect(details(page).locator('a[href="tel:+48175550123"]:visible').first).to_be_visible()
    await expect(details(page).locator("[data-save]")).not_to_have_class(re.compile("awaited"))
    await expect(details(page).locator(".sketch .pin")).to_be_attached()
    await expect(in_ukrainian).to_have_attribute("href", re.compile(f"^/uk{small_set.kitchen}"))
    await page.go_back()
    await expect(in_ukrainian).to_have_attribute("href", asked.replace("/pl/", "/uk/"))


async def test_a_pin_leads_to_the_same_place(visitor: MakeVisitor, small_set: SmallSet) -> None:
    person = await visitor()
    page = await finder(person)
    await page.locator(f'#map a.pin[data-name="{KITCHEN}"]').click()
    # The map makes room for what opens.
    await expect(page.locator(".leaflet-pan-anim")).to_have_count(0)
    await page.locator(".brief").get_by_role("link", name="Więcej").click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await expect(page.locator(".brief")).to_have_count(0)
    await expect(page.locator(f'#map a.pin[data-name="{KITCHEN}"]')).to_have_class(re.compile(r"\bon\b"))
    person.assert_quiet()


async def test_what_is_on_its_way_is_said_and_asked_for_once(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor(viewport=PHONE, service_workers="block")
    page = await finder(person)
    held: list[Route] = []

    async def hold(route: Route) -> None:
        held.append(route)

    await page.route(re.compile(re.escape(small_set.kitchen)), hold)
    await row(page, KITCHEN).click()
    said = page.locator('[role="status"]', has_text="Wczytujemy miejsce")
    await expect(said).to_be_in_viewport()
    # Nothing has happened yet: somebody presses once more.
    await row(page, KITCHEN).click()
    await held[0].continue_()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await expect(said).to_have_count(0)
    assert len(held) == 1
    person.assert_quiet()


async def test_what_has_been_said_stands_above_the_telephone(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor(viewport=PHONE)
    page = await finder(person)
    hit = page.locator("li.hit", has_text=KITCHEN)
    await hit.locator(".save-here").click()
    await hit.locator("h2 a").click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    foot = details(page).locator(".stick")
    await expect(foot).to_be_visible()
    # Words go after a while; where they stand does not.
    said = await page.locator(".toast-place").evaluate("place => place.getBoundingClientRect().bottom")
    call = await foot.bounding_box()
    assert call
    assert said <= call["y"]
    person.assert_quiet()


async def test_what_was_read_leaves_nothing_behind(visitor: MakeVisitor, small_set: SmallSet) -> None:
    """Somebody may read a hundred places in an evening."""
    person = await visitor()
    page = await finder(person)
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await expect(details(page).locator(".sketch .pin")).to_be_attached()
    left = await page.evaluate_handle("""() => ({
      sketch: document.querySelector("#details .sketch .leaflet-container"),
      saved: document.querySelector("#details [data-save-lists]"),
    })""")
    await page.go_back()
    await row(page, SURGERY).click()
    await has_opened(page, SURGERY, "/pl/aid_points/")
    await page.locator("#details [data-save] > summary").click()
    tick = page.locator("#details [data-save-lists] input")
    await tick.focus()
    await page.keyboard.press("Space")
    await expect(tick).to_be_checked()
    await expect(tick).to_be_focused()
    # The map of before is none any more, and what is done with lists now does not concern it.
    assert (
        await left.evaluate("({sketch}) => sketch.querySelectorAll('.pin, canvas, .leaflet-pane').length")
        == 0
    )
    assert (
        await left.evaluate(
            """({saved}) => new Promise(done => {
          const watch = new MutationObserver(() => done("it goes on"));
          watch.observe(saved, {childList: true});
          window.dispatchEvent(new Event("storage"));
          setTimeout(() => done("nothing"));
        })"""
        )
        == "nothing"
    )
    person.assert_quiet()


async def test_another_tab_stays_another_tab(visitor: MakeVisitor, small_set: SmallSet) -> None:
    person = await visitor()
    page = await finder(person)
    async with page.context.expect_page() as opened:
        await row(page, KITCHEN).click(modifiers=["ControlOrMeta"])
    other = await opened.value
    await expect(other.locator("main#content").get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    await expect(page.locator("#list")).to_be_visible()
    await expect(details(page)).to_have_count(0)


async def test_what_cannot_be_read_here_is_opened_as_a_page(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor(service_workers="block")
    page = await finder(person)

    def breaks(route: Any) -> Any:
        return route.continue_() if route.request.is_navigation_request() else route.abort()

    await page.route(re.compile(re.escape(small_set.kitchen)), breaks)
    await row(page, KITCHEN).click()
    await expect(page.locator("main#content").get_by_role("heading", level=1)).to_contain_text(KITCHEN)


async def test_a_refuge_has_its_way_out_here_too(reader: Visitor, small_set: SmallSet) -> None:
    page = await reader.page()
    await page.goto(f"{reader.address}/pl/?service=violence_shelter")
    # It has no place on the map; its row has its button when places are read here.
    refuge = page.locator("li.hit[data-discreet]")
    await expect(refuge.locator(".save-here")).to_be_visible()
    await refuge.locator("h2 a").click()
    await expect(details(page).locator("[data-quick-exit]")).to_be_in_viewport()
    await expect(page).not_to_have_title(re.compile("kobiet"))
    await page.route(re.compile("wikipedia"), lambda route: route.fulfill(body="harmless"))
    length = await page.evaluate("history.length")
    await details(page).locator("[data-quick-exit]").click()
    await expect(page).to_have_url(re.compile("wikipedia"))
    assert await page.evaluate("history.length") == length
    # The list of refuges that was read before it leads out again, by itself.
    async with page.expect_request(re.compile("wikipedia")):
        await page.evaluate("history.back()")
    await expect(page).to_have_url(re.compile("wikipedia"))
    # Who asks for it anew gets it.
    await page.goto(f"{reader.address}/pl/?service=violence_shelter")
    await expect(refuge.locator(".save-here")).to_be_visible()


async def test_it_is_read_by_keyboard_and_by_machines(reader: Visitor, small_set: SmallSet, axe: Any) -> None:
    page = await finder(reader)
    await row(page, KITCHEN).focus()
    await page.keyboard.press("Enter")
    await has_opened(page, KITCHEN, small_set.kitchen)
    assert await axe(page) == []
    # The first thing that the keyboard meets in the words is behind the heading that has the focus.
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.closest('#details') !== null")
    # The link past the navigation leads to what is there.
    assert await page.locator('a.skip[href="#list"]').count() == 0
    wide = "() => document.documentElement.scrollWidth - innerWidth"
    assert await page.evaluate(wide) <= 0
    reader.assert_quiet()
