"""The people of an organisation: how they come, what they are there, and how they go (SECURITY A3, A5)."""

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text

from app.accounts.memberships import Seat
from app.accounts.models import User
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.accounts.users import suspend
from app.db import Database, session
from app.moderation.models import Submission
from tests.functional.conftest import Mailbox, Publish, links_in
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.organisations import (
    PAGE,
    actions,
    browser_of_member,
    own_point,
    people_of,
    publish_organisation,
)

ANNA, JAN = "anna@stol.example", "jan@stol.example"


@pytest.mark.parametrize("way", ["left", "removed", "suspended", "off the map", "merged", "point gone"])
async def test_a5_a_right_in_an_organisation_is_gone_at_the_next_request(
    site: FastAPI, database: Database, publish: Publish, way: str
) -> None:
    organisation = await publish_organisation(publish)
    other = await publish_organisation(publish, "Inna")
    (point,) = await publish(own_point(organisation))
    here = f"{PAGE}/{organisation}"
    mine = f"{here}/entries/{point.feature_id}/change"
    async with (
        browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna,
        browser_of_member(site, organisation, JAN) as jan,
    ):
        assert (await jan.get(mine)).status_code == 200
        async with session(database) as s:
            pending = await make_one_time_link(s, JAN)
        if way == "left":
            assert (await jan.post(f"{here}/leave", data={"sure": "1"})).status_code == 303
        elif way == "removed":
            async with session(database) as s:
                person = str((await s.execute(select(User.id).where(User.email == JAN))).scalar_one())
            assert (
                await anna.post(f"{here}/people/act", data={"act": "remove", "person": person})
            ).status_code == 303
        elif way == "suspended":
            async with session(database) as s:
                await suspend(s, JAN)
        else:
            statement = {
                "off the map": "UPDATE core.feature SET state = 'unpublished' WHERE id = :organisation",
                "merged": "UPDATE core.feature SET state = 'unpublished', merged_into = :other WHERE id = :organisation",
                "point gone": "UPDATE core.feature SET content = jsonb_set(content, '{organisation,id}',"
                " to_jsonb(CAST(CAST(:other AS uuid) AS text))) WHERE id = :point",
            }[way]
            async with session(database) as s:
                given = {"organisation": organisation, "other": other, "point": point.feature_id}
                used = {key: value for key, value in given.items() if f":{key}" in statement}
                await s.execute(text(statement), used)
        gone = 401 if way == "suspended" else 404
        for method, address in (("GET", mine), ("POST", mine), ("POST", mine.replace("change", "confirm"))):
            assert (
                await jan.request(method, address, data={"revision": "1"} if method == "POST" else None)
            ).status_code == gone
        assert (await jan.get(here)).status_code == (200 if way == "point gone" else gone)
        if way not in ("point gone", "suspended"):
            # Whoever has nothing else has no account any more, and gets no link.
            assert (await jan.get("/desk/account")).status_code == 403
        # A link that was asked for before opens nothing either, but for whoever is still of the organisation.
        linked = await jan.post("/desk/sign-in/link", data={"token": pending})
        assert linked.status_code == (303 if way == "point gone" else 410)
    async with session(database) as s:
        assert (await s.execute(select(func.count()).select_from(Submission))).scalar_one() == 0


async def test_an_admin_invites_makes_admins_hands_over_and_the_last_one_cannot_go(
    site: FastAPI, client: httpx2.AsyncClient, database: Database, publish: Publish, mailbox: Mailbox
) -> None:
    organisation = await publish_organisation(publish)
    here = f"{PAGE}/{organisation}"
    form = {"email": JAN, "name": "Jan", "language": "uk", "seat": "member"}
    async with browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna:
        for wrong in ({"email": "jan"}, {"language": "xx"}, {"seat": "owner"}):
            answer = await anna.post(f"{here}/people", data=form | wrong)
            assert answer.status_code == 422, wrong
            assert 'value="Jan"' in answer.text
        answer = await anna.post(f"{here}/people", data=form)
        assert answer.status_code == 303, answer.text
        assert 'role="status"' in (await anna.get(answer.headers["location"])).text
        assert (await anna.post(f"{here}/people", data=form)).status_code == 409
        (mail,) = await mailbox.collect()
        assert mail["To"] == JAN
        assert "Fundacja Ciepły Stół" in mail["Subject"]
        assert [link.rpartition("/desk/")[2] for link in links_in(mail)] == ["sign-in"]
        # The mail opens nothing by itself: the link that signs in is asked for, in the browser that it is used in.
        await client.post("/desk/sign-in", data={"email": JAN})
        (mail,) = await mailbox.collect()
        (link,) = [one for one in links_in(mail) if "sign-in/link" in one]
        token = link.rpartition("#")[2]
        assert (await client.post("/desk/sign-in/link", data={"token": token})).status_code == 303
        assert (await client.get(here)).status_code == 200
        # A member looks after nobody.
        assert (await client.get(f"{here}/people")).status_code == 403
        async with session(database) as s:
            ids = {row.email: str(row.id) for row in await s.execute(select(User.email, User.id))}
        for act in ("remove", "admin", "hand-over"):
            forbidden = await client.post(f"{here}/people/act", data={"act": act, "person": ids[ANNA]})
            assert forbidden.status_code == 403
        # The last admin can neither go nor step down; after handing over they can.
        assert (await anna.post(f"{here}/leave", data={"sure": "1"})).status_code == 409
        assert (
            await anna.post(f"{here}/people/act", data={"act": "member", "person": ids[ANNA]})
        ).status_code == 409
        assert (
            await anna.post(f"{here}/people/act", data={"act": "remove", "person": ids[ANNA]})
        ).status_code == 409
        handed = await anna.post(f"{here}/people/act", data={"act": "hand-over", "person": ids[JAN]})
        assert handed.status_code == 303
        assert "You have handed over" in (await anna.get(handed.headers["location"])).text
        assert await people_of(database, organisation) == {ANNA: "member", JAN: "admin"}
        assert (await anna.get(f"{here}/people")).status_code == 403
        assert (await client.get(f"{here}/people")).status_code == 200
        assert (await anna.post(f"{here}/leave", data={"sure": "1"})).status_code == 303
    assert await people_of(database, organisation) == {JAN: "admin"}
    assert list(await actions(database)) == [
        "membership.added",
        "membership.role_changed",
        "membership.role_changed",
        "membership.left",
    ]


async def test_two_admins_who_remove_each_other_at_once_leave_one(
    site: FastAPI, database: Database, publish: Publish
) -> None:
    organisation = await publish_organisation(publish)
    act = f"{PAGE}/{organisation}/people/act"
    async with (
        browser_of_member(site, organisation, ANNA, Seat.ADMIN) as anna,
        browser_of_member(site, organisation, JAN, Seat.ADMIN) as jan,
    ):
        async with session(database) as s:
            ids = {row.email: str(row.id) for row in await s.execute(select(User.email, User.id))}
        answers = await asyncio.gather(
            anna.post(act, data={"act": "remove", "person": ids[JAN]}),
            jan.post(act, data={"act": "remove", "person": ids[ANNA]}),
        )
    assert sorted(answer.status_code for answer in answers) in ([303, 403], [303, 404])
    assert len(await people_of(database, organisation)) == 1


async def test_an_administrator_gives_an_organisation_its_first_admin_and_speaks_for_none(
    site: FastAPI, database: Database, publish: Publish, mailbox: Mailbox
) -> None:
    organisation = await publish_organisation(publish)
    (point,) = await publish(own_point(organisation))
    here = f"{PAGE}/{organisation}"
    async with signed_in(site, Role.ADMINISTRATOR, "admin@example.org") as admin:
        assert f"{here}/people" in (await admin.get(f"/desk/published/{organisation}")).text
        form = {"email": JAN, "name": "", "language": "pl", "seat": "admin"}
        assert (await admin.post(f"{here}/people", data=form)).status_code == 303
        assert (await admin.get(here)).status_code == 200
        assert (await admin.get(f"{here}/entries/{point.feature_id}/change")).status_code == 403
        assert (await admin.post(f"{here}/leave", data={"sure": "1"})).status_code == 403
        # Whoever belongs to an organisation and has no role is none of staff.
        assert JAN not in (await admin.get("/desk/people")).text
        # Something on the map that is no organisation has no people.
        assert (await admin.get(f"{PAGE}/{point.feature_id}/people")).status_code == 404
    assert await people_of(database, organisation) == {JAN: "admin"}
    assert len(await mailbox.collect()) == 1
