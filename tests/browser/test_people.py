"""An administrator signs in with a second step, invites somebody, and suspends them; their rights are gone at the next click."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from playwright.async_api import Locator, Page, expect

from app.accounts.roles import Role
from tests.browser.conftest import PHONE, Installation, MakeVisitor, link_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_tries_before")]

#: Checks a page that is shown.
Look = Callable[[Page], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class People:
    """An administrator and whom she invites, neither of whom was ever there before: a test may be run again."""

    anna: str
    jan: str
    #: As Jan is called, and she too.
    name: str


@pytest.fixture
def people() -> People:
    tried = uuid.uuid4().hex[:12]
    return People(f"nowak-{tried}@kielce.example", f"jan-{tried}@kielce.example", f"nowak-{tried}")


async def use_link(page: Page, installation: Installation, link: str) -> None:
    """Open the page of a link and paste it, as somebody without script would."""
    await page.goto(f"{installation.address}/desk/sign-in/link")
    await page.locator("form[data-link-form]").wait_for()
    await page.fill('input[name="token"]', link)
    await press(page, "form[data-link-form] button[type=submit]")


async def press(page: Page, selector: str) -> None:
    """Press what leads to another page, and wait for it."""
    await press_at(page, page.locator(selector))


async def press_at(page: Page, there: Locator) -> None:
    async with page.expect_event("load"):
        await there.click()


async def with_second_step(page: Page, installation: Installation, anna: str, look: Look) -> None:
    """Set up a second step and sign in with it anew."""

    async def new_link() -> str:
        return await installation.link_for(anna, Role.ADMINISTRATOR)

    await use_link(page, installation, await new_link())
    # By the key that is typed where no camera is.
    await page.goto(f"{installation.address}/desk/account")
    await press(page, 'form[action="/desk/account/connect"] button')
    await look(page)
    key = (await page.locator(".typed-key").inner_text()).replace(" ", "")
    await page.fill('input[name="code"]', pyotp.TOTP(key).now())
    await press(page, 'form[action="/desk/account/second-step"] button')
    paper = await page.locator(".paper-codes code").first.inner_text()
    await look(page)
    # The link alone opens nothing; a code of the app was used just now, so one on paper is typed.
    await page.context.clear_cookies()
    await use_link(page, installation, await new_link())
    await expect(page.locator('input[name="code"]')).to_be_visible()
    await look(page)
    await page.fill('input[name="code"]', paper.upper())
    await press(page, "form:has(input[name=code]) button")


async def height_of(page: Page, selector: str) -> float:
    box = await page.locator(selector).bounding_box()
    assert box
    return box["height"]


async def invite(page: Page, installation: Installation, people: People, look: Look) -> str:
    """Invite Jan as an editor, and give the page that his mail leads to."""
    await page.goto(f"{installation.address}/desk/people")
    # For whoever has every section the bar is one row, too; what is used seldom opens from it.
    assert await height_of(page, ".desk-top") < 64
    # However much waits.
    await page.locator(".desk-sections a").evaluate_all("all => all.forEach(one => one.append(' 10 050'))")
    assert await height_of(page, ".desk-top") < 64
    await look(page)
    await page.locator("summary.here").click()
    await expect(page.locator('.more a[aria-current="page"][href="/desk/people"]')).to_be_visible()
    await look(page)
    # Nothing is chosen first: what is wrong is said, and what was typed stays.
    await press(page, 'a[href="/desk/people/invite"]')
    await page.fill('input[name="email"]', people.jan)
    await page.fill('input[name="name"]', people.name)
    await page.select_option('select[name="language"]', "uk")
    await press(page, "form.fields button[type=submit]")
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.locator('input[name="name"]')).to_have_value(people.name)
    await look(page)
    await page.locator('input[name="role"][value="editor"]').check()
    await press(page, "form.fields button[type=submit]")
    await expect(page.get_by_role("status").first).to_be_visible()
    return link_in(await asyncio.to_thread(installation.mail.wait_for, people.jan, "/desk/sign-in"))


async def test_somebody_is_invited_by_whoever_has_a_second_step_and_suspended(
    installation: Installation, people: People, visitor: MakeVisitor, axe: Any
) -> None:
    async def look(page: Page) -> None:
        assert await axe(page) == []
        # Nothing is wider than the screen.
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url

    administrator = await visitor(locale="pl-PL")
    anna = await administrator.page()
    await with_second_step(anna, installation, people.anna, look)
    link = await invite(anna, installation, people, look)
    # In another browser, in the person's own language.
    invited = await visitor(locale="uk-UA", viewport=PHONE, color_scheme="dark")
    jan = await invited.page()
    await jan.goto(link)
    await jan.fill('input[name="email"]', people.jan)
    await press(jan, "main form button[type=submit]")
    await jan.goto(link_in(await asyncio.to_thread(installation.mail.wait_for, people.jan, "sign-in/link")))
    await press(jan, "form[data-link-form] button[type=submit]")
    await jan.goto(f"{installation.address}/desk/published")
    await expect(jan.locator('input[name="place"]')).to_be_visible()
    await look(jan)
    # A moderator is only proposed: whoever has proposed it cannot confirm it.
    own = anna.locator("section.box[id]", has_text=people.jan)
    await press_at(anna, own.locator('a[href$="/role"]'))
    await anna.locator('input[name="role"][value="moderator"]').check()
    await press(anna, "form.fields button[type=submit]")
    waiting = anna.locator('section[aria-labelledby="waiting-roles"] .role', has_text=people.jan)
    await expect(waiting.locator('input[value="take"]')).to_have_count(1)
    await expect(waiting.locator('input[value="confirm"]')).to_have_count(0)
    await look(anna)
    await anna.set_viewport_size(PHONE)
    await look(anna)
    # Suspended: the page that is open opens nothing more.
    await press_at(anna, own.locator('form:has(input[value="suspend"]) button'))
    await expect(own.locator('input[value="reinstate"]')).to_have_count(1)
    answer = await jan.goto(f"{installation.address}/desk/published")
    assert answer
    assert answer.status == 401
    await look(jan)
    administrator.assert_quiet()
    invited.assert_quiet()
