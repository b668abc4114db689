"""The feed of changes: whoever follows it has what the layers have, whatever was done, and learns nothing else."""

import base64
import contextlib
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import orjson
import pytest
from sqlalchemy import text

from app.accounts.audit import Actor
from app.db import Database, session
from app.errors import Conflict, NotFound
from app.features.protecting import protect_now
from app.features.publishing import Item, publish_many, republish, unpublish, verify
from app.features.reindexing import reindex
from app.features.revisions import hold_layers, tell
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.actions.merge_features import Choice, merge_features, undo_merge
from tests.functional.conftest import Publish, aid_point

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", None)
FEED = "/api/v1/changes"


class Mirror:
    """A copy of all layers, kept by the feed alone."""

    def __init__(self, client: httpx2.AsyncClient, limit: int) -> None:
        self._client, self._limit = client, limit
        self.cursor = ""
        self.features: dict[str, Any] = {}
        self.leads: dict[str, str] = {}
        self.kinds: list[tuple[str, str]] = []

    async def follow(self) -> None:
        while True:
            asked = {"limit": str(self._limit)} | ({"cursor": self.cursor} if self.cursor else {})
            answer = await self._client.get(FEED, params=asked)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            assert len(page["changes"]) <= self._limit
            for entry in page["changes"]:
                self._take(entry)
            self.cursor = page["next"]
            if not page["more"]:
                return

    def _take(self, entry: dict[str, Any]) -> None:
        self.kinds.append((entry["kind"], entry["id"]))
        if "feature" in entry:
            assert entry["kind"] in {"published", "changed"}
            self.features[entry["id"]] = entry["feature"]
        elif entry["kind"] in {"withdrawn", "merged"}:
            self.features.pop(entry["id"], None)
        if "merged_into" in entry:
            assert entry["kind"] == "merged"
            self.leads[entry["id"]] = entry["merged_into"]


async def _layers(database: Database) -> dict[str, Any]:
    async with session(database) as s:
        rows = await s.scalars(text("SELECT whole FROM published.feature"))
        return {feature["id"]: feature for feature in map(orjson.loads, rows)}


async def test_each_thing_that_happens_has_its_word(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    first, second = [
        one.feature_id for one in await publish(aid_point("Kuchnia"), aid_point("Kuchnia Caritas"))
    ]
    async with session(database) as s:
        await verify(s, setting, LAYER, first, how="email", actor=STAFF)
    async with session(database) as s:
        await unpublish(s, setting, LAYER, first, actor=STAFF, reason="Closed")
    async with session(database) as s:
        await republish(s, setting, LAYER, first, actor=STAFF, reason="Open again")
    async with session(database) as s:
        await merge_features(s, setting, LAYER, Choice(first, second, 3, 1, {}), actor=STAFF)
    mirror = Mirror(client, 2)
    await mirror.follow()
    assert [kind for kind, key in mirror.kinds if key == str(first)] == [
        *("published", "changed", "withdrawn", "published", "changed")
    ]
    assert [kind for kind, key in mirror.kinds if key == str(second)] == ["published", "merged"]
    assert mirror.leads == {str(second): str(first)}
    assert mirror.features == await _layers(database)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_a_mirror_that_follows_equals_the_layers(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting, seed: int
) -> None:
    """Any order of what moderators do, read in pages of any size and at any moment."""
    seeded = random.Random(seed)
    mirrors = [Mirror(client, 1), Mirror(client, 3), Mirror(client, 1000)]
    ids = [one.feature_id for one in await publish(*(aid_point(f"Punkt {n}") for n in range(6)))]
    ids += [one.feature_id for one in await publish({"name": {"texts": {"pl": "Fundacja"}, "source": "pl"}, "sector": "ngo"}, layer="organisations")]  # fmt: skip
    merges: list[uuid.UUID] = []
    for number in range(30):
        act = seeded.choice(_ACTS)
        # What is refused has changed nothing.
        with contextlib.suppress(Conflict, NotFound):
            async with session(database) as s:
                await act(s, setting, seeded, ids, merges, number)
        if seeded.random() < 0.4:
            one = seeded.choice(mirrors)
            await one.follow()
            assert one.features == await _layers(database)
    for one in mirrors:
        await one.follow()
        assert one.features == await _layers(database)
    fresh = Mirror(client, 7)
    await fresh.follow()
    assert fresh.features == await _layers(database)


async def test_of_two_layers_at_once_nothing_is_passed_over(
    client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    """The entry with the lower cursor is committed last: a reader who has seen the higher one gets it still."""
    fund = {"name": {"texts": {"pl": "Fundacja"}, "source": "pl"}, "sector": "ngo"}
    (made,) = await publish(fund, layer="organisations")
    mirror = Mirror(client, 10)
    await mirror.follow()
    async with session(database) as slow:
        # As a reindex does, which writes no audit and so holds up no other layer.
        await hold_layers(slow, ["organisations"])
        await tell(slow, "organisations", [made.feature_id], "published")
        (point,) = await publish(aid_point("Punkt"))
        await mirror.follow()
        assert mirror.kinds[-1] == ("published", str(point.feature_id))
    await mirror.follow()
    assert mirror.kinds[-1] == ("changed", str(made.feature_id))


async def test_f7_a_protected_place_is_told_without_where_it_was(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    street = {"street": "Zaułkowska", "house_number": "7", "city": "Kielce"}
    keep, drop = [
        one.feature_id
        for one in await publish(aid_point("Dom", address=street), aid_point("Dom Nadziei", address=street))
    ]
    async with session(database) as s:
        await merge_features(s, setting, LAYER, Choice(keep, drop, 1, 1, {}), actor=STAFF)
    mirror = Mirror(client, 100)
    await mirror.follow()
    async with session(database) as s:
        await protect_now(s, setting, LAYER, keep, actor=STAFF, reason="A refuge")
    await mirror.follow()
    assert mirror.features[str(keep)]["geometry"] is None
    whole = (await client.get(FEED)).text
    for secret in ("Zaułkowska", "20.628", "50.866", "merged_into"):
        assert secret not in whole
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM published.merged"))).scalar_one() == 0


async def test_what_a_new_vocabulary_protects_is_told(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    (made,) = await publish(aid_point("Punkt"))
    mirror = Mirror(client, 100)
    await mirror.follow()
    # As if a program before had written it.
    async with session(database) as s:
        await s.execute(text("UPDATE published.feature SET whole = replace(whole, 'Punkt', 'Dawniej')"))
    async with session(database) as s:
        await reindex(s, setting, LAYER)
    await mirror.follow()
    assert mirror.features == await _layers(database)
    assert mirror.kinds[-1] == ("changed", str(made.feature_id))
    told = len(mirror.kinds)
    async with session(database) as s:
        await reindex(s, setting, LAYER)
    await mirror.follow()
    assert len(mirror.kinds) == told


async def test_a_cursor_of_an_older_backup_is_said_to_be_gone(
    client: httpx2.AsyncClient, publish: Publish, database: Database
) -> None:
    await publish(aid_point("Punkt"))
    cursor = (await client.get(FEED)).json()["next"]
    assert (await client.get(FEED, params={"cursor": cursor})).json()["changes"] == []
    async with session(database) as s:
        await s.execute(text("UPDATE published.change SET at = at - interval '1 second'"))
    gone = await client.get(FEED, params={"cursor": cursor})
    assert gone.status_code == 410
    assert gone.json()["code"] == "feed_begun_anew"


@pytest.mark.parametrize(
    "raw",
    [b"", b"1", b"[]", b'[{"aid_points":-1},0,0]', b'[{"aid_points":true},0,0]', b'[{"aid_points":1},9223372036854775808,0]', b"[[],0,0]", b'[{"aid_points":1.5},0,0]', b'[{"aid_points":1}]', b"\xff"],
)  # fmt: skip
async def test_what_is_no_cursor_is_refused(client: httpx2.AsyncClient, raw: bytes) -> None:
    cursor = base64.urlsafe_b64encode(raw).rstrip(b"=").decode() or "!"
    assert (await client.get(FEED, params={"cursor": cursor})).status_code == 422


async def test_an_empty_register_has_a_cursor_to_wait_with(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    page = (await client.get(FEED)).json()
    assert (page["changes"], page["more"]) == ([], False)
    await publish(aid_point("Punkt"))
    found = (await client.get(FEED, params={"cursor": page["next"]})).json()["changes"]
    assert [entry["kind"] for entry in found] == ["published"]  # fmt: skip


Act = Callable[[Any, Setting, random.Random, list[uuid.UUID], list[uuid.UUID], int], Awaitable[None]]


async def _revision(s: Any, key: uuid.UUID) -> int:
    return int(
        (await s.execute(text("SELECT revision FROM core.feature WHERE id = :id"), {"id": key})).scalar_one()
    )


async def _add(
    s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], _m: Any, n: int
) -> None:
    content = LAYER.content.read(aid_point(f"Nowy {n}"))
    ids.append((await publish_many(s, setting, LAYER, [Item(content)]))[0].feature_id)


async def _edit(
    s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], _m: Any, n: int
) -> None:
    content = LAYER.content.read(aid_point(f"Zmieniony {n}"))
    await publish_many(s, setting, LAYER, [Item(content, seeded.choice(ids))])


async def _down(
    s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], _m: Any, n: int
) -> None:
    await unpublish(s, setting, LAYER, seeded.choice(ids), actor=STAFF, reason="x")


async def _up(s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], _m: Any, n: int) -> None:
    await republish(s, setting, LAYER, seeded.choice(ids), actor=STAFF, reason="x")


async def _protect(
    s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], _m: Any, n: int
) -> None:
    await protect_now(s, setting, LAYER, seeded.choice(ids), actor=STAFF, reason="x")


async def _merge(
    s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], merges: list[uuid.UUID], n: int
) -> None:
    keep, drop = seeded.sample(ids, 2)
    choice = Choice(keep, drop, await _revision(s, keep), await _revision(s, drop), {"name": "loser"})
    merges.append((await merge_features(s, setting, LAYER, choice, actor=STAFF)).id)


async def _unmerge(
    s: Any, setting: Setting, seeded: random.Random, ids: list[uuid.UUID], merges: list[uuid.UUID], n: int
) -> None:
    if merges:
        await undo_merge(s, setting, LAYER, seeded.choice(merges), actor=STAFF)


_ACTS: tuple[Act, ...] = (_add, _edit, _edit, _down, _up, _up, _protect, _merge, _merge, _unmerge, _unmerge)


async def test_a_cursor_does_not_tell_the_moment_of_a_change(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    """Two entries of one moment would tell that two places are one: what was merged into a protected place."""
    await publish(aid_point("Punkt"), aid_point("Drugi"))
    said, cursor = [], ""
    for _ in range(2):
        page = (await client.get(FEED, params={"cursor": cursor, "limit": 1})).json()
        cursor = page["next"]
        said.append(orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[2])
    assert said[0] != said[1]
    year_us = 366 * 24 * 3600 * 10**6
    assert all(abs(at_us - time.time_ns() // 1000) > year_us for at_us in said)
