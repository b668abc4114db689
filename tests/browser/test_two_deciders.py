"""Two moderators, two people, decide on one submission at the same moment: one decision counts, and the other one is told."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from app.db import Database, session
from app.desk.shown import LEAST_S
from tests.browser.conftest import Installation, MakeVisitor, Visitor
from tests.browser.small_set import add_waiting

pytestmark = pytest.mark.browser

WORDS = "Zamknięte od maja, numer nie odpowiada."


async def _signed_in(installation: Installation, visitor: MakeVisitor, email: str) -> tuple[Visitor, Page]:
    link = await installation.link_for(email)
    person = await visitor()
    desk = await person.page()
    await desk.goto(f"{installation.address}/desk/sign-in/link")
    await desk.locator("form[data-link-form]").wait_for()
    await desk.fill('input[name="token"]', link)
    async with desk.expect_event("load"):
        await desk.locator("main form button[type=submit]").click()
    return person, desk


async def _decisions(installation: Installation, submission: str) -> list[Any]:
    database = Database(installation.urls.app, installation.urls.reader)
    try:
        async with session(database) as s:
            query = (
                "SELECT u.email, a.action FROM core.audit a JOIN core.user u ON u.id = a.actor_id"
                " WHERE a.object_id = :id AND a.action IN ('submission.approved', 'submission.rejected')"
            )
            return [tuple(row) for row in await s.execute(text(query), {"id": submission})]
    finally:
        await database.dispose()


async def test_of_two_who_decide_at_once_one_decides_and_the_other_reads_who_and_keeps_their_words(
    installation: Installation, visitor: MakeVisitor
) -> None:
    secret = installation.environment["SECRET_KEY"]
    await asyncio.to_thread(add_waiting, installation.urls, secret, "Dwoje naraz")
    anna = await _signed_in(installation, visitor, "anna@example.org")
    borys = await _signed_in(installation, visitor, "borys@example.org")
    await anna[1].goto(f"{installation.address}/desk")
    async with anna[1].expect_event("load"):
        await anna[1].locator(".queue li a", has_text="Dwoje naraz").first.click()
    address = anna[1].url
    await borys[1].goto(address)
    submission = re.findall(r"[0-9a-f-]{36}", address)[-1]
    publish = anna[1].locator(".decide form button")
    await borys[1].locator(".decide a.danger").click()
    await borys[1].locator("#reject input[name=reason]").first.check()
    await borys[1].fill("#reject textarea[name=note]", WORDS)
    turn_down = borys[1].locator("#reject button.danger")
    # What was not on the screen long enough to be read is decided on by nobody.
    await asyncio.sleep(LEAST_S)
    await expect(publish).to_be_enabled()
    await expect(turn_down).to_be_enabled()

    async def press(desk: Page, button: Any) -> None:
        async with desk.expect_event("load"):
            await button.click()

    await asyncio.gather(press(anna[1], publish), press(borys[1], turn_down))
    ((first, action),) = await _decisions(installation, submission)
    won, lost, said = (
        (anna, borys, "Published") if first == "anna@example.org" else (borys, anna, "Turned down")
    )
    assert action == ("submission.approved" if won is anna else "submission.rejected")
    await expect(won[1].locator("#problem")).to_have_count(0)
    problem = lost[1].locator("#problem")
    await expect(problem).to_contain_text(f"Decided by {first.partition('@')[0]}")
    await expect(problem).to_contain_text(said)
    await expect(problem).to_contain_text("Your decision was not carried out.")
    if lost is borys:
        await expect(problem.locator("textarea")).to_have_value(WORDS)
    for person, _ in (anna, borys):
        person.assert_quiet()
