"""F7: a protected place stays hidden whatever a moderator, the program or the database is asked to do.

The one way by which it is shown again: `test_opening`.
"""

import datetime as dt
import uuid

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.accounts.audit import Actor
from app.db import Database, session
from app.features.place import DISCLOSURES
from app.features.publishing import Item, StillProtected, publish_many
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from app.moderation.actions.restore import ProtectedSince, restore
from app.moderation.actions.take_down import Move
from app.moderation.actions.undo import undo
from app.moderation.models import Submission
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision
from tests.functional.desk.hidden_places import AREA, Bring, Hidden, bring, given, hidden, shown
from tests.two_people import by_two

__all__ = ["bring", "hidden"]
pytestmark = pytest.mark.by_two

LAYER = LAYERS["aid_points"]
EXACT = {"disclosure": "exact", "position": {"lng": 20.6286, "lat": 50.8661}}
STAFF = Actor("staff", uuid.uuid4())


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
    assert (await shown(client, place))["geometry"] is None
    async with session(database) as s:
        await by_two(s, lambda: undo_merge(s, setting, LAYER, made.id, actor=STAFF))
    assert (await shown(client, place))["geometry"] is None
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
    for second, rule in ((":one", "ck_opening_two_people"), ("NULL", "ck_opening_allowed_by_two")):
        with pytest.raises(IntegrityError, match=rule):
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
    assert (await shown(client, place))["geometry"] is None
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
    assert (await shown(client, place))["geometry"] is None
    assert "20.6286" not in await given(database)


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
