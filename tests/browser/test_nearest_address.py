"""From a pin to its address: told once the pin rests, filled in when asked, put back; of a protected place nothing is asked."""

import re

import pytest
from playwright.async_api import Page, Request, expect

from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.db import Database, session
from tests.browser.conftest import PHONE, Installation, MakeVisitor

pytestmark = pytest.mark.browser

HOUSES = [
    AddressRow("Wzorowo", "Długa", "12", "26-900", "1009", 21.4, 50.6),
    AddressRow("Wzorowo", "Krótka", "3", "26-900", "1009", 21.41, 50.6),
]
WORDS = {
    "pl": ("Najbliższy adres: ul. Długa 12, Wzorowo", "kawałek dalej", "Użyj tego adresu", "Zastąp to, co wpisano, tym adresem", "Cofnij"),
    "uk": ("Найближча адреса: ul. Długa 12, Wzorowo", "трохи далі", "Взяти цю адресу", "Замінити написане цією адресою", "Скасувати"),
}  # fmt: skip


async def step_with_the_map(installation: Installation, page: Page, language: str) -> list[str]:
    """Go to the question where it is, and give what is asked of the server about a pin from now on."""
    database = Database(installation.urls.app, installation.urls.reader)
    async with session(database) as s:
        await load_addresses(s, HOUSES, country="PL", source="invented", licence="CC0")
    await database.dispose()
    await page.goto(f"{installation.address}/{language}/add/aid_points")
    await page.fill('[name="name"]', "Kuchnia")
    await page.locator('details:has(input[value="hot_meals"]) > summary').first.click()
    await page.check('input[value="hot_meals"]')
    async with page.expect_event("load"):
        await page.locator('main button[value="next"]:not(.hush)').click()
    await page.locator("[data-picker]").scroll_into_view_if_needed()
    await expect(
        page.locator(".picker .map, .picker.leaflet-container, .picker .leaflet-container").first
    ).to_be_visible()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/places/nearest" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


@pytest.mark.parametrize("language", ["pl", "uk"])
async def test_the_nearest_address_is_told_used_and_taken_back(
    installation: Installation, visitor: MakeVisitor, language: str
) -> None:
    near, off, use, replace, undo = WORDS[language]
    person = await visitor(viewport=PHONE, locale=language)
    page = await person.page()
    await step_with_the_map(installation, page, language)
    said, button = page.locator("[data-confidence]"), page.locator("[data-nearest] button")
    await expect(said).to_have_attribute("role", "status")
    position = page.locator('[name="position"]')
    await position.fill("50.600100, 21.400000")
    await position.blur()
    await expect(said).to_contain_text(f"{near}, ")
    await expect(said).to_contain_text("11")
    await expect(said).not_to_contain_text(off)
    await expect(button).to_have_text(use)
    shape = await button.bounding_box()
    assert shape is not None
    assert shape["height"] >= 44, "a thumb finds it"
    await button.press("Enter")
    fields = {
        name: page.locator(f'[name="address.{name}"]')
        for name in ("street", "house_number", "postcode", "city")
    }
    for name, value in (
        ("street", "Długa"),
        ("house_number", "12"),
        ("postcode", "26-900"),
        ("city", "Wzorowo"),
    ):
        await expect(fields[name]).to_have_value(value)
    await expect(button).to_have_text(undo)
    await button.press("Enter")
    for field in fields.values():
        await expect(field).to_have_value("")
    # What a person has typed is shown before it goes, and comes back.
    await fields["street"].fill("Krótka")
    await fields["postcode"].fill("26-901")
    await position.fill("50.600900, 21.400000")
    await position.blur()
    await expect(said).to_contain_text(off)
    await expect(said).not_to_have_class(re.compile("is-good"))
    await expect(button).to_have_text(replace)
    await expect(page.locator(".nearest-differs li")).to_have_count(1)
    await expect(page.locator(".nearest-differs li")).to_contain_text("Krótka")
    await expect(fields["street"]).to_have_value("Krótka")
    await button.click()
    await expect(fields["street"]).to_have_value("Długa")
    await expect(fields["postcode"]).to_have_value("26-901")
    await button.click()
    await expect(fields["street"]).to_have_value("Krótka")
    # Pressed right after other numbers were typed, it does not fill in what lay near the pin before.
    await position.fill("50.600000, 21.410000")
    await button.click()
    await expect(said).to_contain_text("Krótka 3")
    await expect(fields["street"]).to_have_value("Krótka")
    await expect(fields["house_number"]).to_have_value("")
    person.assert_quiet()


async def at_the_house(page: Page, asked: list[str]) -> None:
    """Type where the house stands, and forget what was asked until its address is told."""
    position = page.locator('[name="position"]')
    await position.fill("50.600100, 21.400000")
    await position.blur()
    await expect(page.locator("[data-confidence]")).to_contain_text("Długa 12")
    asked.clear()


async def test_it_is_asked_once_the_pin_rests(installation: Installation, visitor: MakeVisitor) -> None:
    person = await visitor(viewport=PHONE, locale="pl")
    page = await person.page()
    asked = await step_with_the_map(installation, page, "pl")
    await at_the_house(page, asked)
    pin = page.locator("button.drop")
    await pin.focus()
    # As fast as a key repeats. What is said of the pin goes at once, and comes once; a slow machine may rest between.
    await page.evaluate(
        """() => { window.told = []; const said = document.querySelector("[data-confidence]");
        new MutationObserver(() => window.told.push(said.textContent)).observe(said, { childList: true }); }"""
    )
    await pin.evaluate(
        """async pin => { for (let i = 0; i < 12; i++) {
        pin.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", shiftKey: true, bubbles: true }));
        await new Promise(done => setTimeout(done, 30)); } }"""
    )
    await expect(page.locator("[data-confidence]")).to_contain_text("Długa 12")
    assert len(asked) <= 3
    told = [words for words in await page.evaluate("window.told") if words]
    assert len(told) <= len(asked), "a screen reader reads one sentence for a pin that rests"
    person.assert_quiet()


async def test_of_a_protected_place_nothing_is_asked(
    installation: Installation, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=PHONE, locale="pl")
    page = await person.page()
    asked = await step_with_the_map(installation, page, "pl")
    await at_the_house(page, asked)
    # The pin has moved and does not rest yet when the place becomes a protected one; and it moves once more, hidden.
    await page.locator("button.drop").evaluate(
        """pin => {
        const move = () => pin.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
        move();
        document.querySelector('[name="disclosure"][value="area"]').click();
        move();
        const field = document.querySelector('[name="position"]');
        field.value = "50.600200, 21.400000";
        field.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    await expect(page.locator("[data-confidence]")).to_be_hidden()
    await page.wait_for_timeout(1500)  # Longer than a pin takes to rest.
    assert asked == []
    assert await page.locator("[data-confidence]").text_content() == ""
    assert await page.locator("[data-nearest]").get_attribute("hidden") is not None
    person.assert_quiet()
