"""A merge that is taken back after something else has happened: nothing comes back that was hidden meanwhile."""

import datetime as dt
import uuid
from typing import Any

import httpx2
import orjson
import pytest
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.publishing import Item, publish
from app.features.setting import Setting
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from app.moderation.retention import forget
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting
from tests.functional.desk.merging import API, LAYER, MAIL, PHONE, PROTECTED, STAFF, merge, two

STREET = {"street": "Zaułkowska", "house_number": "7", "city": "Kielce", "postcode": "25-007"}
#: What the register may say nowhere, once the place is protected.
SECRETS = ("Zaułkowska", "20.6289", "50.8662", "20.6286", "50.8661")


async def _taken_back(moderator: httpx2.AsyncClient, made: httpx2.Response) -> httpx2.Response:
    assert made.status_code == 303, made.text
    return await moderator.post(f"{made.headers['location']}/undo", data={"merge": "1"})


async def _kept(database: Database) -> str:
    """Everything that the register and the public rows say, but for the history of the audit."""
    tables = (
        "core.feature",
        "core.revision",
        "core.submission",
        "core.merge",
        "published.feature",
        "published.merged",
    )
    async with session(database) as s:
        found = [
            (
                await s.execute(
                    text(f"SELECT coalesce(jsonb_agg(to_jsonb(t) - 'geom'), '[]')::text FROM {table} t")
                )
            ).scalar_one()
            for table in tables
        ]
    return "\n".join(found)  # fmt: skip


async def test_f7_a_place_that_was_protected_since_does_not_come_back_with_where_it_is(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
    setting: Setting,
) -> None:
    keep, drop = await two(publish, address=STREET, description={"texts": {"pl": "Wejście od ul. Zaułkowskiej 7."}, "source": "pl"})  # fmt: skip
    await waiting(feature_id=drop, name="Кухня Карітас", address=STREET, contacts=[PHONE, MAIL])
    made = await merge(moderator, keep, drop, address="loser", place="loser", description="loser")
    assert made.status_code == 303, made.text
    assert (await client.get(f"{API}/{drop}")).status_code == 301
    async with session(database) as s:
        await protect_now(s, setting, LAYER, keep, actor=STAFF, reason="A house of refuge")
    assert [secret for secret in SECRETS if secret in await _kept(database)] == []
    assert (await client.get(f"{API}/{drop}")).status_code == 404

    back = await _taken_back(moderator, made)
    assert back.status_code == 303, back.text
    for one in (keep, drop):
        told = (await client.get(f"{API}/{one}")).json()
        assert told["geometry"] is None
        assert told["properties"]["disclosure"] != "exact"
    assert [secret for secret in SECRETS if secret in await _kept(database)] == []
    async with session(database) as s:
        assert await verify_chain(s) is None


async def test_f7_what_an_edit_has_protected_since_stays_protected_on_both_sides(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    publish: Publish,
    database: Database,
    setting: Setting,
) -> None:
    keep, drop = await two(publish)
    made = await merge(moderator, keep, drop)
    async with session(database) as s:
        content = LAYER.content.read(aid_point("Kuchnia Caritas", **PROTECTED))
        await publish_one(s, setting, content, keep)
    assert (await _taken_back(moderator, made)).status_code == 303
    for one in (keep, drop):
        assert (await client.get(f"{API}/{one}")).json()["geometry"] is None


async def publish_one(s: Any, setting: Setting, content: Any, feature_id: uuid.UUID) -> None:
    await publish(s, setting, LAYER, Item(content, feature_id), actor=STAFF)


async def test_what_became_protected_by_the_merge_stays_so_when_it_is_taken_back(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    """Two people open a place up, not one press: but the press is not refused either."""
    (shown,) = await publish(aid_point("Kuchnia Caritas", address=STREET, contacts=[PHONE]))
    (hidden,) = await publish(aid_point("Schronienie", **PROTECTED))
    made = await merge(moderator, shown.feature_id, hidden.feature_id, services="both")
    back = await _taken_back(moderator, made)
    assert back.status_code == 303, back.text
    one = (await client.get(f"{API}/{shown.feature_id}")).json()
    assert one["geometry"] is None
    assert [service["type"] for service in one["properties"]["services"]] == ["hot_meals"]
    assert (await client.get(f"{API}/{hidden.feature_id}")).json()["geometry"] is None


async def test_an_open_place_comes_back_open_from_one_that_was_protected_all_the_time(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    (shown,) = await publish(aid_point("Kuchnia Caritas", address=STREET, contacts=[PHONE]))
    (hidden,) = await publish(aid_point("Schronienie", **PROTECTED))
    made = await merge(moderator, hidden.feature_id, shown.feature_id)
    assert (await _taken_back(moderator, made)).status_code == 303
    assert (await client.get(f"{API}/{shown.feature_id}")).json()["geometry"] is not None
    assert (await client.get(f"{API}/{hidden.feature_id}")).json()["geometry"] is None


async def test_what_was_merged_is_not_put_back_by_hand(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    keep, drop = await two(publish)
    made = await merge(moderator, keep, drop)
    page = await moderator.get(f"/desk/published/{drop}")
    assert made.headers["location"] in page.text
    assert f"/desk/published/{drop}/put-back" not in page.text
    answer = await moderator.post(
        f"/desk/published/{drop}/put-back", data={"reason": "Jest tam", "revision": "2"}
    )
    assert answer.status_code == 409
    assert (await client.get(f"{API}/{drop}")).status_code == 301  # fmt: skip


@pytest.mark.parametrize("first", ["a into b", "b into c"])
async def test_a_chain_of_merges_in_either_order_has_one_end(
    publish: Publish, database: Database, setting: Setting, client: httpx2.AsyncClient, first: str
) -> None:
    a, b = await two(publish)
    (made,) = await publish(aid_point("Kuchnia Caritas Kielce"))
    c = made.feature_id
    choices = [Choice(b, a, 1, 1, {}), Choice(c, b, 1, 2, {})]
    if first == "b into c":
        choices = [Choice(c, b, 1, 1, {}), Choice(c, a, 2, 1, {})]
    for choice in choices:
        async with session(database) as s:
            await merge_features(s, setting, LAYER, choice, actor=STAFF)
    for one in (a, b):
        assert (await client.get(f"{API}/{one}")).json()["merged_into"] == str(c)


async def test_a_link_of_status_leads_to_the_one_that_stays(
    client: httpx2.AsyncClient,
    moderator: httpx2.AsyncClient,
    waiting: Waiting,
    publish: Publish,
    database: Database,
) -> None:
    keep, drop = await two(publish)
    sent = await waiting(feature_id=drop, name="Кухня Карітас")
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.submission SET state = 'approved', decided_at = now() WHERE id = :id"),
            {"id": sent.id},
        )
    assert (await merge(moderator, keep, drop)).status_code == 303
    page = await client.get(status_address(sent.id))
    assert page.status_code == 200
    assert f"/uk/aid_points/{keep}/kuchnia-caritas" in page.text  # fmt: skip


def status_address(submission_id: uuid.UUID) -> str:
    from app.moderation.links import make_token
    from tests.functional.conftest import SECRET

    return f"/uk/status/{make_token(SECRET, 'status', submission_id)}"


async def test_a_report_and_a_still_true_of_an_open_page_go_to_the_one_that_stays(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, publish: Publish
) -> None:
    """What somebody has opened before the merge and sends after it is not lost."""
    keep, drop = await two(publish)
    assert (await merge(moderator, keep, drop)).status_code == 303
    for page in ("report/{}", "report/{}/still-true", "suggest/{}"):
        answer = await client.post("/pl/" + page.format(drop), data={"revision": "1"})
        assert (answer.status_code, answer.headers["location"]) == (308, "/pl/" + page.format(keep))


async def test_g5_a_merge_keeps_no_suggestion_that_was_decided(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish, database: Database, setting: Setting
) -> None:
    keep, drop = await two(publish)
    decided = await waiting(feature_id=drop, name="Кухня Карітас", website="https://decided.example.org/")
    still = await waiting(feature_id=drop, name="Кухня Карітас", website="https://waits.example.org/")
    made = await merge(moderator, keep, drop)

    async def moved() -> dict[str, Any]:
        async with session(database) as s:
            found: dict[str, Any] = orjson.loads(
                (await s.execute(text("SELECT moved::text FROM core.merge"))).scalar_one()
            )
            return found  # fmt: skip

    assert set((await moved())["submissions"]) == {str(decided.id), str(still.id)}
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.submission SET state = 'rejected', decided_at = :at, contact_email = NULL WHERE id = :id"),
            {"id": decided.id, "at": dt.datetime.now(dt.UTC) - dt.timedelta(days=2)},
        )  # fmt: skip
    async with session(database) as s:
        assert (await forget(s))["merged"] == 1
    assert set((await moved())["submissions"]) == {str(still.id)}
    assert (await _taken_back(moderator, made)).status_code == 303
    async with session(database) as s:
        back = text("SELECT feature_id FROM core.submission WHERE id = :id")
        assert (await s.execute(back, {"id": still.id})).scalar_one() == drop
        assert (await forget(s))["merged"] == 1
    assert (await moved())["submissions"] == {}
    async with session(database) as s:
        assert (await forget(s)).get("merged") == 0


async def test_two_moderators_who_merge_and_take_back_at_once_leave_no_half(
    publish: Publish, database: Database, setting: Setting
) -> None:
    import asyncio

    keep, drop = await two(publish)
    async with session(database) as s:
        made = await merge_features(s, setting, LAYER, Choice(keep, drop, 1, 1, {}), actor=STAFF)

    async def take_back() -> str:
        try:
            async with session(database) as s:
                await undo_merge(s, setting, LAYER, made.id, actor=STAFF)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is compared
            return type(error).__name__
        return "done"

    assert sorted(await asyncio.gather(take_back(), take_back())) == ["MergeTakenBack", "done"]
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM published.feature"))).scalar_one() == 2
        assert await verify_chain(s) is None


async def test_f7_what_was_lent_to_another_while_they_were_one_is_forgotten_there_too(
    moderator: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    keep, drop = await two(publish, address=STREET)
    made = await merge(moderator, keep, drop, address="loser", place="loser")
    assert (await _taken_back(moderator, made)).status_code == 303
    async with session(database) as s:
        await protect_now(s, setting, LAYER, drop, actor=STAFF, reason="A house of refuge")
    kept = await _kept(database)
    assert [secret for secret in ("Zaułkowska", "20.6289", "50.8662") if secret in kept] == []
    # The other one was no protected place, and keeps its own.
    assert "20.6286" in kept
