"""The whole way of a claim: from the page of a place to a code in a mail, a moderator, and a place that is theirs; every page readable."""

import asyncio
import re
import uuid

from playwright.async_api import Locator, Page, expect

from app.accounts.memberships import Seat
from app.accounts.models import Membership, User
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from tests.browser.conftest import Installation
from tests.browser.small_set import SmallSet
from tests.browser.test_accessibility import Inspector, inspector

__all__ = ["inspector"]

KITCHEN = "kasztan@example.org"
TABLE = """id,name,services,city,lat,lng,hours
,Nowa stołówka,hot_meals,Kielce,50.8712,20.6345,Mo-Fr 12:00-15:00
,Punkt bez miejsca,hot_meals,,,,kiedy się uda
example,Przykład,hot_meals,,,,
"""


async def _press(page: Page, what: Locator) -> None:
    async with page.expect_navigation():
        await what.click()


async def _member_link(installation: Installation, organisation: str, email: str) -> str:
    """Let somebody belong to an organisation, and give their link."""
    database = Database(installation.urls.app, installation.urls.reader)
    try:
        async with session(database) as s:
            user = User(email=email, name="Oksana", language="pl")
            s.add(user)
            await s.flush()
            s.add(Membership(user_id=user.id, organisation_id=uuid.UUID(organisation), role=Seat.ADMIN))
        async with session(database) as s:
            token = await make_one_time_link(s, email)
    finally:
        await database.dispose()
    return f"{installation.address}/desk/sign-in/link#{token}"


async def _look_at_table(inspector: Inspector, theirs: str) -> None:
    """Upload a table of many places; nothing of it is sent."""
    page = inspector.page
    await inspector.open(f"{theirs}/table", "a table of theirs")
    await page.set_input_files("#file", {"name": "a.csv", "mimeType": "text/csv", "buffer": TABLE.encode()})
    await _press(page, page.locator('[name="action"][value="upload"]'))
    await expect(page.locator('[name="name-2"]')).to_have_value("Punkt bez miejsca")
    await inspector.inspect("rows of a table of theirs")


async def test_an_organisation_claims_a_place_and_a_moderator_makes_sure(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    page, lang = inspector.page, inspector.lang
    organisation = small_set.organisation.rpartition("/")[2]
    place = small_set.kitchen.rpartition("/")[2]
    await page.goto(await _member_link(installation, organisation, f"claims.{lang}@example.net"))
    await _press(page, page.locator("main form button[type=submit]"))
    theirs = f"/desk/organisations/{organisation}"
    await inspector.open(f"{theirs}/add", "a new place of theirs")
    await _look_at_table(inspector, theirs)
    await inspector.open(f"{theirs}/entries/{organisation}/change", "a change of theirs")
    await page.goto(f"{installation.address}/{lang}{small_set.kitchen}")
    await _press(page, page.locator('a[href^="/desk/claim?place="]'))
    await inspector.inspect("this is ours")
    await _press(page, page.locator('form:has([name="place"]) button'))
    await inspector.inspect("this is ours, without a reason")
    await page.fill('[name="reason"]', "Gotujemy tam od 2019 roku.")
    await _press(page, page.locator('form:has([name="place"]) button'))
    await _press(page, page.locator('form:has([value="code"]) button'))
    await inspector.inspect("this is ours, with a code to be typed")
    mail = await asyncio.to_thread(installation.mail.wait_for, KITCHEN, f"/report/{place}")
    codes = re.findall(r"^[a-z2-9]{5}-[a-z2-9]{5}$", mail.replace("\r", ""), re.MULTILINE)
    await page.fill('[name="typed"]', "aaaaa-aaaaa")
    await _press(page, page.locator('form:has([name="typed"]) button'))
    await page.fill('[name="typed"]', codes[0].upper())
    await _press(page, page.locator('form:has([name="typed"]) button'))
    await expect(page.locator('[name="typed"]')).to_have_count(0)
    await inspector.open(f"{theirs}/claims", "claims of theirs")

    await page.goto(await installation.link_for(f"claims-{lang}@example.org"))
    await _press(page, page.locator("main form button[type=submit]"))
    await inspector.open("/desk/claims", "desk, claims")
    await _press(page, page.locator(".queue a").first)
    await inspector.inspect("desk, a claim")
    await page.locator('input[name="way"]').first.focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await inspector.inspect("desk, a claim that is approved")
    await expect(page.locator('form[action$="/undo"]')).to_be_visible()
    claim = page.url
    await page.goto(f"{installation.address}/{lang}{small_set.kitchen}")
    await expect(page.locator(f'.place-head a[href*="{organisation}"]')).to_be_visible()
    await page.goto(claim)
    await page.fill('form[action$="/undo"] textarea', "To jednak nie oni.")
    await _press(page, page.locator('form[action$="/undo"] button'))
    await inspector.open(f"/desk/published/{organisation}/verification", "desk, a verified organisation")
    inspector.conclude()
