"""What keeps the map smooth and the first visit light on a cheap phone: by structure and by counts, never by the clock."""

import asyncio
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Awaitable
from typing import Any

import pytest
from playwright.async_api import Browser, CDPSession, Page, Route, expect

from tests.browser.conftest import PHONE, Installation, MakeVisitor
from tests.browser.small_set import TOWN_BOX, SmallSet

pytestmark = pytest.mark.browser

STEPS = 30
#: What a phone may fetch until the map has its first pin (PERFORMANCE P9), body bytes over the wire.
MOST_BYTES = 170_000
MOST_SCRIPTS = 10

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

#: Moves one thing of the page on with each frame, for so many frames.
PUSH = """([selector, steps]) => new Promise(done => {
  const element = document.querySelector(selector);
  const [x, y] = (element.style.transform.match(/-?[\\d.]+(?=px)/g) ?? [0, 0]).map(Number);
  let step = 0;
  const push = () => {
    step += 1;
    element.style.transform = `translate3d(${x + step}px, ${y}px, 0)`;
    if (step < steps) requestAnimationFrame(push); else requestAnimationFrame(() => done());
  };
  requestAnimationFrame(push);
})"""


#: Lets so many frames pass.
IDLE = """steps => new Promise(done => {
  const wait = left => left ? requestAnimationFrame(() => wait(left - 1)) : done();
  wait(steps);
})"""

#: Zooms in by the keyboard, ten times as slowly as the map does, so that a slow machine draws frames on the way too. Gives
#: what was written, what was moved by a style or a transition of its own meanwhile, how many frames the page's own thread
#: let through, and how many answers came.
SLOW_ZOOM = """async slower => {
  const map = document.querySelector("#map");
  const pane = map.querySelector(".leaflet-map-pane");
  const zooming = () => pane.classList.contains("leaflet-zoom-anim");
  const frame = () => new Promise(requestAnimationFrame);
  const later = window.setTimeout;
  window.setTimeout = (run, ms, ...rest) => later(run, ms === 250 ? ms * slower : ms, ...rest);
  const styled = new Set(), written = new Set();
  const watch = new MutationObserver(all => {
    if (!zooming()) return;
    for (const { target, type, addedNodes } of all)
      for (const element of type === "attributes" ? [target] : addedNodes)
        (type === "attributes" ? styled : written).add(element);
  });
  watch.observe(map, { subtree: true, childList: true, attributeFilter: ["style"] });
  const came = () => performance.getEntriesByType("resource").length;
  let answers = 0;
  map.dispatchEvent(new KeyboardEvent("keydown", { key: "+", code: "Equal", keyCode: 187, bubbles: true }));
  while (!zooming()) await frame();
  let frames = 0;
  let transitions = [];
  const before = came();
  while (zooming()) {
    answers = came() - before;
    frames += 1;
    if (frames === 2) transitions = document.getAnimations().filter(({ playState }) => playState === "running");
    await frame();
  }
  watch.disconnect();
  window.setTimeout = later;
  const named = elements => [...elements].map(element => element.getAttribute?.("class") ?? "");
  return { frames, answers, styled: named(styled), written: named(written), animated: named(transitions.map(({ effect }) => effect.target)) };
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


async def drag(finger: CDPSession, page: Page, way: int) -> list[str]:
    """With one finger, so many pixels to the side; gives who has asked for sizes on the way."""
    box = await page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    await _touch(finger, x + way / STEPS, y)
    await page.evaluate("window.asked.length = 0")
    for step in range(2, STEPS + 1):
        await _touch(finger, x + way * step / STEPS, y)
        await page.evaluate("new Promise(requestAnimationFrame)")
    asked: list[str] = await page.evaluate("window.asked.slice()")
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    return asked


async def _touch(finger: CDPSession, x: float, y: float) -> None:
    await finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})


async def test_a_map_under_a_finger_asks_the_page_for_no_sizes(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    page = await crowded(visitor)
    finger = await page.context.new_cdp_session(page)
    moved = "document.querySelector('.leaflet-map-pane').style.transform"
    before = await page.evaluate(moved)
    asked = await drag(finger, page, 150)
    assert await page.evaluate(moved) != before
    assert asked == []


async def test_only_what_is_near_the_view_has_a_pin(small_set: SmallSet, visitor: MakeVisitor) -> None:
    page = await crowded(visitor)
    finger = await page.context.new_cdp_session(page)
    beyond = """() => {
      const view = document.querySelector("#map").getBoundingClientRect();
      return [...document.querySelectorAll("#map .pin")].filter(pin => {
        const at = pin.getBoundingClientRect();
        const [x, y] = [at.x + at.width / 2 - view.x, at.y + at.height / 2 - view.y];
        return x < -view.width || x > 2 * view.width || y < -view.height || y > 2 * view.height;
      }).length;
    }"""
    assert await page.evaluate(beyond) == 0
    assert await page.locator("#map .pin").count() > 4
    # What comes into view while the finger is still down has its pin: the map never shows an empty edge.
    inside = """() => {
      const view = document.querySelector("#map").getBoundingClientRect();
      return [...document.querySelectorAll("#map .pin")].filter(pin => {
        const at = pin.getBoundingClientRect();
        return at.x > view.x && at.right < view.right && at.y > view.y && at.bottom < view.bottom;
      }).length;
    }"""
    shown = await page.evaluate(inside)
    for _ in range(3):
        await drag(finger, page, -170)
        assert await page.evaluate(inside) > shown / 3
    assert await page.evaluate(beyond) == 0


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


async def test_a_frame_of_a_moving_map_does_not_put_the_page_together_anew(
    small_set: SmallSet, visitor: MakeVisitor, chromium: Browser
) -> None:
    page = await crowded(visitor)
    await page.wait_for_load_state("networkidle")
    # Pieces of the base map and names are drawn one by one, after what is fetched has come.
    for _ in range(60):
        if not (await traced(chromium, page.evaluate(IDLE, STEPS)))["Paint"]:
            break
    anew = "PaintArtifactCompositor::Update"
    # Anything else that is moved in this way shows what the browser does without being told that it will move.
    usual = await traced(chromium, page.evaluate(PUSH, [".map-tools", STEPS]))
    assert usual[anew] > STEPS / 2, usual.most_common(20)
    ours = await traced(chromium, page.evaluate(PUSH, [".leaflet-map-pane", STEPS]))
    assert ours[anew] < usual[anew] / 3
    assert ours["Paint"] < STEPS


async def slow_zoom(page: Page) -> dict[str, Any]:
    slower = 10
    session = await page.context.new_cdp_session(page)
    await session.send("Animation.enable")
    await session.send("Animation.setPlaybackRate", {"playbackRate": 1 / slower})
    await page.locator("#map").focus()
    seen: dict[str, Any] = await page.evaluate(SLOW_ZOOM, slower)
    await session.detach()
    return seen


async def test_a_zoom_moves_all_pins_as_one(small_set: SmallSet, visitor: MakeVisitor) -> None:
    page = await crowded(visitor)
    before = await page.locator("#map .pin").count()
    seen = await slow_zoom(page)
    assert before > 4
    assert not [name for name in seen["styled"] if "pin" in name.split() or "map-name" in name.split()]
    assert any("leaflet-pins-pane" in name for name in seen["animated"]), seen
    assert not [name for name in seen["animated"] if "pane" not in name and "tile-container" not in name]
    # Afterwards each pin stands in its place at its own size.
    await page.wait_for_function("() => !document.querySelector('#map .leaflet-pins-pane').style.transform")
    await expect(page.locator("#map .pin").first).to_be_visible()


async def test_names_that_come_while_the_map_zooms_wait_for_its_end(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    zooming = asyncio.Event()
    place = {"name": "Tutaj", "lng": 21.985, "lat": 50.045, "population": 90_000}

    async def late(route: Route) -> None:
        await zooming.wait()
        await route.fulfill(json={"places": [place]})

    person = await visitor(viewport=PHONE, service_workers="block")
    page = await person.page()
    asked = page.expect_request("**/api/v1/place-names/**")
    await page.route("**/api/v1/place-names/**", late)
    async with asked:
        await page.goto(f"{person.address}/pl/?bbox={TOWN_BOX}")
    await ready(page)
    zoom = asyncio.create_task(slow_zoom(page))
    await expect(page.locator("#map .leaflet-zoom-anim").first).to_be_attached()
    zooming.set()
    seen = await zoom
    assert seen["answers"] > 0
    assert "map-name" not in seen["written"] + seen["styled"]
    await expect(page.locator("#map .map-name", has_text="Tutaj")).to_be_attached()


async def test_a_frame_of_a_zoom_does_not_put_the_page_together_anew(
    small_set: SmallSet, visitor: MakeVisitor, chromium: Browser
) -> None:
    page = await crowded(visitor)
    await page.wait_for_load_state("networkidle")
    seen: list[dict[str, Any]] = []

    async def zoom() -> None:
        seen.append(await slow_zoom(page))

    # The second time there is what the first has left behind.
    for _ in range(2):
        done = await traced(chromium, zoom())
        frames = seen[-1]["frames"]
        assert frames > 10
        assert done["PaintArtifactCompositor::Update"] < frames / 4, (frames, done.most_common(20))


async def test_a_pin_that_goes_at_the_end_of_a_zoom_is_not_moved_before(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    page = await crowded(visitor)
    await page.evaluate(
        """() => {
          window.moved = new Set();
          window.gone = new Set();
          window.seen = 0;
          const pane = document.querySelector("#map .leaflet-pins-pane");
          // How much is seen of pins that are scaled once the map has arrived.
          const look = () => {
            const zooms = pane.closest(".leaflet-zoom-anim");
            if (pane.style.transform && !zooms) window.seen = Math.max(window.seen, getComputedStyle(pane).opacity);
            if (!window.gone.size) requestAnimationFrame(look);
          };
          look();
          new MutationObserver(all => {
            for (const { type, target, removedNodes } of all) {
              if (type === "attributes" && target.matches(".pin")) window.moved.add(target);
              for (const node of removedNodes) window.gone.add(node);
            }
          }).observe(pane, { childList: true, subtree: true, attributeFilter: ["style"] });
        }"""
    )
    seen = await slow_zoom(page)
    assert seen["frames"] > 1
    await page.wait_for_function("() => window.gone.size > 0")
    assert await page.evaluate("[...window.gone].filter(pin => window.moved.has(pin)).length") == 0
    assert await page.evaluate("window.seen") < 0.2


async def test_new_pins_come_a_few_in_a_frame(small_set: SmallSet, visitor: MakeVisitor) -> None:
    page = await crowded(visitor)
    # A clock by which each look at it takes a millisecond: so slow is the phone.
    await page.evaluate(
        """() => {
          let now = performance.now();
          performance.now = () => now += 1;
          window.pieces = [];
          new MutationObserver(all => {
            const added = all.flatMap(({ addedNodes }) => [...addedNodes]).filter(node => node.matches?.(".pin")).length;
            if (added) window.pieces.push(added);
          }).observe(document.querySelector("#map .leaflet-pins-pane"), { childList: true });
        }"""
    )
    await page.locator("#map").press("+")
    while await page.evaluate("window.pieces.reduce((sum, n) => sum + n, 0)") < 12:
        await page.evaluate("new Promise(requestAnimationFrame)")
    assert await page.evaluate("Math.max(...window.pieces)") <= 6


async def test_the_first_visit_is_light(
    small_set: SmallSet, installation: Installation, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=PHONE, service_workers="block")
    page = await person.page()
    await page.goto(f"{installation.address}/uk/?bbox={TOWN_BOX}")
    await expect(page.locator("#map .pin").first).to_be_visible()
    fetched: list[dict[str, Any]] = json.loads(
        await page.evaluate(
            """() => JSON.stringify([...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
               .map(({ name, encodedBodySize }) => ({ name, size: encodedBodySize })))"""
        )
    )
    sizes = {entry["name"]: entry["size"] for entry in fetched}
    assert sum(sizes.values()) < MOST_BYTES, sorted(sizes.items(), key=lambda entry: -entry[1])[:10]
    scripts = [name for name in sizes if name.endswith(".js")]
    assert len(scripts) <= MOST_SCRIPTS, scripts
    # What is asked for beforehand is what is asked for: nothing is fetched twice.
    often = Counter(entry["name"] for entry in fetched)
    assert [name for name, times in often.items() if times > 1] == []
    person.assert_quiet()


async def test_the_list_is_not_replaced_under_a_finger(small_set: SmallSet, visitor: MakeVisitor) -> None:
    """An answer that comes while the map is being moved waits until it rests, when it is asked anew."""
    page = await crowded(visitor)
    finger = await page.context.new_cdp_session(page)
    asked: list[str] = []
    answers: list[Route] = []

    async def held(route: Route) -> None:
        asked.append(route.request.url)
        answers.append(route)
        if len(answers) > 1:
            await route.continue_()

    await page.route(re.compile(r"/pl/\?bbox="), held)
    # Of the list that stands there now.
    await page.evaluate("() => { window.head = document.querySelector('#count'); }")
    stands = "document.contains(window.head)"
    await drag(finger, page, 120)
    while not answers:
        await page.evaluate("new Promise(requestAnimationFrame)")
    box = await page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    await _touch(finger, x - 30, y)
    await _touch(finger, x - 60, y)
    async with page.expect_event("requestfinished", lambda request: request.url == asked[0]):
        await answers[0].continue_()
    # Long enough for a list to come, and on a slow machine too less than the page waits for the finger: four seconds.
    for _ in range(10):
        await page.evaluate("new Promise(requestAnimationFrame)")
    assert await page.evaluate(stands)
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    for _ in range(600):
        if not await page.evaluate(stands):
            break
        await page.evaluate("new Promise(requestAnimationFrame)")
    assert len(asked) > 1
    assert not await page.evaluate(stands)
