"""Publishing many at once writes what publishing one after the other writes; deriving it again changes nothing."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, verify_chain
from app.db import Database, session
from app.features.layer import Layer
from app.features.publishing import Item, Provenance, publish, publish_many
from app.features.pyramid import Delta
from app.features.reindexing import reindex
from app.features.setting import Setting

from .conftest import spot

STAFF = Actor("staff", uuid.UUID(int=7))
#: Every table that a publication writes to. Positions in a sequence and the time of writing say nothing.
TABLES = {
    "core.feature": "SELECT * FROM core.feature WHERE layer = :layer",
    "core.revision": """
        SELECT r.feature_id, r.number, r.content, r.action, r.reason, r.actor_id, r.submission_id
        FROM core.revision r JOIN core.feature f ON f.id = r.feature_id WHERE f.layer = :layer""",
    "core.audit": """
        SELECT actor_kind, actor_id, action, object_type, object_id, detail
        FROM core.audit WHERE detail ->> 'layer' = :layer""",
    "published.feature": "SELECT * FROM published.feature WHERE layer = :layer",
    "published.service_position": "SELECT feature_id, code, layer, geom FROM published.service_position WHERE layer = :layer",
    "published.opening": """
        SELECT o.feature_id, o.service, o.span, o.state
        FROM published.opening o JOIN published.feature f ON f.id = o.feature_id WHERE f.layer = :layer""",
    "published.cell": "SELECT * FROM published.cell WHERE layer = :layer",
    "published.census": "SELECT kind, key, n FROM published.census WHERE layer = :layer",
    "published.word": "SELECT word, n FROM published.word WHERE layer = :layer",
    "published.change": "SELECT feature_id, kind FROM published.change WHERE layer = :layer",
}


def _first(provenance: Provenance) -> list[Item]:
    checked = dt.datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=dt.UTC)
    register = dataclasses.replace(provenance, verified_how="official_register", verified_at=checked)
    return [
        Item(
            spot("Jadłodajnia „Pod \\ ukośnikiem”", hours="Mo-Fr 08:00-16:00; Sa 10:00-12:00"),
            provenance=register,
        ),
        Item(spot("Telefon", lng=None, lat=None, audience_mode="everyone")),
        Item(
            spot(
                "Łaźnia",
                services=["laundry", "clothing"],
                audiences=["women"],
                audience_mode="only",
                languages=["pl", "uk"],
            )
        ),
        Item(spot("Daleko", lng=-179.9999999, lat=-89.5, hours='24/7 unknown "by appointment"')),
        Item(spot("Przykład"), provenance=Provenance(example=True, never_verified=True)),
        Item(spot("Obok", lng=20.6300001), submission_id=uuid.UUID(int=9)),
    ]


def _next(ids: list[uuid.UUID]) -> list[Item]:
    return [
        Item(spot("Przeniesiona", lng=17.03, lat=51.1), feature_id=ids[0], base_revision=1),
        Item(
            spot("Już bez miejsca", lng=None, lat=None, audiences=["women"], audience_mode="preferred"),
            feature_id=ids[2],
        ),
        Item(spot("Znalezione", services=["night_shelter"]), feature_id=ids[1]),
    ]


async def test_many_at_once_are_written_as_one_after_the_other(
    db: Database, spots: Layer, setting: Setting
) -> None:
    many, single = spots, dataclasses.replace(spots, key="singles")
    later = dataclasses.replace(setting, now=setting.now + dt.timedelta(days=1))

    of_many: list[uuid.UUID] = []
    async with session(db) as s:
        pyramid = Delta(setting.vocabulary)
        for part in _halves(_first(Provenance("many", "7"))):
            made = await publish_many(s, setting, many, part, actor=STAFF, reason="why", pyramid=pyramid)
            of_many += [publication.feature_id for publication in made]
        await pyramid.apply(s)
    async with session(db) as s:
        await publish_many(s, later, many, _next(of_many), actor=STAFF)
    of_single = []
    for item in _first(Provenance("single", "7")):
        async with session(db) as s:
            of_single.append((await publish(s, setting, single, item, actor=STAFF, reason="why")).feature_id)
    for item in _next(of_single):
        async with session(db) as s:
            await publish(s, later, single, item, actor=STAFF)

    async with session(db) as s:
        for table in TABLES:
            written = await _rows(s, table, many, of_many)
            assert written, table
            assert written == await _rows(s, table, single, of_single), table
        assert await verify_chain(s) is None


async def test_two_contents_of_one_feature_in_one_batch_are_two_revisions(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        made = await publish(s, setting, spots, Item(spot("Pierwsza")), actor=STAFF)
        again = [
            Item(spot(name, lng=lng), feature_id=made.feature_id) for name, lng in (("B", 19.0), ("C", 21.0))
        ]
        assert [p.revision for p in await publish_many(s, setting, spots, again)] == [2, 3]
    async with session(db) as s:
        names = await s.scalars(text("SELECT content ->> 'name' FROM core.revision ORDER BY number"))
        assert names.all() == ["Pierwsza", "B", "C"]
        kept = (await s.execute(text("SELECT content ->> 'name', revision FROM core.feature"))).one()
        assert tuple(kept) == ("C", 3)
        live = (await s.execute(text("SELECT name, revision, lng FROM published.feature"))).one()
        assert tuple(live) == ("C", 3, 21.0)
        assert set((await s.scalars(text("SELECT n FROM published.cell"))).all()) == {1}


async def test_deriving_the_rows_again_changes_none_of_them(
    db: Database, spots: Layer, setting: Setting
) -> None:
    async with session(db) as s:
        made = await publish_many(s, setting, spots, _first(Provenance("many", "7")), actor=STAFF)
        ids = [publication.feature_id for publication in made]
    async with session(db) as s:
        before = {table: await _rows(s, table, spots, ids) for table in TABLES}
        assert await reindex(s, setting, spots) == len(ids)
        assert {table: await _rows(s, table, spots, ids) for table in TABLES} == before


def _halves(items: list[Item]) -> tuple[list[Item], list[Item]]:
    return items[: len(items) // 2], items[len(items) // 2 :]


async def _rows(s: AsyncSession, table: str, layer: Layer, ids: list[uuid.UUID]) -> list[str]:
    """The rows as texts, with what is different on purpose (layer, source, ids) written alike."""
    found: list[str] = []
    for row in await s.execute(text(f"SELECT rows::text FROM ({TABLES[table]}) rows"), {"layer": layer.key}):
        said: Any = row[0]
        for place, feature_id in enumerate(ids):
            said = said.replace(str(feature_id), f"#{place}")
        for own, common in ((layer.key, "LAYER"), ("single,", "SOURCE,"), ("many,", "SOURCE,")):
            said = said.replace(own, common)
        said = said.replace('"source":"single"', "SOURCE").replace('"source":"many"', "SOURCE")
        found.append(said.replace('""source"":""single""', "SOURCE").replace('""source"":""many""', "SOURCE"))
    return sorted(found)
