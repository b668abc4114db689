"""Back, Forward and reload in the form, at each step, with and without script: nothing is asked, nothing is lost."""

import re

import pytest
from playwright.async_api import Page, Response, expect

from tests.browser.conftest import PHONE, Installation, MakeVisitor

pytestmark = pytest.mark.browser


#: Of each step: what is typed there.
STEPS: tuple[dict[str, str], ...] = (
    {"name": "Jadłodajnia „Pod Lipą”"},
    {"address.street": "Leonarda", "address.city": "Kielce"},
    {},
    {"phones.0.value": "41 555 01 23"},
)


def at_step(page: Page, at: int) -> str:
    return f"{page.url.rpartition('/')[0]}/{at}"


async def type_step(page: Page, at: int) -> None:
    for name, words in STEPS[at - 1].items():
        await page.fill(f'[name="{name}"]', words)
    if at == 1:
        await page.locator('details:has(input[value="hot_meals"]) > summary').first.click()
        await page.check('input[value="hot_meals"]')
    elif at == 2:
        await page.check('input[name="hours.kind"][value="always"]')
    elif at == 3:
        await page.locator('input[name="languages"][value="uk"]').first.check()


async def says_step(page: Page, at: int) -> None:
    assert page.url == at_step(page, at)
    for name, words in (STEPS[at - 1] if at <= len(STEPS) else {}).items():
        await expect(page.locator(f'[name="{name}"]')).to_have_value(words)
    if at == 1:
        await expect(page.locator('input[value="hot_meals"]')).to_be_checked()
    elif at == 2:
        await expect(page.locator('input[name="hours.kind"][value="always"]')).to_be_checked()
    elif at == 3:
        await expect(page.locator('input[name="languages"][value="uk"]').first).to_be_checked()
    elif at == 5:
        await expect(page.locator("main")).to_contain_text("Leonarda")


async def go_on(page: Page) -> None:
    async with page.expect_event("load"):
        await page.locator('main button[value="next"]:not(.hush)').click()


def right(answer: Response | None) -> None:
    assert answer is None or (answer.request.method, answer.status) == ("GET", 200)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_back_forward_and_reload_at_each_step(
    installation: Installation, visitor: MakeVisitor, script: bool
) -> None:
    person = await visitor(viewport=PHONE, locale="pl-PL", java_script_enabled=script)
    page = await person.page()
    await page.goto(f"{installation.address}/pl/add/aid_points")
    for at in range(1, 5):
        await type_step(page, at)
        await go_on(page)
        right(await page.reload())
        right(await page.go_back())
        await says_step(page, at)
        right(await page.reload())
        await says_step(page, at)
        right(await page.go_forward())
        await expect(page).to_have_url(at_step(page, at + 1))
    for at in range(4, 0, -1):
        right(await page.go_back())
        await says_step(page, at)
    for at in range(2, 6):
        right(await page.go_forward())
        await says_step(page, at)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_back_and_forward_over_a_step_that_was_not_right(
    installation: Installation, visitor: MakeVisitor, script: bool
) -> None:
    person = await visitor(locale="pl-PL", java_script_enabled=script)
    page = await person.page()
    await page.goto(f"{installation.address}/pl/add/aid_points")
    await page.fill('[name="description"]', "Ciepło")
    await go_on(page)
    await expect(page.locator(".error-box")).to_be_visible()
    await type_step(page, 1)
    await go_on(page)
    for way in (page.go_back, page.reload):
        await way()
        await says_step(page, 1)
        await expect(page.locator('[name="description"]')).to_have_value("Ciepło")
    await page.go_forward()
    assert page.url == at_step(page, 2)


async def test_what_is_typed_and_not_sent_outlives_reload_with_the_rows_that_script_added(
    installation: Installation, visitor: MakeVisitor
) -> None:
    person = await visitor(locale="pl-PL")
    page = await person.page()
    await page.goto(f"{installation.address}/pl/add/organisations")
    await page.fill('[name="name"]', "Fundacja Dom")
    await page.locator('[name="name"]').blur()
    await page.reload()
    await expect(page.locator('[name="name"]')).to_have_value("Fundacja Dom")
    await page.locator('input[name="sector"][value="ngo"]').check()
    await go_on(page)
    await page.locator('button[value="add:emails"]').click()
    await page.fill('[name="emails.1.value"]', "dim@dim.org")
    await page.locator('[name="emails.1.value"]').blur()
    await page.reload()
    await expect(page.locator('[name="emails.1.value"]')).to_have_value("dim@dim.org")
    await page.go_back()
    await page.go_forward()
    await expect(page.locator('[name="emails.1.value"]')).to_have_value("dim@dim.org")
    person.assert_quiet()


async def test_a_form_whose_tab_is_gone_is_offered_again_with_what_was_typed(
    installation: Installation, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=PHONE, locale="pl-PL")
    page = await person.page()
    await page.goto(f"{installation.address}/pl/add/aid_points")
    await type_step(page, 1)
    await go_on(page)
    await page.fill('[name="address.street"]', "Leonarda")
    await page.locator('[name="address.street"]').blur()
    left = page.url
    await page.close()

    page = await person.page()
    await page.goto(f"{installation.address}/pl/add")
    offer = page.locator(".note:has([data-begun-go])")
    await expect(offer).to_contain_text("Jadłodajnia „Pod Lipą”")
    await offer.locator("[data-begun-go]").click()
    await expect(page).to_have_url(left)
    await expect(page.locator('[name="address.street"]')).to_have_value("Leonarda")

    await page.goto(f"{installation.address}/pl/add/aid_points")
    await offer.locator("[data-begun-forget]").click()
    await expect(offer).to_have_count(0)
    assert await page.evaluate("localStorage.length") == 0
    person.assert_quiet()


async def test_what_is_wrong_is_said_when_a_field_is_left_and_taken_back_when_it_is_right(
    visitor: MakeVisitor, installation: Installation
) -> None:
    person = await visitor(viewport=PHONE, locale="uk-UA")
    page = await person.page()
    await page.goto(f"{installation.address}/uk/add/aid_points")
    for at in (1, 2, 3):
        await type_step(page, at)
        await go_on(page)
    number = page.locator('[name="phones.0.value"]')
    async with page.expect_response(lambda answer: answer.url.endswith("/still-wrong")):
        await number.fill("12")
        await page.keyboard.press("Tab")
    message = page.locator("#phones-0-value-error")
    await expect(message).to_be_visible()
    await expect(number).to_have_attribute("aria-invalid", "true")
    await expect(number).to_have_attribute("aria-describedby", re.compile("phones-0-value-error"))
    await expect(page.locator("[data-still-wrong]")).to_contain_text("Помилка")
    # Nobody is led away from where they went.
    assert not await number.evaluate("element => element === document.activeElement")
    # Nothing is said of what is still empty.
    assert await page.locator("p.error").count() == 1
    await number.fill("41 555 01 23")
    await expect(message).to_have_count(0)
    await expect(number).not_to_have_attribute("aria-invalid", "true")
    await go_on(page)
    await says_step(page, 5)
