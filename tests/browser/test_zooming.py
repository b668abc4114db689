"""What keeps a zoom smooth on a cheap phone: by structure and by counts, never by the clock."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.crowded_map import crowded, ready, traced
from tests.browser.small_set import TOWN_BOX, SmallSet

pytestmark = pytest.mark.browser

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
