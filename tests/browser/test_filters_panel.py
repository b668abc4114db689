"""The panel of filters with script: its counts follow each choice, it closes and leaves the page usable, it opens true."""

from playwright.async_api import expect

from tests.browser.conftest import PHONE, MakeVisitor
from tests.browser.small_set import WIDE_BOX, SmallSet
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
