"""A file put beside the map at the desk: uploaded, looked at, decided and taken back, without script and by keyboard."""

import asyncio
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor, link_in
from tests.browser.small_set import point, publish_one, take_all_back

pytestmark = pytest.mark.browser

HEADER = "id,name,services,street,house_number,city,lat,lng,phone,website,hours"
ROWS = (
    "1,Kuchnia Caritas,hot_meals,Sienkiewicza,1,Rzeszów,50.0400,22.0001,17 850 01 01,,Mo-Fr 09:00-15:00",
    "2,Łaźnia miejska,shower_toilet,,,Rzeszów,50.05,22.02,,,",
    "3,Bar u Zosi,hot_meals,,,Rzeszów,50.0401,22.0002,,,24/7",
    '4,"=1+1",hot_meals,,,,50.05,22.02,,,',
)
FILE = "\n".join((HEADER, *ROWS)).encode()
SAID = {
    "title": "Lista Caritas",
    "attribution": "Caritas Rzeszów",
    "licence": "CC-BY-4.0",
    "as_of": "2026-01-02",
}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_a_file_is_decided_row_by_row_without_script(
    installation: Installation, visitor: MakeVisitor, viewport: Any
) -> None:
    contact = {"kind": "phone", "value": "+48178500101"}
    # Both share an installation: each has its own source.
    source = "phone" if viewport is PHONE else "desktop"
    await asyncio.to_thread(take_all_back, installation.urls)
    place = await asyncio.to_thread(
        publish_one,
        installation.urls,
        point("Kuchnia Caritas", "hot_meals", 22.0, 50.04, contacts=[contact]),
    )
    desk = await _open(installation, visitor, viewport=viewport, locale="pl-PL", java_script_enabled=False)
    await desk.goto(f"{installation.address}/desk/imports")
    await _picture(desk, f"imports-{source}")
    await desk.set_input_files("#file", {"name": "lista.csv", "mimeType": "text/csv", "buffer": FILE})
    await desk.fill("#title", SAID["title"])
    await desk.fill("#source", f"caritas-{source}")
    for name in ("attribution", "licence", "as_of"):
        await desk.fill(f"#{name}", SAID[name])
    await desk.locator("#licence").press("Enter")
    await expect(desk.locator("h1")).to_have_text("Lista Caritas")
    await _picture(desk, f"import-run-{source}")

    await desk.get_by_role("link", name=re.compile("^Nie do przyjęcia")).click()
    await expect(desk.locator("main")).to_contain_text("Kolumna name zawiera formułę.")
    await _picture(desk, f"import-refused-{source}")
    await desk.get_by_role("link", name=re.compile("^Zmienione")).click()
    await _picture(desk, f"import-many-{source}")
    row = desk.get_by_role("link", name="Kuchnia Caritas")
    await row.focus()
    await row.press("Enter")
    await expect(desk.locator("#compared")).to_be_visible()
    await _picture(desk, f"import-row-{source}")
    await desk.locator("button[value=update]").press("Enter")
    await desk.goto(f"{installation.address}/desk/published/{place}")
    await expect(desk.locator("main")).to_contain_text("9:00–15:00")

    await desk.goto(f"{installation.address}/desk/imports")
    await desk.get_by_role("link", name="Lista Caritas").first.click()
    await desk.get_by_role("link", name=re.compile("^Rozpatrzono")).click()
    await desk.get_by_role("link", name="Kuchnia Caritas").click()
    await _picture(desk, f"import-decided-{source}")
    await desk.locator("button[value=undo]").press("Enter")
    await expect(desk.locator("button[value=update]")).to_be_visible()
    await desk.goto(f"{installation.address}/desk/published/{place}")
    await expect(desk.locator("main")).not_to_contain_text("9:00–15:00")


async def _open(installation: Installation, visitor: MakeVisitor, **options: Any) -> Page:
    words = ("users", "link", "importing@example.org", "--role", "moderator")
    link = link_in(await asyncio.to_thread(installation.command, *words))
    desk = await (await visitor(**options)).page()
    await desk.goto(f"{installation.address}/desk/sign-in/link")
    await desk.fill('input[name="token"]', link)
    async with desk.expect_event("load"):
        await desk.locator("main form button[type=submit]").click()
    return desk


async def _picture(desk: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        await desk.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
