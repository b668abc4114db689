"""What a screen reader is told: a place found and its phone read by roles and names alone, in Ukrainian; forced colours."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.small_set import TOWN_BOX, SmallSet
from tests.browser.test_accessibility import OVERFLOW

pytestmark = pytest.mark.browser


async def test_a_place_is_found_and_its_phone_read_by_roles_and_names(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    reader = await visitor(viewport=PHONE, locale="uk-UA")
    page = await reader.page()
    await page.goto(f"{reader.address}/uk/?bbox={TOWN_BOX}")
    for landmark in ("banner", "main", "search"):
        await expect(page.get_by_role(landmark).first).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_count(1)
    await page.get_by_role("heading", level=2).get_by_role("link", name="Кухня «Під каштаном»").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Кухня «Під каштаном»")
    phone = page.get_by_role("main").get_by_role("link", name="17 555 01 23", exact=True)
    await expect(phone).to_have_attribute("href", "tel:+48175550123")
    await expect(page.get_by_role("main")).to_match_aria_snapshot("""
        - article:
          - heading "Кухня «Під каштаном»" [level=1]
          - region "Де це":
            - heading "Де це" [level=2]
        """)
    reader.assert_quiet()


async def test_public_pages_in_forced_colours_narrow_and_with_large_text(
    small_set: SmallSet, visitor: MakeVisitor, axe: Callable[[Page], Awaitable[list[str]]]
) -> None:
    """320 pixels are 1280 at 400 %."""
    ids = ",".join(path.split("/")[2] for path in (small_set.kitchen, small_set.helpline))
    kitchen = "/".join(small_set.kitchen.split("/")[:3])
    reader = await visitor(
        viewport={"width": 320, "height": 640}, forced_colors="active", reduced_motion="reduce"
    )
    page = await reader.page()
    found = []
    for path in (
        *(f"?bbox={TOWN_BOX}", kitchen[1:], f"{kitchen[1:]}/slip.html", "table", f"compare?ids={ids}"),
        *("day?near=22.0,50.04&need=food_parcels&need=primary_care", "lists", "offline", "accessibility"),
        *("add", "no-such-page"),
    ):
        await page.goto(f"{reader.address}/pl/{path}")
        await reader.at_rest(page)
        found += [
            f"{path}: {problem}" for problem in await axe(page) if not problem.startswith("target-size")
        ]
        if (over := await page.evaluate(OVERFLOW)) > 0:
            found.append(f"{path}: {over} px too wide")
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        if (over := await page.evaluate(OVERFLOW)) > 0 and not re.match("slip|.*slip", path):
            found.append(f"{path}: {over} px too wide with large text")
        small = await page.evaluate(
            "() => [...document.querySelectorAll('summary')].filter(s => s.checkVisibility() && s.getBoundingClientRect().height < 43.5)"
            ".map(s => s.outerHTML.slice(0, 90))"
        )
        found += [f"{path}: small {summary}" for summary in small]
    assert not found, "\n".join(found)
    reader.assert_quiet()
