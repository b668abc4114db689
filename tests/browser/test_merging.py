"""Two entries made one by hand, with and without script: found in the list, chosen field by field, taken back."""

import asyncio
import datetime as dt
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.moderation.duplicates.search import find_everywhere
from app.taxonomy.vocabulary import load_vocabulary
from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor
from tests.browser.small_set import point

pytestmark = pytest.mark.browser

PHONE_NUMBER = {"kind": "phone", "value": "+48178500101"}
MERGE = "main form[action^='/desk/merge/'] button[type=submit]"
UNDO = "form[action$='/undo'] button"
MAIL = {"kind": "email", "value": "kuchnia@example.org"}


async def publish_two(urls: ClusterUrls) -> set[str]:
    """Publish two that are perhaps the same, and give their ids."""
    database = Database(urls.app, urls.reader)
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    layer = LAYERS["aid_points"]
    address = {"street": "Sienkiewicza", "house_number": "1", "city": "Rzeszów", "postcode": "35-001"}
    contents = [
        point("Kuchnia Caritas", "hot_meals", 22.0, 50.04, contacts=[PHONE_NUMBER], address=address),
        point(
            "Кухня Карітас у Ряшеві",
            "hot_meals",
            22.0004,
            50.0401,
            contacts=[PHONE_NUMBER, MAIL],
            hours="24/7",
        ),
    ]
    try:
        async with session(database) as s:
            items = [Item(layer.content.read(content)) for content in contents]
            made = await publish_many(s, setting, layer, items)
        await find_everywhere(database)
        return {str(publication.feature_id) for publication in made}
    finally:
        await database.dispose()


async def _open(installation: Installation, visitor: MakeVisitor, **options: Any) -> Page:
    link = await installation.link_for("merging@example.org")
    desk = await (await visitor(**options)).page()
    await desk.goto(f"{installation.address}/desk/sign-in/link")
    await desk.fill('input[name="token"]', link)
    async with desk.expect_event("load"):
        await desk.locator("main form button[type=submit]").click()
    return desk


async def _listed(installation: Installation, desk: Page) -> Locator:
    """The way to a pair of its own, in the list; other tests leave pairs there too."""
    pair = await asyncio.to_thread(asyncio.run, publish_two(installation.urls))
    await desk.goto(f"{installation.address}/desk/duplicates")
    one, other = pair
    return desk.locator(f"a[href$='/{one}/{other}'], a[href$='/{other}/{one}']").first


async def _leads_to(installation: Installation, desk: Page, feature_id: str) -> tuple[int, str]:
    """What the public address of an entry answers, and where it leads."""
    address = f"{installation.address}/pl/aid_points/{feature_id}"
    answer = await desk.context.request.get(address, max_redirects=0)
    return answer.status, answer.headers.get("location", "")


async def _look(desk: Page, name: str) -> None:
    """Keep a picture where somebody wants to look."""
    if folder := os.environ.get("PICTURES"):
        await desk.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("script", "viewport", "locale", "theme"),
    [(True, DESKTOP, "pl-PL", "light"), (False, PHONE, "uk-UA", "dark")],
    ids=["desktop", "phone without script"],
)
async def test_two_are_made_one_and_two_again(
    installation: Installation,
    visitor: MakeVisitor,
    axe: Callable[[Page], Awaitable[list[str]]],
    script: bool,
    viewport: Any,
    locale: str,
    theme: str,
) -> None:
    desk = await _open(
        installation,
        visitor,
        viewport=viewport,
        locale=locale,
        java_script_enabled=script,
        color_scheme=theme,
    )
    way = await _listed(installation, desk)
    name = f"{locale}-{viewport['width']}"
    await _look(desk, f"{name}-1")
    faults = await axe(desk) if script else []
    kept, gone = str(await way.get_attribute("href")).split("/")[-2:]
    async with desk.expect_event("load"):
        await way.click()
    await _look(desk, f"{name}-2")
    faults += await axe(desk) if script else []
    await expect(desk.locator("input[name=field-contacts][value=both]")).to_be_checked()
    chosen = await desk.locator(f"a[href='/desk/published/{gone}']").inner_text()
    await desk.locator("input[name=field-name][value=loser]").check()
    async with desk.expect_event("load"):
        await desk.locator(MERGE).click()
    await _look(desk, f"{name}-3")
    faults += await axe(desk) if script else []
    await expect(desk.locator(f"a[href='/desk/published/{kept}']")).to_have_text(chosen)
    status, where = await _leads_to(installation, desk, gone)
    assert (status, where.split("/")[3]) == (301, kept)
    async with desk.expect_event("load"):
        await desk.locator(UNDO).click()
    await expect(desk.locator(UNDO)).to_have_count(0)
    for one in (kept, gone):
        status, where = await _leads_to(installation, desk, one)
        # To its own name.
        assert (status, where.split("/")[3]) == (308, one)
    assert faults == []
    if script:
        assert await desk.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


async def test_of_two_moderators_who_press_at_once_one_merges_and_one_is_told(
    installation: Installation, visitor: MakeVisitor
) -> None:
    """Each the other way round: neither entry is lost, and the second one reads why nothing was done."""
    first = await _open(installation, visitor, viewport=DESKTOP)
    second = await _open(installation, visitor, viewport=DESKTOP)
    way = str(await (await _listed(installation, first)).get_attribute("href"))
    kept, gone = way.split("/")[-2:]
    for desk, path in ((first, f"{kept}/{gone}"), (second, f"{gone}/{kept}")):
        await desk.goto(f"{installation.address}/desk/merge/{path}")
        await desk.locator(MERGE).wait_for()

    async def press(desk: Page) -> None:
        async with desk.expect_event("load"):
            await desk.locator(MERGE).click()

    await asyncio.gather(press(first), press(second))
    undo = [await desk.locator(UNDO).count() for desk in (first, second)]
    told = [await desk.locator("main .strip.bad").count() for desk in (first, second)]
    assert sorted(undo) == [0, 1]
    assert told == [1 - count for count in undo]
    won = first if undo[0] else second
    async with won.expect_event("load"):
        await won.locator(UNDO).click()
    await expect(won.locator(UNDO)).to_have_count(0)
