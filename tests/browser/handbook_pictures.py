"""`./run screenshots handbook`: the pictures of the moderator's handbook, in Polish and in English, into `docs/images`.

Everything in them is invented: it comes with the example data, but for one report, which is sent here, and for a list, a
claim, a trusted organisation and an area (`handbook_story`).
"""

import asyncio
import re

from playwright.async_api import Browser, Page, StorageState, ViewportSize

from tests.browser.handbook_story import claimed, imported, own_area, trusted
from tests.browser.screenshots import IMAGES, Started, signed_in, take_in

LANGUAGES = {"pl": "pl-PL", "en": "en-GB"}
SIZE: ViewportSize = {"width": 1000, "height": 700}
#: Of one submission all that a desktop has stands in the picture: list, both columns, every button.
WIDE: ViewportSize = {"width": 1280, "height": 800}
SETTLE_MS = 1500
#: A municipality with a sign-in service, which nobody asks: its button is in the picture.
MUNICIPALITY = {
    "OIDC__KIELCE__ISSUER": "https://login.kielce.example/",
    "OIDC__KIELCE__CLIENT_ID": "pomapa",
    "OIDC__KIELCE__CLIENT_SECRET": "nobody-asks-it",
    "OIDC__KIELCE__NAME": "Miasto Kielce",
    "OIDC__KIELCE__MAIL_DOMAINS": "kielce.example",
}
DEVICES = {"pl": "Telefon służbowy", "en": "Telephone from work"}
REPORTED = "Byłam tam we wtorek o 12:00, drzwi były zamknięte, a telefon nie odpowiada."


async def take_handbook(browser: Browser, started: Started) -> None:
    """Take every picture."""
    address = started.address
    state = await signed_in(browser, started.link)
    context = await browser.new_context(locale="pl-PL", storage_state=state)
    page = await context.new_page()
    story = await imported(page, started)
    await trusted(started, story)
    area = await own_area(page, address)
    await context.close()
    await claimed(browser, started, story)
    is_reported = False
    for language, locale in LANGUAGES.items():
        context = await browser.new_context(viewport=SIZE, locale=locale, storage_state=state)
        page = await context.new_page()
        await page.goto(f"{address}/{language}/?q=Kielce")
        hits = page.locator("li.hit h2 a")
        places = [_id_in(str(await hits.nth(n).get_attribute("href"))) for n in range(2)]
        if not is_reported:
            await _report(page, f"{address}/pl/report/{places[0]}")
            is_reported = True
        await page.goto(f"{address}/desk")
        await _picture(page, f"handbook-queue-{language}.png")
        await _submission(page, f"handbook-submission-{language}.png")
        await page.goto(f"{address}/desk")
        for n in range(3):
            await page.locator(".queue input[name=id]").nth(n).check()
        await page.locator('button[name="act"][value="spam"]').click()
        await page.wait_for_load_state()
        await _picture(page, f"handbook-many-{language}.png")
        await page.goto(f"{address}/desk/merge/{places[0]}/{places[1]}")
        await _picture(page, f"handbook-merge-{language}.png")
        await page.goto(f"{address}/desk/published/{places[0]}/protect")
        await _picture(page, f"handbook-protect-{language}.png")
        await page.goto(f"{address}/desk/reports")
        await page.locator('main a[href^="/desk/reports/"]').first.click()
        await page.wait_for_load_state()
        await _picture(page, f"handbook-report-{language}.png")
        await page.goto(f"{address}{story.changed}")
        await _picture(page, f"handbook-import-{language}.png")
        await page.goto(f"{address}/desk/claims")
        await page.locator('main a[href^="/desk/claims/"]').first.click()
        await page.wait_for_load_state()
        await _picture(page, f"handbook-claim-{language}.png")
        await page.goto(f"{address}/desk/published/{story.organisation}/trust")
        await _picture(page, f"handbook-trust-{language}.png")
        await page.goto(area)
        await _picture(page, f"handbook-area-{language}.png")
        await context.close()
    await _take_signing_in(browser, address, state)


async def _take_signing_in(browser: Browser, address: str, state: StorageState) -> None:
    """The page of signing in, and an account with a passkey, which ends every other session."""
    for language, locale in LANGUAGES.items():
        context = await browser.new_context(viewport=SIZE, locale=locale)
        page = await context.new_page()
        await page.goto(f"{address}/desk/sign-in")
        await _picture(page, f"handbook-sign-in-{language}.png")
        await context.close()
        context = await browser.new_context(viewport=SIZE, locale=locale, storage_state=state)
        page = await context.new_page()
        device = await context.new_cdp_session(page)
        await device.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
        able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
        await device.send("WebAuthn.addVirtualAuthenticator", {"options": options | able})
        await page.goto(f"{address}/desk/account")
        if language == next(iter(LANGUAGES)):
            await _press(page, 'form[action="/desk/account/passkeys/begin"] button')
            await page.fill('input[name="name"]', DEVICES[language])
            await _press(page, ".passkey button")
            state = await context.storage_state()
            await page.goto(f"{address}/desk/account")
        else:
            await page.locator("summary:has(strong)").first.click()
            await page.fill('form[action$="/rename"] input[name="name"]', DEVICES[language])
            await _press(page, 'form[action$="/rename"] button')
            await page.goto(f"{address}/desk/account")
        await _picture(page, f"handbook-account-{language}.png")
        await context.close()


async def _press(page: Page, selector: str) -> None:
    async with page.expect_event("load"):
        await page.locator(selector).click()


def _id_in(link: str) -> str:
    found = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", link)
    assert found, link
    return found[0]


async def _submission(page: Page, name: str) -> None:
    await page.set_viewport_size(WIDE)
    await page.locator(".queue li a").first.click()
    await page.wait_for_load_state()
    await _picture(page, name)
    await page.set_viewport_size(SIZE)


async def _report(page: Page, address: str) -> None:
    await page.goto(address)
    await page.locator('input[name="reason"][value="closed_now"]').check()
    await page.locator('textarea[name="body"]').fill(REPORTED)
    # Nobody types that fast; the form knows.
    await page.wait_for_timeout(SETTLE_MS)
    await page.locator("main form button[type=submit]").last.click()
    await page.wait_for_url("**/sent?*")


async def _picture(page: Page, name: str) -> None:
    await page.wait_for_timeout(SETTLE_MS)
    await page.screenshot(path=IMAGES / name)
    print(f"docs/images/{name}")


if __name__ == "__main__":
    asyncio.run(take_in(take_handbook, MUNICIPALITY))
