"""`python -m benchmarks.first_visit`: what somebody waits and pays for who opens the finder for the first time on a cheap phone.

A real Chromium, 360×740, its processor slowed four times, 1.6 Mbit/s, 150 ms a round trip, nothing kept. The list is
usable when its first rows are painted (its links, filters and search need no script), the map when the first pin or
cluster is on it. Bytes are those over the wire by then: with headers where the answer was complete, and what had come
of the others. The worker is asked for only after the page has loaded; what that adds is a line of its own.
"""

import argparse
import asyncio
import contextlib
import datetime as dt
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from app.features.setting import Setting
from app.localdb import LocalCluster
from app.localdb.schema import migrate
from app.taxonomy.vocabulary import load_vocabulary
from benchmarks.loading import fill
from benchmarks.poland import fill_with_poland
from benchmarks.server import serving
from tests.browser.chromium import system_chromium

SLOWER = 4
BYTES_A_SECOND = 1_600_000 / 8
ROUND_TRIP_MS = 150
LIST_S, MAP_S, LIST_KB, MAP_KB = 2.0, 3.0, 120, 200
#: The worker asks for what it keeps when the page is quiet; then it is quiet too.
SETTLE_MS = 8_000
PATIENCE_S = 60

#: A frame is looked at just before it is painted. Rows that were in view in the frame of the first paint, or before
#: it, were painted then; the next frame may come only when the scripts of the map have had their turn.
WATCH = """() => {
  const seen = window.firstVisit = {};
  let rows = 0;
  const look = () => {
    const now = performance.now();
    const fifth = rows ? null : document.querySelectorAll("li.hit")[4];
    if (fifth && document.querySelector("li.hit").getBoundingClientRect().top < innerHeight) rows = now;
    const [painted] = performance.getEntriesByName("first-contentful-paint");
    if (!seen.list && painted && rows) seen.list = rows <= painted.startTime ? painted.startTime : now;
    if (!seen.map && document.querySelector("#map .pin")) seen.map = now;
    if (!seen.list || !seen.map) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds since the address was entered, and thousands of bytes over the wire until then."""

    list_s: float
    map_s: float
    list_kb: float
    map_kb: float
    all_kb: float
    heaviest: tuple[tuple[float, str], ...]


def main() -> None:
    """Visit several times and print the medians."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.first_visit", description="The first visit on a phone (P9)."
    )
    parser.add_argument("--address", help="the finder's address of a running site (default: one is made)")
    parser.add_argument("--features", type=int, default=3000, help="of the site that is made (default: 3000)")
    parser.add_argument("--poland", type=Path, help="folder of the real data of Poland, for a site of those")
    parser.add_argument("--path", default="/uk/", help="what is opened (default: /uk/)")
    parser.add_argument("--visits", type=int, default=5)
    asked = parser.parse_args()
    with site_for(asked.address, asked.features, asked.poland) as address:
        visits = asyncio.run(_visit_often(f"{address}{asked.path}", asked.visits))
    _print(visits)


@contextlib.contextmanager
def site_for(address: str | None, features: int, poland: Path | None = None) -> Iterator[str]:
    """The address of a running site, or of one with so many made-up places, or Poland's, that ends with the context."""
    if address:
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="pomapa-bench-") as folder:
        # The server's own user has to come in.
        Path(folder).chmod(0o755)
        with LocalCluster(Path(folder)) as cluster:
            migrate(cluster.urls.owner)
            if poland:
                asyncio.run(fill_with_poland(cluster.urls, poland, print))
            else:
                setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
                asyncio.run(fill(cluster.urls, features, setting))
            with serving(cluster.urls) as server:
                yield f"http://127.0.0.1:{server.port}"


async def _visit_often(url: str, visits: int) -> list[Visit]:
    async with system_chromium() as browser:
        # The first one warms the server.
        return [await _visit(browser, url) for _ in range(visits + 1)][1:]


#: A cheap phone, for `new_context`.
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "uk-UA",
}


async def _visit(browser: Browser, url: str) -> Visit:
    context = await browser.new_context(**PHONE)
    page = await context.new_page()
    wire = await context.new_cdp_session(page)
    begun: dict[str, tuple[float, str]] = {}
    done: list[tuple[float, float, str]] = []
    pieces: list[tuple[float, float, str]] = []

    def began(event: dict[str, Any]) -> None:
        begun.setdefault(event["requestId"], (event["timestamp"], event["request"]["url"]))

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] in begun:
            done.append((event["timestamp"], event["encodedDataLength"], event["requestId"]))

    def came(event: dict[str, Any]) -> None:
        pieces.append((event["timestamp"], event["encodedDataLength"], event["requestId"]))

    wire.on("Network.requestWillBeSent", began)
    wire.on("Network.dataReceived", came)
    wire.on("Network.loadingFinished", ended)
    await wire.send("Network.enable")
    await wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.add_init_script(f"({WATCH})()")
    await page.goto(url, wait_until="load")
    # Asked for from outside: the page's policy lets nothing wait inside it.
    seen: dict[str, float] = {}
    for _ in range(PATIENCE_S * 10):
        seen = await page.evaluate("window.firstVisit")
        if len(seen) == 2:
            break
        await page.wait_for_timeout(100)
    else:
        sys.exit(f"{url} did not become usable; it came to {seen}")
    await page.wait_for_timeout(SETTLE_MS)
    await context.close()
    start = min(at for at, _ in begun.values())

    def kb(until_s: float) -> float:
        whole = {request: size for at, size, request in done if at - start <= until_s}
        begun_only = sum(
            size for at, size, request in pieces if at - start <= until_s and request not in whole
        )
        return (sum(whole.values()) + begun_only) / 1000

    list_s, map_s = seen["list"] / 1000, seen["map"] / 1000
    heaviest = sorted(
        ((size / 1000, begun[request][1].rsplit("/", 1)[-1][:60]) for _, size, request in done), reverse=True
    )
    return Visit(list_s, map_s, kb(list_s), kb(map_s), kb(float("inf")), tuple(heaviest[:12]))


def _print(visits: list[Visit]) -> None:
    def median(name: str) -> float:
        return float(statistics.median(getattr(visit, name) for visit in visits))

    print(f"medians of {len(visits)} first visits")
    print(
        f"usable list  {median('list_s'):5.2f} s (may take {LIST_S})  {median('list_kb'):6.1f} kB (may be {LIST_KB})"
    )
    print(
        f"usable map   {median('map_s'):5.2f} s (may take {MAP_S})  {median('map_kb'):6.1f} kB (may be {MAP_KB})"
    )
    print(f"all of the page, without what the worker fetches for itself: {median('all_kb'):.1f} kB")
    for size, name in visits[-1].heaviest:
        print(f"  {size:6.1f} kB  {name}")


if __name__ == "__main__":
    main()
