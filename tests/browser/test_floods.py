"""While very many send: a person with a browser notices a sentence, whoever they are (SECURITY E3)."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import text

from app.db import Database
from app.localdb import ClusterUrls
from app.web.rate_limit import TAKE, ClientKeys, Limit, daily_key
from app.web.sent_often import EVERYBODY
from tests.browser.conftest import PHONE, Installation, MakeVisitor
from tests.browser.small_set import SmallSet

pytestmark = pytest.mark.browser

WORKING = "Your browser works something out"
DONE = "The check is done"


async def use_up(urls: ClusterUrls, secret: str, times: int) -> None:
    """As if others had just sent all reports that may be sent, with a proof and without."""
    database = Database(urls.app, urls.reader)
    try:
        async with database.write.begin() as connection:
            keys, daily = ClientKeys(secret), await daily_key(connection)
            for name, most in (("report", times), ("report-unproved", times // 4)):
                limit = Limit(f"{name}-everybody", most, 3600)
                key = keys.key(limit, EVERYBODY, daily)
                once = {"key": key, "interval_s": limit.interval_s, "period_s": limit.period_s}
                for _ in range(most):
                    await connection.execute(TAKE, once)
    finally:
        await database.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def flood(installation: Installation) -> AsyncIterator[None]:
    environment = installation.environment
    await use_up(installation.urls, environment["SECRET_KEY"], int(environment["PROOF_ABOVE_PER_HOUR"]))
    yield
    database = Database(installation.urls.app, installation.urls.reader)
    async with database.write.begin() as connection:
        await connection.execute(text("DELETE FROM core.rate_limit"))
    await database.dispose()


async def test_e3_a_person_sends_by_keyboard_while_very_many_send(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor, flood: None, axe: Any
) -> None:
    person = await visitor(viewport=PHONE)
    page = await person.page()
    await page.goto(f"{installation.address}/en/report/{small_set.kitchen_id}")
    words = page.locator("[data-working]")
    assert await words.get_attribute("role") == "status"
    await expect(words).to_contain_text(DONE)
    assert await axe(page) == []
    if folder := os.environ.get("POMAPA_PICTURES"):
        for language in ("pl", "uk"):
            for scheme in ("light", "dark"):
                for width, height in ((360, 740), (1280, 800)):
                    await page.emulate_media(color_scheme=scheme)
                    await page.set_viewport_size({"width": width, "height": height})
                    await page.goto(f"{installation.address}/{language}/report/{small_set.kitchen_id}")
                    await page.locator("[data-working]").scroll_into_view_if_needed()
                    await page.screenshot(path=f"{folder}/proof-{language}-{scheme}-{width}.png")
        await page.goto(f"{installation.address}/en/report/{small_set.kitchen_id}")
    await page.check('input[name="reason"][value="unsafe"]')
    await expect(words).to_contain_text(DONE)
    # Nobody fills in a form faster than this; until then it would be taken for a robot's.
    opened = await page.evaluate("Date.now()")
    await page.wait_for_function("opened => Date.now() - opened > 3000", arg=opened)
    await page.locator('main form button[type="submit"]').last.focus()
    async with page.expect_request(lambda request: request.method == "POST") as sent:
        await page.keyboard.press("Enter")
    assert "proof=ey" in ((await sent.value).post_data or "")
    await page.wait_for_url("**/sent?reason=unsafe")
    person.assert_quiet()


async def test_e3_who_sends_before_the_check_is_done_need_not_send_again(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor, flood: None
) -> None:
    person = await visitor()
    page = await person.page()
    # The check is held until it was pressed: no machine is too fast for this.
    await page.add_init_script(
        """const port = MessagePort.prototype, post = port.postMessage;
           window.held = [];
           port.postMessage = function (...said) { window.held.push(() => post.apply(this, said)); };
           window.go = () => { port.postMessage = post; for (const run of window.held) run(); };
           const clock = performance.now.bind(performance);
           let passed = 0;
           performance.now = () => clock() + (passed += 1000);"""
    )
    await page.goto(f"{installation.address}/en/report/{small_set.kitchen_id}")
    await page.check('input[name="reason"][value="unsafe"]')
    await page.wait_for_function("() => window.held.length > 0")
    await expect(page.locator("[data-working]")).to_contain_text(WORKING)
    opened = await page.evaluate("Date.now()")
    await page.wait_for_function("opened => Date.now() - opened > 3000", arg=opened, polling=100)
    await page.locator('main form button[type="submit"]').last.click()
    assert page.url.endswith(small_set.kitchen_id)
    async with page.expect_request(lambda request: request.method == "POST") as sent:
        await asyncio.gather(page.wait_for_url("**/sent?reason=unsafe"), page.evaluate("window.go()"))
    # It went once, and with what the browser had worked out by then.
    assert "proof=ey" in ((await sent.value).post_data or "")
    person.assert_quiet()


async def test_without_script_the_form_says_how_it_is(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor, flood: None
) -> None:
    person = await visitor(java_script_enabled=False)
    page = await person.page()
    await page.goto(f"{installation.address}/en/report/{small_set.kitchen_id}")
    await expect(page.locator("[data-proof]")).to_contain_text(
        "A browser without script can send one form an hour now."
    )
