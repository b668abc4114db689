"""The whole job without a pointer: what has the focus is always seen, and Enter and Space do what a click does."""

import asyncio
import re

import pytest
from playwright.async_api import Page, expect

from app.desk.shown import LEAST_S
from tests.browser.conftest import PHONE, Installation, MakeVisitor
from tests.browser.small_set import TOWN_BOX, SmallSet, add_waiting

pytestmark = pytest.mark.browser

KITCHEN = "Kuchnia „Pod Kasztanem”"
MOST_TABS = 120

# The focused element, or what shows the focus for it, has an outline or a ring and lies in sight.
FOCUS = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const marks = node => {
    const style = getComputedStyle(node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow.includes("inset");
  };
  let seen = false;
  for (let node = element; node && node !== document.body && !seen; node = node.parentElement) seen = marks(node);
  seen ||= [...document.querySelectorAll(":focus-visible ~ *, :focus-visible + *")].some(marks) ||
    ["::before", "::after"].some(part => parseFloat(getComputedStyle(element, part).outlineWidth) >= 2 &&
      getComputedStyle(element, part).outlineStyle !== "none");
  const box = element.getBoundingClientRect();
  const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {seen, inSight, what: element.outerHTML.slice(0, 120)};
}"""


async def tab_to(page: Page, wanted: str, *, key: str = "Tab") -> None:
    """Press Tab until an element that matches the selector has the focus; each stop on the way must be seen."""
    for _ in range(MOST_TABS):
        await page.keyboard.press(key)
        focus = await page.evaluate(FOCUS)
        if focus is None:
            continue
        assert focus["seen"], f"nothing shows that this has the focus: {focus['what']}"
        assert focus["inSight"], f"the focus is out of sight: {focus['what']}"
        if await page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    pytest.fail(f"{wanted} is not reached by keyboard")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
async def test_a_reader_finds_a_place_and_its_telephone(
    small_set: SmallSet, visitor: MakeVisitor, viewport: dict[str, int] | None
) -> None:
    person = await visitor(reduced_motion="reduce", **({"viewport": viewport} if viewport else {}))
    page = await person.page()
    await page.goto(f"{person.address}/pl/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await tab_to(page, ".skip")
    await tab_to(page, "#q")
    await tab_to(page, '[data-value="family:food"]')
    await page.keyboard.press("Space")
    await expect(page.locator("li.hit")).to_have_count(1)
    await expect(page.locator('[data-value="family:food"]')).to_be_focused()
    await tab_to(page, "li.hit h2 a")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(KITCHEN)
    await tab_to(page, '#details a[href="tel:+48175550123"]')
    # The page of its own, with what stands under it.
    await page.reload()
    await tab_to(page, '#content a[href="tel:+48175550123"]')
    await tab_to(page, ".foot a")
    person.assert_quiet()


async def test_the_panel_of_filters_opens_holds_the_focus_and_closes(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(reduced_motion="reduce")
    page = await person.page()
    await page.goto(f"{person.address}/pl/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    await tab_to(page, 'a[href="#filters"]')
    await page.keyboard.press("Enter")
    await expect(page.locator("#filters")).to_be_visible()
    await expect(page.locator(".panel-head a")).to_be_focused()
    assert await page.evaluate("[...document.querySelectorAll('header, main')].every(part => part.inert)")
    await tab_to(page, "#filters summary")
    await tab_to(page, "#filters [data-count-button]")
    await page.keyboard.press("Escape")
    await expect(page.locator("#filters")).to_be_hidden()
    await expect(page.locator('a[href="#filters"]')).to_be_focused()
    person.assert_quiet()


async def test_a_submitter_takes_the_first_steps(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(reduced_motion="reduce")
    page = await person.page()
    await page.goto(f"{person.address}/pl/add/aid_points")
    await tab_to(page, "#name")
    await page.keyboard.press("Enter")
    # Something is missing: the summary has the focus, its link leads to the field.
    await expect(page.locator("#error-summary")).to_be_focused()
    await tab_to(page, '#error-summary a[href="#name"]')
    await page.keyboard.press("Enter")
    await expect(page.locator("#name")).to_be_focused()
    await page.keyboard.type("Pralnia przy Rynku")
    await tab_to(page, 'details:has(input[value="laundry"]) > summary')
    await page.keyboard.press("Enter")
    await tab_to(page, 'input[value="laundry"]')
    await page.keyboard.press("Space")
    await expect(page.locator('input[value="laundry"]')).to_be_checked()
    await tab_to(page, 'button[value="next"]')
    async with page.expect_event("load"):
        await page.keyboard.press("Enter")
    await expect(page.locator('[name="address.city"]')).to_be_visible()
    await tab_to(page, '[name="address.city"]')
    await page.keyboard.type("Rzeszów")
    # Enter puts the pin in the middle of the map, arrows move it.
    await tab_to(page, ".picker .map")
    await page.keyboard.press("Enter")
    await tab_to(page, ".drop")
    await page.keyboard.press("ArrowUp")
    await expect(page.locator('[name="position"]')).to_have_value(re.compile(r"^\d+\.\d+, ?\d+\.\d+$"))
    person.assert_quiet()


async def test_a_moderator_decides(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    secret = installation.environment["SECRET_KEY"]
    await asyncio.to_thread(add_waiting, installation.urls, secret, "Pralnia Zielona")
    link = await installation.link_for("keys@example.org")
    person = await visitor(reduced_motion="reduce")
    page = await person.page()
    await page.goto(link)
    await expect(page.locator("main form button[type=submit]")).to_be_focused()
    async with page.expect_event("load"):
        await page.keyboard.press("Enter")
    waiting = page.locator(".queue li a", has_text="Pralnia Zielona")
    address = await waiting.get_attribute("href")
    await tab_to(page, f'.queue li a[href="{address}"]')
    async with page.expect_event("load"):
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pralnia Zielona")
    # Nobody has read it sooner, and the desk knows.
    await asyncio.sleep(LEAST_S)
    await tab_to(page, '.decide a[data-key="r"]')
    await page.keyboard.press("Enter")
    await expect(page.locator("#reject input[name=reason]").first).to_be_focused()
    await page.keyboard.press("Space")
    await tab_to(page, "#reject textarea")
    await page.keyboard.type("Sprawdzone telefonicznie.")
    await tab_to(page, "#reject button[type=submit]")
    async with page.expect_event("load"):
        await page.keyboard.press("Enter")
    await expect(page.locator(".queue li a", has_text="Pralnia Zielona")).to_have_count(0)
    person.assert_quiet()
