"""What some pictures of the handbook need beside the example data: a list of somebody else, an organisation that claims a place, one
that is trusted, and an area of one's own.

Invented places stand beside nothing real, so that these come by the import desk themselves; they are as invented. So are the
outlines.
"""

import asyncio
import contextlib
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

from playwright.async_api import Browser, Locator, Page
from shapely import Polygon
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import Seat
from app.accounts.models import Membership, User
from app.accounts.sign_in import make_one_time_link
from app.areas.importing import import_units
from app.areas.units import Origin
from app.db import Database, session
from app.features.models import Feature
from tests.areas import polish_unit
from tests.browser.screenshots import ROOT, Started

HEADER = "id,name,services,street,house_number,city,lat,lng,phone,website,hours"
FIRST = (
    "1,Jadłodajnia „Przy Dębie”,hot_meals,Dębowa,4,Kielce,50.8661,20.6286,41 344 51 23,,Mo-Fr 11:00-14:00",
    "2,Łaźnia na Dębowej,shower_toilet,Dębowa,9,Kielce,50.8682,20.6301,41 344 51 24,,Mo-Fr 08:00-12:00",
)
THEN = (
    "1,Jadłodajnia „Przy Dębie”,hot_meals,Dębowa,4,Kielce,50.8661,20.6286,41 344 51 29,https://example.org/debie,Mo-Sa 12:00-15:00",
    "2,Łaźnia na Dębowej,shower_toilet,Dębowa,9,Kielce,50.8682,20.6301,41 344 51 24,,Mo-Fr 08:00-12:00",
    "3,Świetlica „Żołądź”,community_centre,Dębowa,11,Kielce,50.8684,20.6305,41 344 51 25,,Mo-Fr 15:00-19:00",
)
REGISTER = (
    "id,name,street,house_number,city,lat,lng,phone,email",
    "1,Fundacja Przy Dębie,Dębowa,4,Kielce,50.8661,20.6286,41 344 51 28,biuro@przydebie.example",
)
DRAWN = Origin("Granice przykładowe", "CC0-1.0", 2026)
REASON = "Gotujemy tam od 2019 roku. Proszę zapytać o panią Oksanę z biura."


@dataclass(frozen=True, slots=True)
class Story:
    """The page of a row that differs from its place, the place itself, and an organisation."""

    changed: str
    place: str
    organisation: str


async def imported(page: Page, started: Started) -> Story:
    """Put two places and an organisation on the map by lists, and lay a later list of the same source beside them."""
    address = started.address
    await _upload(page, address, (HEADER, *FIRST), "aid_points")
    await _all_new(page)
    await _upload(page, address, REGISTER, "organisations")
    await _all_new(page)
    await _upload(page, address, (HEADER, *THEN), "aid_points")
    await page.goto(f"{page.url}?kind=update")
    changed = await page.locator('main h2 a[href^="/desk/imports/rows/"]').first.get_attribute("href")
    async with _database(started) as s:
        rows = await s.execute(text("SELECT layer, feature_id FROM core.import_link WHERE source_id = '1'"))
        made = {layer: str(feature_id) for layer, feature_id in rows}
    return Story(str(changed), made["aid_points"], made["organisations"])


async def claimed(browser: Browser, started: Started, story: Story) -> None:
    """Somebody of the organisation says that the place is theirs."""
    context = await browser.new_context(locale="pl-PL")
    page = await context.new_page()
    await page.goto(await _link_of_member(started, story.organisation))
    await _press(page, page.locator("main form button[type=submit]"))
    await page.goto(f"{started.address}/desk/claim?place={story.place}")
    await page.fill('[name="reason"]', REASON)
    await _press(page, page.locator('form:has([name="reason"]) button'))
    await context.close()


async def trusted(started: Started, story: Story) -> None:
    """Two administrators trust the organisation in one county, of which there is a rough outline."""
    town = Polygon(
        [(20.52, 50.86), (20.58, 50.93), (20.66, 50.94), (20.74, 50.90), (20.72, 50.83), (20.62, 50.80)]
    )
    beside = Polygon(
        [(20.74, 50.90), (20.72, 50.83), (20.80, 50.78), (20.92, 50.80), (20.95, 50.89), (20.84, 50.93)]
    )
    region = town.union(beside).buffer(0.25)
    async with _database(started) as s:
        await import_units(
            s,
            [
                polish_unit("26", region, name="świętokrzyskie", population=1_178_000, origin=DRAWN),
                polish_unit("2661", town, name="Kielce", population=183_000, origin=DRAWN),
                polish_unit("2604", beside, name="kielecki", population=214_000, origin=DRAWN),
            ],
        )
        two = [
            User(email=f"{name.casefold()}@example.org", name=name, language="pl")
            for name in ("Olena", "Piotr")
        ]
        s.add_all(two)
        await s.flush()
        given = {"id": story.organisation, "first": two[0].id, "second": two[1].id}
        for statement in _TRUSTED:
            await s.execute(text(statement), given)


async def own_area(page: Page, address: str) -> str:
    """Make an area of two counties; give the address of its page once its places are counted."""
    await page.goto(f"{address}/desk/areas/new?shape=units")
    for name, said in {
        "name": "Kielce i powiat",
        "code": "kielce_powiat",
        "units": "Kielce\nkielecki",
    }.items():
        await page.fill(f"[name={name}]", said)
    await _press(page, page.locator("main form button[type=submit]").last)
    made = page.url.partition("?")[0]
    await page.goto(made)
    # As long as they are being counted, the page offers itself again.
    while await page.locator(f'main [role=status] a[href="{made.removeprefix(address)}"]').count():
        await page.wait_for_timeout(1000)
        await page.goto(made)
    return made


async def _upload(page: Page, address: str, lines: tuple[str, ...], layer: str) -> None:
    await page.goto(f"{address}/desk/imports")
    data = "\n".join(lines).encode()
    await page.set_input_files("#file", {"name": "lista.csv", "mimeType": "text/csv", "buffer": data})
    said = {
        "title": "Lista Fundacji Przy Dębie",
        "attribution": "Fundacja Przy Dębie",
        "licence": "CC-BY-4.0",
    }
    for name, words in (said | {"source": f"przy-debie-{layer}".replace("_", "-")}).items():
        await page.fill(f"#{name}", words)
    await page.select_option("#layer", layer)
    await _press(page, page.locator("main form:has(#file) button[type=submit]"))


async def _all_new(page: Page) -> None:
    """Put all new ones on the map."""
    await page.goto(f"{page.url}?kind=create")
    for form in ("/bulk", "/do"):
        await _press(page, page.locator(f'form[action$="{form}"] button'))


async def _link_of_member(started: Started, organisation: str) -> str:
    async with _database(started) as s:
        user = User(email="oksana@przydebie.example", name="Oksana", language="pl")
        s.add(user)
        await s.flush()
        theirs = await s.get_one(Feature, uuid.UUID(organisation))
        s.add(Membership(user_id=user.id, organisation_id=theirs.id, role=Seat.ADMIN))
        token = await make_one_time_link(s, user.email)
    return f"{started.address}/desk/sign-in/link#{token}"


@contextlib.asynccontextmanager
async def _database(started: Started) -> AsyncIterator[AsyncSession]:
    command = [sys.executable, "-m", "app", "db", "url", "--role", "app", "--data", str(started.folder)]
    said = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, check=True, capture_output=True, text=True
    )
    url = said.stdout.strip().replace("postgresql://", "postgresql+psycopg://", 1)
    database = Database(url, url)
    try:
        async with session(database) as s:
            yield s
    finally:
        await database.dispose()


async def _press(page: Page, what: Locator) -> None:
    async with page.expect_navigation():
        await what.first.click()


_TRUSTED = (
    """
    INSERT INTO core.verification (feature_id, first_by, first_how, second_by, second_at, second_how)
    VALUES (CAST(:id AS uuid), :first, 'register', :second, now(), 'letter')
    """,
    """
    INSERT INTO core.trust (organisation_id, verification_id, areas, layers, first_by, second_by, second_at)
    SELECT feature_id, id, '{PL-2661}', '{aid_points}', first_by, second_by, now()
    FROM core.verification WHERE feature_id = CAST(:id AS uuid) AND ended_at IS NULL
    """,
)
