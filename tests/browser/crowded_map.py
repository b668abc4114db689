"""A map full of places that stand apart, on a phone, and what the browser does while it moves."""

import asyncio
import itertools
import math
from collections import Counter
from collections.abc import Awaitable
from typing import Any

from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.small_set import TOWN_BOX

#: Counts whoever asks the page for sizes, which has the browser lay it out at once.
SPY = """() => {
  window.asked = [];
  const note = name => { window.asked.push(name + " " + new Error().stack.split("\\n").slice(2, 5).join(" < ")); };
  const wrap = (owner, name) => {
    const had = owner[name];
    owner[name] = function (...all) { note(name); return had.apply(this, all); };
  };
  wrap(Element.prototype, "getBoundingClientRect");
  wrap(window, "getComputedStyle");
  for (const [owner, names] of [
    [HTMLElement.prototype, ["offsetWidth", "offsetHeight", "offsetLeft", "offsetTop", "offsetParent"]],
    [Element.prototype, ["clientWidth", "clientHeight", "clientLeft", "clientTop", "scrollTop", "scrollLeft", "scrollHeight"]],
  ]) for (const name of names) {
    const had = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { ...had, get() { note(name); return had.get.call(this); } });
  }
}"""


async def many_places(route: Route) -> None:
    """A tile full of places that stand apart."""
    z, x, y = (int(part) for part in route.request.url.split("?")[0].removesuffix(".geojson").split("/")[-3:])
    n = 2**z
    features = []
    for i, j in itertools.product(range(24), repeat=2):
        lng = (x + (i + 0.5) / 24) / n * 360 - 180
        lat = _latitude((y + (j + 0.5) / 24) / n)
        slim = {
            "layer": "aid_points",
            "name": f"{x} {y} {i} {j}",
            "slug": "a",
            "family": "food",
            "services": ["hot_meals"],
        }
        features.append(
            {
                "type": "Feature",
                "id": f"{x}-{y}-{i}-{j}",
                "geometry": {"type": "Point", "coordinates": [lng, lat]},
                "properties": slim,
            }
        )
    await route.fulfill(json={"type": "FeatureCollection", "features": features})


def _latitude(share: float) -> float:
    """Of a place so far down the map, of which the whole is 1."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))


async def crowded(visitor: MakeVisitor) -> Page:
    person = await visitor(viewport=PHONE, has_touch=True, is_mobile=True, service_workers="block")
    page = await person.page()
    await page.add_init_script(f"({SPY})()")
    await page.route("**/api/v1/tiles/**", many_places)
    await page.goto(f"{person.address}/pl/?bbox={TOWN_BOX}")
    await ready(page)
    return page


async def ready(page: Page) -> None:
    await expect(page.locator("#map .pin").first).to_be_visible()
    await expect(page.locator(".map-tools")).to_be_visible()


async def traced(browser: Browser, movement: Awaitable[Any]) -> Counter[str]:
    """How often each thing was done in the browser during a movement."""
    session = await browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    ended = asyncio.Event()
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.set())
    config = {"includedCategories": ["blink", "cc", "devtools.timeline"], "excludedCategories": ["*"]}
    await session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    await movement
    await session.send("Tracing.end")
    await ended.wait()
    await session.detach()
    return Counter(event["name"] for event in events if event["ph"] == "X")
