"""People are invited, roles given and taken; a moderator and an administrator are made by two people (SECURITY A7)."""

import asyncio
import re
import uuid

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError

from app.accounts.audit import Actor, AuditEntry
from app.accounts.granting import SecondPersonNeeded, Wanted, confirm_grant, grant_role, new_member, propose
from app.accounts.inviting import invite
from app.accounts.models import Grant, SignInLink, User
from app.accounts.roles import Role
from app.accounts.users import reinstate, suspend
from app.db import Database, session
from app.errors import Conflict
from tests.functional.conftest import ORIGIN, Mailbox, links_in
from tests.functional.country import import_country
from tests.functional.desk.conftest import signed_in
from tests.functional.desk.locks import crowded, until_all_wait
from tests.functional.desk.test_people import id_of
from tests.postgis import AT_ONCE

__all__ = ["crowded"]
ANNA, EWA, JAN = "anna@kielce.example", "ewa@kielce.example", "jan@kielce.example"
INVITE = "/desk/people/invite"
ENGLISH = {"Accept-Language": "en"}


def form(role: Role, **more: str) -> dict[str, str]:
    return {"email": JAN, "name": "Jan", "language": "uk", "role": role.value, **more}


async def grants(database: Database) -> list[Grant]:
    async with session(database) as s:
        query = select(Grant).join(User, User.id == Grant.user_id).where(User.email == JAN)
        return list((await s.scalars(query)).all())


async def sign_in_as_invited(client: httpx2.AsyncClient, mailbox: Mailbox) -> None:
    """Ask for a link on the page that the invitation leads to, and use it in the same browser."""
    assert (await client.post("/desk/sign-in", data={"email": JAN})).status_code == 200
    (mail,) = await mailbox.collect()
    (link,) = [one for one in links_in(mail) if "sign-in/link" in one]
    token = link.rpartition("#")[2]
    assert (await client.post("/desk/sign-in/link", data={"token": token})).status_code == 303


async def test_an_editor_is_invited_by_one_in_their_language(
    site: FastAPI, client: httpx2.AsyncClient, database: Database, mailbox: Mailbox
) -> None:
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as anna:
        answer = await anna.post(INVITE, data=form(Role.EDITOR))
        assert answer.status_code == 303, answer.text
        assert 'role="status"' in (await anna.get(answer.headers["location"])).text
        # Who alone could never make a moderator is told who can help.
        anna.headers |= ENGLISH
        for page in (INVITE, "/desk/people"):
            assert "You are the only administrator" in (await anna.get(page)).text
        async with session(database) as s:
            await grant_role(s, EWA, Role.ADMINISTRATOR)
        for page in (INVITE, "/desk/people"):
            assert "You are the only administrator" not in (await anna.get(page)).text
    (mail,) = await mailbox.collect()
    assert mail["To"] == JAN
    assert "anna" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Pomapa" in mail["Subject"]
    assert "invited" not in mail["Subject"]
    # Nothing in it opens anything (SECURITY B3): they are asked for the address that it names, which gets a link.
    assert f"{ORIGIN}/desk/sign-in" in links_in(mail)
    assert not [link for link in links_in(mail) if "#" in link]
    assert JAN in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    await sign_in_as_invited(client, mailbox)
    assert (await client.get("/desk/published")).status_code == 200


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMINISTRATOR])
async def test_a7_two_people_make_a_moderator_and_an_administrator(
    site: FastAPI, client: httpx2.AsyncClient, database: Database, mailbox: Mailbox, role: Role
) -> None:
    async with (
        signed_in(site, Role.ADMINISTRATOR, ANNA) as anna,
        signed_in(site, Role.ADMINISTRATOR, EWA) as ewa,
    ):
        assert (await anna.post(INVITE, data=form(role))).status_code == 303
        (grant,) = await grants(database)
        # Nothing holds, and nobody is written to.
        assert grant.confirmed_at is None
        assert await mailbox.collect() == []
        confirm = {"grant": str(grant.id), "act": "confirm"}
        refused = await anna.post("/desk/people/roles", data=confirm)
        assert refused.status_code == 409
        assert ">Confirm<" not in (await anna.get("/desk/people", headers=ENGLISH)).text
        assert ">Confirm<" in (await ewa.get("/desk/people", headers=ENGLISH)).text
        # Not mailed by another button either.
        person = {"person": str(grant.user_id), "act": "invite"}
        assert (await ewa.post("/desk/people", data=person)).status_code == 409
        # Of two presses at once one confirms.
        answers = await asyncio.gather(*(ewa.post("/desk/people/roles", data=confirm) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [303, 404, 404, 404]
    assert [mail["To"] for mail in await mailbox.collect()] == [JAN]
    await sign_in_as_invited(client, mailbox)
    assert (await client.get("/desk")).status_code == 200
    async with session(database) as s:
        told = await s.execute(
            select(AuditEntry.action)
            .where(AuditEntry.object_id == str(grant.user_id))
            .order_by(AuditEntry.id)
        )
    assert told.scalars().all() == [
        "user.grant_proposed",
        "user.grant_confirmed",
        "user.invited",
        "user.signed_in",
    ]


async def test_a7_nobody_makes_a_moderator_alone_in_two_hundred_tries_at_once(
    database: Database, crowded: Database
) -> None:
    async with session(database) as s:
        anna = (await new_member(s, ANNA, "Anna", "pl")).id
        # Whatever else would be in her way is not: she may propose, and still may.
        s.add(Grant(user_id=anna, role=Role.ADMINISTRATOR, confirmed_at=text("now()")))
        jan = await new_member(s, JAN, "Jan", "pl")
        grant = await propose(s, jan, Wanted.of(Role.MODERATOR), by=Actor("staff", anna))
        held = await propose(s, jan, Wanted.of(Role.EDITOR), by=Actor("staff", anna))
        assert held.confirmed_at is not None
    places = asyncio.Semaphore(AT_ONCE)

    async def attempt(by: uuid.UUID) -> None:
        async with places, session(crowded) as s:
            await confirm_grant(s, grant.id, by=Actor("staff", by))

    async with session(database) as holder:
        await holder.execute(text("SELECT FROM core.grant WHERE id = :id FOR UPDATE"), {"id": grant.id})
        tries = [asyncio.create_task(attempt(by)) for _ in range(100) for by in (anna, jan.id)]
        await until_all_wait(database, tries, AT_ONCE)
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(result, Conflict) for result in results)
    # Past the code, the table itself refuses.
    for by, rule in (
        (anna, "ck_grant_another"),
        (jan.id, "ck_grant_another"),
        (None, "ck_grant_two_people"),
    ):
        with pytest.raises(IntegrityError, match=rule):
            async with session(database) as s:
                await s.execute(
                    text("UPDATE core.grant SET confirmed_at = now(), confirmed_by = :by WHERE id = :id"),
                    {"by": by, "id": grant.id},
                )
    (waiting,) = [one for one in await grants(database) if one.role == Role.MODERATOR]
    assert waiting.confirmed_at is None


async def test_a_role_is_given_for_places_that_are_found_by_name(site: FastAPI, database: Database) -> None:
    await import_country(database)
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as anna:
        unclear = await anna.post(INVITE, data=form(Role.EDITOR, areas="Kielce\nNigdzie"), headers=ENGLISH)
        assert unclear.status_code == 422
        assert "Nigdzie" in unclear.text
        assert await grants(database) == []
        more = form(Role.EDITOR, areas="gmina Górno", area="PL-2661", layer="aid_points")
        assert (await anna.post(INVITE, data=more)).status_code == 303
        (grant,) = await grants(database)
        assert (grant.areas, grant.layers) == (["PL-2604042", "PL-2661"], ["aid_points"])
        page = (await anna.get("/desk/people", headers=ENGLISH)).text
        assert "Górno (PL-2604042)" in page
        # The same once more is said to be there.
        assert (await anna.post(INVITE, data=more)).status_code == 409
        # A code is typed as it is read, and as anybody writes it: that of an area of one's own has small letters.
        async with session(database) as s:
            await s.execute(
                text(
                    "UPDATE published.area SET code = 'PL-local_sad_7', stable_code = 'PL-local_sad_7'"
                    " WHERE code = 'PL-2604042'"
                )
            )
        for typed in ("PL-local_sad_7", "pl-Local_Sad_7", "pl-2661"):
            clear = form(Role.EDITOR, areas=f"{typed}\nNigdzie")
            again = (await anna.post(INVITE, data=clear, headers=ENGLISH)).text
            code = "PL-2661" if "2661" in typed else "PL-local_sad_7"
            assert re.search(rf'value="{code}"[^>]*checked', again), typed
        limits = form(Role.ADMINISTRATOR, area="PL-2661")
        assert (await anna.post(INVITE, data=limits)).status_code == 409
    assert len(await grants(database)) == 1


@pytest.mark.parametrize(
    "wrong", [{"email": "jan"}, {"language": "xx"}, {"role": "king"}, {"role": ""}, {"layer": "planets"}]
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    site: FastAPI, database: Database, wrong: dict[str, str]
) -> None:
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as anna:
        answer = await anna.post(INVITE, data=form(Role.EDITOR, areas="Kielce") | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Jan"' in answer.text
    assert await grants(database) == []


async def test_a5_a_role_taken_away_is_gone_at_the_next_click(site: FastAPI, database: Database) -> None:
    async with (
        signed_in(site, Role.ADMINISTRATOR, ANNA) as anna,
        signed_in(site, Role.MODERATOR, JAN) as jan,
    ):
        assert (await jan.get("/desk")).status_code == 200
        (grant,) = await grants(database)
        taken = await anna.post("/desk/people/roles", data={"grant": str(grant.id), "act": "take"})
        assert taken.status_code == 303
        assert (await jan.get("/desk")).status_code == 401
        assert await grants(database) == []
        # Nobody takes their own, and the last administrator stays.
        async with session(database) as s:
            own = (await s.execute(select(Grant.id).where(Grant.role == Role.ADMINISTRATOR))).scalar_one()
        mine = await anna.post("/desk/people/roles", data={"grant": str(own), "act": "take"})
        assert mine.status_code == 409
        gone = await anna.post("/desk/people/roles", data={"grant": str(grant.id), "act": "take"})
        assert gone.status_code == 404


async def test_two_administrators_who_suspend_each_other_at_once_leave_one(database: Database) -> None:
    for email in (ANNA, EWA):
        async with session(database) as s:
            user = await new_member(s, email, "", "pl")
            s.add(Grant(user_id=user.id, role=Role.ADMINISTRATOR, confirmed_at=text("now()")))
    both = asyncio.Barrier(2)

    async def one(email: str) -> None:
        await both.wait()
        async with session(database) as s:
            await suspend(s, email)

    results = await asyncio.gather(one(ANNA), one(EWA), return_exceptions=True)
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]


async def test_a_role_is_not_given_to_oneself(site: FastAPI, database: Database) -> None:
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as anna:
        own = await id_of(database, ANNA)
        answer = await anna.post(f"/desk/people/{own}/role", data={"role": "editor"})
        assert answer.status_code == 409
        again = await anna.post(INVITE, data=form(Role.EDITOR) | {"email": ANNA})
        assert again.status_code == 409


async def test_a7_whoever_has_lost_their_right_since_was_no_first_person(database: Database) -> None:
    """A stolen account that proposed somebody is suspended: the next one who confirms would be alone."""
    async with session(database) as s:
        people = [await grant_role(s, email, Role.ADMINISTRATOR) for email in (ANNA, EWA)]
        anna, ewa = (person.id for person in people)
        jan = await new_member(s, JAN, "Jan", "pl")
        grant = await propose(s, jan, Wanted.of(Role.MODERATOR), by=Actor("staff", anna))
    async with session(database) as s:
        await s.execute(update(User).where(User.id == anna).values(suspended_at=func.now()))
    with pytest.raises(SecondPersonNeeded):
        async with session(database) as s:
            await confirm_grant(s, grant.id, by=Actor("staff", ewa))
    async with session(database) as s:
        await s.execute(update(User).where(User.id == anna).values(suspended_at=None))
    async with session(database) as s:
        assert (await confirm_grant(s, grant.id, by=Actor("staff", ewa))).confirmed_by == ewa


async def test_b3_an_invitation_leaves_no_link_that_any_browser_may_use(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    async with session(database) as s:
        anna = await grant_role(s, ANNA, Role.ADMINISTRATOR)
        ewa = await grant_role(s, EWA, Role.EDITOR)
        await invite(s, ewa, by=anna, public_url="https://mapa.example")
    (mail,) = await mailbox.collect()
    assert "https://mapa.example/desk/sign-in" in links_in(mail)
    async with session(database) as s:
        assert (await s.scalar(select(func.count()).select_from(SignInLink))) == 0


async def test_who_is_suspended_gets_no_mail_and_the_page_says_so(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    async with session(database) as s:
        await grant_role(s, JAN, Role.EDITOR)
        await suspend(s, JAN)
    async with signed_in(site, Role.ADMINISTRATOR, ANNA) as anna:
        given = await anna.post(
            f"/desk/people/{await id_of(database, JAN)}/role", data={"role": "editor", "layer": "aid_points"}
        )
        assert given.status_code == 303, given.text
        said = (await anna.get(given.headers["location"], headers=ENGLISH)).text
    assert "The role is given. They are suspended, so they get no mail" in said
    assert await mailbox.collect() == []


async def test_a7_who_was_suspended_is_made_a_moderator_again_by_two(
    site: FastAPI, database: Database, mailbox: Mailbox
) -> None:
    async with session(database) as s:
        await grant_role(s, JAN, Role.MODERATOR)
        jan = await new_member(s, JAN, "", "pl")
        await propose(s, jan, Wanted.of(Role.EDITOR), by=Actor("staff", jan.id))
        await suspend(s, JAN)
    person = await id_of(database, JAN)
    async with (
        signed_in(site, Role.ADMINISTRATOR, ANNA) as anna,
        signed_in(site, Role.ADMINISTRATOR, EWA) as ewa,
    ):
        back = await anna.post("/desk/people", data={"act": "reinstate", "person": person})
        assert back.status_code == 303
        held = {grant.role: grant for grant in await grants(database)}
        assert held["editor"].confirmed_at is not None
        assert held["moderator"].confirmed_at is None
        confirm = {"grant": str(held["moderator"].id), "act": "confirm"}
        assert (await anna.post("/desk/people/roles", data=confirm)).status_code == 409
        # Pressed once more it changes nobody who is not suspended.
        assert (await ewa.post("/desk/people/roles", data=confirm)).status_code == 303
        await anna.post("/desk/people", data={"act": "reinstate", "person": person})
    given = {grant.role for grant in await grants(database) if grant.confirmed_at}
    assert given == {"editor", "moderator"}


async def test_who_is_given_back_by_command_has_all_rights(database: Database) -> None:
    async with session(database) as s:
        await grant_role(s, JAN, Role.MODERATOR)
        await suspend(s, JAN)
        await reinstate(s, JAN)
    (grant,) = await grants(database)
    assert grant.confirmed_at is not None
