"""F4 and F8: what is published of a protected place is a function of its unit alone, and the unit is large."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import orjson
import pytest
from shapely import Polygon, box
from sqlalchemy import text

from app.accounts.audit import Actor
from app.areas.importing import import_units
from app.db import Database, session
from app.features.content import OutdatedContent
from app.features.publishing import Item, publish, publish_many
from app.features.reindexing import reindex, renew_openings
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.moderation.suggesting import read_suggestible
from app.taxonomy.vocabulary import Vocabulary
from tests.areas import polish_unit
from tests.functional.conftest import aid_point

LAYER = LAYERS["aid_points"]
STAFF = Actor("staff", uuid.UUID(int=7))
SMALL, LARGE, POWIAT, UNKNOWN = "PL-1001012", "PL-1001021", "PL-1001", "PL-2001012"
LEADS_THERE = ("20.301234", "52.301234", "Leśna", "Cichy Zakątek", "node/77", "PL-1001012")


@pytest.fixture
async def country(db: Database) -> None:
    """A small gmina (5,000) around a larger one (25,000) in their powiat (30,000); and one of unknown people."""
    hole = box(20.4, 52.4, 20.6, 52.6)
    west = box(20, 52, 21, 53)
    ring = west.difference(hole)
    assert isinstance(ring, Polygon)
    async with session(db) as s:
        await import_units(
            s,
            [
                polish_unit("1001012", ring, name="Cichy Zakątek", population=5000),
                polish_unit("1001021", hole, name="Środek", population=25000),
                polish_unit("2001012", box(21, 52, 22, 53), name="Wschód"),
                polish_unit("1001", west, name="zachodni", population=30000),
                polish_unit("2001", box(21, 52, 22, 53), name="wschodni"),
                polish_unit("10", west, name="łódzkie", population=2_400_000),
            ],
        )


def protected(code: str, **more: Any) -> dict[str, Any]:
    place = {"disclosure": "area", "area": {"code": code, "name": "Cichy Zakątek"}}
    return aid_point("Azyl", services=[{"type": "supported_housing"}], place=place) | more


async def _row(db: Database, feature_id: uuid.UUID) -> dict[str, Any]:
    async with db.reading() as reader:
        rows = await reader.execute(
            text(
                "SELECT geom, area_codes, slim, whole, search::text AS search FROM published.feature WHERE id = :id"
            ),
            {"id": feature_id},
        )
        row = rows.one()._asdict()
    row["slim"], row["whole"] = (orjson.loads(row[key]) for key in ("slim", "whole"))
    return row


def _leads(row: Any) -> list[str]:
    written = repr(row)
    return [word for word in LEADS_THERE if word in written]


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize(
    ("stated", "shown"),
    [(SMALL, POWIAT), (LARGE, LARGE), (UNKNOWN, "PL-2001"), ("PL-nowhere", None), ("PL-26", "PL-26")],
)
async def test_f8_a_unit_of_few_people_is_never_published(
    db: Database, setting: Setting, stated: str, shown: str | None
) -> None:
    content = LAYER.content.read(protected(stated, area_served=[{"code": stated, "name": "Cichy Zakątek"}]))
    async with session(db) as s:
        made = await publish(s, setting, LAYER, Item(content), actor=STAFF)
    row = await _row(db, made.feature_id)
    assert row["geom"] is None
    assert row["area_codes"] == ([shown] if shown else [])
    assert row["whole"]["properties"]["place"].get("area", {}).get("code") == shown
    assert stated == shown or stated not in repr(row)


@pytest.mark.usefixtures("country")
async def test_f4_a_thousand_republications_give_one_value(db: Database, setting: Setting) -> None:
    seen = set()
    async with session(db) as s:
        items = [Item(LAYER.content.read(protected((SMALL, POWIAT)[i % 2]))) for i in range(500)]
        made = await publish_many(s, setting, LAYER, items, actor=STAFF)
        again = [
            Item(LAYER.content.read(protected((SMALL, POWIAT)[i % 2])), one.feature_id)
            for i, one in enumerate(made)
        ]
        await publish_many(
            s, replace(setting, now=setting.now + dt.timedelta(hours=1)), LAYER, again, actor=STAFF
        )
    async with db.reading() as reader:
        for slim, whole in await reader.execute(text("SELECT slim, whole FROM published.feature")):
            small, large = orjson.loads(slim), orjson.loads(whole)
            seen.add((str(small["geometry"]), small["properties"]["area"], str(large["properties"]["place"])))
    assert len(seen) == 1


@pytest.mark.usefixtures("country")
async def test_a_place_that_is_protected_since_today_is_protected_in_todays_rows(
    db: Database, setting: Setting, vocabulary: Vocabulary
) -> None:
    content = LAYER.content.read(
        aid_point(
            "Dom przy ul. Leśnej 3",
            services=[{"type": "homeless_shelter"}],
            address={"street": "Leśna", "house_number": "3", "city": "Cichy Zakątek"},
            place={"position": {"lng": 20.301234, "lat": 52.301234}},
            website="https://www.openstreetmap.org/node/77",
        )
    )
    async with session(db) as s:
        made = await publish(s, setting, LAYER, Item(content), actor=STAFF)
    assert _leads(await _row(db, made.feature_id))

    services = {
        **vocabulary.services,
        "homeless_shelter": replace(vocabulary.services["homeless_shelter"], default_disclosure="area"),
    }
    stricter = replace(setting, vocabulary=replace(vocabulary, services=services))
    for renew in ("reindex", "by night"):
        async with session(db) as s:
            await reindex(s, setting, LAYER)
        assert _leads(await _row(db, made.feature_id))
        if renew == "reindex":
            async with session(db) as s:
                await reindex(s, stricter, LAYER)
        else:
            tomorrow = replace(stricter, now=setting.now + dt.timedelta(days=1))
            assert await renew_openings(db, tomorrow, {LAYER.key: LAYER}) == 1
        row = await _row(db, made.feature_id)
        assert _leads(row) == []
        assert (row["geom"], row["slim"]["properties"]["area"]) == (None, "zachodni")
        async with db.reading() as reader:
            assert await reader.scalar(text("SELECT count(*) FROM published.cell")) == 0
            assert await reader.scalar(text("SELECT count(*) FROM published.service_position")) == 0
            words = set(await reader.scalars(text("SELECT word FROM published.word")))
        assert not {"lesna", "lesnej"} & words


@pytest.mark.usefixtures("country")
async def test_what_cannot_be_read_any_more_is_taken_down_where_its_help_is_protected_now(
    db: Database, setting: Setting, vocabulary: Vocabulary
) -> None:
    async with session(db) as s:
        content = LAYER.content.read(aid_point(services=[{"type": "homeless_shelter"}]))
        await publish(s, setting, LAYER, Item(content), actor=STAFF)
        await s.execute(text("UPDATE core.feature SET content = content || '{\"unknown\": 1}'"))
    services = {
        **vocabulary.services, "homeless_shelter": replace(vocabulary.services["homeless_shelter"], default_disclosure="area"),
    }  # fmt: skip
    async with session(db) as s:
        await reindex(s, replace(setting, vocabulary=replace(vocabulary, services=services)), LAYER)
    async with db.reading() as reader:
        assert await reader.scalar(text("SELECT count(*) FROM published.feature")) == 0
        assert await reader.scalar(text("SELECT count(*) FROM published.cell")) == 0


@pytest.mark.usefixtures("country")
async def test_nobody_is_offered_a_form_with_what_is_protected_since_today(
    db: Database, setting: Setting, vocabulary: Vocabulary
) -> None:
    content = LAYER.content.read(aid_point(services=[{"type": "homeless_shelter"}]))
    services = {
        **vocabulary.services, "homeless_shelter": replace(vocabulary.services["homeless_shelter"], default_disclosure="area"),
    }  # fmt: skip
    async with session(db) as s:
        made = await publish(s, setting, LAYER, Item(content), actor=STAFF)
        layers = {LAYER.key: LAYER}
        assert (await read_suggestible(s, layers, vocabulary, made.feature_id)).whole["place"]["position"]
        with pytest.raises(OutdatedContent):
            await read_suggestible(s, layers, replace(vocabulary, services=services), made.feature_id)
