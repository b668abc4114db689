"""The banners in a browser: put away for good, ended on time, on an open finder, without network, and never over the way out."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.ext.asyncio.session import AsyncSession

from app.accounts.audit import SYSTEM
from app.banners.content import LONGEST_TEXT, Kind, Notice
from app.banners.keeping import make
from app.features.versions import BELIEVED_S
from app.localdb import ClusterUrls
from tests.browser.conftest import DESKTOP, PHONE, Installation, MakeVisitor, Visitor
from tests.browser.offline_site import STRIP, reader, site, until_kept
from tests.browser.own_site import OwnSite
from tests.browser.small_set import SmallSet
from tests.browser.test_finder_map import opened

__all__ = ["reader", "site"]
pytestmark = pytest.mark.browser

BANNER = "details.banner"
AWAY = "[data-dismiss]"


async def say(urls: ClusterUrls, kind: Kind, words: str, *, hours: float = 5) -> None:
    """Post a banner, and wait until every process knows of it."""
    now = dt.datetime.now(dt.UTC)
    notice = Notice(kind, dict.fromkeys(("pl", "uk", "en"), words), "", now, now + dt.timedelta(hours=hours))
    engine = create_async_engine(urls.app, poolclass=NullPool)
    async with AsyncSession(engine) as session:
        await make(session, notice, actor=SYSTEM, confirmed=True, now=now)
        await session.commit()
    await engine.dispose()
    await asyncio.sleep(BELIEVED_S)


def take_all_down(urls: ClusterUrls) -> None:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM published.banner_board"))
        connection.execute(text("TRUNCATE core.banner, core.banner_version"))
    engine.dispose()


@pytest.fixture
def board(installation: Installation) -> Iterator[ClusterUrls]:
    """Where banners are posted, without any; what a test has posted goes with it."""
    yield installation.urls
    take_all_down(installation.urls)


@pytest_asyncio.fixture(loop_scope="session")
async def phone(visitor: MakeVisitor) -> AsyncIterator[Visitor]:
    person = await visitor(viewport=PHONE, service_workers="block")
    yield person
    person.assert_quiet()


async def test_a_banner_that_was_put_away_stays_away_in_this_browser_and_an_emergency_cannot_be(
    board: ClusterUrls, phone: Visitor, axe: object
) -> None:
    await say(board, Kind.EMERGENCY, "Woda nie nadaje się do picia.")
    await say(board, Kind.WARNING, "Dworzec jest zamknięty.")
    await say(board, Kind.INFORMATION, "Nowy numer telefonu.")
    page = await phone.page()
    await page.goto(f"{phone.address}/pl/about")
    await expect(page.locator(BANNER)).to_have_count(3)
    await expect(page.locator(BANNER).first).to_contain_text("Woda nie nadaje się do picia.")
    await expect(page.locator(AWAY)).to_have_count(2)
    assert await axe(page) == []  # type: ignore[operator]
    # By keyboard, and the focus is where somebody goes on.
    await page.locator(AWAY).first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Dworzec jest zamknięty.")).to_have_count(0)
    await expect(page.locator(f"{BANNER}.information summary")).to_be_focused()
    await page.goto(f"{phone.address}/pl/privacy")
    await expect(page.locator(BANNER)).to_have_count(2)
    await expect(page.get_by_text("Dworzec jest zamknięty.")).to_have_count(0)
    assert await phone.context.cookies() == []


async def test_a_page_that_stays_open_stops_saying_what_has_ended(board: ClusterUrls, phone: Visitor) -> None:
    await say(board, Kind.EMERGENCY, "Do rana bez prądu.", hours=5)
    page = await phone.page()
    await page.clock.install()
    await page.goto(f"{phone.address}/pl/about")
    await expect(page.get_by_text("Do rana bez prądu.")).to_be_visible()
    await page.clock.fast_forward("05:01:00")
    await expect(page.get_by_text("Do rana bez prądu.")).to_have_count(0)


async def test_without_script_a_banner_is_read_and_folded_and_has_no_button_that_does_nothing(
    board: ClusterUrls, visitor: MakeVisitor
) -> None:
    await say(board, Kind.WARNING, "Dworzec jest zamknięty.")
    person = await visitor(viewport=PHONE, java_script_enabled=False)
    page = await person.page()
    await page.goto(f"{person.address}/pl/about")
    await expect(page.get_by_text("Dworzec jest zamknięty.")).to_be_visible()
    await expect(page.locator(AWAY)).to_be_hidden()
    await page.locator(f"{BANNER} summary").click()
    await expect(page.get_by_text("Dworzec jest zamknięty.")).to_be_hidden()


async def test_an_open_finder_says_it_with_the_next_list_and_folds_it_where_the_way_out_has_to_be_seen(
    board: ClusterUrls, small_set: SmallSet, phone: Visitor
) -> None:
    page = await opened(phone, "service=legal_advice", "en")
    await expect(page.locator(BANNER)).to_have_count(0)
    for kind in Kind:
        await say(board, kind, "o" * 9 + " " + "ą " * (LONGEST_TEXT // 2 - 6))
    await page.locator('.filters [data-value="family:food"]').click()
    await expect(page.locator(BANNER)).to_have_count(3)
    await page.locator("#q").fill("przemoc")
    await page.locator("#q").press("Enter")
    await expect(page.locator("a[data-quick-exit]")).to_be_in_viewport()
    await expect(page.locator(f"{BANNER}[open]")).to_have_count(0)
    # Somebody who comes by the address finds it so from the start, with everything in one screen.
    await page.goto(page.url)
    await expect(page.locator(f"{BANNER}:not([open])")).to_have_count(3)
    await expect(page.locator("a[data-quick-exit]")).to_be_in_viewport()


async def test_beside_the_map_list_and_map_keep_their_room_below_three_banners(
    board: ClusterUrls, small_set: SmallSet, visitor: MakeVisitor
) -> None:
    for kind in Kind:
        await say(board, kind, "Dworzec jest zamknięty.")
    person = await visitor(viewport=DESKTOP, service_workers="block")
    page = await opened(person, "")
    bottom = await page.evaluate("document.querySelector('.banners').getBoundingClientRect().bottom")
    for part in (".sheet", ".mapbox"):
        box = await page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= bottom - 1
        assert box["y"] + box["height"] == DESKTOP["height"]


async def test_without_network_only_an_emergency_is_said_on_and_nothing_that_has_ended(
    site: OwnSite, reader: Visitor
) -> None:
    urls = site.urls
    take_all_down(urls)
    await say(urls, Kind.EMERGENCY, "Вода непридатна для пиття.", hours=5)
    await say(urls, Kind.WARNING, "Вокзал зачинений.", hours=50)
    page = await reader.page()
    await page.clock.install()
    await page.goto(f"{reader.address}/uk/about")
    await expect(page.locator(BANNER)).to_have_count(2)
    await until_kept(page, "/uk/about", "/uk/offline", "/static/messages-uk", "/static/banners-")
    await reader.context.set_offline(True)
    await page.reload()
    await expect(page.locator(STRIP)).to_be_visible()
    await expect(page.locator(f"{BANNER}.emergency")).to_be_visible()
    await expect(page.locator(f"{BANNER}.warning")).to_be_hidden()
    # The next morning the page is still there, and what has ended is not seen for a moment.
    await page.clock.fast_forward("05:01:00")
    await page.reload()
    await expect(page.locator(STRIP)).to_be_visible()
    await expect(page.locator(f"{BANNER}:visible")).to_have_count(0)
