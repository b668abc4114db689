"""Administrators and the people of staff; each way to lose a right holds at the next click (SECURITY A5)."""

import contextlib
import uuid
from collections.abc import AsyncIterator
from email.message import EmailMessage

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.audit import AuditEntry
from app.accounts.granting import grant_role
from app.accounts.models import User
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.config import Settings
from app.db import Database, session
from app.mail.senders import FolderSender
from tests.functional.conftest import ORIGIN
from tests.functional.desk.conftest import Waiting, decision, signed_in, somebody

ANNA, JAN = "anna@kielce.example", "jan@kielce.example"


administrator = somebody(Role.ADMINISTRATOR, ANNA)


async def id_of(database: Database, email: str) -> str:
    async with session(database) as s:
        found: uuid.UUID = (await s.execute(select(User.id).where(User.email == email))).scalar_one()
    return str(found)


@contextlib.asynccontextmanager
async def act(
    site: FastAPI, administrator: httpx2.AsyncClient, way: str, role: Role = Role.MODERATOR
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give the browser of somebody signed in, after an administrator has done something with them."""
    async with signed_in(site, role, JAN) as browser:
        assert (await browser.get("/desk")).status_code == 200
        person = await id_of(site.state.database, JAN)
        answer = await administrator.post("/desk/people", data={"act": way, "person": person})
        assert answer.status_code == 303, answer.text
        said = await administrator.get(answer.headers["location"])
        assert 'role="status"' in said.text
        yield browser


@pytest.mark.parametrize("way", ["sign-out", "suspend", "reset"])
async def test_a5_a_right_taken_away_is_gone_at_the_next_click(
    site: FastAPI, administrator: httpx2.AsyncClient, database: Database, waiting: Waiting, way: str
) -> None:
    submission = await waiting()
    async with session(database) as s:
        await grant_role(s, JAN, Role.MODERATOR)
        pending = await make_one_time_link(s, JAN)
    async with act(site, administrator, way) as browser:
        assert (await browser.get("/desk")).status_code == 401
        page = f"/desk/submissions/{submission.id}"
        assert (await browser.post(f"{page}/approve", data=decision(submission))).status_code == 401
        # A link that was asked for before opens nothing either.
        assert (await browser.post("/desk/sign-in/link", data={"token": pending})).status_code == 410


async def test_a5_a_lower_role_is_lower_at_the_next_click(site: FastAPI, database: Database) -> None:
    async with signed_in(site, Role.ADMINISTRATOR, ANNA), signed_in(site, Role.MODERATOR, JAN) as browser:
        async with session(database) as s:
            await grant_role(s, JAN, Role.EDITOR)
        assert (await browser.get("/desk")).status_code == 401
        async with signed_in(site, Role.EDITOR, JAN) as again:
            led = await again.get("/desk")
            assert (led.status_code, led.headers["location"]) == (303, "/desk/confirmations")
            assert (await again.get("/desk/reports")).status_code == 403


async def test_what_was_suspended_can_be_given_back(
    site: FastAPI, administrator: httpx2.AsyncClient, database: Database
) -> None:
    async with act(site, administrator, "suspend"):
        person = await id_of(database, JAN)
        page = (await administrator.get("/desk/people")).text
        assert 'value="reinstate"' in page
        answer = await administrator.post("/desk/people", data={"act": "reinstate", "person": person})
        assert answer.status_code == 303
    anna = uuid.UUID(await id_of(database, ANNA))
    async with session(database) as s:
        told = await s.execute(
            select(AuditEntry.action).where(AuditEntry.actor_id == anna).order_by(AuditEntry.id)
        )
    assert told.scalars().all() == ["user.signed_in", "user.suspended", "user.reinstated"]


@pytest.mark.parametrize("way", ["sign-out", "suspend", "reset", "reinstate"])
async def test_nobody_does_it_with_themselves(
    administrator: httpx2.AsyncClient, database: Database, way: str
) -> None:
    person = await id_of(database, ANNA)
    answer = await administrator.post("/desk/people", data={"act": way, "person": person})
    assert answer.status_code == 409
    assert (await administrator.get("/desk/people")).status_code == 200


@pytest.mark.parametrize("person", ["", "x", str(uuid.UUID(int=1))])
async def test_who_is_not_there_is_not_found(administrator: httpx2.AsyncClient, person: str) -> None:
    answer = await administrator.post("/desk/people", data={"act": "suspend", "person": person})
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR])
async def test_only_administrators_see_and_change_people(
    site: FastAPI, database: Database, role: Role
) -> None:
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as first, signed_in(site, role, JAN) as browser:
        assert (await browser.get("/desk/people")).status_code == 403
        person = await id_of(database, ANNA)
        answer = await browser.post("/desk/people", data={"act": "suspend", "person": person})
        assert answer.status_code == 403
        assert (await first.get("/desk")).status_code == 200


async def test_the_local_inbox_is_closed_where_a_mail_would_let_somebody_be_another(
    site: FastAPI, settings: Settings, administrator: httpx2.AsyncClient, database: Database
) -> None:
    """With their second step reset, a colleague's link would be enough to act in their name."""
    async with session(database) as s:
        await grant_role(s, JAN, Role.MODERATOR)
    sender = FolderSender(settings.data_dir / "mail")
    for number, to in enumerate(("Jan@Kielce.example", ANNA, "olena@example.org")):
        mail = EmailMessage()
        mail["To"], mail["Subject"], mail["Date"] = to, "Pomapa", "Mon, 02 Mar 2026 10:00:00 +0000"
        mail["Message-ID"] = f"<{number}@kielce.example>"
        mail.set_content(f"{ORIGIN}/desk/sign-in/link#for-{to.lower()}")
        await sender.send(mail)
    page = (await administrator.get("/desk/inbox", headers={"Accept-Language": "en"})).text
    assert f"#for-{ANNA}" in page
    assert "#for-olena@example.org" in page
    assert "#for-jan" not in page
    assert page.count("This mail is for somebody else of staff") == 1
