"""F7: a protected place is shown again when its owner asks and two moderators agree; by no other way: `test_stays_hidden`."""

import datetime as dt

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.moderation.models import Submission
from app.moderation.openings import ALLOWED_FOR, end_old
from tests.functional.conftest import Mailbox, links_in, words_of
from tests.functional.desk.conftest import Waiting, decision, signed_in, somebody
from tests.functional.desk.hidden_places import AREA, Bring, Hidden, bring, given, hidden, shown

__all__ = ["bring", "hidden"]
pytestmark = pytest.mark.by_two

WHERE = {
    "address.street": "Otwarta",
    "address.house_number": "5",
    "address.postcode": "25-001",
    "address.city": "Kielce",
    "position": "50.8661, 20.6286",
}


second = somebody(Role.MODERATOR, "second@example.org")


async def _agree(browser: httpx2.AsyncClient, place: Hidden, version: int) -> httpx2.Response:
    return await browser.post(f"/desk/published/{place.id}/opening/agree", data={"version": str(version)})


async def _ask(client: httpx2.AsyncClient, place: Hidden) -> httpx2.Response:
    return await client.post(place.link, data={"reason": "Rozdajemy tu tylko obiady. To biuro jest znane."})


async def _state(database: Database) -> str:
    async with session(database) as s:
        return str(
            (
                await s.execute(text("SELECT state FROM core.opening ORDER BY asked_at DESC LIMIT 1"))
            ).scalar_one()
        )


async def test_f7_an_owner_and_two_moderators_open_it_up_step_by_step(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    hidden: Hidden,
    database: Database,
    mailbox: Mailbox,
) -> None:
    page = await client.get(hidden.link.removesuffix("/open"))
    assert hidden.link in page.text
    assert (await _ask(client, hidden)).status_code == 303
    (mail,) = await mailbox.collect()
    assert mail["To"] == "olena@example.org"
    assert "Kuchnia" not in mail.as_string()
    assert (await shown(client, hidden))["geometry"] is None

    listed = await moderator.get("/desk/openings")
    assert f"/desk/published/{hidden.id}/opening" in listed.text
    assert "To biuro jest znane." in (await moderator.get(f"/desk/published/{hidden.id}/opening")).text
    assert (await _agree(moderator, hidden, 1)).status_code == 303
    # The same person a second time is nobody else.
    assert (await _agree(moderator, hidden, 2)).status_code == 409
    assert (await client.get(f"{hidden.link}/where")).status_code == 303
    assert await _state(database) == "asked"
    assert (await _agree(second, hidden, 1)).status_code == 409
    assert (await _agree(second, hidden, 2)).status_code == 303
    assert await _state(database) == "allowed"
    assert (await shown(client, hidden))["geometry"] is None
    (mail,) = await mailbox.collect()
    assert any("/status/" in link for link in links_in(mail))

    form = await client.get(f"{hidden.link}/where")
    assert form.status_code == 200
    assert 'name="address.street"' in form.text
    sent = await client.post(f"{hidden.link}/where", data=WHERE)
    assert sent.status_code == 303, sent.text
    async with session(database) as s:
        change = (await s.execute(text("SELECT change_id FROM core.opening"))).scalar_one()
    (mail,) = await mailbox.collect()
    confirm = next(link for link in links_in(mail) if "/confirm/" in link)
    assert (await client.post(confirm)).status_code == 303
    assert (await shown(client, hidden))["geometry"] is None

    async with session(database) as s:
        waiting = await s.get_one(Submission, change)
    review = await moderator.get(f"/desk/submissions/{change}")
    assert "Otwarta" in review.text
    done = await moderator.post(f"/desk/submissions/{change}/approve", data=decision(waiting))
    assert done.status_code == 303, done.text
    one = await shown(client, hidden)
    assert one["geometry"]["coordinates"] == [20.6286, 50.8661]
    assert one["properties"]["address"]["street"] == "Otwarta"
    assert await _state(database) == "opened"
    async with session(database) as s:
        actions = (
            await s.scalars(text("SELECT action FROM core.audit WHERE action LIKE 'opening.%' ORDER BY id"))
        ).all()
        assert actions == [
            "opening.asked", "opening.agreed", "opening.allowed", "opening.place_given", "opening.opened"
        ]  # fmt: skip
        assert await verify_chain(s) is None


async def test_f7_a_strangers_change_a_second_owner_and_a_protected_service_ask_in_vain(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, bring: Bring, waiting: Waiting
) -> None:
    place = await bring()
    change = await waiting(feature_id=place.id, name="Kuchnia", place=AREA, website="https://example.org/")
    await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    stranger = Hidden(place.id, change)
    only_contact = AREA | {"disclosure": "contact_only"}
    shelter = await bring(name="Dom", services=[{"type": "violence_shelter"}], place=only_contact)
    for who in (stranger, shelter):
        assert (await client.get(who.link)).status_code == 409
        assert (await _ask(client, who)).status_code == 409
        assert who.link not in (await client.get(who.link.removesuffix("/open"))).text
    assert (await client.post(place.link, data={"reason": " "})).status_code == 422
    assert (await _ask(client, place)).status_code == 303
    assert (await _ask(client, place)).status_code == 409


async def test_f7_the_desk_says_when_nobody_but_whoever_asks_was_written_to(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, hidden: Hidden, database: Database
) -> None:
    """Its address is erased 90 days after a place was brought in; whoever has the link then could be anybody."""
    page = f"/desk/published/{hidden.id}/opening"
    assert (await _ask(client, hidden)).status_code == 303
    assert 'id="owner-not-told"' not in (await moderator.get(page)).text
    async with session(database) as s:
        await s.execute(text("UPDATE core.submission SET contact_email = NULL"))
    assert 'id="owner-not-told"' in (await moderator.get(page)).text


async def test_f7_whoever_asks_does_not_decide(
    site: FastAPI, client: httpx2.AsyncClient, hidden: Hidden, moderator: httpx2.AsyncClient
) -> None:
    assert (await _ask(client, hidden)).status_code == 303
    async with signed_in(site, Role.MODERATOR, "olena@example.org") as owner:
        assert (await _agree(owner, hidden, 1)).status_code == 409
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        assert (await _agree(editor, hidden, 1)).status_code == 403
        assert (await editor.get("/desk/openings")).status_code == 403
    assert (await _agree(moderator, hidden, 1)).status_code == 303


async def _allowed(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, second: httpx2.AsyncClient, place: Hidden
) -> None:
    assert (await _ask(client, place)).status_code == 303
    assert (await _agree(moderator, place, 1)).status_code == 303
    assert (await _agree(second, place, 2)).status_code == 303


@pytest.mark.parametrize("how", ["cancelled", "refused", "expired", "protected"])
async def test_f7_taken_back_refused_too_late_or_protected_again_it_stays_hidden(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    second: httpx2.AsyncClient,
    hidden: Hidden,
    database: Database,
    mailbox: Mailbox,
    how: str,
) -> None:
    await _allowed(client, moderator, second, hidden)
    assert (await client.post(f"{hidden.link}/where", data=WHERE)).status_code == 303
    assert "Otwarta" in await given(database)
    for mail in await mailbox.collect():
        for link in links_in(mail):
            if "/confirm/" in link:
                await client.post(link)
    if how == "cancelled":
        assert (await client.post(f"{hidden.link}/cancel")).status_code == 303
    elif how == "refused":
        said = {"version": "3", "note": "Dzwoniliśmy. Nie jest bezpiecznie."}
        assert (
            await moderator.post(f"/desk/published/{hidden.id}/opening/refuse", data=said)
        ).status_code == 303
        (mail,) = await mailbox.collect()
        assert "Nie jest bezpiecznie" in words_of(mail)
    elif how == "expired":
        async with session(database) as s:
            late = dt.datetime.now(dt.UTC) - ALLOWED_FOR
            await s.execute(text("UPDATE core.opening SET second_at = :late"), {"late": late})
            await end_old(s)
            await end_old(s)
    else:
        said = {"revision": "1", "reason": "Groźby", "disclosure": "contact_only"}
        assert (await moderator.post(f"/desk/published/{hidden.id}/protect", data=said)).status_code == 303
    assert await _state(database) == ("refused" if how == "protected" else how)
    assert "Otwarta" not in await given(database)
    async with session(database) as s:
        change = await s.get_one(
            Submission, (await s.execute(text("SELECT change_id FROM core.opening"))).scalar_one()
        )
    await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    assert (await shown(client, hidden))["geometry"] is None
    assert (await client.post(f"{hidden.link}/where", data=WHERE)).status_code == 303
    assert "Otwarta" not in await given(database)
