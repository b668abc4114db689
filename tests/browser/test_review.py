"""A review as it is seen: what is filled in stands above the bar, what is near is on the map."""

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import FloatRect, Locator, expect

from tests.browser.conftest import PHONE
from tests.browser.small_set import SmallSet
from tests.browser.test_one_decision import Desk, open_desk

__all__ = ["open_desk"]
pytestmark = pytest.mark.browser


async def _box(shown: Locator) -> FloatRect:
    """Where it is, in CSS pixels of the window; on a full machine what is there may not be laid out yet."""
    await expect(shown).to_be_visible()
    box = await shown.bounding_box()
    assert box
    return box


async def test_the_bar_of_decisions_covers_nothing_that_is_filled_in(
    open_desk: Callable[..., Awaitable[Desk]],
) -> None:
    _, desk = await open_desk(viewport=PHONE)
    await desk.locator(".decide a.danger").click()
    fields = desk.locator("#reject input[name=reason]")
    await expect(fields.first).to_be_focused()
    bar = await _box(desk.locator(".decide"))
    for number in range(await fields.count()):
        await fields.nth(number).focus()
        row = await _box(desk.locator("#reject label:has(input[name=reason])").nth(number))
        assert row["y"] + row["height"] <= bar["y"]


async def test_what_is_near_is_drawn_by_its_number_in_the_list(
    small_set: SmallSet, open_desk: Callable[..., Awaitable[Desk]]
) -> None:
    _, desk = await open_desk()
    listed = desk.locator("section[aria-labelledby=near] .neighbours a")
    # The page may still be on its way.
    await expect(listed.first).to_be_visible()
    names = await listed.all_inner_texts()
    pins = desk.locator("[data-review-map] .nearpin")
    await expect(pins.first).to_be_attached()
    numbers: list[int] = []
    for pin in await pins.all():
        shown = [int(number) for number in (await pin.inner_text()).split(", ")]
        assert await pin.get_attribute("aria-label") == ", ".join(names[number - 1] for number in shown)
        numbers += shown
    assert sorted(numbers) == list(range(1, len(names) + 1))
    sketch = await _box(desk.locator("[data-review-map]"))
    boxes = [await _box(number) for number in await pins.locator("span").all()]
    for at, box in enumerate(boxes):
        assert sketch["x"] <= box["x"] <= box["x"] + box["width"] <= sketch["x"] + sketch["width"]
        assert sketch["y"] <= box["y"] <= box["y"] + box["height"] <= sketch["y"] + sketch["height"]
        for other in boxes[:at]:
            apart = max(
                abs(box["x"] - other["x"]) - other["width"], abs(box["y"] - other["y"]) - other["height"]
            )
            assert apart >= 0
