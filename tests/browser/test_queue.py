"""The queue in a browser: a flood is cleared with few presses and nothing genuine is lost; the pages hold up to axe."""

import os
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from sqlalchemy import text

from app.db import Database, session
from tests.browser.conftest import DESKTOP, PATIENCE_S, PHONE, Installation, MakeVisitor, Visitor
from tests.functional.desk.flood import flood

pytestmark = pytest.mark.browser

Sql = Callable[[Callable[[Any], Awaitable[Any]]], Any]


async def _in_database(installation: Installation, work: Callable[[Any], Awaitable[Any]]) -> Any:
    database = Database(installation.urls.app, installation.urls.reader)
    try:
        async with session(database) as s:
            return await work(s)
    finally:
        await database.dispose()


async def _count(installation: Installation) -> dict[str, int]:
    async def work(s: Any) -> dict[str, int]:
        rows = await s.execute(
            text(
                "SELECT split_part(content #>> '{name,texts,pl}', ' ', 1) || ' ' || state, count(*)"
                " FROM core.submission GROUP BY 1"
            )
        )
        return {row[0]: row[1] for row in rows}

    found: dict[str, int] = await _in_database(installation, work)
    return found


@pytest.fixture
def open_queue(
    installation: Installation, visitor: MakeVisitor
) -> Callable[..., Awaitable[tuple[Visitor, Page]]]:
    async def run(email: str = "queue@example.org", **options: object) -> tuple[Visitor, Page]:
        link = await installation.link_for(email)
        person = await visitor(**options)
        desk = await person.page()
        await desk.goto(f"{installation.address}/desk/sign-in/link")
        await desk.locator("form[data-link-form]").wait_for()
        await desk.fill('input[name="token"]', link)
        async with desk.expect_event("load"):
            await desk.locator("main form button[type=submit]").click()
        await desk.goto(f"{installation.address}/desk")
        return person, desk

    return run


@pytest_asyncio.fixture(loop_scope="session")
async def flooded(installation: Installation) -> None:
    async def work(s: Any) -> None:
        await s.execute(text("DELETE FROM core.submission"))
        await flood(s, 10_000, ago_s=200_000)
        await flood(s, 50, word="Kuchnia", score=-1, ago_s=0)

    await _in_database(installation, work)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_e4_a_moderator_clears_a_flood_in_five_actions_and_loses_nothing(
    installation: Installation,
    flooded: None,
    open_queue: Callable[..., Awaitable[tuple[Visitor, Page]]],
    script: bool,
) -> None:
    person, desk = await open_queue(java_script_enabled=script)
    names = await desk.locator(".queue li a").all_text_contents()
    assert len(names) == 50
    assert all(name.startswith("Kuchnia") for name in names)
    actions, took_ms = 0, 0.0

    async def press(selector: str) -> None:
        nonlocal actions, took_ms
        actions += 1
        async with desk.expect_event("load"):
            await desk.locator(selector).click()
        # From the press to the whole page, decisions and their redirect among it.
        took_ms += await desk.evaluate("performance.getEntriesByType('navigation')[0].duration")

    await press('.views a[href="/desk?risk=high"]')
    await desk.locator('input[name="scope"][value="all"]').check()
    actions += 1
    await press('button[name="act"][value="spam"]')
    assert re.sub(r"\D", "", await desk.locator("h1").inner_text()) == "10000"
    await press('form[action="/desk/bulk/do"] button')
    assert actions == 4
    assert took_ms <= 60_000
    assert await _count(installation) == {"KREDYT spam": 10_000, "Kuchnia pending": 50}
    await press('form[action="/desk/bulk/undo"] button')
    assert await _count(installation) == {"KREDYT pending": 10_000, "Kuchnia pending": 50}
    person.assert_quiet()


async def _is_one_line_at_the_bottom(desk: Page, height: int) -> None:
    """What is done with many takes one line until it is wanted, and is in sight wherever something is ticked."""
    bar, pictures = desk.locator(".bulk-menu"), os.environ.get("POMAPA_PICTURES")
    closed = await bar.bounding_box()
    assert closed
    assert closed["height"] < 60
    if pictures:
        await desk.screenshot(path=f"{pictures}/queue-360.png")
    await desk.locator("input[name=id]").nth(2).check()
    below = await bar.bounding_box()
    assert below
    assert below["y"] + below["height"] == pytest.approx(height, abs=1)
    if pictures:
        await desk.screenshot(path=f"{pictures}/queue-360-ticked.png")
    await bar.locator("summary").click()
    if pictures:
        await desk.screenshot(path=f"{pictures}/queue-360-open.png")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_the_pages_of_the_queue_hold_up_to_axe(
    flooded: None,
    open_queue: Callable[..., Awaitable[tuple[Visitor, Page]]],
    axe: Callable[[Page], Awaitable[list[str]]],
    size: Any,
) -> None:
    person, desk = await open_queue(viewport=size)
    assert await axe(desk) == []
    filters = await desk.locator(".filters").bounding_box()
    assert filters
    assert filters["height"] >= 44
    # The sections are one row, and the one where somebody is, is seen.
    sections = await desk.locator(".desk-sections").bounding_box()
    here = await desk.locator(".desk-sections [aria-current]").bounding_box()
    assert sections
    assert here
    assert sections["height"] < 64
    if size is DESKTOP:
        # With brand, the rest of the sections and who is signed in: all of it is one row.
        bar = await desk.locator(".desk-top").bounding_box()
        assert bar
        assert bar["height"] < 64
    assert sections["x"] <= here["x"] <= here["x"] + here["width"] <= size["width"]
    await desk.goto(desk.url.split("/desk")[0] + "/desk?risk=high&kind=new")
    assert await axe(desk) == []
    width = await desk.evaluate("document.documentElement.scrollWidth")
    assert width <= size["width"]
    if size is PHONE:
        await _is_one_line_at_the_bottom(desk, size["height"])
    await desk.locator("[data-tick-all]").click()
    await expect(desk.locator("input[name=id]:checked")).to_have_count(50)
    async with desk.expect_event("load"):
        await desk.locator('button[name="act"][value="reject"]').click()
    assert await axe(desk) == []
    async with desk.expect_event("load"):
        await desk.locator('form[action="/desk/bulk/do"] button').click()
    assert await axe(desk) == []
    await desk.locator('input[name="reason"]').first.check()
    async with desk.expect_event("load"):
        await desk.locator('form[action="/desk/bulk/do"] button').click()
    assert await axe(desk) == []
    person.assert_quiet()


async def test_who_opens_a_submission_has_it_and_a_colleague_sees_that(
    flooded: None, open_queue: Callable[..., Awaitable[tuple[Visitor, Page]]]
) -> None:
    _, first = await open_queue()
    async with first.expect_event("load"):
        await first.locator(".queue li a").first.click()
    words = "[data-lease-words]"
    await expect(first.locator(words)).to_contain_text("You have this until")
    _, second = await open_queue("colleague@example.org")
    await second.goto(first.url)
    await expect(second.locator(words)).to_contain_text("queue looks at this until")
    # Left, it is free: the page gives it back, in its own time.
    await first.goto(first.url.split("/submissions")[0])
    await second.goto(first.url)
    deadline = time.monotonic() + PATIENCE_S
    while await second.locator(".label.info").count():
        assert time.monotonic() < deadline
        await second.reload()


async def test_what_comes_in_is_told_and_does_not_move_the_list(
    installation: Installation,
    flooded: None,
    open_queue: Callable[..., Awaitable[tuple[Visitor, Page]]],
) -> None:
    _, desk = await open_queue()
    before = await desk.locator(".queue li a").all_text_contents()
    await expect(desk.locator("[data-fresh] a")).to_be_hidden()

    async def come(s: Any) -> None:
        await s.execute(
            text(
                "UPDATE core.submission SET confirmed_at = now() WHERE content #>> '{name,texts,pl}' LIKE 'Kuchnia 5%'"
            )
        )

    await _in_database(installation, come)
    await desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(desk.locator("[data-fresh] a")).to_be_visible()
    assert await desk.locator(".queue li a").all_text_contents() == before
    async with desk.expect_event("load"):
        await desk.locator("[data-fresh] a").click()
    await expect(desk.locator("[data-fresh] a")).to_be_hidden()
