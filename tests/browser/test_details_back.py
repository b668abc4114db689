"""From a place that is read in the finder one comes back to map and list as they were, and every address is the page that it always was."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import MakeVisitor, Visitor
from tests.browser.place_details import KITCHEN, SURGERY, details, finder, has_opened, reader, ready, row
from tests.browser.small_set import TOWN_BOX, WIDE_BOX, SmallSet

__all__ = ["reader"]
pytestmark = pytest.mark.browser

SCROLLED = "() => document.querySelector('#list').scrollTop + scrollY"
TOP = "link => link.getBoundingClientRect().top"
#: Rows are laid out once they are near the view, and those above it push the others: waits until nothing moves any more.
AT_REST = """async link => {
  let seen = "", still = 0;
  while (still < 10) {
    await new Promise(requestAnimationFrame);
    const now = [link.getBoundingClientRect().top, document.documentElement.scrollHeight].join();
    still = now === seen ? still + 1 : 0;
    seen = now;
  }
}"""
#: Where it is on the screen when it is pressed.
PRESSED = "link => { const {top} = link.getBoundingClientRect(); link.click(); return top; }"
#: What the map shows, as where its pins stand on the screen.
SPOTS = """() => [...document.querySelectorAll("#map .pin")].map(pin => {
  const {x, y} = pin.getBoundingClientRect();
  return [pin.dataset.name ?? pin.textContent, Math.round(x), Math.round(y)].join();
}).sort()"""


async def drag(page: Page) -> None:
    """Move the map so far that there is something new to ask for, which is asked when it has come to rest."""
    box = await page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.8
    async with page.expect_request(re.compile(r"/api/v1/tiles/")):
        await page.mouse.move(x + 350, y)
        await page.mouse.down()
        await page.mouse.move(x - 350, y - 60, steps=8)
        await page.mouse.up()


async def test_a_row_opens_beside_the_map_and_back_finds_the_list_as_it_was(
    reader: Visitor, small_set: SmallSet
) -> None:
    page = await finder(reader, f"bbox={WIDE_BOX}")
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    asked = page.url
    later = page.locator("li.hit h2 a").nth(12)
    # Rows out of sight are not laid out, and have text all the same.
    name = (await later.text_content() or "").strip()
    assert name
    await later.scroll_into_view_if_needed()
    await later.evaluate(AT_REST)
    assert await page.evaluate(SCROLLED) > 0
    spots = await page.evaluate(SPOTS)
    before = await later.evaluate(PRESSED)
    await has_opened(page, name, "/pl/aid_points/")
    await page.go_back()
    await expect(later).to_be_focused()
    assert await later.evaluate(TOP) == pytest.approx(before, abs=2)
    assert page.url == asked
    await expect(page).to_have_title(re.compile(r"Znajdź pomoc"))
    await expect(details(page)).to_have_count(0)
    assert await page.evaluate(SPOTS) == spots
    assert loads == []
    reader.assert_quiet()


async def test_the_way_back_in_the_words_leads_over_all_that_was_read(
    reader: Visitor, small_set: SmallSet
) -> None:
    page = await finder(reader)
    asked = page.url
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    nearby = details(page).locator(".near a").first
    name = (await nearby.locator("strong").inner_text()).strip()
    await nearby.click()
    await has_opened(page, name, "/pl/aid_points/")
    await details(page).locator(".crumb").click()
    await expect(page.locator("#list")).to_be_visible()
    assert page.url == asked
    reader.assert_quiet()


async def test_each_address_is_its_own_page_whatever_way_leads_there(
    reader: Visitor, small_set: SmallSet
) -> None:
    page = await finder(reader)
    asked = page.url
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await page.reload()
    await expect(page.locator("main#content").get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    await expect(details(page)).to_have_count(0)
    # Loaded anew, the two are one page to the browser: it only changes the address, and the page has to follow.
    await page.go_back()
    await expect(row(page, KITCHEN)).to_be_visible()
    await ready(page)
    assert page.url == asked
    await page.go_forward()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await page.go_back()
    await expect(row(page, KITCHEN)).to_be_visible()
    reader.assert_quiet()


async def test_a_new_question_closes_what_is_read(visitor: MakeVisitor, small_set: SmallSet) -> None:
    person = await visitor()
    page = await finder(person)
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await page.locator('.filters [data-value="family:health"]').click()
    await expect(page.locator("li.hit:visible")).to_have_count(1)
    await expect(row(page, SURGERY)).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/pl/\?.*family"))
    # And back is what was read before, again beside the map.
    await page.go_back()
    await has_opened(page, KITCHEN, small_set.kitchen)
    person.assert_quiet()


async def test_the_map_may_be_moved_meanwhile_and_the_list_follows_afterwards(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor()
    page = await finder(person)
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    address = page.url
    await drag(page)
    assert page.url == address
    async with page.expect_response(lambda answer: answer.request.headers.get("x-fragment") == "results"):
        await details(page).locator(".crumb").click()
    await expect(page.locator("#list")).to_be_visible()
    await expect(page).not_to_have_url(re.compile(re.escape(TOWN_BOX)))
    person.assert_quiet()


async def test_a_question_that_is_asked_meanwhile_is_about_what_the_map_shows(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    person = await visitor()
    page = await finder(person)
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await drag(page)
    await page.locator('.filters [data-value="family:health"]').click()
    await expect(page.locator("#list")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/pl/\?bbox=(?!21\.97).*family"))
    await expect(page.locator("#count")).to_have_attribute("data-count", "0 miejsc")
    person.assert_quiet()


async def test_the_way_back_over_two_questions_finds_the_first_one(
    visitor: MakeVisitor, small_set: SmallSet
) -> None:
    """Although the map was moved at the second one."""
    person = await visitor()
    page = await finder(person)
    asked = page.url
    await page.locator('.filters [data-value="family:health"]').click()
    await expect(page.locator("li.hit:visible")).to_have_count(1)
    await row(page, SURGERY).click()
    await has_opened(page, SURGERY, "/pl/aid_points/")
    await drag(page)
    async with page.expect_response(lambda answer: answer.request.headers.get("x-fragment") == "results"):
        await page.evaluate("history.go(-2)")
    await expect(row(page, KITCHEN)).to_be_visible()
    assert page.url == asked
    person.assert_quiet()


async def test_the_keyboard_goes_on_where_the_list_is(visitor: MakeVisitor, small_set: SmallSet) -> None:
    person = await visitor()
    page = await finder(person)
    asked = page.url
    # A link past the navigation leads to what is read, and from there one press leads back.
    await row(page, KITCHEN).click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await page.locator('a.skip[href="#details"]').first.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("#details$"))
    await details(page).locator(".crumb").focus()
    await page.keyboard.press("Enter")
    await expect(row(page, KITCHEN)).to_be_focused()
    assert page.url == asked
    # A place that has no row in the list: what the list is called.
    await page.locator('.filters [data-value="family:health"]').click()
    await expect(page.locator("li.hit:visible")).to_have_count(1)
    await page.locator("#q").fill("pod kasztanem")
    await page.get_by_role("option").filter(has_text=KITCHEN).first.click()
    await has_opened(page, KITCHEN, small_set.kitchen)
    await page.go_back()
    await expect(page.locator("#count")).to_be_focused()
    person.assert_quiet()
