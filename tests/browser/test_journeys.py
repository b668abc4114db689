"""Somebody on a cheap phone, in their own language: help in three taps, also where the network hardly carries anything."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, Installation, MakeVisitor, Visitor
from tests.browser.small_set import TOWN_BOX, SmallSet

pytestmark = pytest.mark.browser

KITCHEN = "Кухня «Під каштаном»"
#: "Slow 3G" of Chromium's tools: bytes a second and milliseconds a round trip.
SLOW = {"offline": False, "downloadThroughput": 50_000, "uploadThroughput": 50_000, "latency": 400}
#: What a phone may fetch until the map has its first pin (PERFORMANCE P9), body bytes over the wire.
MOST_BYTES = 170_000
MOST_SCRIPTS = 10


async def phone(visitor: MakeVisitor) -> tuple[Visitor, Page]:
    person = await visitor(viewport=PHONE, locale="uk-UA", has_touch=True, is_mobile=True)
    return person, await person.page()


async def test_help_in_three_taps(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person, page = await phone(visitor)
    # The browser's language is the visitor's: nothing has to be chosen first.
    await page.goto(f"{person.address}/?bbox={TOWN_BOX}")
    assert "/uk/" in page.url
    await page.goto(f"{person.address}/uk/?bbox={TOWN_BOX}")
    await page.locator('.filters [data-value="family:food"]').tap()
    row = page.locator("li.hit", has_text=KITCHEN)
    await expect(row).to_be_visible()
    await expect(page.locator("li.hit")).to_have_count(1)
    await row.get_by_role("link", name=KITCHEN, exact=True).tap()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    # It is at hand at the lower edge, however long the page is.
    call = page.locator('.stick a[href="tel:+48175550123"]')
    await expect(call).to_be_in_viewport()
    box = await call.bounding_box()
    assert box
    assert box["height"] >= 44
    # What the third tap calls is the number of this place; nothing was asked of the visitor on the way.
    assert await page.locator("dialog[open], [role=alertdialog]").count() == 0
    person.assert_quiet()


async def test_the_row_itself_calls_in_two(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person, page = await phone(visitor)
    await page.goto(f"{person.address}/uk/?bbox={TOWN_BOX}")
    await page.locator('.filters [data-value="family:food"]').tap()
    call = page.locator("li.hit", has_text=KITCHEN).get_by_role(
        "link", name=re.compile("Подзвонити|Зателефонувати")
    )
    await expect(call).to_have_attribute("href", "tel:+48175550123")
    person.assert_quiet()


async def test_a_slow_network_brings_the_list_before_the_script(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(
        viewport=PHONE, locale="uk-UA", has_touch=True, is_mobile=True, service_workers="block"
    )
    page = await person.page()
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Network.enable")
    await devtools.send("Network.emulateNetworkConditions", SLOW)
    order: list[str] = []
    page.on("requestfinished", lambda request: order.append(request.url))
    await page.goto(f"{person.address}/uk/?bbox={TOWN_BOX}", wait_until="commit")
    await expect(page.locator("li.hit", has_text=KITCHEN)).to_be_visible()
    # The list is part of the page: it is there with it, whatever still comes.
    assert not any("/api/v1/tiles/" in url for url in order)
    # A tap on a row counts, however much of the page is still on its way.
    await page.locator("li.hit", has_text=KITCHEN).get_by_role("link", name=KITCHEN, exact=True).tap()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(KITCHEN)
    await expect(page.locator('a[href="tel:+48175550123"]:visible').first).to_be_visible()
    await page.go_back()
    # And in the end all of it is there, the map too.
    await expect(page.locator("#map .pin").first).to_be_visible()
    person.assert_quiet()


async def test_a_filter_works_before_its_script_has_come(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(
        viewport=PHONE, locale="uk-UA", has_touch=True, is_mobile=True, service_workers="block"
    )
    page = await person.page()

    # The script never comes: a network that breaks off after the page.
    await page.route(re.compile(r"/static/.*\.js"), lambda route: route.abort())
    await page.goto(f"{person.address}/uk/?bbox={TOWN_BOX}")
    await page.locator('.filters [data-value="family:food"]').tap()
    await expect(page.locator("li.hit")).to_have_count(1)
    await expect(page.locator("li.hit")).to_contain_text(KITCHEN)
    assert "family" in page.url


async def test_the_first_visit_is_light(
    small_set: SmallSet, installation: Installation, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=PHONE, service_workers="block")
    page = await person.page()
    await page.goto(f"{installation.address}/uk/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    fetched: list[dict[str, Any]] = json.loads(
        await page.evaluate(
            """() => JSON.stringify([...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
               .map(({ name, encodedBodySize }) => ({ name, size: encodedBodySize })))"""
        )
    )
    sizes = {entry["name"]: entry["size"] for entry in fetched}
    assert sum(sizes.values()) < MOST_BYTES, sorted(sizes.items(), key=lambda entry: -entry[1])[:10]
    scripts = [name for name in sizes if name.endswith(".js")]
    assert len(scripts) <= MOST_SCRIPTS, scripts
    # What is asked for beforehand is what is asked for: nothing is fetched twice.
    often = Counter(entry["name"] for entry in fetched)
    assert [name for name, times in often.items() if times > 1] == []
    person.assert_quiet()
