"""A municipality's file as somebody opens it from a USB stick: by its path, without a network, with and without script."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from tests.browser.conftest import DESKTOP, PHONE
from tests.municipality import hostile_municipality, municipality, source, written

pytestmark = pytest.mark.browser

EVIL = "</li></style><script>window.hit = 1</script>\"'><img src=x onerror='window.hit = 1'><svg onload='window.hit = 1'>"


class Opened:
    """The page, and everything that it asked for or complained about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self.complaints.append(message.text))

    async def shown(self) -> list[str]:
        """Names of the entries that are to be seen."""
        return await self.page.locator("#list li:visible h3").all_inner_texts()


Open = Callable[..., Awaitable[Opened]]


@pytest_asyncio.fixture(loop_scope="session")
async def opened(chromium: Browser) -> Any:
    contexts: list[BrowserContext] = []

    async def run(path: Path, **options: Any) -> Opened:
        usual: dict[str, Any] = {"viewport": PHONE, "offline": True}
        context = await chromium.new_context(**(usual | options))
        contexts.append(context)
        found = Opened(await context.new_page())
        await found.page.goto(path.as_uri())
        return found

    yield run
    for context in contexts:
        await context.close()


def town(folder: Path, language: str = "pl", **changes: Any) -> Path:
    """The file of a small town, written into the folder; its path."""
    places = [
        source("Jadłodajnia „Żur”", "hot_meals", hours="Mo-Fr 12:00-15:00", contacts=[
            {"kind": "phone", "value": "+48413676278"}], verified="2026-11-01"),
        source("Apteka Łąkowa", "pharmacy", family="health", at=(20.55, 50.83), website="https://apteka.example.org/"),
        source("Przychodnia", "gp", family="health", at=(20.57, 50.84), verified="2022-01-01"),
        source("Telefon dla rodziców", "parenting_support", family="learning", at=None, channel="phone"),
    ]  # fmt: skip
    (file,) = written(municipality(*places, **changes), language)
    path = folder / file.name
    path.write_bytes(file.content)
    return path


async def test_it_asks_for_nothing_and_complains_of_nothing(opened: Open, tmp_path: Path) -> None:
    path = town(tmp_path)
    file = await opened(path)
    await file.page.fill("#q", "apteka")
    await file.page.get_by_role("button", name="Zdrowie").click()
    assert file.asked == [path.as_uri()]
    assert file.complaints == []


async def test_the_ring_of_focus_covers_no_words(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path))
    label, field = (file.page.locator(at) for at in ("label[for=q]", "#q"))
    above, below = await label.bounding_box(), await field.bounding_box()
    assert above
    assert below
    # The ring is 3 px wide and stands 2 px off.
    assert below["y"] - (above["y"] + above["height"]) >= 5


async def test_words_without_accents_find_what_has_them(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path))
    assert len(await file.shown()) == 4
    await file.page.fill("#q", "ZUR")
    assert await file.shown() == ["Jadłodajnia „Żur”"]
    await file.page.fill("#q", "lakowa")
    assert await file.shown() == ["Apteka Łąkowa"]
    assert await file.page.inner_text("#shown") == "Widać: 1 z 4"
    # What is not in the list is not on the map either.
    assert await file.page.locator("#map a:visible").count() == 1
    await file.page.fill("#q", "nic takiego")
    assert await file.page.locator("#none").is_visible()
    await file.page.fill("#q", "")
    assert len(await file.shown()) == 4


async def test_a_family_is_a_filter_that_one_tap_takes_away(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path))
    health = file.page.get_by_role("button", name="Zdrowie")
    await health.click()
    assert await health.get_attribute("aria-pressed") == "true"
    assert await file.shown() == ["Apteka Łąkowa", "Przychodnia"]
    await health.click()
    assert len(await file.shown()) == 4


async def test_a_mark_leads_to_its_entry(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path), viewport=DESKTOP)
    mark = file.page.locator("#map a").first
    target = await mark.get_attribute("href")
    await mark.click()
    assert file.page.url.endswith(str(target))
    assert await file.page.locator(f"li{target}:target").count() == 1


async def test_a_link_to_an_entry_that_is_filtered_away_shows_it(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path))
    hidden = await file.page.locator("#list li").first.get_attribute("id")
    await file.page.fill("#q", "rodziców")
    await file.page.evaluate(f"location.hash = '{hidden}'")
    await file.page.wait_for_selector(f"#{hidden}:visible")


async def test_without_script_the_whole_list_is_there(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path), java_script_enabled=False)
    assert len(await file.shown()) == 4
    assert not await file.page.locator("#find").is_visible()
    assert (
        await file.page.get_by_role("link", name="41 367 62 78").get_attribute("href") == "tel:+48413676278"
    )


@pytest.mark.parametrize("with_policy", [True, False])
async def test_hostile_words_stay_words(opened: Open, tmp_path: Path, with_policy: bool) -> None:
    hours = f'Mo 10:00-12:00; 2026 Nov 27 closed "{EVIL.replace(chr(34), "")}"'
    (file,) = written(hostile_municipality(EVIL, hours=hours))
    content = file.content.decode()
    if not with_policy:
        content, removed = re.subn(r"<meta http-equiv=[^>]+>", "", content)
        assert removed == 1
    path = tmp_path / "evil.html"
    path.write_text(content)
    page = await opened(path)
    await page.page.fill("#q", EVIL)
    await page.page.wait_for_timeout(200)
    assert await page.page.evaluate("window.hit") is None
    assert page.asked == [path.as_uri()]
    assert page.complaints == []
    assert EVIL in await page.page.inner_text("h3")
    assert await page.page.locator("script").count() == 1


async def test_several_files_find_each_other(opened: Open, tmp_path: Path) -> None:
    places = [source(f"Miejsce {n}", family=family) for family in ("food", "health") for n in range(120)]
    for one in written(municipality(*places), stem="Moje #1 & 100%", largest=60_000):
        (tmp_path / one.name).write_bytes(one.content)
    file = await opened(tmp_path / "Moje #1 & 100%.html")
    await file.page.locator("nav a", has_text="Zdrowie").first.click()
    await file.page.wait_for_selector("#list li")
    await file.page.get_by_role("link", name="Wszystkie pliki tej gminy").click()
    await file.page.wait_for_selector("nav.big")
    assert file.complaints == []


@pytest.mark.parametrize(
    ("language", "viewport"), [("pl", PHONE), ("uk", DESKTOP), ("de", {"width": 320, "height": 640})]
)
async def test_it_is_accessible_and_never_wider_than_the_screen(
    opened: Open, axe: Any, tmp_path: Path, language: str, viewport: dict[str, int]
) -> None:
    path = town(tmp_path, language)
    # The checker is a script that the policy would refuse, as it should.
    file = await opened(path, viewport=viewport, bypass_csp=True)
    assert await axe(file.page) == []
    wide = await file.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert wide <= 0


async def test_paper_holds_the_list_without_the_tools(opened: Open, tmp_path: Path) -> None:
    file = await opened(town(tmp_path))
    await file.page.emulate_media(media="print")
    assert not await file.page.locator("#find").is_visible()
    assert len(await file.shown()) == 4
    assert await file.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
