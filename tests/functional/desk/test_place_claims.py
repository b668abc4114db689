"""An organisation says that an entry is theirs: nothing changes before somebody has made sure out of band (SECURITY A5, A7, E8, F6)."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import SYSTEM, verify_chain
from app.accounts.memberships import Seat
from app.accounts.roles import Role
from app.config import Settings
from app.db import Database, session
from app.features.models import Feature
from app.features.protecting import protect_now
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.claim_models import PlaceClaim
from app.moderation.place_claims import end_old_claims
from tests.functional.conftest import Mailbox, Publish, aid_point, links_in
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.organisations import PAGE, browser_of_member, publish_organisation, seated
from tests.functional.desk.test_organisations import said
from tests.functional.test_no_token_stored import _work_off as work_off

ANNA, ADAM, KITCHEN = "anna@stol.example", "adam@dawna.example", "kuchnia@zupa.example"
CONTACTS = [{"kind": "phone", "value": "+48413680000"}, {"kind": "email", "value": KITCHEN}]
AREA = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
WORDS = "Zadzwoniono na numer z mapy, kierowniczka potwierdza."
CODE = re.compile(r"^[a-z2-9]{5}-[a-z2-9]{5}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class There:
    """An entry that one organisation runs, and another one that says it is theirs."""

    organisation: uuid.UUID
    before: uuid.UUID
    place: uuid.UUID

    @property
    def claims(self) -> str:
        """The page of the organisation."""
        return f"{PAGE}/{self.organisation}/claims"


@pytest.fixture
async def there(publish: Publish, mailbox: Mailbox) -> There:
    organisation, before = await publish_organisation(publish), await publish_organisation(publish, "Dawna")
    (place,) = await publish(aid_point("Kuchnia", organisation={"id": str(before)}, contacts=CONTACTS))
    return There(organisation, before, place.feature_id)


@pytest.fixture
async def anna(site: FastAPI, there: There) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser_of_member(site, there.organisation, ANNA) as browser:
        yield browser


@pytest.fixture
async def moderator(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.MODERATOR, "moderator@example.org") as browser:
        browser.headers["Accept-Language"] = "en"
        yield browser


@pytest.fixture
async def second(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.MODERATOR, "second@example.org") as browser:
        yield browser


async def say_so(
    browser: httpx2.AsyncClient, there: There, place: uuid.UUID | None = None
) -> httpx2.Response:
    form = {"place": str(place or there.place), "reason": "Gotujemy tam od 2019 roku."}
    return await browser.post(there.claims, data=form)


async def claim_of(database: Database) -> PlaceClaim:
    async with session(database) as s:
        found = (
            await s.execute(text("SELECT id FROM core.place_claim ORDER BY asked_at DESC LIMIT 1"))
        ).scalar_one()
        return await s.get_one(PlaceClaim, found)


async def feature_of(database: Database, place: uuid.UUID) -> Feature:
    async with session(database) as s:
        return await s.get_one(Feature, place)


async def run_by(client: httpx2.AsyncClient, place: uuid.UUID) -> Any:
    answer = await client.get(f"/api/v1/layers/aid_points/features/{place}")
    return answer.json()["properties"].get("organisation", {}).get("id")


async def decide(
    browser: httpx2.AsyncClient, database: Database, what: str = "approve", **typed: str
) -> httpx2.Response:
    claim = await claim_of(database)
    feature = await feature_of(database, claim.feature_id)
    form = {
        "version": str(claim.version),
        "revision": str(feature.revision),
        "way": "called_back",
        "said": WORDS,
    }
    return await browser.post(f"/desk/claims/{claim.id}/{what}", data=form | typed)


async def actions(database: Database) -> Sequence[str]:
    async with session(database) as s:
        rows = await s.execute(text("SELECT action FROM core.audit WHERE object_type = 'claim' ORDER BY id"))
        return rows.scalars().all()


def plain(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r", "")


def by_reader(mails: Sequence[EmailMessage]) -> dict[str, str]:
    return {mail["To"]: plain(mail) for mail in mails}


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
    for words in ("+48413680000", KITCHEN, "Gotujemy tam od 2019", "stol.example", "Run by Dawna"):
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
    for mail in await mailbox.collect():
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
    for mail in await mailbox.collect():
        assert "Dom przy parku" not in f"{mail['Subject']}{plain(mail)}"
    async with session(database) as s:
        dump = (await s.execute(text("SELECT string_agg(t::text, '') FROM core.audit t"))).scalar_one()
    assert "Ukryta" not in dump


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


async def test_f7_what_was_written_about_a_claim_names_no_place_once_it_is_protected(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    publish: Publish,
    setting: Setting,
) -> None:
    leads = "To przy ul. Zaułkowskiej 7 w Kielcach."
    house = {"street": "Zaułkowska", "house_number": "7", "city": "Kielce"}
    (open_,) = await publish(aid_point("Dom", address=house))
    form = {"place": str(open_.feature_id), "reason": leads}
    for what in ("refuse", "approve", "undo"):
        if what != "undo":
            assert (await anna.post(there.claims, data=form)).status_code == 303
        done = await decide(moderator, database, what, said=leads, note=leads)
        assert done.status_code == 303, said(done)
    assert await written(database) == {"reason": 2, "said": 1, "note": 2}
    async with session(database) as s:
        layer, place = LAYERS["aid_points"], open_.feature_id
        await protect_now(s, setting, layer, place, actor=SYSTEM, reason="Schronienie")
    assert await written(database) == {}
    # Nor does a word of later bring it back.
    assert (await anna.post(there.claims, data=form)).status_code == 303
    assert (await decide(moderator, database, "refuse", note=leads)).status_code == 303
    assert await written(database) == {}


async def written(database: Database) -> dict[str, int]:
    """In how many claims each text still leads there."""
    found = {}
    async with session(database) as s:
        for column in ("reason", "first_said", "said", "note"):
            query = f"SELECT count(*) FROM core.place_claim WHERE {column} ~ 'Zaułk'"
            if count := await s.scalar(text(query)):
                found[column] = count
    return found


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


async def test_a_claim_is_taken_back_refused_or_expires_and_what_was_written_is_erased(
    anna: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    there: There,
    database: Database,
    mailbox: Mailbox,
) -> None:
    await say_so(anna, there)
    form = {"claim": str((await claim_of(database)).id), "act": "cancel"}
    assert (await anna.post(f"{there.claims}/act", data=form)).status_code == 303
    assert (await claim_of(database)).state == "cancelled"
    assert (await decide(moderator, database)).status_code == 409
    assert (await say_so(anna, there)).status_code == 303
    assert (await decide(moderator, database, "refuse", note="")).status_code == 422
    await mailbox.collect()
    assert (await decide(moderator, database, "refuse", note="Nikt o tym nie wie.")).status_code == 303
    (mail,) = await mailbox.collect()
    assert mail["To"] == ANNA
    assert "Nikt o tym nie wie." in plain(mail)
    assert [link for link in links_in(mail) if link.endswith(there.claims)]
    assert "Nikt o tym nie wie." in said(await anna.get(there.claims))
    assert (await say_so(anna, there)).status_code == 303
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.place_claim SET asked_at = now() - interval '61 days' WHERE state = 'asked'")
        )
        await s.execute(
            text("UPDATE core.place_claim SET ended_at = now() - interval '91 days' WHERE state = 'refused'")
        )
    for _ in range(2):
        async with session(database) as s:
            await end_old_claims(s)
    async with session(database) as s:
        rows = (
            await s.execute(text("SELECT state, reason, note FROM core.place_claim ORDER BY state"))
        ).all()
    assert [tuple(row) for row in rows] == [
        ("cancelled", "Gotujemy tam od 2019 roku.", None),
        ("expired", "Gotujemy tam od 2019 roku.", None),
        ("refused", None, None),
    ]
    assert (await actions(database)).count("claim.expired") == 1
