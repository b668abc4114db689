"""A new build is published while people have the site open: nobody stays on the old one, nobody's page breaks."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from app.localdb import ClusterUrls
from tests.browser.conftest import Visitor
from tests.browser.offline_site import FINDER, KEPT, NO_INTERNET, STRIP, until_kept
from tests.browser.own_site import ROOT, OwnSite
from tests.browser.small_set import TOWN_BOX

pytestmark = pytest.mark.browser


class FrontEnd:
    """The sources of the front end in a folder of their own, so that they can be changed and built again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / "static", folder / "static", ignore=shutil.ignore_patterns("dist"))
        for path in ("app/i18n/locale", "app/taxonomy/data"):
            shutil.copytree(ROOT / path, folder / path)
        shutil.copy(ROOT / "package-lock.json", folder)
        shutil.copy(ROOT / "package.json", folder)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")

    @property
    def dist(self) -> Path:
        return self.folder / "static" / "dist"

    def build(self, mark: str) -> None:
        """Build with a change in a module that every script shares, and one in the sheet."""
        shared = self.folder / "static" / "js" / "dom.js"
        text = (ROOT / "static" / "js" / "dom.js").read_text()
        shared.write_text(f'{text}\ndocument.documentElement.dataset.build = "{mark}";\n')
        sheet = self.folder / "static" / "css" / "offline.css"
        text = (ROOT / "static" / "css" / "offline.css").read_text()
        sheet.write_text(f"{text}\n:root {{ --build: {mark}; }}\n")
        path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            ["node", "static/build/build.mjs"], cwd=self.folder, env=os.environ | {"PATH": path}, check=True,
            capture_output=True,
        )  # fmt: skip


@pytest.fixture(scope="module")
def front_end(tmp_path_factory: pytest.TempPathFactory) -> FrontEnd:
    return FrontEnd(tmp_path_factory.mktemp("front"))


@pytest.fixture(scope="module")
def site(
    front_end: FrontEnd, module_database_urls: ClusterUrls, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OwnSite]:
    front_end.build("first")
    made = OwnSite(tmp_path_factory.mktemp("builds"), module_database_urls, front_end.dist)
    made.start()
    yield made
    made.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def reader(chromium: Browser, site: OwnSite) -> AsyncIterator[Visitor]:
    context = await chromium.new_context(viewport={"width": 360, "height": 740}, locale="uk-UA")
    yield Visitor(context, site.address)
    await context.close()


async def built(page: Page) -> tuple[str, str]:
    """Of which build the script and the sheet are."""
    await expect(page.locator("#map .pin").first).to_be_visible()
    found: list[str] = await page.evaluate(
        """() => [document.documentElement.dataset.build,
                  getComputedStyle(document.documentElement).getPropertyValue("--build").trim()]"""
    )
    return found[0], found[1]


async def until_built(page: Page, mark: str) -> None:
    """Wait until a page that was just opened with a network is of a build.

    Where the server takes longer than the worker waits, the kept page comes first, and its strip leads on.
    """
    for _ in range(5):
        if await built(page) == (mark, mark):
            return
        async with page.expect_navigation():
            await page.locator(f"{STRIP} a").click()
    assert await built(page) == (mark, mark)


async def files(page: Page) -> str:
    """The addresses of all files that are kept."""
    return " ".join((await page.evaluate(KEPT))["pomapa-files-1"])


def built_name(front_end: FrontEnd, begins: str) -> str:
    """The newest file of a name."""
    files = sorted(front_end.dist.glob(f"{begins}-*"), key=lambda path: path.stat().st_mtime)
    return next(path.name for path in reversed(files) if not path.name.endswith(".map"))


async def test_old_pages_and_new_worker_and_new_pages_and_old_worker(
    site: OwnSite, front_end: FrontEnd, reader: Visitor
) -> None:
    # Also when it is begun again.
    front_end.build("first")
    page = await reader.page()
    await page.goto(reader.address + FINDER)
    assert await built(page) == ("first", "first")
    await until_kept(page, FINDER, "/uk/offline", "/api/v1/tiles/")
    other = await reader.page()
    elsewhere = f"/uk/?bbox={TOWN_BOX}&sort=name"
    await other.goto(reader.address + elsewhere)
    assert await built(other) == ("first", "first")
    await until_kept(other, elsewhere)

    first = built_name(front_end, "main")
    front_end.build("second")
    # New page, old worker: the page comes from the network, and its files, of which the worker knows nothing, too.
    await page.reload()
    await until_built(page, "second")
    await expect(page.locator(STRIP)).to_have_count(0)

    # Old page, new worker: it goes on working where it stands, also with what it asks for now.
    await page.evaluate("async () => { await (await navigator.serviceWorker.getRegistration()).update() }")
    await until_kept(page, built_name(front_end, "place"))
    chip = other.locator('.filters [data-value="family:food"]')
    await chip.click()
    await expect(other.locator("li.hit")).to_have_count(1)
    assert (await built(other))[0] == "first"

    # Without network each kept page has the files of its own build, whichever worker there is.
    await reader.context.set_offline(True)
    await page.reload()
    assert await built(page) == ("second", "second")
    await expect(page.locator(STRIP)).to_have_text(NO_INTERNET)
    await other.goto(reader.address + elsewhere)
    assert await built(other) == ("first", "first")
    await reader.context.set_offline(False)

    # With network nobody is left on the old build, and when no page needs its files any more they go.
    await other.reload()
    await until_built(other, "second")
    await other.goto(f"{reader.address}/uk/")
    await until_built(other, "second")
    assert first in await files(page)
    front_end.build("third")
    await page.reload()
    await until_built(page, "third")
    for _ in range(100):
        if first not in await files(page):
            break
        await page.wait_for_timeout(100)
    else:
        pytest.fail(f"{first} is kept for ever")
    reader.assert_quiet()
