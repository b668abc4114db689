"""The same inspection of what visitors tell about places: still true, wrong, missing; and of what the desk makes of it."""

import asyncio
import time

import pytest
from playwright.async_api import Locator, Page, expect

from app.accounts.roles import Role
from app.pages import missing, reporting, suggestion
from tests.browser.conftest import Installation, link_in
from tests.browser.small_set import SmallSet
from tests.browser.test_accessibility import Inspector, inspector

__all__ = ["inspector"]
pytestmark = pytest.mark.browser


STILL_TRUE = 'main form[action$="/still-true"]'


async def _press(page: Page, button: Locator) -> None:
    async with page.expect_event("load"):
        await button.click()


async def _filled_in_since(opened: float, shortest_s: float) -> None:
    """Take the time that a person takes at least: what is sent faster is taken for a robot's.

    `opened` is when the page was there: on a busy machine the server may have written it long after it was asked for.
    """
    await asyncio.sleep(max(0.0, shortest_s + 0.2 - (time.monotonic() - opened)))


async def _send(page: Page) -> None:
    await _press(page, page.locator("main .form-end button"))


async def _sign_in(page: Page, installation: Installation, role: str) -> None:
    await page.goto(await installation.link_for(f"telling-{role}@example.org", Role(role)))
    await _press(page, page.locator("main form button[type=submit]"))


async def test_what_visitors_tell_and_what_the_desk_sees(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    page, lang = inspector.page, inspector.lang
    place = small_set.shelter.rpartition("/")[2]
    await _still_true(inspector, small_set.shelter, place)
    await _missing(inspector)
    await inspector.open(f"/{lang}/report/{place}", "report")
    opened = time.monotonic()
    await page.locator('label:has(input[name="reason"])').first.click()
    await page.fill('textarea[name="body"]', "Otwarte tylko do 20.")
    await _filled_in_since(opened, reporting.SHORTEST_S)
    await _send(page)
    assert page.url.partition("?")[0].endswith("/sent")
    await inspector.inspect("report, sent")

    await _sign_in(page, installation, "moderator")
    await inspector.open("/desk/confirmations", "desk, confirmed")
    await expect(page.locator(".review .box")).not_to_have_count(0)
    await inspector.open("/desk/missing?days=30", "desk, not found")
    await expect(page.locator(".review .box blockquote").first).to_be_visible()
    await inspector.open("/desk/reports", "desk, reports")
    await _press(page, page.locator(".queue a").first)
    await inspector.inspect("desk, report")
    await page.locator('label:has(input[name="outcome"][value="done"])').click()
    await _press(page, page.locator("form[action$='/resolve'] button"))
    await inspector.inspect("desk, report without a note")
    await page.fill('textarea[name="note"]', "Godziny poprawione.")
    await _press(page, page.locator("form[action$='/resolve'] button"))
    for state in ("resolved", "all"):
        await inspector.open(f"/desk/reports?state={state}", f"desk, reports {state}")
    await expect(page.locator(".queue li")).not_to_have_count(0)
    await _press(page, page.locator(".queue a").first)
    await inspector.inspect("desk, report resolved")
    inspector.conclude()


async def _still_true(inspector: Inspector, path: str, place: str) -> None:
    page, lang = inspector.page, inspector.lang
    await inspector.open(f"/{lang}/report/{place}/still-true", "still true")
    await page.locator(f'{STILL_TRUE} [name="revision"]').evaluate("field => { field.value = '999' }")
    await _press(page, page.locator(f"{STILL_TRUE} button"))
    await inspector.inspect("still true of something else")
    await page.goto(f"{inspector.visitor.address}/{lang}{path}")
    await _press(page, page.locator(f"{STILL_TRUE} button"))
    await inspector.inspect("still true, said")


async def _missing(inspector: Inspector) -> None:
    page, lang = inspector.page, inspector.lang
    await inspector.open(f"/{lang}/missing?service=laundry&audience=refugees&q=pralka", "missing")
    await inspector.open(f"/{lang}/missing", "missing, of nothing")
    opened = time.monotonic()
    await _send(page)
    await inspector.inspect("missing, with a problem")
    await page.fill('[name="searched"]', "pralka")
    await page.fill('[name="body"]', "Pralka czynna wieczorem, blisko dworca.")
    await _filled_in_since(opened, missing.SHORTEST_S)
    await _send(page)
    assert page.url.partition("?")[0].endswith("/sent")
    await inspector.inspect("missing, sent")


async def test_the_rest_of_the_desk(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    await _sign_in(inspector.page, installation, "moderator")
    for path in ("published", "inbox", "statistics", "statistics?days=365"):
        await inspector.open(f"/desk/{path}", f"desk, {path}")
    place = small_set.kitchen.rpartition("/")[2]
    await inspector.open(f"/desk/published/{place}", "desk, a place")
    for box in await inspector.page.locator("main details > summary").all():
        await box.click()
    await inspector.inspect("desk, a place with its forms")
    await _sign_in(inspector.page, installation, "administrator")
    for path in ("audit", "audit?kind=feature&since=nonsense"):
        await inspector.open(f"/desk/{path}", f"desk, {path}")
    inspector.conclude()


async def test_a_suggested_change(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    page, lang, address = inspector.page, inspector.lang, installation.address
    place = small_set.helpline.rpartition("/")[2]
    email = f"telling.{lang}@example.org"
    await page.goto(f"{address}/{lang}/suggest/{place}")
    opened = time.monotonic()
    await page.fill('[name="email"]', "nobody")
    await _send(page)
    await inspector.inspect("suggestion with a problem")
    await page.fill('[name="email"]', email)
    await page.locator("details:has([name='name']) > summary").click()
    await page.fill('[name="name"]', f"Telefon w kryzysie {lang}")
    await _filled_in_since(opened, suggestion.SHORTEST_S)
    await _send(page)
    await inspector.inspect("suggestion, sent")
    link = link_in(await asyncio.to_thread(installation.mail.wait_for, email, installation.address))
    await page.goto(link)
    await inspector.inspect("suggestion, to confirm")
    await _press(page, page.locator("main form button[type=submit]"))
    await inspector.inspect("suggestion, its state")
    await _sign_in(page, installation, "moderator")
    await _press(page, page.locator(".queue a", has_text=f"Telefon w kryzysie {lang}").first)
    await inspector.inspect("desk, a change")
    inspector.conclude()


async def test_states_of_the_finder_and_of_a_place(small_set: SmallSet, inspector: Inspector) -> None:
    page, home = inspector.page, f"/{inspector.lang}/"
    await page.goto(f"{inspector.visitor.address}{home}?bbox=21.997,50.0265,21.999,50.0275")
    await page.locator("#map .spot, #map button.pin").first.dispatch_event("click")
    await page.get_by_role("dialog").get_by_role("link").first.wait_for()
    await inspector.inspect("finder with the list of a spot")
    corners = "21.97,50.02;22.03,50.02;22.03,50.055"
    await inspector.open(f"{home}?within={corners}&sort=open", "finder of a drawn area")
    await inspector.open(f"{home}?place=nowhere-at-all&area_name=Qqqqq", "finder, an area that is not known")
    await inspector.open(f"{home}?page=99", "finder, beyond the last page")
    await page.goto(inspector.visitor.address + home)
    await page.locator("#q").press_sequentially("kuch")
    await page.get_by_role("option").first.wait_for()
    await inspector.inspect("finder with suggestions")
    await page.goto(f"{inspector.visitor.address}/{inspector.lang}{small_set.kitchen}")
    await page.locator("details.past > summary").click()
    await inspector.inspect("place with its history")
    day = f"/{inspector.lang}/day"
    await inspector.open(f"{day}?need=", "day")
    await inspector.open(f"{day}?near=22.0,50.04&need=food_parcels&need=primary_care", "day, planned")
    await inspector.open(f"/{inspector.lang}/offline", "offline")
    inspector.conclude()
