"""An organisation says that an entry is theirs: nothing changes before somebody has made sure out of band (SECURITY E8)."""

import asyncio
import re

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.memberships import Seat
from app.config import Settings
from app.db import Database, session
from tests.functional.conftest import Mailbox, Publish
from tests.functional.desk.claims.claiming import (
    ADAM,
    ANNA,
    CODE,
    KITCHEN,
    There,
    actions,
    by_reader,
    claim_of,
    decide,
    feature_of,
    plain,
    run_by,
    say_so,
)
from tests.functional.desk.organisations import PAGE, browser_of_member, publish_organisation, said, seated
from tests.functional.test_no_token_stored import _work_off as work_off


async def test_e8_nothing_changes_before_a_moderator_has_made_sure_and_both_sides_are_told(
    site: FastAPI,
    client: httpx2.AsyncClient,
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    mailbox: Mailbox,
) -> None:
    await seated(database, there.before, ADAM, Seat.ADMIN)
    # From the page of the entry, or by words on the organisation's own page.
    page = (await client.get(f"/en/aid_points/{there.place}/-", follow_redirects=True)).text
    (link,) = re.findall(r'href="(/desk/claim\?place=[^"]+)"', page)
    led = await anna.get(link, follow_redirects=True)
    assert "How you run it" in said(led)
    found = await anna.get(there.claims, params={"q": "kuchnia"})
    assert f"?place={there.place}" in found.text
    # Nothing is said without a reason, and what was typed is kept.
    empty = await anna.post(there.claims, data={"place": str(there.place), "reason": " "})
    assert empty.status_code == 422
    asked = await say_so(anna, there)
    assert asked.status_code == 303, said(asked)
    assert "until then the map stays as it is" in said(await anna.get(asked.headers["location"]))
    assert (await say_so(anna, there)).status_code == 409
    assert await run_by(client, there.place) == str(there.before)
    told = by_reader(await mailbox.collect())
    assert told.keys() == {ADAM, KITCHEN}
    assert all(str(there.place) in words and "Fundacja Ciepły Stół" in words for words in told.values())
    # The desk sees both sides, of the account no more than where its mailbox is.
    assert "Said to be theirs" in said(await moderator.get("/desk"))
    assert "Kuchnia" in said(await moderator.get("/desk/claims"))
    claim = await claim_of(database)
    shown = said(await moderator.get(f"/desk/claims/{claim.id}"))
    for words in ("41 368 00 00", KITCHEN, "Gotujemy tam od 2019", "stol.example", "Run by Dawna"):
        assert words in shown, words
    assert ANNA not in shown
    # How it was made sure of has to be said, and no code was typed.
    for typed in ({"way": ""}, {"said": "tak"}, {"way": "guessed"}):
        assert (await decide(moderator, database, **typed)).status_code == 422, typed
    assert (await decide(moderator, database, way="mailed_code")).status_code == 409
    assert (await decide(moderator, database, revision="9")).status_code == 409
    assert await run_by(client, there.place) == str(there.before)
    done = await decide(moderator, database)
    assert done.status_code == 303, said(done)
    assert await run_by(client, there.place) == str(there.organisation)
    feature = await feature_of(database, there.place)
    assert (feature.revision, feature.verified_how) == (2, "email")
    told = by_reader(await mailbox.collect())
    assert told.keys() == {ANNA, ADAM, KITCHEN}
    # It is theirs at the next request, and no longer the others'.
    assert (await anna.get(f"{PAGE}/{there.organisation}/entries/{there.place}/change")).status_code == 200
    async with browser_of_member(site, there.before, "ola@dawna.example") as ola:
        assert (await ola.get(f"{PAGE}/{there.before}/entries/{there.place}/change")).status_code == 404
    # A moderator takes it back, with a reason: it is again whose it was, with everything else as it is.
    assert (await decide(moderator, database, "undo", note="")).status_code == 422
    undone = await decide(moderator, database, "undo", note="To jednak nie oni.")
    assert undone.status_code == 303, said(undone)
    assert await run_by(client, there.place) == str(there.before)
    assert (await decide(moderator, database, "undo", note="Jeszcze raz.")).status_code == 409
    told = by_reader(await mailbox.collect())
    assert told.keys() == {ANNA, ADAM, KITCHEN}
    assert all("To jednak nie oni." in words for words in told.values())
    assert list(await actions(database)) == ["claim.asked", "claim.approved", "claim.undone"]
    async with session(database) as s:
        assert await verify_chain(s) is None


async def test_a_mailed_code_is_typed_once_and_counted_and_a_moderator_still_decides(
    client: httpx2.AsyncClient,
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    settings: Settings,
    mailbox: Mailbox,
) -> None:
    await say_so(anna, there)
    await mailbox.collect()
    claim = await claim_of(database)

    async def act(name: str, **typed: str) -> httpx2.Response:
        return await anna.post(f"{there.claims}/act", data={"claim": str(claim.id), "act": name, **typed})

    async def sent() -> str:
        assert (await act("code")).status_code == 303
        (mail,) = await mailbox.collect()
        assert mail["To"] == KITCHEN
        (code,) = CODE.findall(plain(mail))
        return str(code)

    # What was not sent cannot be typed.
    assert (await act("typed", typed="aaaaa-aaaaa")).status_code == 409
    assert (await act("code")).status_code == 303
    # The mail is queued, and not sent yet.
    await work_off(database, settings)
    async with session(database) as s:
        rows = list((await s.execute(text("SELECT t::text FROM core.place_claim t"))).scalars())
        rows += (await s.execute(text("SELECT t::text FROM core.outbox_mail t"))).scalars()
        rows += (await s.execute(text("SELECT t::text FROM jobs.procrastinate_jobs t"))).scalars()
    (mail,) = await mailbox.collect()
    (first,) = CODE.findall(plain(mail))
    forms = {first, first.replace("-", ""), first.encode().hex(), first.replace("-", "").encode().hex()}
    assert not any(form in row for row in rows for form in forms)
    # A newer one takes the place of the older one.
    code = await sent()
    assert (await act("typed", typed=first)).status_code == 409
    # A hundred at once: no more than five are looked at in all.
    wrong = await asyncio.gather(*(act("typed", typed=f"aaaaa-{at:05d}") for at in range(12)))
    assert {answer.status_code for answer in wrong} == {409}
    assert (await claim_of(database)).code_tries == 5
    late = await act("typed", typed=code)
    assert late.status_code == 409
    assert (await claim_of(database)).proved_at is None
    code = await sent()
    # To one mailbox three on a day.
    assert (await act("code")).status_code == 409
    answers = await asyncio.gather(
        *(act("typed", typed=f" {code.upper().replace('-', ' ')} ") for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409]
    assert "code typed in" in said(await moderator.get(f"/desk/claims/{claim.id}"))
    assert await run_by(client, there.place) == str(there.before)
    assert (await decide(moderator, database, way="mailed_code", said="")).status_code == 303
    assert await run_by(client, there.place) == str(there.organisation)
    assert (await actions(database)).count("claim.proved") == 1


async def test_what_is_taken_back_goes_to_what_the_organisation_is_merged_into_by_now(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    publish: Publish,
) -> None:
    await say_so(anna, there)
    assert (await decide(moderator, database)).status_code == 303
    last = await publish_organisation(publish, "Ta sama")
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.feature SET merged_into = :into, state = 'unpublished' WHERE id = :id"),
            {"id": there.before, "into": last},
        )
    assert (await decide(moderator, database, "undo", note="To jednak nie oni.")).status_code == 303
    assert (await feature_of(database, there.place)).content["organisation"] == {"id": str(last)}
