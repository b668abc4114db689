"""The same inspection of the pages by which administrators look after the desk itself, organisations and lists of others.

Which page is looked at where stands in `desk_pages`.
"""

import asyncio
import re
import secrets
import uuid

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import text

from app.accounts.roles import Role
from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.layers.registry import LAYERS
from tests.browser.conftest import DESKTOP, PATIENCE_S, Installation, MakeVisitor
from tests.browser.desk_pages import OPENED
from tests.browser.drawing_tool import SQUARE, begun, button, drawn, tap
from tests.browser.small_set import SmallSet, _setting, add_waiting, point
from tests.browser.test_accessibility import Inspector, inspector
from tests.browser.test_importing import BATHS, _upload

__all__ = ["inspector"]
pytestmark = pytest.mark.browser


async def _sign_in(page: Page, installation: Installation) -> None:
    await page.goto(await installation.link_for("desk-pages@example.org", Role.ADMINISTRATOR))
    async with page.expect_event("load"):
        await page.locator("main form button[type=submit]").first.click()


async def _things(installation: Installation, small_set: SmallSet) -> dict[str, str]:
    """What pages are about: a place with two versions, a refuge whose owner wants it to be shown, somebody else, an area."""
    database = Database(installation.urls.app, installation.urls.reader)
    layer, refuge = LAYERS["aid_points"], small_set.refuge.rpartition("/")[2]
    names = ("Łaźnia Stara", "Łaźnia Nowa")
    before, after = (layer.content.read(point(name, "shower_toilet", 22.05, 50.06)) for name in names)
    try:
        async with session(database) as s:
            (made,) = await publish_many(s, _setting(), layer, [Item(before)])
            await publish_many(s, _setting(), layer, [Item(after, feature_id=made.feature_id)])
            await s.execute(_WISH, {"refuge": uuid.UUID(refuge)})
            person = await s.scalar(_PERSON, {"email": "somebody.else@example.org"})
    finally:
        await database.dispose()
    return {
        "organisation": small_set.organisation.rpartition("/")[2],
        "place": small_set.kitchen_id,
        "refuge": refuge,
        "twice": str(made.feature_id),
        "person": str(person),
        "area": "PL-local_nad_wisla",
    }


async def _make_area(page: Page, address: str) -> None:
    """An area by an address that draws it, as somebody pastes it; made by the test before, it is there."""
    await page.goto(f"{address}/desk/areas/PL-local_nad_wisla")
    if await page.locator(".area-outline").count():
        return
    await page.goto(f"{address}/desk/areas/new?shape=outline")
    corners = "21.97,50.02;22.03,50.02;22.03,50.055"
    said = {"name": "Nad Wisłą", "code": "nad_wisla", "source": "Pomapa", "licence": "CC0-1.0"}
    for name, words in (said | {"outline_text": f"{address}/pl/?within={corners}"}).items():
        await page.fill(f"[name={name}]", words)
    async with page.expect_event("load"):
        await page.locator(
            "main form.fields button[type=submit], main form button.button[type=submit]"
        ).last.click()


async def test_pages_of_administrators(
    installation: Installation, small_set: SmallSet, inspector: Inspector
) -> None:
    page = inspector.page
    secret = installation.environment["SECRET_KEY"]
    await asyncio.to_thread(add_waiting, installation.urls, secret, "Pralnia Szara")
    await _sign_in(page, installation)
    await _make_area(page, installation.address)
    things = await _things(installation, small_set)
    for path in (path for paths in OPENED.values() for path in paths):
        await inspector.open(f"/desk/{path.format(**things)}", f"desk, {path}")
        # Not one of another page, or of a mistake.
        await expect(page.locator("body.desk-page")).to_be_visible()
        assert "/desk/" in page.url
    inspector.conclude()


async def test_pages_of_an_import(installation: Installation, inspector: Inspector) -> None:
    page = inspector.page
    await _sign_in(page, installation)
    await page.goto(f"{installation.address}/desk/imports")
    await _upload(page, BATHS, f"axe-{inspector.lang}")
    await expect(page.locator("#column-services")).to_be_visible()
    await inspector.inspect("desk, columns of an import")
    await page.select_option("#column-services", "Jaka to pomoc, kodami jak u nas")
    await page.select_option("#column-lat", "Szerokość geograficzna w stopniach")
    await page.locator("main form button").last.click()
    row = page.locator('main h2 a[href^="/desk/imports/rows/"]').first
    await expect(row).to_be_visible()
    await inspector.inspect("desk, an import")
    address = await row.get_attribute("href")
    await page.locator('form[action$="/bulk"] button').click()
    await expect(page.locator("#which")).to_be_visible()
    await inspector.inspect("desk, an import, all that are new")
    await inspector.open(str(address), "desk, a row of an import")
    inspector.conclude()


async def test_an_area_that_was_drawn_on_the_map_is_made_and_offered(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    person = await visitor(viewport=DESKTOP)
    page = await begun(person)
    await tap(page, *SQUARE)
    await button(page, "Done").click()
    await expect(page.locator("a.tag", has_text="Drawn area")).to_be_visible()
    corners, address = drawn(page), page.url
    await _sign_in(page, installation)
    await page.goto(f"{installation.address}/desk/areas/new?shape=outline")
    # A code is never used again, not by another try of this test either.
    code = f"czworobok_{secrets.token_hex(3)}"
    said = {"name": "Czworobok", "code": code, "source": "Pomapa", "licence": "CC0-1.0"}
    for name, words in (said | {"outline_text": address}).items():
        await page.fill(f"[name={name}]", words)
    async with page.expect_event("load"):
        await page.locator("main form button.button[type=submit]").last.click()
    # Its outline is told in words and drawn: as many corners as were set.
    outline = page.get_by_role("img", name=re.compile("Czworobok"))
    await expect(outline).to_be_visible()
    path = await outline.locator("path.area").get_attribute("d")
    assert path
    assert len(re.findall(r"[\d.]+[ ,][\d.]+", path)) >= len(corners)
    told = f"{installation.address}/api/v1/areas/PL-local_{code}.geojson"
    answer = await page.request.get(told)
    # Who reads may still believe for a moment what was asked before.
    for _ in range(PATIENCE_S):
        if answer.ok:
            break
        await asyncio.sleep(1)
        answer = await page.request.get(told)
    ring = (await answer.json())["geometry"]["coordinates"]
    flat = re.findall(r"-?\d+\.\d+", str(ring))
    assert {round(float(lng), 3) for lng, _ in corners} <= {round(float(value), 3) for value in flat}
    person.assert_quiet()


async def test_the_statistics_chart_says_what_its_table_says(
    installation: Installation, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    secret = installation.environment["SECRET_KEY"]
    for name in ("Pralnia Czarna", "Pralnia Czerwona"):
        await asyncio.to_thread(add_waiting, installation.urls, secret, name)
    person = await visitor(viewport=DESKTOP)
    page = await person.page()
    await _sign_in(page, installation)
    await page.goto(f"{installation.address}/desk/statistics?days=7")
    box = page.locator("section[aria-labelledby=in-and-out]")
    await expect(box).to_be_visible()
    # The picture is for eyes; everybody else has the table.
    await expect(box.locator("figure svg").first).to_have_attribute("aria-hidden", "true")
    await box.locator("summary").click()
    table = box.get_by_role("table")
    await expect(table.get_by_role("columnheader")).to_have_count(3)
    rows = await table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => Number(cell.textContent)))"
    )
    bars = await box.locator("figure > svg rect").evaluate_all(
        "all => all.map(one => [Number(one.getAttribute('x')), Number(one.getAttribute('height')), one.classList.contains('solid')])"
    )
    most = max(max(row) for row in rows)
    assert most >= 2
    drawn_high = {(x // 10, solid): height for x, height, solid in bars}
    for at, counts in enumerate(rows):
        for solid, count in zip((False, True), counts, strict=True):
            height = drawn_high.get((at, solid), 0)
            assert bool(height) is bool(count)
            assert abs(height - 96 * count / most) <= 1
    person.assert_quiet()


_WISH = text(
    """
    INSERT INTO core.opening (feature_id, submission_id, state, reason, language)
    SELECT :refuge, s.id, 'asked', 'Przenieśliśmy się.', 'pl' FROM core.submission s
    WHERE NOT EXISTS (SELECT FROM core.opening o WHERE o.feature_id = :refuge AND o.state = 'asked') LIMIT 1
    """
)
_PERSON = text(
    """
    INSERT INTO core."user" (email, name, language) VALUES (:email, 'Jan', 'pl')
    ON CONFLICT (email) DO UPDATE SET name = 'Jan' RETURNING id
    """
)
