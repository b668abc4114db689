"""`python -m benchmarks.frames`: how smoothly the map moves under a finger on a cheap phone, with 100,000 places.

A real Chromium, 360×740, its processor slowed four times. A finger drags the map to and fro, then it zooms in and out;
all the while new tiles come from the server. What counts is how many frames a second the page's own thread lets
through, as `requestAnimationFrame` sees them, while the finger is down and while the map zooms; beside that stands the
same with the pauses in between, in which list and pins are renewed. The screen itself is drawn by the processor here,
which a phone leaves to its graphics chip. A page that does nothing shows the most that this machine can.
"""

import argparse
import asyncio
import itertools
import statistics
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import CDPSession, Page

from benchmarks.first_visit import PHONE, SLOWER, site_for
from tests.browser.chromium import system_chromium

LEAST_FPS = 50
DRAGS = 8
STEPS = 24
#: A finger sends its place with every frame.
STEP_MS = 16
WATCH = """() => { const seen = window.frames_ = []; const look = now => { seen.push(now); requestAnimationFrame(look); };
  requestAnimationFrame(look); }"""

#: Resolves when Leaflet's animation is over.
ZOOMED = """() => new Promise(done => {
  const look = () => document.querySelector("#map .leaflet-zoom-anim") ? requestAnimationFrame(look) : done();
  requestAnimationFrame(look);
})"""


@dataclass(frozen=True, slots=True)
class Smoothness:
    """Frames a second while it moves and with the pauses, and the longest of the gaps while it moves but for one in twenty."""

    name: str
    fps: float
    gap_ms: float
    with_pauses: float


def main() -> None:
    """Move the map and print how smooth it was."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.frames", description="Frames a second while the map moves."
    )
    parser.add_argument("--address", help="the finder's address of a running site (default: one is made)")
    parser.add_argument("--features", type=int, default=100_000, help="of the site that is made")
    parser.add_argument("--poland", type=Path, help="folder of the real data of Poland, for a site of those")
    parser.add_argument("--path", default="/uk/?bbox=20.8,52.1,21.2,52.35&service=pharmacy,hot_meals")
    asked = parser.parse_args()
    with site_for(asked.address, asked.features, asked.poland) as address:
        for found in asyncio.run(_measure(f"{address}{asked.path}")):
            verdict = "" if found.name == "nothing moves" else f"  (at least {LEAST_FPS})"
            print(
                f"{found.name:16} {found.fps:5.1f} frames a second{verdict}, gaps to {found.gap_ms:.0f} ms;"
                f" with the pauses {found.with_pauses:.1f}"
            )


async def _measure(url: str) -> list[Smoothness]:
    async with system_chromium() as browser:
        page = await browser.new_page(**PHONE)
        finger = await page.context.new_cdp_session(page)
        await finger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        await page.goto(url)
        await page.locator("#map .pin").first.wait_for()
        await page.wait_for_timeout(3000)
        await page.evaluate(WATCH)
        found = [await _during(page, "nothing moves", _nothing(page))]
        found.append(await _during(page, "dragged", _drag(page, finger)))
        found.append(await _during(page, "zoomed", _zoom(page)))
        return found


#: From when to when something moved, in milliseconds of the page.
Spans = list[tuple[float, float]]


async def _during(page: Page, name: str, movement: Awaitable[Spans]) -> Smoothness:
    start = await _now(page)
    spans = await movement
    times: list[float] = await page.evaluate("start => window.frames_.filter(at => at >= start)", start)
    frames = list(itertools.pairwise(times))
    # A gap belongs to a movement that it has any part in: a stall at its very end is one of it.
    moving = sorted(b - a for a, b in frames if any(a < until and b > since for since, until in spans))
    whole = statistics.fmean(b - a for a, b in frames)
    return Smoothness(name, 1000 / statistics.fmean(moving), moving[len(moving) * 19 // 20], 1000 / whole)


async def _now(page: Page) -> float:
    return float(await page.evaluate("performance.now()"))


async def _nothing(page: Page) -> Spans:
    since = await _now(page)
    await page.wait_for_timeout(2000)
    return [(since, await _now(page))]


async def _drag(page: Page, finger: CDPSession) -> Spans:
    """To and fro, each time half a screen."""
    spans: Spans = []
    box = await page.locator("#map").bounding_box()
    assert box
    x, y, reach = box["x"] + box["width"] / 2, box["y"] + 120, 120
    for drag in range(DRAGS):
        way = 1 if drag % 2 else -1
        since = await _now(page)
        await finger.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
        )
        for step in range(STEPS):
            point = {"x": x + way * reach * step / STEPS, "y": y + step}
            await finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
            await page.wait_for_timeout(STEP_MS)
        await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        spans.append((since, await _now(page)))
        await page.wait_for_timeout(300)
    return spans


async def _zoom(page: Page) -> Spans:
    """In and out by the keyboard; a step lasts until Leaflet's animation is over."""
    spans: Spans = []
    for key in ("+", "+", "-", "-", "+", "-"):
        since = await _now(page)
        await page.locator("#map").press(key)
        await page.evaluate(ZOOMED)
        spans.append((since, await _now(page)))
        await page.wait_for_timeout(900)
    return spans


if __name__ == "__main__":
    main()
