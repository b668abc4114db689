"""The whole main job as three people: somebody adds a place, a moderator lets it in, a reader finds it everywhere."""

import asyncio
import json
import re
import time
import urllib.request
from typing import Any

import pytest
from playwright.async_api import Page, expect

from app.desk.shown import LEAST_S
from app.forms.started import SHORTEST_S
from geo.tile import tile_at
from tests.browser.conftest import PHONE, Installation, MakeVisitor, Visitor, link_in

NAME = "Jadłodajnia „Ciepły Stół”"
LNG, LAT = 20.6286, 50.8661
SUBMITTER = "olena@example.org"
ZOOMS = (4, 9, 12, 16)

pytestmark = pytest.mark.browser


async def go_on(page: Page) -> None:
    """Press the form's own button to the next step."""
    async with page.expect_event("load"):
        await page.locator('main button[value="next"]:not(.hush)').click()


async def submit_place(page: Page, address: str, language: str, name: str, *, email: str) -> None:
    """Fill in the form of an aid point as a person would."""
    await page.goto(f"{address}/{language}/")
    await page.locator(f'a[href^="/{language}/add"]:visible').first.click()
    if page.url.endswith("/add"):
        await page.locator('a[href$="/add/aid_points"]:visible').first.click()
    began = time.monotonic()
    await page.fill('input[name="name"]', name)
    await page.locator('details:has(input[value="hot_meals"]) > summary').first.click()
    await page.locator('label:has(input[value="hot_meals"])').click()
    await go_on(page)
    await page.fill('[name="address.street"]', "Planty")
    await page.fill('[name="address.house_number"]', "12")
    await page.fill('[name="address.postcode"]', "25-502")
    await page.fill('[name="address.city"]', "Kielce")
    await page.fill('[name="position"]', f"{LAT}, {LNG}")
    await page.locator('label:has(input[name="hours.kind"][value="always"])').click()
    await go_on(page)
    await page.locator('label:has(input[name="languages"][value="uk"])').first.click()
    await go_on(page)
    await page.fill('[name="phones.0.value"]', "41 344 55 66")
    await go_on(page)
    await expect(page.locator("main")).to_contain_text(name)
    await page.fill('[name="email"]', email)
    # Nobody fills this in within four seconds, and the form knows.
    await asyncio.sleep(max(0.0, SHORTEST_S + 1 - (time.monotonic() - began)))
    async with page.expect_event("load"):
        await page.locator('main button[value="send"]:not(.hush)').click()


async def confirm_by_mail(page: Page, mail: str) -> None:
    """Follow the link of the mail and press the one button of its page."""
    await page.goto(link_in(mail))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").first.click()


def _fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return bytes(answer.read())


def _json(url: str) -> Any:
    return json.loads(_fetched(url))


def _public(address: str) -> list[dict[str, Any]]:
    features = _json(f"{address}/api/v1/layers/aid_points/features.geojson?bbox=20.6,50.85,20.65,50.88")[
        "features"
    ]
    return [feature for feature in features if feature["properties"]["name"] == NAME]


def _counted(address: str) -> dict[str, int]:
    """How many places with hot meals the tiles around the place count, by zoom, and the list in all."""
    asked = "service=hot_meals"
    counted = {}
    for zoom in ZOOMS:
        at = tile_at(LNG, LAT, zoom)
        tile = _json(f"{address}/api/v1/tiles/aid_points/{at.z}/{at.x}/{at.y}.geojson?{asked}")
        counted[str(zoom)] = sum(f["properties"].get("count", 1) for f in tile["features"])
    listed = _json(f"{address}/api/v1/layers/aid_points/features.geojson?{asked}&count=true")
    return counted | {"list": listed["numberMatched"]}


async def _sign_in(installation: Installation, visitor: Visitor) -> Page:
    printed = installation.command("users", "link", "moderator@example.org", "--role", "moderator")
    page = await visitor.page()
    await page.goto(link_in(printed))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").click()
    return page


async def test_the_main_job_as_three_people(  # noqa: PLR0915 - one story, told from beginning to end
    installation: Installation, visitor: MakeVisitor
) -> None:
    address = installation.address
    submitter = await visitor(viewport=PHONE, locale="uk-UA", has_touch=True, is_mobile=True)
    page = await submitter.page()
    await submit_place(page, address, "uk", NAME, email=SUBMITTER)
    status_page = page.url
    assert _public(address) == []

    mail = await asyncio.to_thread(installation.mail.wait_for, SUBMITTER, "/uk/confirm/")
    # A scanner that follows the link confirms nothing.
    await asyncio.to_thread(_fetched, link_in(mail))
    moderator = await visitor()
    desk = await _sign_in(installation, moderator)
    await desk.goto(f"{address}/desk")
    await expect(desk.locator("main")).not_to_contain_text(NAME)
    await confirm_by_mail(page, mail)
    assert _public(address) == []

    await desk.reload()
    async with desk.expect_event("load"):
        await desk.get_by_role("link", name=NAME).click()
    await expect(desk.get_by_role("heading", level=1)).to_have_text(NAME)
    await expect(desk.locator("main")).to_contain_text("Planty 12")
    await expect(
        desk.locator("[data-review-map] .leaflet-container, [data-review-map].leaflet-container")
    ).to_be_visible()
    before = _counted(address)
    async with desk.expect_event("load"):
        await desk.locator('form[action$="/approve"] button').click()

    # Within a second it is public in every way.
    await asyncio.sleep(1)
    (feature,) = _public(address)
    assert feature["geometry"]["coordinates"] == [LNG, LAT]
    assert feature["properties"]["services"] == ["hot_meals"]
    assert feature["properties"]["languages"] == ["uk"]
    one = _json(f"{address}/api/v1/layers/aid_points/features/{feature['id']}")
    assert one["properties"]["contacts"][0]["value"] == "+48413445566"
    # One more in the clusters of every zoom, and in the count of the list.
    assert _counted(address) == {what: count + 1 for what, count in before.items()}

    for language, words in (
        ("pl", "całą dobę"),
        ("uk", "ілодобово"),
        ("en", "Open"),
        ("de", ""),
        ("ro", ""),
        ("ru", ""),
    ):
        reader = await visitor(viewport=PHONE)
        read = await reader.page()
        await read.goto(f"{address}/{language}/?q=stol")
        hit = read.locator("li.hit", has_text="Ciepły Stół")
        await expect(hit).to_be_visible()
        await expect(hit).to_contain_text(words)
        assert await read.locator("html").get_attribute("lang") == language
        await hit.get_by_role("link", name=NAME, exact=True).click()
        await expect(read.get_by_role("heading", level=1)).to_have_text(NAME)
        await expect(read.locator("main")).to_contain_text("Planty 12")
        await expect(read.locator('a[href="tel:+48413445566"]:visible').first).to_be_visible()
        reader.assert_quiet()

    on_map = await visitor()
    map_page = await on_map.page()
    await map_page.goto(f"{address}/pl/?bbox=20.61,50.855,20.65,50.875")
    marker = (
        map_page.locator("#map")
        .get_by_role("button", name=re.compile("Ciepły Stół"))
        .or_(map_page.locator("#map").get_by_role("link", name=re.compile("Ciepły Stół")))
    )
    await marker.first.click()
    popup = map_page.locator(".leaflet-popup")
    await expect(popup).to_contain_text("Ciepły Stół")

    decision = await asyncio.to_thread(installation.mail.wait_for, SUBMITTER, feature["id"])
    assert NAME in decision
    await page.goto(status_page)
    await expect(page.locator("main")).to_contain_text(re.compile(r"На мапі|на мапі"))
    for person in (submitter, moderator, on_map):
        person.assert_quiet()


async def test_a_question_its_answer_and_a_rejection(
    installation: Installation, visitor: MakeVisitor
) -> None:
    address, email, name = installation.address, "jan@example.org", "Punkt bez piętra"
    person = await visitor()
    page = await person.page()
    await submit_place(page, address, "pl", name, email=email)
    await confirm_by_mail(page, await asyncio.to_thread(installation.mail.wait_for, email, "/pl/confirm/"))
    moderator = await visitor()
    desk = await _sign_in(installation, moderator)
    await desk.goto(f"{address}/desk")
    async with desk.expect_event("load"):
        await desk.get_by_role("link", name=name).click()
    await desk.locator('.decide a[data-key="a"]').click()
    await desk.fill('textarea[name="question"]', "Na którym piętrze?")
    async with desk.expect_event("load"):
        await desk.locator("details#ask form button[type=submit]").click()

    question = await asyncio.to_thread(installation.mail.wait_for, email, "Na którym piętrze?")
    await page.goto(link_in(question))
    await expect(page.locator("main")).to_contain_text("Na którym piętrze?")
    await page.locator("main textarea").first.fill("Na trzecim.")
    async with page.expect_event("load"):
        await page.locator("main form:has(textarea) button[type=submit]").first.click()

    await desk.goto(f"{address}/desk")
    async with desk.expect_event("load"):
        await desk.get_by_role("link", name=name).click()
    await expect(desk.locator("main")).to_contain_text("Na trzecim.")
    await desk.locator('.decide a[data-key="r"]').click()
    await desk.locator('label:has(input[value="cannot_verify"])').click()
    await desk.fill('textarea[name="note"]', "Nikt nie odbiera telefonu.")
    async with desk.expect_event("load"):
        await desk.locator("details#reject form button.danger").click()
    refusal = await asyncio.to_thread(installation.mail.wait_for, email, "Nikt nie odbiera telefonu.")
    assert "/pl/status/" in refusal
    names = [
        f["properties"]["name"]
        for f in _json(f"{address}/api/v1/layers/aid_points/features.geojson")["features"]
    ]
    assert name not in names
    person.assert_quiet()
    moderator.assert_quiet()


async def test_the_main_job_without_script(installation: Installation, visitor: MakeVisitor) -> None:
    address, email, name = installation.address, "bez.skryptu@example.org", "Punkt bez skryptu"
    person = await visitor(java_script_enabled=False, viewport=PHONE)
    page = await person.page()
    await submit_place(page, address, "pl", name, email=email)
    await confirm_by_mail(page, await asyncio.to_thread(installation.mail.wait_for, email, "/pl/confirm/"))
    moderator = await visitor(java_script_enabled=False)
    desk = await moderator.page()
    await desk.goto(f"{address}/desk/sign-in/link")
    await desk.fill('input[name="token"]', await installation.link_for("moderator@example.org"))
    async with desk.expect_event("load"):
        await desk.locator("main form button[type=submit]").click()
    async with desk.expect_event("load"):
        await desk.get_by_role("link", name=name).click()
    # Nobody reads it in less, and without script it is the server that knows.
    await asyncio.sleep(LEAST_S)
    async with desk.expect_event("load"):
        await desk.locator('form[action$="/approve"] button').click()
    reader = await visitor(java_script_enabled=False, viewport=PHONE)
    read = await reader.page()
    await read.goto(f"{address}/pl/?q=bez+skryptu")
    await read.get_by_role("link", name=name).first.click()
    await expect(read.get_by_role("heading", level=1)).to_have_text(name)
