"""A passkey is made, signs in by itself, is the second step after a link, and proves who it is, in a browser that has a device."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.accounts.roles import Role
from tests.browser.conftest import PATIENCE_S, PHONE, ROOT, Installation, MakeVisitor

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_tries_before")]


@pytest.fixture(scope="module")
def address(installation: Installation) -> Iterator[str]:
    """The installation's second web server, under a name: for an address of numbers browsers make no passkeys."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    named = f"http://localhost:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "web", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | installation.environment | {"PUBLIC_URL": named},
        start_new_session=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield named
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


async def use_link(page: Page, installation: Installation, address: str, email: str) -> None:
    link = await installation.link_for(email, Role.ADMINISTRATOR)
    await page.goto(f"{address}/desk/sign-in/link")
    await page.fill('input[name="token"]', link)
    await press(page, "form[data-link-form] button[type=submit]")


async def press(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait for it."""
    async with page.expect_event("load"):
        await page.locator(selector).click()


async def test_a_passkey_is_made_signs_in_and_proves_who_it_is(
    installation: Installation, address: str, visitor: MakeVisitor, axe: Any
) -> None:
    async def look() -> None:
        assert await axe(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    # Somebody who was never there before: whoever has a passkey already is asked for it.
    anna = f"anna-{uuid.uuid4().hex[:12]}@kielce.example"
    guest = await visitor(locale="pl-PL", viewport=PHONE)
    guest.address = address
    page = await guest.page()
    device = await guest.context.new_cdp_session(page)
    await device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    made = await device.send("WebAuthn.addVirtualAuthenticator", {"options": options | able})
    known = {"authenticatorId": made["authenticatorId"]}

    # Made: in the account of whoever came in by a link.
    await use_link(page, installation, address, anna)
    await page.goto(f"{address}/desk/account")
    await look()
    await press(page, 'form[action="/desk/account/passkeys/begin"] button')
    await page.fill('input[name="name"]', "Mój telefon")
    await look()
    await press(page, ".passkey button")
    await expect(page.locator(".paper-codes li")).to_have_count(10)

    # It proves who it is where something changes.
    await page.goto(f"{address}/desk/account")
    await expect(page.get_by_text("Mój telefon")).to_be_visible()
    await look()
    await press(page, 'form[action="/desk/account/recovery-codes"] .passkey button')
    await expect(page.locator(".paper-codes li")).to_have_count(10)

    # It signs in without mail; not while the device does not know its owner.
    await guest.context.clear_cookies()
    await page.goto(f"{address}/desk/sign-in")
    await look()
    await device.send("WebAuthn.setUserVerified", {**known, "isUserVerified": False})
    await page.locator(".passkey button").click()
    await expect(page.locator(".passkey [role=alert]")).to_be_visible()
    await look()
    await device.send("WebAuthn.setUserVerified", {**known, "isUserVerified": True})
    await press(page, ".passkey button")
    await expect(page).to_have_url(f"{address}/desk")

    # And it is the second step after a link.
    await guest.context.clear_cookies()
    await use_link(page, installation, address, anna)
    await expect(page).to_have_url(f"{address}/desk/sign-in/code")
    await look()
    await press(page, ".passkey button")
    await expect(page).to_have_url(f"{address}/desk")
    guest.assert_quiet()
