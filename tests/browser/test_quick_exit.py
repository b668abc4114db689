"""The way out of the finder while it is asked for help for those who may be watched."""

from playwright.async_api import Route, expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.small_set import SmallSet
from tests.browser.test_finder_map import opened

OUT = "a[data-quick-exit]"
HARMLESS = "https://en.wikipedia.org/"
#: The address of the script that has come with the list.
READ = "performance.getEntriesByType('resource').map((e) => e.name).find((name) => /\\/exit-\\w+\\.js$/.test(name))"


async def test_the_way_out_comes_and_goes_with_the_question_and_does_not_lead_back(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=PHONE, service_workers="block")
    page = await opened(person, "service=legal_advice", "en")
    await page.context.route(HARMLESS, _harmless)
    await expect(page.locator(OUT)).to_have_count(0)
    await page.locator("#q").fill("przemoc")
    await page.locator("#q").press("Enter")
    await expect(page.locator(OUT)).to_be_in_viewport()
    assert "violence" not in (await page.title()).lower()
    # However far the list is scrolled.
    await page.locator(".more > :last-child").scroll_into_view_if_needed()
    await expect(page.locator(OUT)).to_be_in_viewport()
    # An import is done when the script has run.
    script = await (await page.wait_for_function(READ)).json_value()
    await page.evaluate("(script) => import(script)", script)
    pages = await page.evaluate("history.length")
    await page.locator(OUT).click()
    await page.wait_for_url(HARMLESS)
    assert await page.evaluate("history.length") == pages


async def _harmless(route: Route) -> None:
    await route.fulfill(content_type="text/html", body="<title>Wikipedia</title>")
