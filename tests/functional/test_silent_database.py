"""A database that says nothing: who writes hears so in time and has lost nothing, and who sends again has not sent twice (SECURITY H4)."""

import asyncio
import datetime as dt
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import make_url, text

from app.config import Settings
from app.db import Database, session
from app.localdb import ClusterUrls
from app.main import create_app
from tests.functional.conftest import Mailbox, make_settings
from tests.functional.desk.conftest import Waiting, decision, moderator, waiting
from tests.functional.map_api.test_submissions import PATH, new, program
from tests.functional.pages.conftest import Page, Person, person
from tests.functional.pages.test_adding import to_check
from tests.made_once import share_routes
from tests.silent_server import SilentServer

__all__ = ["moderator", "person", "program", "waiting"]
KEY = {"Idempotency-Key": "5f2c8f1e-1f53-4a55-9d0a-4c8f8c1f5b11"}
#: More than three tries of each, all of which end at the latest.
SOON_S = 60


@pytest.fixture
async def server(database_urls: ClusterUrls) -> AsyncIterator[tuple[SilentServer, Path]]:
    """A server that can be made silent, before the test's own database."""
    there = SilentServer()
    real = Path(str(make_url(database_urls.app).query["host"]))
    with tempfile.TemporaryDirectory(prefix="pomapa-silent-") as folder:
        async with there.between(real, Path(folder)):
            yield there, Path(folder)


@pytest.fixture
def settings(database_urls: ClusterUrls, server: tuple[SilentServer, Path], tmp_path: Path) -> Settings:
    through = {
        name: make_url(getattr(database_urls, role)).update_query_dict({"host": str(server[1])})
        for name, role in (("database_app_url", "app"), ("database_read_url", "reader"))
    }
    addresses = {name: url.render_as_string(hide_password=False) for name, url in through.items()}
    return make_settings(database_urls, tmp_path).model_copy(
        update={**addresses, "write_statement_timeout_ms": 2000}
    )


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[FastAPI]:
    app = share_routes(create_app(settings))
    yield app
    await app.state.database.dispose()


async def test_h4_what_was_not_answered_is_kept_and_taken_in_once(
    server: tuple[SilentServer, Path],
    person: Person,
    program: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
    mailbox: Mailbox,
) -> None:
    form = await to_check(person)
    submission = await waiting(name="Czeka")
    await mailbox.collect()
    desk = f"/desk/submissions/{submission.id}"
    decided = decision(submission)

    async def all_three(form: Page) -> tuple[Page, httpx2.Response, httpx2.Response]:
        pressed = (
            person.sends(form.action, [(name, v) for name, values in form.fields.items() for v in values])
            if form.status == 503
            else person.presses(form, "send", email="ola@poczta.pl")
        )
        # Nobody fills in a form in no time.
        with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
            async with asyncio.timeout(SOON_S):
                return await asyncio.gather(
                    pressed,
                    program.post(PATH, json=new(), headers=KEY),
                    moderator.post(f"{desk}/approve", data=decided),
                )

    # All is committed, and nobody hears of it.
    server[0].loses_commits = True
    page, sent, approved = await all_three(form)
    assert [page.status, sent.status_code, approved.status_code] == [503, 503, 503]
    assert "retry-after" in page.headers
    assert sent.headers["content-type"] == "application/problem+json"
    # What was typed comes with the page, which says so.
    assert page.action == form.action
    assert page.fields["email"] == ["ola@poczta.pl"]
    assert page.fields["action"] == ["send"]
    assert page.fields["at"] == form.fields["at"]
    assert "nic nie zostanie przyjęte dwa razy" in page.text
    assert decided["shown"] in approved.text

    # Nothing gets through at all: the same.
    server[0].silent = True
    again, sent, approved = await all_three(page)
    assert [again.status, sent.status_code, approved.status_code] == [503, 503, 503]
    assert again.fields == page.fields

    server[0].silent = server[0].loses_commits = False
    last, sent, approved = await all_three(again)
    assert last.url.startswith("/pl/sent/")
    assert sent.status_code == 202
    # Whoever decides is told that it is decided.
    assert approved.status_code == 409
    async with session(database) as s:
        states = (await s.execute(text("SELECT channel, state FROM core.submission ORDER BY 1, 2"))).all()
        published = (await s.execute(text("SELECT count(*) FROM core.revision"))).scalar_one()
    assert [tuple(row) for row in states] == [
        ("api", "unconfirmed"),
        ("form", "approved"),
        ("form", "unconfirmed"),
    ]
    assert published == 1
    # One each for the two to confirm; the one about the decision waits as long as that can be undone.
    assert len(await mailbox.collect()) == 2
