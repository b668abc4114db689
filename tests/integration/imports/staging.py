"""Files at the import desk, as the desk's pages take them in and decide about their rows."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.accounts.audit import SYSTEM, Actor
from app.db import Database
from app.db import session as transaction
from app.features.models import Feature
from app.features.publishing import Item, Publication, publish_many
from app.imports.models import ImportRow, ImportRun
from app.imports.staging.deciding import create, link, skip, update
from app.imports.staging.looking import Desk, read_row
from app.imports.staging.staging import Upload, begin, read_run, take_in, withhold
from app.imports.staging.undoing import undo
from app.layers.registry import LAYERS
from tests.integration.imports.conftest import SETTING

HEADER = "id,name,services,street,house_number,city,lat,lng,phone,email,website,hours"
TODAY = dt.date(2026, 11, 21)
LONG_AGO = replace(SETTING, now=SETTING.now - dt.timedelta(days=30))
POINTS = LAYERS["aid_points"]


def line(number: object, name: str, **cells: str) -> str:
    """One line of a file in our columns, quoted."""
    said = {
        "id": str(number),
        "name": name,
        "services": "hot_meals",
        "lat": "50.8661",
        "lng": "20.6286",
    } | cells
    return ",".join('"' + said.get(key, "").replace('"', '""') + '"' for key in HEADER.split(","))


def file_of(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def upload(**more: str) -> Upload:
    said = {
        "layer": "aid_points",
        "title": "Caritas",
        "source": "caritas",
        "source_url": "https://example.org/list",
        "licence": "CC0-1.0",
        "attribution": "Caritas Kielce",
        "language": "pl",
        "as_of": "2026-11-20",
    }
    return Upload(**(said | more))


async def staged(db: Database, data: bytes, **more: str) -> ImportRun:
    """Take a file in and have its rows compared, as a page does."""
    async with transaction(db) as session:
        run = await take_in(session, LAYERS, upload(**more), data, actor=SYSTEM, today=TODAY)
        await begin(session, SETTING, LAYERS[run.layer], run, ("PL",))
        run_id, layer = run.id, LAYERS[run.layer]
    async with transaction(db) as session:
        await withhold(session, layer, run_id)
        return await read_run(session, run_id)


async def rows_of(db: Database, run: ImportRun) -> Sequence[ImportRow]:
    async with transaction(db) as session:
        query = select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.number)
        return (await session.scalars(query)).all()


async def kinds_of(db: Database, data: bytes, **more: str) -> list[str]:
    """What the rows of a file are."""
    return [row.kind for row in await rows_of(db, await staged(db, data, **more))]


def codes(row: ImportRow) -> list[str]:
    return [reason["code"] for reason in row.reasons]


async def decide(
    db: Database,
    row: ImportRow,
    act: str,
    feature_id: uuid.UUID | None = None,
    fields: Sequence[str] = (),
    actor: Actor = SYSTEM,
) -> ImportRow:
    """Decide about a row, or take that back, as a page does."""
    async with transaction(db) as session:
        run = await read_run(session, row.run_id)
        held = await read_row(session, row.id, lock=True)
        desk = Desk(session, SETTING, LAYERS[run.layer], run, actor)
        target, revision = feature_id or held.feature_id, held.revision
        if feature_id is not None:
            revision = (await session.get_one(Feature, feature_id)).revision
        if act == "create":
            await create(desk, held)
        elif act == "skip":
            await skip(desk, held)
        elif act == "undo":
            await undo(desk, held)
        else:
            assert target is not None
            assert revision is not None
            if act == "link":
                await link(desk, held, target, revision)
            else:
                await update(desk, held, target, revision, fields)
    async with transaction(db) as session:
        return await read_row(session, row.id)


async def on_the_map(db: Database, **content: Any) -> Publication:
    """A place that people entered, long before the day of which the files speak."""
    data = {
        "name": {"texts": {"pl": "Jadłodajnia Caritas", "uk": "Їдальня Карітас"}, "source": "pl"},
        "services": [{"type": "hot_meals"}],
        "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
        "contacts": [{"kind": "phone", "value": "+48413445123"}],
    } | content
    async with transaction(db) as session:
        (done,) = await publish_many(session, LONG_AGO, POINTS, [Item(POINTS.content.read(data))])
    return done
