"""A whole installation for the browser: PostGIS, web server, worker and mail server as real processes, and Chromium."""

import asyncio
import contextlib
import email
import email.policy
import functools
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.controller import Controller
from playwright.async_api import Browser, BrowserContext, Page, Request, ViewportSize, expect
from playwright.async_api import Error as PlaywrightError
from sqlalchemy import text

from app.accounts.roles import Role
from app.db import Database, session
from app.localdb import ClusterUrls, LocalCluster
from tests.browser.chromium import system_chromium
from tests.browser.colours import faults_in_other_colours
from tests.browser.sign_in_link import sign_in_link
from tests.browser.small_set import SmallSet, publish_small_set, take_all_back

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PATIENCE_S = 60
#: No test of the browser takes longer, on the slowest of machines.
LONGEST_S = 300
#: So many times slower than it could each page goes: `BROWSER_SLOWER=4` shows which tests wait for too little.
SLOWER = int(os.environ.get("BROWSER_SLOWER", "1"))
# What is waited for comes, on a crowded machine late: playwright's five seconds would judge the machine.
expect.set_options(timeout=PATIENCE_S * 500)


class MailServer:
    """A real SMTP server that keeps what it gets."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 OK"

    def wait_for(self, recipient: str, containing: str) -> str:
        """Give the plain text of the newest mail to somebody whose text or subject has these words."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for message in reversed(self.received):
                body = message.get_body(("plain",))
                text = f"{message['Subject']}\n{body.get_content() if body else ''}"
                if recipient in str(message["To"]) and containing in text:
                    return text
            time.sleep(0.1)
        subjects = [str(message["Subject"]) for message in self.received]
        msg = f"no mail to {recipient} with {containing!r}; there were {subjects}"
        raise AssertionError(msg)


@dataclass
class Installation:
    """Where everything is."""

    address: str
    urls: ClusterUrls
    environment: dict[str, str]
    mail: MailServer
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def command(self, *words: str) -> str:
        """Run `pomapa` with these words on this installation and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "app", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    async def link_for(self, email: str, role: Role = Role.MODERATOR) -> str:
        """Give a link that signs somebody in once; whoever is unknown has the role then."""
        return await sign_in_link(self.urls, self.address, email, role)


def link_in(text: str) -> str:
    """The first address in a mail."""
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found.group(0)


@pytest.fixture(scope="session")
def running_installation(
    cluster: LocalCluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    name = f"browser_{os.getpid()}"
    cluster.drop_database(name)
    urls = cluster.create_database(name, template=template)
    mail = MailServer()
    smtp = Controller(mail, hostname="127.0.0.1", port=_free_port())
    smtp.start()
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "SECRET_KEY": "not-a-real-secret-but-long-enough-0123456789",
        "PUBLIC_URL": address,
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DATABASE_URL": urls.owner,
        "DATABASE_APP_URL": urls.app,
        "DATABASE_READ_URL": urls.reader,
        "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
        # On a crowded machine numbers come late; what a page is without them has its own test.
        "COUNTS_TIMEOUT_MS": "10000",
        "BASEMAP_TILES_URL": "off",
        "SUBMISSIONS_PER_HOUR": "1000",
        "PROOF_ABOVE_PER_HOUR": "1000",
    }
    made = Installation(address, urls, environment, mail)
    try:
        for words in (["web", "--port", str(port)], ["worker"]):
            made.processes.append(
                subprocess.Popen(
                    [sys.executable, "-m", "app", *words],
                    cwd=ROOT,
                    # Whoever is written to must not wait until a decision cannot be undone any more.
                    env=environment | ({"UNDO_SECONDS": "0"} if words == ["worker"] else {}),
                    start_new_session=True,
                )
            )
        _wait_until_it_answers(f"{address}/healthz")
        yield made
    finally:
        for process in made.processes:
            process.send_signal(signal.SIGTERM)
        for process in made.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        smtp.stop()
        cluster.drop_database(name)


@pytest.fixture(scope="module")
def installation(running_installation: Installation) -> Iterator[Installation]:
    """With nothing on its map when a module begins: its tests may run after those of any other."""
    yield running_installation
    take_all_back(running_installation.urls)


@pytest.fixture(scope="module")
def small_set(installation: Installation) -> SmallSet:
    """Published for the tests of one module."""
    return publish_small_set(installation.urls)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin with an installation of its own when a test is run again: what its first try left behind is no part of it."""
    if getattr(item, "execution_count", 1) > 1 and isinstance(item, pytest.Function):
        for definition in item._fixtureinfo.name2fixturedefs.get("running_installation", ()):
            definition.finish(item._request)  # type: ignore[arg-type]


@pytest.fixture
def no_tries_before(installation: Installation) -> None:
    """Whoever signs in here has one address: the tries of other tests, and of the same one before, are not theirs."""

    async def forget() -> None:
        database = Database(installation.urls.app, installation.urls.reader)
        async with session(database) as s:
            await s.execute(text("DELETE FROM core.rate_limit"))
        await database.dispose()

    asyncio.run(forget())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests of the browser in one event loop: it belongs to the one in which it was started.

    So do their fixtures that are coroutines: each says `loop_scope="session"`.
    """
    for item in items:
        if item.path.parent == HERE and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.obj = _in_time(item.obj)


def _in_time(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The test with an end: what a page never answers would hold up all the others."""

    @functools.wraps(test)
    async def limited(*args: Any, **given: Any) -> None:
        async with asyncio.timeout(LONGEST_S):
            await test(*args, **given)

    return limited


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_chromium() -> AsyncIterator[Callable[[], Awaitable[Browser]]]:
    """Give the browser that all tests share, since its start takes longer than many a test; a new one when it has ended."""
    async with contextlib.AsyncExitStack() as started:
        browser: Browser | None = None

        async def give() -> Browser:
            nonlocal browser
            if browser is None or not browser.is_connected():
                browser = await started.enter_async_context(system_chromium())
            return browser

        yield give


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(running_chromium: Callable[[], Awaitable[Browser]]) -> AsyncIterator[Browser]:
    """The browser, in which nothing of another test is open or kept."""
    browser = await running_chromium()
    assert browser.contexts == []
    yield browser
    for context in browser.contexts:
        await context.close()


class Visitor:
    """One person's browser. Notes every request to another place and every complaint of the page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        #: Of each page what it has asked for and not got yet.
        self._under_way: dict[Page, set[Request]] = {}
        context.on("page", self._follow)

    async def page(self) -> Page:
        page = await self.context.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        if SLOWER > 1:
            session = await self.context.new_cdp_session(page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        return page

    async def at_rest(self, page: Page) -> None:
        """Wait until a page has what it asks for and its script has nothing left to do."""
        await page.wait_for_load_state("load")
        for _ in range(2):
            # Chromium leaves a page that draws nothing without idle time, now and then for ever.
            await page.evaluate("new Promise(done => requestIdleCallback(() => done(), {timeout: 500}))")
            # A map asks for more when it has stood still for a while.
            if self._under_way.get(page) or await page.locator(".leaflet-container").count():
                await page.wait_for_load_state("networkidle")
                return

    def _follow(self, page: Page) -> None:
        asked = self._under_way.setdefault(page, set())

        def begins(request: Request) -> None:
            asked.add(request)

        def ends(request: Request) -> None:
            asked.discard(request)

        page.on("request", begins)
        page.on("requestfinished", ends)
        page.on("requestfailed", ends)

    def _note(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(url)

    def _console(self, message: Any) -> None:
        # A policy that was violated is an error on the console.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def assert_quiet(self) -> None:
        """Nothing was asked of another host, nothing broke and no policy was violated."""
        assert self.elsewhere == []
        assert self.complaints == []


MakeVisitor = Callable[..., Awaitable[Visitor]]


# What passes is neither described nor sent: it is most of the page.
FAULTS = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]});
  return violations.flatMap(({id, nodes}) => nodes.map(({target, html}) => `${id}: ${target} ${html.slice(0, 120)}`));
}"""
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the fixtures know, when they end, whether the test went wrong."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(
    request: pytest.FixtureRequest, chromium: Browser, installation: Installation
) -> AsyncIterator[Any]:
    """Make visitors: `await visitor(viewport=PHONE, locale="uk")`."""
    opened: list[BrowserContext] = []

    async def make(**options: Any) -> Visitor:
        context = await chromium.new_context(**({"viewport": DESKTOP} | options))
        opened.append(context)
        return Visitor(context, installation.address)

    yield make
    if request.node.stash.get(FAILED, False):
        for context in opened:
            for page in context.pages:
                print(f"{page.url}: {await _what_lives(page)}", file=sys.stderr)
    for context in opened:
        await context.close()


async def _what_lives(page: Page) -> str:
    """Whether a page that a test gave up on still runs its script, and whether it is drawn.

    A click waits for two frames: without this nobody knows if the page moved, its script span or the browser drew no more.
    """
    count = """async () => {
      let frames = 0;
      const next = () => { frames += 1; requestAnimationFrame(next); };
      requestAnimationFrame(next);
      await new Promise(resolve => setTimeout(resolve, 1000));
      return `${frames} frames in a second, ${document.visibilityState}`;
    }"""
    try:
        return str(await asyncio.wait_for(page.evaluate(count), PATIENCE_S / 6))
    except TimeoutError:
        return "its script does not answer"
    except PlaywrightError as error:
        return f"cannot be asked: {error}"


@pytest.fixture(scope="session")
def axe_source() -> str:
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.fail("axe-core is not installed. ./run test installs it.")
    return path.read_text()


@pytest.fixture
def axe(axe_source: str) -> Any:
    """Check a page with axe-core in light, dark and forced colours: what violates its rules, element by element."""

    async def check(page: Page) -> list[str]:
        if not await page.evaluate("'axe' in window"):
            await page.evaluate(axe_source)
        faults: list[str] = await page.evaluate(FAULTS)
        return faults + await faults_in_other_colours(page)

    return check


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
