"""Somebody of a municipality goes to its sign-in service from the page of signing in, comes back, and disconnects it."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import (
    PHONE,
    ROOT,
    Installation,
    MakeVisitor,
    _free_port,
    _wait_until_it_answers,
)
from tests.sign_in_service import Person, SignInService, running_service

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_tries_before")]


@pytest.fixture
def anna() -> str:
    """Somebody who was never there before: a test that is run again meets nothing of the try before."""
    return f"anna-{uuid.uuid4().hex[:12]}@gdansk.example"


@pytest.fixture
def service(anna: str) -> Iterator[SignInService]:
    """By another name than the map's: what it sends back comes from another website."""
    with running_service(host="localhost", person=Person(subject="a1b2c3", email=anna)) as running:
        yield running


@pytest.fixture
def connected(installation: Installation, service: SignInService) -> Iterator[Installation]:
    """A second web server of the installation, to which a service is known."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = installation.environment | service.settings("gdansk") | {"PUBLIC_URL": address}
    command = [sys.executable, "-m", "app", "web", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        _wait_until_it_answers(f"{address}/healthz")
        yield replace(installation, address=address, environment=environment)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def test_somebody_signs_in_where_they_work(
    connected: Installation, service: SignInService, anna: str, visitor: MakeVisitor, axe: Any
) -> None:
    await asyncio.to_thread(connected.command, "users", "grant", "moderator", anna, "--name", "Anna Nowak")

    async def look(page: Page) -> None:
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    browser = await visitor(locale="pl-PL", viewport=PHONE)
    page = await browser.page()
    await page.goto(f"{connected.address}/desk/sign-in")
    await look(page)
    # By keyboard, and over a page of ours that leads on by itself.
    button = page.locator('form[action="/desk/sign-in/with/gdansk"] button')
    await button.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_title("Gdańsk")
    await page.get_by_role("button").click()
    await expect(page).to_have_url(f"{connected.address}/desk")
    back = next(url for url in reversed(browser.elsewhere) if "/desk/sign-in/from/gdansk" in url)
    text = await asyncio.to_thread(connected.mail.wait_for, anna, "Miasto Gdańsk")
    assert f"{connected.address}/desk/account" in text

    await page.goto(f"{connected.address}/desk/account")
    own = page.locator('section[aria-labelledby="identities"]')
    await expect(own).to_contain_text("Miasto Gdańsk")
    await look(page)
    await own.get_by_role("button").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await expect(own).to_contain_text("Miasto Gdańsk")
    await expect(own.get_by_role("button")).to_have_count(0)
    await look(page)
    # The way back leads in once.
    await page.goto(back)
    await expect(page.locator('a[href="/desk/sign-in"]').first).to_be_visible()
    await look(page)

    # No policy was violated, and of others nobody but the service was asked.
    assert browser.complaints == []
    asked = {url.split("/desk/")[0].split("/authorize")[0] for url in browser.elsewhere}
    assert {one for one in asked if not one.startswith((connected.address, service.address))} == set()
