"""The same inspection of every state that a submission and the desk can be in, reached as people reach it."""

import asyncio

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Installation
from tests.browser.small_set import SmallSet, add_waiting
from tests.browser.test_accessibility import Inspector, inspector

__all__ = ["inspector"]
pytestmark = pytest.mark.browser


async def _press(page: Page, selector: str) -> None:
    async with page.expect_event("load"):
        await page.locator(selector).first.click()


async def _sign_in(page: Page, installation: Installation) -> None:
    await page.goto(await installation.link_for("states@example.org"))
    await _press(page, "main form button[type=submit]")


async def _open(page: Page, address: str, name: str) -> str:
    """Open a submission from the queue and give its address."""
    await page.goto(f"{address}/desk")
    async with page.expect_event("load"):
        await page.locator(".queue a", has_text=name).first.click()
    return page.url.split("?")[0]


async def test_every_state_of_a_submission(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    page, address = inspector.page, installation.address
    secret = installation.environment["SECRET_KEY"]
    tokens = {
        name: await asyncio.to_thread(add_waiting, installation.urls, secret, f"{name} {inspector.lang}")
        for name in ("Pytanie", "Odmowa", "Zgoda", "Wycofanie")
    }
    path = {name: f"/{inspector.lang}/status/{token}" for name, token in tokens.items()}
    await _sign_in(page, installation)

    asked = await _open(page, address, f"Pytanie {inspector.lang}")
    await page.locator('.decide a[href$="#ask"]').click()
    await _press(page, "details#ask form button[type=submit]")
    await inspector.inspect("desk, question missing")
    await page.fill('textarea[name="question"]', "Które piętro?")
    await _press(page, "details#ask form button[type=submit]")
    await inspector.inspect("desk, after a question")
    await page.goto(asked)
    await inspector.inspect("desk, waits for the submitter")
    await inspector.open(path["Pytanie"], "status, asked")
    await _press(page, "#answer-form button[type=submit]")
    await inspector.inspect("status, answer missing")
    await inspector.open(f"{path['Pytanie']}/correct", "correcting")
    await page.goto(address + path["Pytanie"])
    await page.fill("#answer-form textarea", "Trzecie.")
    await _press(page, "#answer-form button[type=submit]")
    await inspector.inspect("status, answered")
    await page.goto(asked)
    await inspector.inspect("desk, answered")

    await _open(page, address, f"Odmowa {inspector.lang}")
    await page.locator('.decide a[href$="#reject"]').click()
    await _press(page, "details#reject form button[type=submit]")
    await inspector.inspect("desk, reason missing")
    await page.locator('label:has(input[value="duplicate"])').click()
    await _press(page, "details#reject form button[type=submit]")
    await inspector.inspect("desk, after a rejection")
    await inspector.open(path["Odmowa"], "status, rejected")

    approved = await _open(page, address, f"Zgoda {inspector.lang}")
    other = await inspector.visitor.context.new_page()
    await other.goto(approved)
    await _press(page, 'form[action$="/approve"] button')
    await inspector.inspect("desk, after an approval")
    await _press(other, 'form[action$="/approve"] button')
    inspector.page = other
    await inspector.inspect("desk, somebody was faster")
    inspector.page = page
    await page.goto(approved)
    await inspector.inspect("desk, published")
    await inspector.open(path["Zgoda"], "status, approved")

    await page.goto(f"{address}{path['Wycofanie']}/withdraw")
    await _press(page, "main form button[type=submit]")
    await inspector.inspect("status, withdrawn")
    inspector.conclude()
