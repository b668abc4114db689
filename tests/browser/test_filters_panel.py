"""The panel of filters with script: its counts follow each choice, it closes and leaves the page usable, it opens true.

The table has the same one."""

import asyncio

from playwright.async_api import expect

from tests.browser.conftest import PHONE, Installation, MakeVisitor
from tests.browser.small_set import WIDE_BOX, SmallSet, point, publish_one
from tests.browser.test_finder_map import opened


async def test_the_panel_counts_closes_and_opens_true(small_set: SmallSet, visitor: MakeVisitor) -> None:
    person = await visitor(viewport=PHONE)
    page = await opened(person, f"bbox={WIDE_BOX}", "en")
    chip = page.locator('a.chip[href="#filters"]')
    button = page.locator("[data-count-button]")
    every = await button.inner_text()
    await chip.click()
    await page.locator("select[name=open_hour]").select_option("03:30")
    await expect(page.locator('input[name=open_at][value="at"]')).to_be_checked()
    await expect(button).not_to_have_text(every)
    told = await button.inner_text()
    await button.click()
    await expect(page.locator(".panel")).to_be_hidden()
    assert "open_at=" in page.url
    assert "open_hour" not in page.url
    # The address is the new question's at once, the list when its answer has come.
    count = told.removeprefix("Show ")
    await expect(page.locator("#count")).to_have_attribute("data-count", count)
    # Nothing is left inert, and the form is that of the new question.
    await chip.click()
    await expect(page.locator('input[name=open_at][value="at"]')).to_be_checked()
    await expect(page.locator("label.tick", has=page.locator('[value="at"]')).locator(".count")).to_have_text(
        count.split()[0]
    )
    person.assert_quiet()


async def test_the_table_is_narrowed_down_sorted_and_copied_as_it_stands(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    """With the panel of the finder: by an organisation, whose places are counted before anything is asked for."""
    runner = {"id": small_set.organisation.rpartition("/")[2]}
    for name in ("Bar", "Zupa"):
        content = point(name, "hot_meals", 22.0, 50.0, organisation=runner)
        await asyncio.to_thread(publish_one, installation.urls, content)
    person = await visitor(viewport=PHONE, permissions=["clipboard-read", "clipboard-write"])
    page = await person.page()
    await page.goto(f"{person.address}/en/table?sort=name")
    chip = page.locator('a.chip[href="#filters"]')
    # The button that only script can serve is there when script is.
    await expect(page.locator("[data-copy-table]")).to_be_visible()
    await chip.click()
    await expect(page.get_by_role("link", name="Close the filters")).to_be_focused()
    await page.get_by_role("radio", name="Fundacja „Otwarte drzwi” 2").check()
    await expect(page.locator("[data-count-button]")).to_have_text("Show 2 places")
    await page.keyboard.press("Escape")
    await expect(chip).to_be_focused()
    await chip.click()
    await page.locator("[data-count-button]").click()
    await expect(page.locator("h1")).to_have_text("2 places")
    assert page.url.partition("?")[2] == f"organisation={runner['id']}&sort=name#count"
    await expect(page.locator("a.tag")).to_have_text(["Fundacja „Otwarte drzwi”: remove this filter"])
    await page.locator("th[aria-sort=ascending] a").click()
    await expect(page.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    await expect(page.locator("tbody th")).to_have_text(["Zupa", "Bar"])
    # The keyboard goes on where it was.
    await expect(page.locator("th[aria-sort] a")).to_be_focused()
    await page.locator("[data-copy-table]").click()
    await expect(page.locator("[data-copy-status]")).not_to_be_empty()
    copied = (await page.evaluate("navigator.clipboard.readText()")).split("\n")
    assert [line.split("\t")[1:3] for line in copied] == [
        ["Name", "Organisation"],
        ["Zupa", "Fundacja „Otwarte drzwi”"],
        ["Bar", "Fundacja „Otwarte drzwi”"],
    ]
    person.assert_quiet()
