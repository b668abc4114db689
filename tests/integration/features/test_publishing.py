import asyncio
import datetime as dt
import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from app.accounts.audit import Actor, record, verify_chain
from app.db import Database, session
from app.errors import InvalidInput
from app.features.filters import Filter
from app.features.layer import Layer
from app.features.published import collection, one
from app.features.publishing import (
    Item,
    publish,
    publish_many,
    republish,
    unpublish,
    verify,
)
from app.features.revisions import FeatureNotFound, NotOnTheMap, OnTheMapAlready, StaleRevision, hold_layers
from app.features.setting import Setting

from .conftest import spot

STAFF = Actor("staff", uuid.UUID(int=7))


async def _features(db: Database, setting: Setting, **filters: Any) -> list[dict[str, Any]]:
    async with db.reading() as reader:
        body = await collection("spots", Filter(**filters), setting.vocabulary, limit=100).bytes(reader)
    found = json.loads(body)
    assert found["numberReturned"] == len(found["features"])
    return list(found["features"])


async def test_publication_is_readable_by_the_public_role(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        made = await publish(s, setting, spots, Item(spot(secret="nobody's business")), actor=STAFF)
    (feature,) = await _features(db, setting)
    assert feature["id"] == str(made.feature_id)
    assert feature["geometry"] == {"type": "Point", "coordinates": [20.63, 50.87]}
    assert feature["properties"]["name"] == "Ciepły Stół"
    assert feature["properties"]["family"] == "food"
    assert feature["properties"]["checked"] == "2026-11-20"
    async with db.reading() as reader:
        full = json.loads(await one("spots", made.feature_id).bytes(reader))
        whole = (await reader.execute(text("SELECT f::text FROM published.feature f"))).scalar_one()
    assert full["properties"]["services"] == ["hot_meals"]
    assert "nobody" not in whole


async def test_every_publication_is_a_revision_with_its_audit(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        first = await publish(s, setting, spots, Item(spot()), actor=STAFF)
        second = await publish(
            s,
            setting,
            spots,
            Item(spot("Nowa nazwa"), feature_id=first.feature_id, base_revision=1),
            actor=STAFF,
        )
    assert second.revision == 2
    async with session(db) as s:
        names = (
            (await s.execute(text("SELECT content ->> 'name' FROM core.revision ORDER BY number")))
            .scalars()
            .all()
        )
        actions = (await s.execute(text("SELECT action, actor_id FROM core.audit ORDER BY id"))).all()
        assert await verify_chain(s) is None
    assert names == ["Ciepły Stół", "Nowa nazwa"]
    assert [tuple(row) for row in actions] == [("feature.publish", STAFF.user_id)] * 2
    (feature,) = await _features(db, setting)
    assert feature["properties"]["name"] == "Nowa nazwa"


async def test_a_publication_takes_few_statements(db: Database, spots: Layer, setting: Setting) -> None:
    """Each is a way to the server and back, and those are the greater part of what a decision costs."""
    sent: list[str] = []
    event.listen(db.write.sync_engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    async with session(db) as s:
        made = await publish(s, setting, spots, Item(spot()), actor=STAFF)
    assert len(sent) <= 9, sent
    sent.clear()
    async with session(db) as s:
        await publish(
            s,
            setting,
            spots,
            Item(spot("Nowa nazwa"), feature_id=made.feature_id, base_revision=1),
            actor=STAFF,
        )
    assert len(sent) <= 15, sent


async def test_a_stale_base_revision_is_refused_and_leaves_nothing(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        first = await publish(s, setting, spots, Item(spot()), actor=STAFF)
    with pytest.raises(StaleRevision):
        async with session(db) as s:
            await publish(
                s, setting, spots, Item(spot("X"), feature_id=first.feature_id, base_revision=2), actor=STAFF
            )
    async with session(db) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.revision"))).scalar_one() == 1
        assert (await s.execute(text("SELECT count(*) FROM core.audit"))).scalar_one() == 1
    (feature,) = await _features(db, setting)
    assert feature["properties"]["name"] == "Ciepły Stół"


async def test_an_unknown_feature_is_not_found(db: Database, spots: Layer, setting: Setting) -> None:
    with pytest.raises(FeatureNotFound):
        async with session(db) as s:
            await publish(s, setting, spots, Item(spot(), feature_id=uuid.uuid4()), actor=STAFF)


async def test_unpublishing_clears_every_public_row(db: Database, spots: Layer, setting: Setting) -> None:
    async with session(db) as s:
        made = await publish(s, setting, spots, Item(spot(hours="Mo-Su 08:00-20:00")), actor=STAFF)
    async with session(db) as s:
        await unpublish(s, setting, spots, made.feature_id, actor=STAFF, reason="closed")
    async with db.reading() as reader:
        for table in ("feature", "service_position", "opening", "cell"):
            rows = await reader.execute(text(f"SELECT count(*) FROM published.{table}"))
            assert rows.scalar_one() == 0, table
        kinds = (
            (await reader.execute(text("SELECT kind FROM published.change ORDER BY cursor"))).scalars().all()
        )
    assert kinds == ["published", "removed"]


async def test_the_version_of_the_layer_counts_publications(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        await publish_many(s, setting, spots, [Item(spot(f"Nr {i}")) for i in range(5)], actor=STAFF)
    async with session(db) as s:
        await publish(s, setting, spots, Item(spot("Nr 6")), actor=STAFF)
    async with db.reading() as reader:
        assert (await reader.execute(text("SELECT version FROM published.layer_version"))).scalar_one() == 2


async def test_text_search_ignores_case_and_diacritics(db: Database, spots: Layer, setting: Setting) -> None:
    async with session(db) as s:
        await publish(s, setting, spots, Item(spot("Jadłodajnia Święty Łazarz")), actor=STAFF)
    assert len(await _features(db, setting, text="swiety laz")) == 1
    assert len(await _features(db, setting, text="ŁAZARZ")) == 1
    assert await _features(db, setting, text="laza jad") == []
    assert await _features(db, setting, text="'; DROP TABLE x; --") == []


async def test_what_was_taken_down_comes_back_by_republishing_alone(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        made = await publish(s, setting, spots, Item(spot(hours="Mo-Su 08:00-20:00")), actor=STAFF)
        await unpublish(s, setting, spots, made.feature_id, actor=STAFF, reason="dangerous")
    change = Item(spot("Nowa"), feature_id=made.feature_id)
    with pytest.raises(NotOnTheMap):
        async with session(db) as s:
            await verify(s, setting, spots, made.feature_id, how="phone", actor=STAFF)
    with pytest.raises(NotOnTheMap):
        async with session(db) as s:
            await publish(s, setting, spots, change, actor=STAFF)
    with pytest.raises(NotOnTheMap):
        async with session(db) as s:
            await unpublish(s, setting, spots, made.feature_id, actor=STAFF, reason="again")
    assert await _features(db, setting) == []
    later = replace(setting, now=setting.now + dt.timedelta(days=100))
    async with session(db) as s:
        await republish(s, later, spots, made.feature_id, actor=STAFF, reason="a mistake", base_revision=2)
    (feature,) = await _features(db, setting)
    assert feature["properties"]["name"] == "Ciepły Stół"
    # To put it back is no check.
    assert feature["properties"]["checked"] == "2026-11-20"
    async with session(db) as s:
        rows = await s.execute(text("SELECT number, action, reason FROM core.revision ORDER BY number"))
        kinds = await s.execute(text("SELECT kind FROM published.change ORDER BY cursor"))
        assert [tuple(row) for row in rows] == [
            (1, "publish", None), (2, "unpublish", "dangerous"), (3, "republish", "a mistake"),
        ]  # fmt: skip
        assert kinds.scalars().all() == ["published", "removed", "published"]
        cells = await s.execute(text("SELECT count(*) FROM published.cell WHERE facet = '' AND n <> 1"))
        assert cells.scalar_one() == 0
        assert await verify_chain(s) is None
    with pytest.raises(OnTheMapAlready):
        async with session(db) as s:
            await republish(s, setting, spots, made.feature_id, actor=STAFF, reason="twice")


async def test_taking_down_another_revision_than_the_one_that_was_seen_is_refused(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        made = await publish(s, setting, spots, Item(spot()), actor=STAFF)
        await publish(s, setting, spots, Item(spot("Nowa"), feature_id=made.feature_id), actor=STAFF)
    with pytest.raises(StaleRevision):
        async with session(db) as s:
            await unpublish(s, setting, spots, made.feature_id, actor=STAFF, reason="closed", base_revision=1)
    assert len(await _features(db, setting)) == 1


async def test_a_protected_kind_of_help_is_not_published_in_the_open(
    db: Database, spots: Layer, setting: Setting
) -> None:
    for services in (["violence_shelter"], ["hot_meals", "supported_housing"]):
        with pytest.raises(InvalidInput) as refused:
            async with session(db) as s:
                await publish(s, setting, spots, Item(spot(services=services)), actor=STAFF)
        assert refused.value.problems[0].path == "place.disclosure"
        # By telephone there is no place to protect.
        async with session(db) as s:
            await publish(s, setting, spots, Item(spot(services=services, lng=None, lat=None)), actor=STAFF)
    assert [feature["geometry"] for feature in await _features(db, setting)] == [None, None]


async def test_a_decision_and_an_import_of_the_same_layer_do_not_wait_for_each_other(
    db: Database, spots: Layer, setting: Setting
) -> None:
    """A decision has entries for the audit log before it publishes; an import publishes before it has any."""
    holds, decided = asyncio.Event(), asyncio.Event()

    async def import_two() -> None:
        async with session(db) as s:
            await hold_layers(s, ["spots"])
            holds.set()
            await asyncio.sleep(0.5)
            await publish(s, setting, spots, Item(spot("Import")), actor=STAFF)

    async def decide() -> None:
        await holds.wait()
        async with session(db) as s:
            record(s, STAFF, "submission.approved", "submission", "1")
            await publish(s, setting, spots, Item(spot("Decyzja")), actor=STAFF)
        decided.set()

    await asyncio.gather(import_two(), decide())
    assert decided.is_set()
    assert {f["properties"]["name"] for f in await _features(db, setting)} == {"Import", "Decyzja"}
