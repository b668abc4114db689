"""A moderator who is signed in, and submissions that wait for them."""

import contextlib
import datetime as dt
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from app.desk.shown import LEAST_S, Shown
from app.layers.registry import LAYERS
from app.moderation.actions.confirm import confirm
from app.moderation.actions.submit import Proposal, submit
from app.moderation.models import Submission
from tests.functional.conftest import ORIGIN, SECRET, aid_point
from tests.functional.desk.two_people import with_colleague

Waiting = Callable[..., Awaitable[Submission]]


def decision(
    submission: Submission, *, version: int | None = None, shown_for_s: float = LEAST_S, **typed: str
) -> dict[str, str]:
    """Give the form of a decision on a submission as it was shown that long ago."""
    shown = Shown(submission.id, submission.version if version is None else version)
    stamp = shown.stamp(SECRET, time.time() - shown_for_s)
    return {"version": str(shown.version), "shown": stamp, **typed}


@contextlib.asynccontextmanager
async def signed_in(site: FastAPI, role: Role, email: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a browser in which somebody with this role is signed in."""
    async with session(site.state.database) as s:
        token = await make_one_time_link(s, email, role)
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as browser:
        answer = await browser.post("/desk/sign-in/link", data={"token": token})
        assert answer.status_code == 303, answer.text
        yield browser


def somebody(role: Role, email: str, language: str = "") -> Any:
    """Give a fixture: a browser in which somebody with this role is signed in, and which asks for pages in this language."""

    @pytest.fixture
    async def person(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
        async with signed_in(site, role, email) as browser:
            if language:
                browser.headers["Accept-Language"] = language
            yield browser

    return person


@pytest.fixture
async def moderator(site: FastAPI, request: pytest.FixtureRequest) -> AsyncIterator[httpx2.AsyncClient]:
    """With the mark `by_two` a colleague says yes to protected help as well."""
    async with signed_in(site, Role.MODERATOR, "moderator@example.org") as browser:
        by_two = request.node.get_closest_marker("by_two")
        yield with_colleague(browser, site.state.database) if by_two else browser


@pytest.fixture
def waiting(database: Database) -> Waiting:
    """Submit an aid point and confirm it, as its submitter would."""

    async def run(
        *, feature_id: uuid.UUID | None = None, confirmed: bool = True, **content: Any
    ) -> Submission:
        layer = LAYERS["aid_points"]
        proposal = Proposal(layer, layer.content.read(aid_point(**content)), feature_id)
        async with session(database) as s:
            made = await submit(s, proposal, language="uk", contact_email="olena@example.org")
        if confirmed:
            async with session(database) as s:
                made = await confirm(s, made.id, now=dt.datetime.now(dt.UTC))
        return made

    return run
