"""A place is read inside the finder: map and list stay as they were, and every address is the page that it always was."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, MakeVisitor, Visitor
from tests.browser.small_set import TOWN_BOX, WIDE_BOX, SmallSet

pytestmark = pytest.mark.browser

KITCHEN = "Kuchnia „Pod Kasztanem”"
SURGERY = "Przychodnia Zdrowie"
SIZES = {"phone": PHONE, "desktop": DESKTOP}
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


@pytest.fixture(params=SIZES)
async def reader(request: pytest.FixtureRequest, visitor: MakeVisitor, small_set: SmallSet) -> Visitor:
    return await visitor(viewport=SIZES[request.param], locale="pl")


async def finder(person: Visitor, query: str = f"bbox={TOWN_BOX}") -> Page:
    page = await person.page()
    await page.goto(f"{person.address}/pl/?{query}")
    await ready(page)
    return page


async def ready(page: Page) -> None:
    """Pins are there when all of the finder answers to script."""
    await expect(page.locator("#map .pin").first).to_be_visible()


def row(page: Page, name: str) -> Locator:
    return page.locator("li.hit h2 a", has_text=name)


def details(page: Page) -> Locator:
    return page.locator("#details")


async def has_opened(page: Page, name: str, address: str) -> None:
    await expect(details(page).get_by_role("heading", level=1)).to_contain_text(name)
    await expect(page).to_have_url(re.compile(re.escape(address)))
    await expect(page).to_have_title(re.compile(re.escape(name)))
    await expect(details(page).get_by_role("heading", level=1)).to_be_focused()
    await expect(page.locator("#list")).to_be_hidden()


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
