"""An organisation on the map, its places, and people who belong to it."""

import contextlib
import re
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts.audit import AuditEntry
from app.accounts.memberships import Seat
from app.accounts.models import Membership, User
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from tests.functional.conftest import ORIGIN, Publish, aid_point

PAGE = "/desk/organisations"


async def publish_organisation(publish: Publish, name: str = "Fundacja Ciepły Stół") -> uuid.UUID:
    (made,) = await publish({"name": {"texts": {"pl": name}, "source": "pl"}}, layer="organisations")
    return made.feature_id


def own_point(organisation: uuid.UUID, name: str = "Stołówka", **more: Any) -> dict[str, Any]:
    return aid_point(name, organisation={"id": str(organisation)}, **more)


async def seated(database: Database, organisation: uuid.UUID, email: str, seat: Seat) -> uuid.UUID:
    """Let somebody belong to an organisation, as if they had been invited."""
    async with session(database) as s:
        user = (await s.execute(select(User).where(User.email == email))).scalar_one_or_none()
        if user is None:
            user = User(email=email, name=email.partition("@")[0], language="pl")
            s.add(user)
            await s.flush()
        s.add(Membership(user_id=user.id, organisation_id=organisation, role=seat))
        return user.id


@contextlib.asynccontextmanager
async def browser_of_member(
    site: FastAPI, organisation: uuid.UUID, email: str, seat: Seat = Seat.MEMBER
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a browser in which somebody of an organisation is signed in."""
    await seated(site.state.database, organisation, email, seat)
    async with session(site.state.database) as s:
        token = await make_one_time_link(s, email)
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN, "Accept-Language": "en"}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as browser:
        answer = await browser.post("/desk/sign-in/link", data={"token": token})
        assert answer.status_code == 303, answer.text
        yield browser


async def people_of(database: Database, organisation: uuid.UUID) -> dict[str, str]:
    async with session(database) as s:
        query = select(User.email, Membership.role).join(User, User.id == Membership.user_id)
        rows = await s.execute(query.where(Membership.organisation_id == organisation))
        return {row.email: row.role for row in rows}


async def actions(database: Database, kind: str = "organisation") -> Sequence[str]:
    async with session(database) as s:
        query = select(AuditEntry.action).where(AuditEntry.object_type == kind)
        return (await s.scalars(query.order_by(AuditEntry.id))).all()


def said(answer: httpx2.Response) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


async def change(browser: httpx2.AsyncClient, address: str, **typed: str) -> httpx2.Response:
    """Fill the form in as it stands, with some of it otherwise, and send it."""
    page = (await browser.get(address)).text
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+>", page):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        kind = re.search(r' type="(\w+)"', tag)
        if name and not (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            fields[name[1]] = value[1] if value else ""
    for name_, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        fields[name_] = chosen[1] if chosen else ""
    fields |= dict(re.findall(r'<textarea[^>]+name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))
    return await browser.post(address, data=fields | typed | {"action": "send"})
