"""Whoever has come into a mailbox or onto a seat publishes nothing before others have read of it (SECURITY B11)."""

import uuid

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.accounts import second_step as steps
from app.accounts.joining import ByAdmin, change_seat
from app.accounts.memberships import Seat
from app.accounts.models import User
from app.accounts.sign_in import make_one_time_link
from app.db import Database, session
from tests.functional.conftest import ORIGIN, Mailbox, Publish, links_in, words_of
from tests.functional.desk.organisations import PAGE, browser_of_member, change, own_point, said, seated
from tests.functional.desk.test_second_step import Clock, set_up
from tests.functional.desk.trusted import (
    HERE,
    long_seated,
    second_step,
    trust,
)
from tests.functional.desk.trusting.world import ANNA, EWA, JAN, OLA, run


async def test_b11_a_mailbox_alone_publishes_nothing_and_its_owner_reads_of_the_second_step(
    site: FastAPI,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "time", Clock())
    await trust(database, organisation)
    (place,) = await publish(own_point(organisation, place=HERE))
    address = f"{PAGE}/{organisation}/entries/{place.feature_id}/change"
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as browser:
        await long_seated(database, ANNA)
        assert "you have no second step" in said(await browser.get(address))
        await set_up(browser)
        (mail,) = await mailbox.collect()
        assert (mail["To"], mail["Subject"]) == (ANNA, "Z twoim kontem połączono aplikację")
        for page in (address, f"{PAGE}/{organisation}"):
            assert "your second step of signing in is newer than three days" in said(await browser.get(page))
        asked = await change(browser, address, website="https://stol.example/", told="")
        assert (asked.status_code, "newer than three days" in said(asked)) == (409, True)
        sent = await change(browser, address, website="https://stol.example/", told="new_second_step")
        assert sent.headers["location"].endswith("done=sent")
        assert await run(database, "SELECT max(revision) FROM core.feature") == 1
        await run(database, "UPDATE core.second_step SET confirmed_at = confirmed_at - interval '72 hours'")
        assert "This is public at once" in said(await browser.get(address))


async def test_b11_who_is_seated_publishes_after_three_days_and_every_other_admin_hears_of_it(
    site: FastAPI,
    client: httpx2.AsyncClient,
    organisation: uuid.UUID,
    database: Database,
    publish: Publish,
    mailbox: Mailbox,
) -> None:
    """Whoever has found one admin's mailbox seats an account that has had its second step for years."""
    await trust(database, organisation)
    (place,) = await publish(own_point(organisation, place=HERE))
    people = f"{PAGE}/{organisation}/people"
    address = f"{PAGE}/{organisation}/entries/{place.feature_id}/change"
    ids = {email: str(await seated(database, organisation, email, Seat.ADMIN)) for email in (OLA, EWA)}
    await run(database, "UPDATE core.user SET language = 'uk' WHERE email = :email", email=OLA)
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as found_mailbox:
        # Who would hear of it is made a member like any other first, and hears of that.
        for act in ("member", "remove"):
            answer = await found_mailbox.post(f"{people}/act", data={"act": act, "person": ids[EWA]})
            assert answer.status_code == 303, answer.text
        (mail,) = await mailbox.collect()
        assert (mail["To"], mail["Subject"]) == (EWA, "Fundacja Ciepły Stół: nie jesteś już koordynatorem")
        form = {"email": JAN, "name": "Jan", "language": "de", "seat": "admin"}
        assert (await found_mailbox.post(people, data=form)).status_code == 303
    told = {mail["To"]: mail for mail in await mailbox.collect()}
    assert set(told) == {ANNA, OLA, JAN}
    assert told[OLA]["Subject"] == "Fundacja Ciepły Stół: є новий координатор"
    assert links_in(told[OLA]) == [f"{ORIGIN}{people}"]
    assert JAN in words_of(told[OLA])

    await second_step(database, JAN)
    async with session(database) as s:
        token = await make_one_time_link(s, JAN)
    await client.post("/desk/sign-in/link", data={"token": token})
    await run(database, "UPDATE core.session SET second_step_at = now()")
    client.headers["Accept-Language"] = "en"
    assert "an admin of your organisation for less than three days" in said(await client.get(address))
    asked = await change(client, address, website="https://stol.example/", told="")
    assert asked.status_code == 409
    sent = await change(client, address, website="https://stol.example/", told="new_seat")
    assert sent.headers["location"].endswith("done=sent")
    await run(database, "UPDATE core.membership SET seated_at = now() - interval '72 hours'")
    assert "This is public at once" in said(await client.get(address))
    # Made a member and an admin again, they are a new one.
    for act in ("member", "admin"):
        async with session(database) as s:
            jan = (await s.scalars(select(User).where(User.email == JAN))).one()
            ola = (await s.scalars(select(User).where(User.email == OLA))).one()
            await change_seat(s, ByAdmin(organisation, ola, "Fundacja", ORIGIN), jan.id, Seat(act))
    assert "an admin of your organisation for less than three days" in said(await client.get(address))
