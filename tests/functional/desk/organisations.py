"""An organisation on the map, its places, and people who belong to it."""

import contextlib
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import select

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
