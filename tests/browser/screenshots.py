"""`./run screenshots`: the pictures of the README, from a fresh installation with its example data.

Each page on a phone and on a desktop, in Polish and in Ukrainian, into `docs/images`.
"""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from playwright.async_api import Browser, Page, StorageState

from tests.browser.chromium import system_chromium

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": (1280, 800), "phone": (360, 740)}
LANGUAGES = {"pl": "pl-PL", "uk": "uk-UA"}
SETTLE_MS = 1500


@dataclass(frozen=True, slots=True)
class Started:
    """An installation that runs: its address, the one-time link to its desk, and where its data is."""

    address: str
    link: str
    folder: Path


@contextlib.contextmanager
def installation(more: Mapping[str, str]) -> Iterator[Started]:
    """Start everything in a folder of its own, with `more` settings.

    By a name: for an address of numbers there are no passkeys.
    """
    with tempfile.TemporaryDirectory(prefix="pomapa-screenshots-") as folder:
        own = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE_")}
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--data", folder, "--host", "localhost", "--port", "0", "--demo"],
            cwd=ROOT, env={**own, **more}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said = ""
        try:
            assert process.stdout is not None
            for line in process.stdout:
                said += line
                if "sign-in" in line:
                    break
            address = re.search(r"Pomapa is at (\S+?)/ ", said)
            link = re.search(r"https?://\S+/desk/sign-in/\S+", said)
            if address is None or link is None:
                sys.exit(f"The installation did not start:\n{said}")
            # Its log goes on: a pipe that nobody reads is full after some hundred pages, and whoever writes then waits.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield Started(address[1], link[0], Path(folder))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


async def take(browser: Browser, started: Started) -> None:
    """Take every picture."""
    address = started.address
    desk_state = await signed_in(browser, started.link)
    for device, (width, height) in SIZES.items():
        for language, locale in LANGUAGES.items():
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                device_scale_factor=2 if device == "phone" else 1,
                storage_state=desk_state,
                has_touch=device == "phone",
            )
            page = await context.new_page()
            name = f"{{}}-{device}-{language}.png"
            await page.goto(f"{address}/{language}/?q=Kielce")
            await _picture(page, name.format("finder"))
            place = await page.locator("li.hit h2 a").first.get_attribute("href")
            await page.goto(f"{address}{place}")
            await _picture(page, name.format("feature"))
            await page.goto(f"{address}/{language}/add/aid_points")
            await _picture(page, name.format("form"))
            # The desk speaks the language that the browser asks for.
            await page.goto(f"{address}/desk")
            if device == "desktop":
                await page.locator(".queue li a").first.click()
                await page.wait_for_load_state()
            await _picture(page, name.format("desk"))
            await context.close()


async def signed_in(browser: Browser, link: str) -> StorageState:
    """Give what a browser keeps that has opened the desk by a one-time link."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(link)
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    state = await context.storage_state()
    await context.close()
    return state


async def _picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(SETTLE_MS)
    await page.screenshot(path=IMAGES / name)
    print(f"docs/images/{name}")


async def take_in(
    taking: Callable[[Browser, Started], Awaitable[None]], more: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Start, take the pictures, stop. `more` are further settings."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with installation(more) as started:
        async with system_chromium() as browser:
            await taking(browser, started)


if __name__ == "__main__":
    asyncio.run(take_in(take))
