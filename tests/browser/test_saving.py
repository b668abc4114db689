"""Saving a place where one reads about it: in the list, in what opens at a pin, and the way to the lists in the bar."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.small_set import TOWN_BOX, SmallSet

pytestmark = pytest.mark.browser

SAVED = """() => JSON.parse(localStorage.getItem("pomapa.lists") ?? '{"lists": []}').lists
  .map(({name, points}) => [name, points.map(({id}) => id)])"""


def row(page: Page, path: str) -> Any:
    """The row of a place of the small set."""
    return page.locator(f'li.hit[data-id="{path.split("/")[2]}"]')


async def test_a_place_is_saved_and_taken_out_from_its_row(
    small_set: SmallSet, visitor: MakeVisitor, axe: Any
) -> None:
    helper = await visitor(viewport=PHONE, locale="pl")
    page = await helper.page()
    await page.goto(f"{helper.address}/pl/?bbox={TOWN_BOX}")
    link = page.locator("[data-lists-link]")
    save = row(page, small_set.kitchen).locator(".save-here")
    await expect(save).to_have_attribute("aria-pressed", "false")
    await expect(save).to_have_attribute("aria-label", "Zapisz na liście: „Kuchnia «Pod Kasztanem»”")
    box = await save.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    await expect(link).to_be_hidden()

    await save.click()
    await expect(page.locator(".toast")).to_contain_text("Zapisano na liście „Moje miejsca”.")
    await expect(save).to_have_attribute("aria-pressed", "true")
    await expect(link).to_be_visible()
    await expect(link).to_have_accessible_name(re.compile(r"Listy\s+1"))
    assert await axe(page) == []
    kitchen = small_set.kitchen.split("/")[2]
    assert await page.evaluate(SAVED) == [["", [kitchen]]]

    # The page of the place knows of it, and so does the finder when it is opened anew.
    await row(page, small_set.kitchen).locator("h2 a").click()
    await expect(page.locator("[data-save].on")).to_be_visible()
    await expect(link).to_be_visible()
    await page.go_back()
    await expect(save).to_have_attribute("aria-pressed", "true")

    await save.click()
    await expect(save).to_have_attribute("aria-pressed", "false")
    await expect(link).to_be_hidden()
    await page.get_by_role("button", name="Cofnij").click()
    await expect(save).to_have_attribute("aria-pressed", "true")
    await expect(save).to_be_focused()
    assert await page.evaluate(SAVED) == [["", [kitchen]]]
    await link.click()
    await expect(page.locator(".saved-place")).to_have_count(1)
    helper.assert_quiet()


async def test_rows_of_another_question_have_the_button_too_and_a_list_can_be_chosen(
    small_set: SmallSet, visitor: MakeVisitor
) -> None:
    helper = await visitor(locale="pl")
    page = await helper.page()
    await page.goto(f"{helper.address}/pl/?bbox={TOWN_BOX}")
    await page.evaluate(
        """() => localStorage.setItem("pomapa.lists", JSON.stringify({v: 1, lists: [
             {name: "Pani O.", points: []}, {name: "Pan T.", points: []}]}))"""
    )
    await page.locator('.filters [data-value="family:food"]').click()
    await expect(page.locator("li.hit")).to_have_count(1)
    await row(page, small_set.kitchen).locator(".save-here").click()
    await page.locator(".toast select").select_option(label="Pan T.")
    kitchen = small_set.kitchen.split("/")[2]
    assert await page.evaluate(SAVED) == [["Pani O.", []], ["Pan T.", [kitchen]]]
    # The next one goes into the list that was chosen.
    await page.goto(f"{helper.address}/pl/?bbox={TOWN_BOX}")
    await row(page, small_set.shelter).locator(".save-here").click()
    await expect(page.locator(".toast select")).to_have_value("1")
    helper.assert_quiet()


async def test_a_place_is_saved_from_its_pin(small_set: SmallSet, visitor: MakeVisitor) -> None:
    helper = await visitor(locale="pl", reduced_motion="reduce")
    page = await helper.page()
    await page.goto(f"{helper.address}/pl/?bbox={TOWN_BOX}")
    await page.locator(f'#map .pin[data-id="{small_set.kitchen_id}"]').click()
    save = page.locator(".brief .save-here")
    await save.click()
    await expect(save).to_have_attribute("aria-pressed", "true")
    await expect(row(page, small_set.kitchen).locator(".save-here")).to_have_attribute("aria-pressed", "true")
    helper.assert_quiet()


async def test_a_place_is_saved_from_the_list_of_a_spot(small_set: SmallSet, visitor: MakeVisitor) -> None:
    helper = await visitor(locale="pl", reduced_motion="reduce")
    page = await helper.page()
    await page.goto(f"{helper.address}/pl/?bbox=21.997,50.0265,21.999,50.0275")
    await page.get_by_role("button", name=re.compile("^4 miejsca")).click()
    rows = page.locator(".brief-list li")
    await expect(rows).to_have_count(4)
    save = rows.nth(1).locator(".save-here")
    await save.click()
    await expect(save).to_have_attribute("aria-pressed", "true")
    [[_, ids]] = await page.evaluate(SAVED)
    assert [await save.get_attribute("data-save-id")] == ids
    box = await save.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    helper.assert_quiet()


async def test_a_place_about_violence_is_not_saved(small_set: SmallSet, visitor: MakeVisitor) -> None:
    helper = await visitor(locale="pl")
    page = await helper.page()
    await page.goto(f"{helper.address}/pl/?service=violence_shelter")
    save = row(page, small_set.refuge).locator(".save-here")
    await save.click()
    await expect(page.locator(".toast")).to_contain_text("nie zapisujemy")
    await expect(save).to_have_attribute("aria-pressed", "false")
    assert await page.evaluate(SAVED) == []
    helper.assert_quiet()


async def test_without_script_nothing_of_it_is_shown(small_set: SmallSet, visitor: MakeVisitor) -> None:
    helper = await visitor(java_script_enabled=False)
    page = await helper.page()
    await page.goto(f"{helper.address}/pl/?bbox={TOWN_BOX}")
    assert await page.locator("li.hit").count() > 0
    assert await page.locator(".save-here").count() == 0
    assert not await page.locator("[data-lists-link]").is_visible()
