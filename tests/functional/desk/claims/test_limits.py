"""What proves nothing that an entry is theirs, and who decides about a claim no more (SECURITY A3, A5, A7, E8, F6)."""

import asyncio
import uuid

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.memberships import Seat
from app.db import Database, session
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.claims.claiming import (
    ADAM,
    AREA,
    CODE,
    CONTACTS,
    There,
    claim_of,
    decide,
    feature_of,
    plain,
    run_by,
    say_so,
)
from tests.functional.desk.conftest import Waiting, decision
from tests.functional.desk.organisations import PAGE, browser_of_member, said, seated


async def test_a_code_is_too_old_after_an_hour_and_proves_nothing_when_the_address_has_gone(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    mailbox: Mailbox,
    setting: Setting,
) -> None:
    await say_so(anna, there)
    await mailbox.collect()
    claim = await claim_of(database)
    form = {"claim": str(claim.id)}
    assert (await anna.post(f"{there.claims}/act", data=form | {"act": "code"})).status_code == 303
    (mail,) = await mailbox.collect()
    (code,) = CODE.findall(plain(mail))
    async with session(database) as s:
        await s.execute(text("UPDATE core.place_claim SET code_expires_at = now() - interval '1 second'"))
    typed = form | {"act": "typed", "typed": code}
    assert (await anna.post(f"{there.claims}/act", data=typed)).status_code == 409
    async with session(database) as s:
        await s.execute(text("UPDATE core.place_claim SET code_expires_at = now() + interval '1 minute'"))
    assert (await anna.post(f"{there.claims}/act", data=typed)).status_code == 303
    layer = LAYERS["aid_points"]
    other = {"kind": "email", "value": "biuro@zupa.example"}
    content = {**(await feature_of(database, there.place)).content, "contacts": [CONTACTS[0], other]}
    async with session(database) as s:
        item = Item(layer.content.read(content), feature_id=there.place)
        await publish_many(s, setting, layer, [item])
        # However long the other one has stood there.
        await s.execute(text("UPDATE core.revision SET created_at = created_at - interval '31 days'"))
    assert (await decide(moderator, database, way="mailed_code")).status_code == 409
    assert "no longer the entry's" in said(await moderator.get(f"/desk/claims/{claim.id}"))


async def test_an_address_that_was_put_there_lately_proves_nothing(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    setting: Setting,
) -> None:
    layer = LAYERS["aid_points"]
    content = {
        **(await feature_of(database, there.place)).content,
        "contacts": [CONTACTS[0], {"kind": "email", "value": "nowy@stol.example"}],
    }
    async with session(database) as s:
        item = Item(layer.content.read(content), feature_id=there.place)
        await publish_many(s, setting, layer, [item])
    await say_so(anna, there)
    claim = await claim_of(database)
    form = {"claim": str(claim.id), "act": "code"}
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 409
    assert "new: proves nothing" in said(await moderator.get(f"/desk/claims/{claim.id}"))
    async with session(database) as s:
        await s.execute(text("UPDATE core.revision SET created_at = created_at - interval '31 days'"))
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 303


async def test_an_address_that_came_with_what_a_stranger_sent_proves_nothing_for_a_month(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    waiting: Waiting,
) -> None:
    submission = await waiting(contacts=[{"kind": "email", "value": "nowy@stol.example"}])
    path = f"/desk/submissions/{submission.id}/approve"
    assert (await moderator.post(path, data=decision(submission))).status_code == 303
    async with session(database) as s:
        place = (await s.execute(text("SELECT feature_id FROM core.submission"))).scalar_one()
    assert (await say_so(anna, there, place)).status_code == 303
    claim = await claim_of(database)
    form = {"claim": str(claim.id), "act": "code"}
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 409
    shown = said(await moderator.get(f"/desk/claims/{claim.id}"))
    assert "new: proves nothing" in shown
    assert "mailbox at the entry's own site" not in shown
    async with session(database) as s:
        await s.execute(text("UPDATE core.submission SET channel = 'import'"))
    shown = said(await moderator.get(f"/desk/claims/{claim.id}"))
    assert "new: proves nothing" not in shown
    assert "mailbox at the entry's own site" in shown
    async with session(database) as s:
        await s.execute(text("UPDATE core.submission SET channel = 'form'"))
        await s.execute(text("UPDATE core.revision SET created_at = created_at - interval '31 days'"))
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 303


async def test_a7_f_a_protected_place_takes_two_and_no_mail_tells_or_proves_anything_of_it(
    client: httpx2.AsyncClient,
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    there: There,
    database: Database,
    mailbox: Mailbox,
    publish: Publish,
) -> None:
    (hidden,) = await publish(aid_point("Dom przy parku", place=AREA, contacts=CONTACTS))
    form = {"place": str(hidden.feature_id), "reason": "To my, ul. Ukryta 7 w Kielcach, mieszkanie 3."}
    assert (await anna.post(there.claims, data=form)).status_code == 303
    claim = await claim_of(database)
    assert "Ukryta" not in (claim.reason or "")
    mails = await mailbox.collect()
    assert mails
    for mail in mails:
        for part in (mail["Subject"], plain(mail), str(mail)):
            assert "Dom przy parku" not in part
            assert "Ciepły Stół" not in part
    # No code goes out, and none is enough.
    code = {"claim": str(claim.id), "act": "code"}
    assert (await anna.post(f"{there.claims}/act", data=code)).status_code == 409
    assert await mailbox.collect() == []
    for way in ("mailed_code", "domain_mail"):
        assert (await decide(moderator, database, way=way)).status_code == 422
    words = "Rozmowa z kierowniczką domu, ul. Ukryta 7 w Kielcach."
    assert (await decide(moderator, database, said=words)).status_code == 303
    assert await run_by(client, hidden.feature_id) is None
    # The same person twice is one person.
    again = await decide(moderator, database)
    assert again.status_code == 409
    assert await run_by(client, hidden.feature_id) is None
    both = await asyncio.gather(*(decide(second, database, said=words) for _ in range(4)))
    assert sorted(answer.status_code for answer in both) == [303, 409, 409, 409]
    assert await run_by(client, hidden.feature_id) == str(there.organisation)
    claim = await claim_of(database)
    assert claim.by_two
    assert claim.first_by != claim.ended_by
    assert "Ukryta" not in f"{claim.first_said} {claim.said}"
    mails = await mailbox.collect()
    assert mails
    for mail in mails:
        assert "Dom przy parku" not in f"{mail['Subject']}{plain(mail)}"
    async with session(database) as s:
        dump = (await s.execute(text("SELECT string_agg(t::text, '') FROM core.audit t"))).scalar_one()
    assert "Ukryta" not in dump


async def test_a7_two_give_a_protected_place_back_to_whom_it_was_before(
    client: httpx2.AsyncClient,
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    there: There,
    database: Database,
    publish: Publish,
) -> None:
    was = {"id": str(there.before)}
    (hidden,) = await publish(aid_point("Dom przy parku", place=AREA, contacts=CONTACTS, organisation=was))
    assert (await say_so(anna, there, hidden.feature_id)).status_code == 303
    for who in (moderator, second):
        assert (await decide(who, database)).status_code == 303
    for who, is_run_by in (
        (moderator, there.organisation),
        (moderator, there.organisation),
        (second, there.before),
    ):
        assert (await decide(who, database, "undo", note="To jednak nie oni.")).status_code == 303
        assert await run_by(client, hidden.feature_id) == str(is_run_by)
        if who is moderator:
            page = await second.get(f"/desk/published/{hidden.feature_id}")
            assert f"/desk/claims/{(await claim_of(database)).id}" in page.text
            assert "mówi: tak" in page.text


async def test_e8_a_code_for_a_discreet_entry_does_not_say_who_asks(
    anna: httpx2.AsyncClient, there: There, database: Database, publish: Publish, mailbox: Mailbox
) -> None:
    services = [{"type": "violence_support"}]
    (place,) = await publish(aid_point("Punkt przy parku", contacts=CONTACTS, services=services))
    assert (await say_so(anna, there, place.feature_id)).status_code == 303
    await mailbox.collect()
    form = {"claim": str((await claim_of(database)).id), "act": "code"}
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 303
    (mail,) = await mailbox.collect()
    assert CODE.findall(plain(mail))
    for part in (mail["Subject"], plain(mail), str(mail)):
        assert "Ciepły Stół" not in part
        assert "Punkt przy parku" not in part


@pytest.mark.parametrize("way", ["suspended", "no role", "of theirs"])
async def test_a5_the_first_of_two_who_may_do_so_no_more_does_not_count(
    client: httpx2.AsyncClient,
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    there: There,
    database: Database,
    publish: Publish,
    way: str,
) -> None:
    (hidden,) = await publish(aid_point("Dom przy parku", place=AREA))
    assert (await say_so(anna, there, hidden.feature_id)).status_code == 303
    assert (await decide(moderator, database)).status_code == 303
    first = (await claim_of(database)).first_by
    mine = "(SELECT id FROM core.\"user\" WHERE email = 'moderator@example.org')"
    if way == "of theirs":
        await seated(database, there.organisation, "moderator@example.org", Seat.MEMBER)
    else:
        lost = {
            "suspended": f'UPDATE core."user" SET suspended_at = now() WHERE id = {mine}',
            "no role": f'DELETE FROM core."grant" WHERE user_id = {mine}',
        }
        async with session(database) as s:
            await s.execute(text(lost[way]))
    assert (await decide(second, database)).status_code == 303
    assert await run_by(client, hidden.feature_id) is None
    claim = await claim_of(database)
    assert claim.first_by not in (None, first)
    assert (await decide(second, database)).status_code == 409


async def test_a7_nobody_decides_for_their_own_organisation(
    site: FastAPI, anna: httpx2.AsyncClient, moderator: httpx2.AsyncClient, there: There, database: Database
) -> None:
    await say_so(anna, there)
    await seated(database, there.organisation, "moderator@example.org", Seat.MEMBER)
    for what in ("approve", "refuse"):
        assert (await decide(moderator, database, what, note="Nie.")).status_code == 409
    assert (await claim_of(database)).state == "asked"


@pytest.mark.parametrize("way", ["left", "suspended", "organisation off", "place off"])
async def test_a5_a_claim_of_whoever_has_lost_the_right_is_not_approved(
    client: httpx2.AsyncClient,
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    way: str,
) -> None:
    await say_so(anna, there)
    statement = {
        "left": "DELETE FROM core.membership",
        "suspended": "UPDATE core.\"user\" SET suspended_at = now() WHERE email = 'anna@stol.example'",
        "organisation off": "UPDATE core.feature SET state = 'unpublished' WHERE id = :organisation",
        "place off": "UPDATE core.feature SET state = 'unpublished' WHERE id = :place",
    }[way]
    given = {"organisation": there.organisation, "place": there.place}
    async with session(database) as s:
        await s.execute(
            text(statement), {key: value for key, value in given.items() if f":{key}" in statement}
        )
    assert (await decide(moderator, database)).status_code == 409
    assert (await claim_of(database)).state == "asked"
    feature = await feature_of(database, there.place)
    assert feature.content["organisation"]["id"] == str(there.before)
    if way in ("left", "suspended"):
        for data in ({"act": "code"}, {"act": "typed", "typed": "a"}, {"act": "cancel"}):
            form = {"claim": str((await claim_of(database)).id), **data}
            assert (await anna.post(f"{there.claims}/act", data=form)).status_code in (401, 404)
        assert (await decide(moderator, database, "refuse", note="Już ich tu nie ma.")).status_code == 303


async def test_a3_the_claim_of_another_organisation_is_nobodys(
    site: FastAPI, anna: httpx2.AsyncClient, there: There, database: Database
) -> None:
    await say_so(anna, there)
    claim = await claim_of(database)
    async with browser_of_member(site, there.before, ADAM) as adam:
        theirs = f"{PAGE}/{there.before}/claims"
        assert "Kuchnia" not in said(await adam.get(theirs))
        for data in ({"act": "code"}, {"act": "typed", "typed": "a"}, {"act": "cancel"}, {"act": "approve"}):
            form = {"claim": str(claim.id), **data}
            assert (await adam.post(f"{theirs}/act", data=form)).status_code == 404
            assert (await adam.post(f"{there.claims}/act", data=form)).status_code == 404
        # What is theirs already they cannot say so of.
        assert (
            await adam.post(theirs, data={"place": str(there.place), "reason": "Nasze."})
        ).status_code == 409
    # Nor can anybody say so of an organisation, or of what is off the map.
    assert (await say_so(anna, there, there.before)).status_code == 409
    assert (await say_so(anna, there, uuid.uuid4())).status_code == 404
    assert (await claim_of(database)).version == claim.version
