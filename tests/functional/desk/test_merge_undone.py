"""A merge that is taken back after something else has happened: nothing comes back that was hidden meanwhile."""

import datetime as dt
import uuid
import zoneinfo
from typing import Any

import httpx2
import orjson
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.features.protecting import protect_now
from app.features.publishing import Item, publish
from app.features.setting import Setting
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from app.moderation.as_of import layer_at
from app.moderation.retention import forget
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting, signed_in
from tests.functional.desk.merging import API, LAYER, MAIL, PHONE, PROTECTED, STAFF, merge, two

pytestmark = pytest.mark.by_two

STREET = {"street": "Zaułkowska", "house_number": "7", "city": "Kielce", "postcode": "25-007"}
WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")
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
    assert (await forget(database))["merged"] == 1
    assert set((await moved())["submissions"]) == {str(still.id)}
    assert (await _taken_back(moderator, made)).status_code == 303
    async with session(database) as s:
        back = text("SELECT feature_id FROM core.submission WHERE id = :id")
        assert (await s.execute(back, {"id": still.id})).scalar_one() == drop
    assert (await forget(database))["merged"] == 1
    assert (await moved())["submissions"] == {}
    assert (await forget(database))["merged"] == 0


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


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR])
async def test_f7_where_an_entry_was_is_told_nobody_once_it_leads_to_a_protected_one(
    site: FastAPI, moderator: httpx2.AsyncClient, publish: Publish, database: Database, role: Role
) -> None:
    """It is kept for the undoing alone; which one it leads to is for those who can undo it."""
    (shown,) = await publish(aid_point("Kuchnia Caritas", address=STREET, contacts=[PHONE]))
    (hidden,) = await publish(aid_point("Schronienie", **PROTECTED))
    made = await merge(moderator, hidden.feature_id, shown.feature_id)
    assert made.status_code == 303, made.text
    today = dt.datetime.now(WARSAW).date().isoformat()
    pages = [f"/desk/published/{shown.feature_id}{page}" for page in ("", "/versions", "/version?number=1", "/compare?older=1&newer=2")]  # fmt: skip
    there = f"/desk/published/{hidden.feature_id}"
    knows = role is not Role.EDITOR
    async with signed_in(site, role, "ewa@kielce.example") as browser:
        for page in pages:
            answer = await browser.get(page)
            assert answer.status_code == 200, page
            assert [secret for secret in SECRETS if secret in answer.text] == [], page
            assert knows or str(hidden.feature_id) not in answer.text, page
            assert knows or "Schronienie" not in answer.text, page
        for page in (there, f"{there}/versions"):
            assert (str(shown.feature_id) in (await browser.get(page)).text) is knows, page
        assert (made.headers["location"] in (await browser.get(pages[0])).text) is knows
        assert (made.headers["location"] in (await browser.get("/desk/duplicates")).text) is knows
        assert (await browser.get(made.headers["location"])).status_code == (200 if knows else 404)
        for path in ("/desk/as-of", "/desk/as-of/features.geojson"):
            told = await browser.get(path, params={"layer": "aid_points", "day": today})
            assert [secret for secret in SECRETS if secret in told.text] == [], path
        # Put back, it says where it is, and to whom it belonged is still not told.
        assert (await _taken_back(moderator, made)).status_code == 303
        page = (await browser.get(pages[0])).text
        assert "Zaułkowska" in page
        assert (str(hidden.feature_id) in page) is knows


async def test_f7_as_of_a_day_before_the_merge_the_protected_one_is_not_told_by_the_open_one(
    publish: Publish, moderator: httpx2.AsyncClient, database: Database
) -> None:
    """A chain of merges too: what leads to something that leads to a protected one was there as well."""
    (first,) = await publish(aid_point("Kuchnia Caritas", address=STREET, contacts=[PHONE]))
    (second,) = await publish(aid_point("Kuchnia w Kielcach", address=STREET, contacts=[PHONE]))
    (hidden,) = await publish(aid_point("Schronienie", **PROTECTED))
    before = dt.datetime.now(dt.UTC)
    assert (await merge(moderator, second.feature_id, first.feature_id)).status_code == 303
    form = {"revision": "1", "other": "2"}
    led = await moderator.post(f"/desk/merge/{hidden.feature_id}/{second.feature_id}", data=form)
    assert led.status_code == 303, led.text
    async with session(database) as s:
        found, _ = await layer_at(s, "aid_points", before)
    told = {one.feature_id: one.content for one in found}
    assert told[first.feature_id] is None
    assert told[second.feature_id] is None
    assert told[hidden.feature_id] is not None
