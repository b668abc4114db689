"""However a moderator presses, one press decides on one submission: on the one that was read."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from app.desk.shown import LEAST_S
from tests.browser.conftest import Installation, MakeVisitor, Visitor
from tests.browser.small_set import add_waiting

pytestmark = pytest.mark.browser

Desk = tuple[Visitor, Page]
PUBLISH = ".decide form button"


async def _waits(desk: Page) -> int:
    """How many wait: asked of the server, beside the page."""
    answer = await desk.context.request.get(desk.url.split("/desk")[0] + "/desk")
    found = re.search(r'class="badge-count">(\d+)<', await answer.text())
    assert found
    return int(found[1])


@pytest.fixture
def open_desk(installation: Installation, visitor: MakeVisitor) -> Callable[..., Awaitable[Desk]]:
    """Open the oldest of at least two that wait, once it can be decided on."""

    async def run(**options: object) -> Desk:
        link = await installation.link_for("one-decision@example.org")
        person = await visitor(**options)
        desk = await person.page()
        await desk.goto(f"{installation.address}/desk/sign-in/link")
        await desk.locator("form[data-link-form]").wait_for()
        await desk.fill('input[name="token"]', link)
        async with desk.expect_event("load"):
            await desk.locator("main form button[type=submit]").click()
        secret = installation.environment["SECRET_KEY"]
        while await _waits(desk) < 2:
            await asyncio.to_thread(add_waiting, installation.urls, secret, "Czeka na decyzję")
        await desk.goto(f"{installation.address}/desk")
        async with desk.expect_event("load"):
            await desk.locator(".queue li a").first.click()
        await asyncio.sleep(LEAST_S)
        await expect(desk.locator(PUBLISH)).to_be_enabled()
        return person, desk

    return run


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
# Well within the pause of the next page (`LEAST_S`): on a full machine a press arrives later than it was made.
@pytest.mark.parametrize("between_s", [0.1, 0.35, 0.6])
async def test_a_slow_double_click_publishes_one(
    open_desk: Callable[..., Awaitable[Desk]], between_s: float, script: bool
) -> None:
    person, desk = await open_desk(java_script_enabled=script)
    before = await _waits(desk)
    box = await desk.locator(PUBLISH).bounding_box()
    assert box
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await desk.mouse.click(*at)
    await asyncio.sleep(between_s)
    await desk.mouse.click(*at)
    # What was decided is said, or, of the second press, why it was not done: whatever was sent has been answered.
    await expect(desk.locator("#decided, #problem")).to_be_visible()
    # With script a second press does nothing; before that has come, and without it, it is refused, or lost between two pages.
    await desk.wait_for_load_state("networkidle")
    assert await _waits(desk) == before - 1
    person.assert_quiet()


async def test_a_key_that_is_held_publishes_one(open_desk: Callable[..., Awaitable[Desk]]) -> None:
    person, desk = await open_desk()
    await desk.locator("[data-shortcuts]").click()
    await desk.locator(".keys-help [aria-pressed]").click()
    await desk.keyboard.press("Escape")
    before = await _waits(desk)
    await desk.keyboard.down("p")
    await expect(desk.locator("#decided")).to_be_visible()
    # A keyboard repeats some thirty times a second: past the pause of the next page.
    for _ in range(int(1.5 * LEAST_S / 0.03)):
        await desk.keyboard.down("p")
        await asyncio.sleep(0.03)
    await expect(desk.locator(PUBLISH)).to_be_enabled()
    await desk.keyboard.down("p")
    await desk.keyboard.up("p")
    assert await _waits(desk) == before - 1
    # A press of its own decides.
    async with desk.expect_event("load"):
        await desk.keyboard.press("p")
    assert await _waits(desk) == before - 2
    person.assert_quiet()
