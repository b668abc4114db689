"""F7: a protected place is shown again when its owner asks and two moderators agree, and by no other way."""

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.accounts.audit import Actor, verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.features.place import DISCLOSURES
from app.features.publishing import Item, StillProtected, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation import links
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from app.moderation.actions.restore import ProtectedSince, restore
from app.moderation.actions.take_down import Move
from app.moderation.actions.undo import undo
from app.moderation.models import Submission
from app.moderation.openings import ALLOWED_FOR, end_old
from tests.functional.conftest import SECRET, Mailbox, Publish, aid_point, links_in, words_of
from tests.functional.desk.conftest import Waiting, decision, signed_in, somebody
from tests.two_people import by_two

pytestmark = pytest.mark.by_two

LAYER = LAYERS["aid_points"]
AREA = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
EXACT = {"disclosure": "exact", "position": {"lng": 20.6286, "lat": 50.8661}}
WHERE = {
    "address.street": "Otwarta",
    "address.house_number": "5",
    "address.postcode": "25-001",
    "address.city": "Kielce",
    "position": "50.8661, 20.6286",
}
ONE = "/api/v1/layers/aid_points/features"
STAFF = Actor("staff", uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Hidden:
    """A protected place with the link of whoever brought it in."""

    id: uuid.UUID
    submission: Submission

    @property
    def link(self) -> str:
        """The page of the wish."""
        return f"/pl/status/{links.make_token(SECRET, 'status', self.submission.id)}/open"


Bring = Callable[..., Awaitable[Hidden]]


@pytest.fixture
def bring(moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, mailbox: Mailbox) -> Bring:
    """Bring a protected place onto the map, as its owner would."""

    async def run(**content: Any) -> Hidden:
        submission = await waiting(**{"name": "Kuchnia przy parku", "place": AREA} | content)
        answer = await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
        assert answer.status_code == 303, answer.text
        async with session(database) as s:
            approved = await s.get_one(Submission, submission.id)
        await mailbox.collect()
        assert approved.feature_id is not None
        return Hidden(approved.feature_id, approved)

    return run


@pytest.fixture
async def hidden(bring: Bring) -> Hidden:
    return await bring()


second = somebody(Role.MODERATOR, "second@example.org")


async def _agree(browser: httpx2.AsyncClient, place: Hidden, version: int) -> httpx2.Response:
    return await browser.post(f"/desk/published/{place.id}/opening/agree", data={"version": str(version)})


async def _ask(client: httpx2.AsyncClient, place: Hidden) -> httpx2.Response:
    return await client.post(place.link, data={"reason": "Rozdajemy tu tylko obiady. To biuro jest znane."})


async def _shown(client: httpx2.AsyncClient, place: Hidden) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"{ONE}/{place.id}")).json()
    return found


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
    assert (await _shown(client, hidden))["geometry"] is None

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
    assert (await _shown(client, hidden))["geometry"] is None
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
    assert (await _shown(client, hidden))["geometry"] is None

    async with session(database) as s:
        waiting = await s.get_one(Submission, change)
    review = await moderator.get(f"/desk/submissions/{change}")
    assert "Otwarta" in review.text
    done = await moderator.post(f"/desk/submissions/{change}/approve", data=decision(waiting))
    assert done.status_code == 303, done.text
    one = await _shown(client, hidden)
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


async def _given(database: Database) -> str:
    async with session(database) as s:
        found = await s.scalars(
            text(
                "SELECT content::text FROM core.submission UNION ALL SELECT content::text FROM core.revision"
            )
        )
        return "".join(found.all())


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
    assert "Otwarta" in await _given(database)
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
    assert "Otwarta" not in await _given(database)
    async with session(database) as s:
        change = await s.get_one(
            Submission, (await s.execute(text("SELECT change_id FROM core.opening"))).scalar_one()
        )
    await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    assert (await _shown(client, hidden))["geometry"] is None
    assert (await client.post(f"{hidden.link}/where", data=WHERE)).status_code == 303
    assert "Otwarta" not in await _given(database)


async def test_f7_no_moderator_alone_opens_it_up_by_a_restored_version_a_merge_or_its_undoing(
    client: httpx2.AsyncClient, database: Database, setting: Setting, publish: Publish, bring: Bring
) -> None:
    """By a change and by an import: `tests/functional/desk/test_protecting.py`."""
    (open_one,) = await publish(aid_point("Jadłodajnia"))
    place = await bring(name="Jadłodajnia II")
    # A version that told more, as it would be left by a database that was filled by hand.
    async with session(database) as s:
        await s.execute(
            text("INSERT INTO core.revision (feature_id, number, content, action, created_at)"
                 " SELECT :id, 0, content, 'publish', now() - interval '1 day' FROM core.feature WHERE id = :other"),
            {"id": place.id, "other": open_one.feature_id},
        )  # fmt: skip
    move = Move(place.id, STAFF, "Bo tak", 1)
    for fields in (None, ["place"], ["address"], ["name", "place"]):
        with pytest.raises(ProtectedSince):
            async with session(database) as s:
                await restore(s, setting, LAYER, move, 0, fields=fields)
    choice = Choice(place.id, open_one.feature_id, 1, 1, {"place": "loser"})
    async with session(database) as s:
        made = await by_two(s, lambda: merge_features(s, setting, LAYER, choice, actor=STAFF))
    assert (await _shown(client, place))["geometry"] is None
    async with session(database) as s:
        await by_two(s, lambda: undo_merge(s, setting, LAYER, made.id, actor=STAFF))
    assert (await _shown(client, place))["geometry"] is None
    exact = LAYER.content.read(aid_point(place=EXACT))
    for action in ("publish", "revert", "merge", "unmerge"):
        with pytest.raises(StillProtected):
            async with session(database) as s:
                await publish_many(s, setting, LAYER, [Item(exact, place.id)], actor=STAFF, action=action)


@pytest.mark.parametrize("before", DISCLOSURES[1:])
async def test_f7_the_database_itself_opens_nothing_up(
    database: Database, setting: Setting, publish: Publish, before: str
) -> None:
    """Whatever the program forgets: nobody writes a more open place without two who agreed."""
    (made,) = await publish(aid_point(place=AREA | {"disclosure": before}))
    exact = LAYER.content.read(aid_point(place=EXACT))
    opened = Item(exact, made.feature_id, opens_up=True)
    with pytest.raises(IntegrityError, match="two moderators"):
        async with session(database) as s:
            await publish_many(s, setting, LAYER, [opened], actor=STAFF)
    async with session(database) as s:
        numbers = [
            (await s.execute(text("SELECT core.strictness(CAST(:c AS jsonb))"), {"c": f'{{"place":{{"disclosure":"{tier}"}}}}'})).scalar_one()
            for tier in DISCLOSURES
        ]  # fmt: skip
    assert numbers == sorted(set(numbers))


async def test_f7_one_person_never_counts_as_two(database: Database, hidden: Hidden) -> None:
    one = uuid.uuid4()
    values = {"f": hidden.id, "s": hidden.submission.id, "one": one}
    insert = (
        "INSERT INTO core.opening (feature_id, submission_id, state, language, first_by, first_at, second_by, second_at)"
        " VALUES (:f, :s, 'allowed', 'pl', :one, now(), {second}, now())"
    )
    for second in (":one", "NULL"):
        with pytest.raises(IntegrityError):
            async with session(database) as s:
                await s.execute(text(insert.format(second=second)), values)


async def test_f7_a_decision_that_is_undone_opens_nothing_up(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    database: Database,
    setting: Setting,
    mailbox: Mailbox,
) -> None:
    """What a change has protected is not open again because a moderator takes that decision back."""
    first = await waiting(name="Punkt", place=EXACT)
    await moderator.post(f"/desk/submissions/{first.id}/approve", data=decision(first))
    async with session(database) as s:
        brought = await s.get_one(Submission, first.id)
    assert brought.feature_id is not None
    change = await waiting(feature_id=brought.feature_id, name="Punkt", place=AREA)
    await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    place = Hidden(brought.feature_id, brought)
    assert (await _shown(client, place))["geometry"] is None
    async with session(database) as s:
        decided = await s.get_one(Submission, change.id)
    within = dt.timedelta(minutes=10)
    # Before the place is forgotten it is refused; afterwards there is nothing left to come back.
    with pytest.raises(StillProtected):
        async with session(database) as s:
            await undo(s, setting, LAYERS, change.id, version=decided.version, actor=STAFF, within=within)
    await mailbox.collect()
    async with session(database) as s:
        decided = await s.get_one(Submission, change.id)
    async with session(database) as s:
        await undo(s, setting, LAYERS, change.id, version=decided.version, actor=STAFF, within=within)
    assert (await _shown(client, place))["geometry"] is None
    assert "20.6286" not in await _given(database)


async def test_whoever_brought_a_place_in_is_told_that_it_is_protected_and_nobody_else(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database, mailbox: Mailbox
) -> None:
    first = await waiting(name="Punkt Otwarty", place=EXACT)
    await moderator.post(f"/desk/submissions/{first.id}/approve", data=decision(first))
    async with session(database) as s:
        brought = await s.get_one(Submission, first.id)
    change = await waiting(feature_id=brought.feature_id, name="Punkt Zmieniony", place=EXACT)
    await moderator.post(f"/desk/submissions/{change.id}/approve", data=decision(change))
    async with session(database) as s:
        stranger = await s.get_one(Submission, change.id)
        stranger.contact_email = "stranger@example.org"
    await mailbox.collect()
    restored = {"number": "1", "revision": "2", "reason": "Tak było lepiej", "field": "name"}
    at = f"/desk/published/{brought.feature_id}"
    assert (await moderator.post(f"{at}/restore", data=restored)).status_code == 303
    (mail,) = await mailbox.collect()
    body = mail.get_body(("plain",))
    assert mail["To"] == "stranger@example.org"
    assert body is not None
    assert "Tak było lepiej" in body.get_content()
    said = {"revision": "3", "reason": "Groźby przez telefon", "disclosure": "area"}
    assert (await moderator.post(f"{at}/protect", data=said)).status_code == 303
    (mail,) = await mailbox.collect()
    body = mail.get_body(("plain",))
    assert mail["To"] == "olena@example.org"
    assert body is not None
    for word in ("Punkt", "Groźby", "20.62", str(brought.feature_id)):
        assert word not in mail.as_string() + body.get_content()
