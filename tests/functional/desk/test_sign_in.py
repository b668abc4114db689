"""Asking for a link: the same answer for everybody, and no mailbox is filled."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from tests.functional.conftest import ORIGIN, Mailbox
from tests.functional.desk.conftest import signed_in


async def test_one_mailbox_is_not_filled_from_many_connections(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    async with session(database) as s:
        await grant_role(s, "anna@kielce.example", Role.ADMINISTRATOR)
    answers: dict[str, list[int]] = {"Anna@kielce.example": [], "stranger@kielce.example": []}
    for email, statuses in answers.items():
        for number in range(8):
            transport = httpx2.ASGITransport(app=site, client=(f"192.0.2.{number + 1}", 1))
            headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
            async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
                answer = await client.post("/desk/sign-in", data={"email": email})
            statuses.append(answer.status_code)
    # Whoever has no account is told the same.
    assert list(answers.values()) == [[200] * 6 + [429] * 2] * 2
    assert len(await mailbox.collect()) == 6


async def test_what_is_no_address_is_said(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/desk/sign-in", data={"email": "anna"})
    assert answer.status_code == 422
    assert 'value="anna"' in answer.text


@pytest.mark.parametrize(
    ("role", "first"),
    [(Role.EDITOR, "/desk/confirmations"), (Role.MODERATOR, "/desk"), (Role.ADMINISTRATOR, "/desk")],
)
async def test_whoever_comes_in_is_led_to_the_first_page_that_they_may_see(
    site: FastAPI, role: Role, first: str
) -> None:
    """Where signing in leads."""
    async with signed_in(site, role, "anna@example.org") as browser:
        page = await browser.get("/desk", follow_redirects=True)
    assert (page.status_code, page.url.path) == (200, first)
    assert f'href="{first}" aria-current="page"' in page.text


async def test_whoever_has_lost_a_device_signs_it_out_from_another(site: FastAPI, database: Database) -> None:
    anna, ewa = "anna@kielce.example", "ewa@kielce.example"
    async with (
        signed_in(site, Role.ADMINISTRATOR, anna) as lost,
        signed_in(site, Role.ADMINISTRATOR, anna) as here,
        signed_in(site, Role.MODERATOR, ewa) as other,
    ):
        async with session(database) as s:
            waits = await make_one_time_link(s, anna, Role.ADMINISTRATOR)
        here.headers["Accept-Language"] = "en"
        page = (await here.get("/desk/account")).text
        assert page.count("Another one: signed in") == 1
        answer = await here.post("/desk/account/sign-out-elsewhere")
        assert answer.status_code == 303
        page = (await here.get(answer.headers["location"])).text
        assert "You are signed out everywhere else." in page
        assert "Only this one." in page
        assert (await lost.get("/desk/account")).status_code == 401
        assert (await other.get("/desk/account")).status_code == 200
        # Nor does a link that waits in the mailbox open anything.
        assert (await lost.post("/desk/sign-in/link", data={"token": waits})).status_code != 303
    async with session(database) as s:
        assert (
            await s.scalar(text("SELECT count(*) FROM core.audit WHERE action = 'user.signed_out_elsewhere'"))
            == 1
        )
