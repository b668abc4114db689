"""Somebody with a normal browser on a cheap phone who suggests a change of a place (SECURITY E3).

A real Chromium, 360×740, its processor slowed six times, nothing kept, each time from an address of its own: a relay on this
machine binds to it, since a browser cannot. They open the form, write another telephone number and their e-mail address, press
the button as soon as they may, press again when the page that comes back asks for it, and are done when they are where their
suggestion is.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from playwright.async_api import Error, Page, Response

from app.pages.suggestion import SHORTEST_S
from benchmarks.first_visit import PHONE
from benchmarks.server import Server
from tests.browser.chromium import system_chromium

SLOWER = 6
#: Whoever presses so often, or waits so long, gives up.
MOST_PRESSES = 8
PATIENCE_S = 60.0

#: Whoever is told that there was no room reads that, and presses again.
AGAIN_S = 1.0
TAKEN = 303

#: What the page before this one wrote down: how long its check took, in seconds.
PROOF_S = """() => {
  const took = sessionStorage.getItem("proof");
  sessionStorage.removeItem("proof");
  return took && Number(took);
}"""
#: When the check began and ended, by the words that say so.
WATCH = """() => {
  addEventListener("DOMContentLoaded", () => {
    const words = document.querySelector("[data-working]");
    if (!words) return;
    // The module that works it out has had its first turn just before.
    const began = performance.now();
    new MutationObserver(() => {
      if (words.textContent === words.dataset.done) sessionStorage.setItem("proof", (performance.now() - began) / 1000);
    }).observe(words, { childList: true, characterData: true, subtree: true });
  });
}"""


@dataclass
class Try:
    """One suggestion: seconds until the form could be used, from the first press until it was taken in, and all in all.

    `proofs_s` are how long the checks took that came to their end before a press, `refusals` what was answered instead.
    """

    opened_s: float = 0.0
    sent_s: float = 0.0
    all_s: float = 0.0
    presses: int = 0
    proofs_s: list[float] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    why: str = ""


class Relay:
    """What the browser talks to: passes each connection on to the server, from the address of whoever it is."""

    def __init__(self, server: Server, port: int) -> None:
        self._server, self._port = server, port
        self.address = "127.4.0.1"

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Listen for the time of the block."""
        listening = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)
        async with listening:
            yield

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            there, to = await asyncio.open_connection(
                "127.0.0.1", self._server.port, local_addr=(self.address, 0)
            )
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(reader, to))
                both.create_task(_copy(there, writer))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(1 << 16):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        with contextlib.suppress(OSError):
            writer.close()


async def try_often(
    server: Server, places: Sequence[str], times: int, told: Callable[[Try], None], *, slower: float = SLOWER
) -> None:
    """Let so many people try, one after the other; `server.host` is where they think it is."""
    relay = Relay(server, int(server.host.rpartition(":")[2]))
    async with relay.open(), system_chromium() as browser:
        for number in range(times):
            relay.address = f"127.4.{number // 250}.{number % 250 + 1}"
            context = await browser.new_context(**PHONE | {"locale": "pl-PL"})
            page = await context.new_page()
            session = await context.new_cdp_session(page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
            await page.add_init_script(f"({WATCH})()")
            told(await _try(page, f"http://{server.host}/pl/suggest/{places[number]}", number))
            await context.close()


async def _try(page: Page, address: str, number: int) -> Try:
    found = Try()
    began = time.monotonic()
    page.set_default_timeout(PATIENCE_S * 1000)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await _suggest(page, address, number, found, began)
    except (Error, TimeoutError) as error:
        found.why = str(error).partition("\n")[0] or type(error).__name__
    found.all_s = time.monotonic() - began
    return found


async def _suggest(page: Page, address: str, number: int, found: Try, began: float) -> None:
    while True:
        answer = await page.goto(address)
        if answer and answer.ok:
            break
        found.refusals.append(answer.status if answer else 0)
        await asyncio.sleep(AGAIN_S)
    email = page.locator('input[name="email"]')
    await email.wait_for()
    found.opened_s = time.monotonic() - began
    await page.locator('textarea[name="remark"]').fill("Byłam tam dzisiaj.")
    await email.fill(f"osoba{number}@poczta.example")
    await _change_number(page, number)
    await asyncio.sleep(max(0.0, began + found.opened_s + SHORTEST_S - time.monotonic()))
    pressed = time.monotonic()
    while found.presses < MOST_PRESSES:
        found.presses += 1
        status = await _press(page)
        found.sent_s = time.monotonic() - pressed
        if (took_s := await page.evaluate(PROOF_S)) is not None:
            found.proofs_s.append(took_s)
        if status == TAKEN:
            return
        found.refusals.append(status)
        await asyncio.sleep(AGAIN_S)
    found.why = "not taken in"


async def _change_number(page: Page, number: int) -> None:
    phone = page.locator('[name="phones.0.value"]')
    folded = page.locator("details:not([open])", has=phone)
    while await folded.count():
        await folded.first.locator("> summary").click()
    await phone.fill(f"+48 58 555 {number:04d}")


async def _press(page: Page) -> int:
    """Press the button of the form, or of the page that asks to send it again; the status once the next page is there."""
    button = page.locator(
        'form#entry button[value="send"], main form:not(#entry) button[type="submit"]'
    ).first

    def is_sent(answer: Response) -> bool:
        return answer.request.method == "POST" and answer.request.is_navigation_request()

    async with page.expect_event("domcontentloaded"), page.expect_response(is_sent) as answer:
        await button.click(no_wait_after=True)
    return (await answer.value).status
