"""The whole application over HTTP, on a real PostGIS, with a worker that runs when it is told to."""

import datetime as dt
import io
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.db import Database, session
from app.features.content import Content
from app.features.publishing import Item, Provenance, Publication, publish_many
from app.features.setting import Setting
from app.jobs import Work
from app.jobs.worker import run_waiting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from app.log import configure
from app.mail.senders import MemorySender
from app.mail.sending import MailTools
from app.main import create_app
from app.taxonomy.vocabulary import load_vocabulary
from app.templating import Templates
from tests.made_once import share_routes, share_templates
from tests.postgis import POOL_SIZE

share_templates()

ORIGIN = "http://testserver"
SECRET = "not-a-real-secret-but-long-enough-0123456789"


def make_settings(urls: ClusterUrls, data_dir: Path) -> Settings:
    """The settings of an installation on a test's database, without a base map from elsewhere."""
    return Settings(
        secret_key=SECRET,
        public_url=ORIGIN,
        data_dir=data_dir,
        database_url=urls.owner,
        database_app_url=urls.app,
        database_read_url=urls.reader,
        basemap_tiles_url="off",
        # On a crowded machine numbers come late; what a page is without them has its own test.
        counts_timeout_ms=10_000,
    ).model_copy(update={"pool_size": POOL_SIZE})


@pytest.fixture
def settings(database_urls: ClusterUrls, tmp_path: Path) -> Settings:
    return make_settings(database_urls, tmp_path)


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[FastAPI]:
    app = share_routes(create_app(settings))
    yield app
    await app.state.database.dispose()


@pytest.fixture
async def client(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
    # What a browser sends with a form of our own page.
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as opened:
        yield opened


@pytest.fixture
def database(site: FastAPI) -> Database:
    found: Database = site.state.database
    return found


@pytest.fixture
def setting(settings: Settings) -> Setting:
    return Setting(load_vocabulary(), settings.timezone, "PL", dt.datetime.now(dt.UTC))


Publish = Callable[..., Awaitable[list[Publication]]]


@pytest.fixture
def publish(database: Database, setting: Setting) -> Publish:
    """Publish contents (data as JSON gives it) of a layer at once."""

    async def run(
        *contents: dict[str, Any], layer: str = "aid_points", provenance: Provenance | None = None
    ) -> list[Publication]:
        declared = LAYERS[layer]
        read: Sequence[Content] = [declared.content.read(content) for content in contents]
        items = [Item(content, provenance=provenance or Provenance()) for content in read]
        async with session(database) as s:
            return await publish_many(s, setting, declared, items)

    return run


class Mailbox:
    """Runs the worker until nothing waits, and gives what it sent."""

    def __init__(self, work: Work, sender: MemorySender) -> None:
        self._work = work
        self._sender = sender

    async def collect(self) -> list[EmailMessage]:
        # A job that another one defers can be too late for the same run.
        await run_waiting(self._work)
        await run_waiting(self._work)
        sent = list(self._sender.sent)
        self._sender.sent.clear()
        return sent


def words_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links_in(message: EmailMessage) -> list[str]:
    """The addresses of the plain text of a mail."""
    return re.findall(r"https?://\S+", words_of(message))


@pytest.fixture
def mailbox(settings: Settings, database: Database) -> Mailbox:
    import app.worker  # noqa: F401 - registers the tasks

    sender = MemorySender()
    templates = Templates(settings.public_url, timezone=settings.timezone)
    tools: dict[type, object] = {
        MailTools: MailTools(sender, templates, settings.mail_from, settings.secret_key.get_secret_value())
    }
    # For the worker nothing can be undone any more: mails about decisions do not wait.
    stands = settings.model_copy(update={"undo_seconds": 0})
    return Mailbox(Work(settings=stands, database=database, tools=tools), sender)


def aid_point(name: str = "Jadłodajnia „Ciepły Stół”", **more: Any) -> dict[str, Any]:
    """The least that an aid point has to say, and whatever is given."""
    return {
        "name": {"texts": {"pl": name}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
    } | more


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as in production."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure(production=True, level="DEBUG", stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
