"""What keeps the map smooth under a finger on a cheap phone: by structure and by counts, never by the clock."""

import re

import pytest
from playwright.async_api import Browser, CDPSession, Page, Route

from tests.browser.conftest import MakeVisitor
from tests.browser.crowded_map import crowded, traced
from tests.browser.small_set import SmallSet

pytestmark = pytest.mark.browser

STEPS = 30
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
