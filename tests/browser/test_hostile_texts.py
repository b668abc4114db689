"""Hostile texts in every field stay texts: on every page, in pop-ups, on paper, in files; also where no policy stops script."""

import asyncio
import re

import pytest
import pytest_asyncio
from playwright.async_api import Dialog, Page, expect

from tests.browser.conftest import Installation, MakeVisitor, Visitor
from tests.browser.hostile_contents import HOSTILE, hostile, leave_waiting, organisation, place, publish

pytestmark = pytest.mark.browser


#: What script of the texts would call, and what their markup would have made.
WATCH = "window.hits = []; window.hit = n => window.hits.push(n);"
MADE = """() => [...window.hits, ...[...document.querySelectorAll("[onload], [onerror], img[src=x]")].map(e => e.outerHTML),
  ...[...document.querySelectorAll("a[href], form[action]")].map(e => e.href ?? e.action)
    .filter(address => /^\\s*(javascript|data|vbscript):/i.test(address))]"""
#: Far from what the other modules publish.
BOX = "20.60,50.85,20.66,50.88"


class Watched:
    """Opens pages and sees whether anything of a text came to life on them."""

    def __init__(self, visitor: Visitor, page: Page) -> None:
        self.visitor = visitor
        self.page = page
        self.alive: list[str] = []
        page.on("dialog", self._dialog)

    async def _dialog(self, dialog: Dialog) -> None:
        self.alive.append(f"dialog {dialog.message}")
        await dialog.dismiss()

    async def open(self, path: str, *, shown: bool = True) -> None:
        await self.page.goto(f"{self.visitor.address}{path}")
        await self.look(path, shown=shown)

    async def look(self, where: str, *, shown: bool = True) -> None:
        await self.page.wait_for_load_state("networkidle")
        self.alive += [f"{where}: {found}" for found in await self.page.evaluate(MADE)]
        if shown:
            # The very letters; nothing is worked out in them either.
            await expect(self.page.locator("body"), where).to_contain_text(HOSTILE)

    def conclude(self) -> None:
        assert self.alive == []
        self.visitor.assert_quiet()


@pytest_asyncio.fixture(loop_scope="session", params=[True, False], ids=["policy", "no policy"])
async def watched(request: pytest.FixtureRequest, visitor: MakeVisitor) -> Watched:
    made = await visitor(bypass_csp=not request.param, service_workers="block")
    page = await made.page()
    await page.add_init_script(WATCH)
    return Watched(made, page)


@pytest.fixture(scope="module")
def place_id(installation: Installation) -> str:
    content, taken = hostile("aid_points", place())
    assert taken >= 25
    return publish(installation.urls, "aid_points", content)


@pytest.fixture(scope="module")
def organisation_id(installation: Installation) -> str:
    content, taken = hostile("organisations", organisation())
    assert taken >= 8
    return publish(installation.urls, "organisations", content)


async def test_pages_of_readers(place_id: str, organisation_id: str, watched: Watched) -> None:
    for lang in ("pl", "uk"):
        await watched.open(f"/{lang}/?bbox={BOX}")
        await watched.open(f"/{lang}/aid_points/{place_id}")
        await watched.open(f"/{lang}/aid_points/{place_id}/slip.html")
        await watched.open(f"/{lang}/organisations/{organisation_id}")
    await watched.open("/pl/?layer=organisations")
    await watched.open(f"/pl/table?bbox={BOX}")
    await watched.open(f"/pl/compare?ids={place_id}")
    await watched.open("/en/day?need=hot_meals,food_parcels&near=20.63,50.87&at=23:00&stay=15")
    await watched.page.emulate_media(media="print")
    await watched.open(f"/pl/aid_points/{place_id}")
    watched.conclude()


async def test_the_map_and_what_script_writes(place_id: str, watched: Watched) -> None:
    await watched.open(f"/pl/?bbox={BOX}")
    page = watched.page
    await page.locator("#map a.pin").first.click()
    await expect(page.get_by_role("dialog")).to_contain_text(HOSTILE)
    await watched.look("pop-up")
    await page.keyboard.press("Escape")
    await page.locator("li.hit").first.hover()
    await watched.look("name beside the pin")
    await page.locator("#q").press_sequentially("onload")
    await expect(page.get_by_role("listbox")).to_contain_text(HOSTILE)
    await watched.look("suggestions")
    await page.locator("#q").fill(HOSTILE)
    await page.locator("#q").press("Enter")
    await page.wait_for_url(re.compile("q="))
    await watched.look("what was searched for", shown=False)
    await watched.open(f"/pl/aid_points/{place_id}")
    await page.locator("[data-save] summary").click()
    await page.locator("[data-save] input[type=checkbox]").first.check()
    await watched.open("/pl/lists")
    watched.conclude()


async def test_the_desk(
    installation: Installation, place_id: str, organisation_id: str, watched: Watched
) -> None:
    waiting = [
        await asyncio.to_thread(leave_waiting, installation.urls, layer, hostile(layer, content)[0])
        for layer, content in (("aid_points", place()), ("organisations", organisation()))
    ]
    link = await installation.link_for("hostile@example.org")
    page = watched.page
    await page.goto(f"{watched.visitor.address}/desk/sign-in/link")
    await page.locator("form[data-link-form]").wait_for()
    await page.fill('input[name="token"]', link)
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    await watched.open("/desk")
    for submission in waiting:
        await watched.open(f"/desk/submissions/{submission}")
    for published in (place_id, organisation_id):
        await watched.open(f"/desk/published/{published}")
    watched.conclude()
