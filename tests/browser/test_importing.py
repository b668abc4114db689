"""A file put beside the map at the desk: uploaded, looked at, decided and taken back, without script and by keyboard."""

import asyncio
import datetime as dt
import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor
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
#: As others call their columns, and more than fits beside each other.
OTHERS = (
    "Nr;Nazwa;Jaka to pomoc, kodami jak u nas;Miejscowość;Szerokość geograficzna w stopniach;długość;Uwagi"
)
BATHS = "\n".join(
    (
        OTHERS,
        *(
            f"{n};Łaźnia przy ulicy Długiej numer {n};shower_toilet;Rzeszów;50,{n}4;22,{n}9;tak"
            for n in range(1, 4)
        ),
    )
).encode()
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
        # Before the day of which the files speak: whoever spoke later is not changed without a look.
        dt.datetime(2025, 12, 1, 12, tzinfo=dt.UTC),
    )
    desk = await _open(installation, visitor, viewport=viewport, locale="pl-PL", java_script_enabled=False)
    await desk.goto(f"{installation.address}/desk/imports")
    await _picture(desk, f"imports-{source}")
    await _upload(desk, FILE, f"caritas-{source}")
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
    if viewport is PHONE or os.environ.get("PICTURES"):
        await _columns_and_many(installation, desk, source)


async def _columns_and_many(installation: Installation, desk: Page, source: str) -> None:
    """The columns of others, asked about; then all that are sure, after one question, and taken back."""
    await desk.goto(f"{installation.address}/desk/imports")
    await _upload(desk, BATHS.replace("Łaźnia".encode(), f"Łaźnia {source}".encode()), f"baths-{source}")
    await expect(desk.locator("#column-services")).to_be_visible()
    await _fits(desk)
    await _picture(desk, f"import-columns-{source}")
    await desk.locator("main form button").press("Enter")
    await expect(desk.locator("#column-services-error")).to_be_visible()
    await _picture(desk, f"import-columns-wrong-{source}")
    await desk.select_option("#column-services", "Jaka to pomoc, kodami jak u nas")
    await desk.select_option("#column-lat", "Szerokość geograficzna w stopniach")
    await desk.locator("main form button").press("Enter")
    await desk.get_by_role("link", name=re.compile("^Nowe")).click()
    await desk.locator('form[action$="/bulk"] button').press("Enter")
    await expect(desk.locator("#which")).to_be_visible()
    await _fits(desk)
    await _picture(desk, f"import-bulk-{source}")
    await desk.locator('form[action$="/do"] button').press("Enter")
    await expect(desk.locator("#done")).to_be_visible()
    await _fits(desk)
    await _picture(desk, f"import-bulk-done-{source}")
    await desk.locator('form[action$="/undo"] button').press("Enter")
    await expect(desk.locator("#undone")).to_be_visible()
    await _picture(desk, f"import-bulk-undone-{source}")


async def _upload(desk: Page, data: bytes, source: str) -> None:
    await desk.set_input_files("#file", {"name": "lista.csv", "mimeType": "text/csv", "buffer": data})
    await desk.fill("#title", SAID["title"])
    await desk.fill("#source", source)
    for name in ("attribution", "licence", "as_of"):
        await desk.fill(f"#{name}", SAID[name])
    await desk.locator("#licence").press("Enter")


async def _fits(desk: Page) -> None:
    """Nothing stands out of the page to the side."""
    assert await desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def _open(installation: Installation, visitor: MakeVisitor, **options: Any) -> Page:
    link = await installation.link_for("importing@example.org")
    desk = await (await visitor(**options)).page()
    await desk.goto(f"{installation.address}/desk/sign-in/link")
    await desk.fill('input[name="token"]', link)
    async with desk.expect_event("load"):
        await desk.locator("main form button[type=submit]").click()
    return desk


async def _picture(desk: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        await desk.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
