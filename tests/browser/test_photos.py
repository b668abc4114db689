"""A photo from a phone: chosen in the form, looked at by a moderator, seen on the page of the place."""

import asyncio
import time

import pytest
from playwright.async_api import FilePayload, Page, expect

from app.desk.shown import LEAST_S
from app.forms.started import SHORTEST_S
from tests.browser.conftest import PHONE, Installation, MakeVisitor, link_in
from tests.photos import jpeg

NAME = "Punkt ze zdjęciem"
EMAIL = "zdjecie@example.org"
SAID = "Wejście od podwórza, z podjazdem"

pytestmark = pytest.mark.browser


async def _press(page: Page, value: str) -> None:
    async with page.expect_event("load"):
        await page.locator(f'main button[value="{value}"]:not(.hush)').click()


async def _is_drawn(page: Page, selector: str) -> None:
    """Wait until a picture is there with its pixels."""
    await expect(page.locator(selector)).to_be_visible()
    await page.locator(selector).scroll_into_view_if_needed()
    await page.wait_for_function("one => document.querySelector(one).naturalWidth > 0", arg=selector)


async def test_a_photo_is_chosen_looked_at_and_seen(  # noqa: PLR0915 - one story, told from beginning to end
    installation: Installation, visitor: MakeVisitor
) -> None:
    address, began = installation.address, time.monotonic()
    submitter = await visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    page = await submitter.page()
    await page.goto(f"{address}/pl/add/aid_points")
    await page.fill('input[name="name"]', NAME)
    await page.locator('details:has(input[value="hot_meals"]) > summary').first.click()
    await page.locator('label:has(input[value="hot_meals"])').click()
    await _press(page, "next")
    await page.fill('[name="address.city"]', "Kielce")
    await page.fill('[name="position"]', "50.8703, 20.6275")
    await page.locator('label:has(input[name="hours.kind"][value="always"])').click()
    # One that is too large is not even sent, and the page says so at once.
    big = FilePayload(name="duze.jpg", mimeType="image/jpeg", buffer=bytes(9 * 1024 * 1024))
    await page.set_input_files('input[type="file"]', big)
    await expect(page.locator("[data-photo-said]")).to_contain_text("9 MB")
    await expect(page.locator("[data-photo-said]")).to_contain_text("mniejsze")
    assert await page.input_value('input[type="file"]') == ""
    sent = FilePayload(name="wejscie.jpg", mimeType="image/jpeg", buffer=jpeg(1600, 1200))
    await page.set_input_files('input[type="file"]', sent)
    await expect(page.locator("[data-photo-said]")).to_contain_text("kB")
    await page.fill('[name="photos.said"]', SAID)
    await _press(page, "add:photos")
    await _is_drawn(page, ".photo-row img")
    await expect(page.locator('[name="photos.0.alt"]')).to_have_value(SAID)
    await _press(page, "next")
    await page.locator('label:has(input[name="languages"][value="pl"])').first.click()
    await _press(page, "next")
    await page.fill('[name="phones.0.value"]', "41 344 55 66")
    await _press(page, "next")
    await expect(page.locator(".check")).to_contain_text(SAID)
    await page.fill('[name="email"]', EMAIL)
    # Nobody fills this in within four seconds, and the form knows.
    await asyncio.sleep(max(0.0, SHORTEST_S + 1 - (time.monotonic() - began)))
    await _press(page, "send")
    await page.goto(link_in(await asyncio.to_thread(installation.mail.wait_for, EMAIL, "/pl/confirm/")))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").first.click()

    link = await installation.link_for("zdjecia-desk@example.org")
    moderator = await visitor()
    desk = await moderator.page()
    await desk.goto(link)
    async with desk.expect_event("load"):
        await desk.locator("main form button[type=submit]").click()
    await desk.goto(f"{address}/desk")
    async with desk.expect_event("load"):
        await desk.get_by_role("link", name=NAME).click()
    picture = f'.review figure img[alt="{SAID}"]'
    await _is_drawn(desk, picture)
    shown = await desk.locator(picture).bounding_box()
    assert shown
    assert shown["width"] > 300
    await asyncio.sleep(LEAST_S)
    async with desk.expect_event("load"):
        await desk.locator("form#approve button").click()

    reader = await visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    read = await reader.page()
    await read.goto(f"{address}/pl/?q=punkt+ze+zdjeciem")
    found = read.locator("li.hit", has_text=NAME).get_by_role("link", name=NAME, exact=True)
    await read.goto(f"{address}{await found.get_attribute('href')}")
    seen = f'.photos img[alt="{SAID}"]'
    # Its room is kept before it comes, so that nothing moves.
    box = await read.locator(seen).bounding_box()
    assert box
    assert abs(box["width"] / box["height"] - 4 / 3) < 0.02
    await _is_drawn(read, seen)
    for person in (submitter, moderator, reader):
        person.assert_quiet()
