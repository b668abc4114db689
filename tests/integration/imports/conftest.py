"""An import into a real database, as the command does it."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database
from app.features.setting import Setting
from app.imports.applying import ImportRequest, run_import
from app.imports.mapping import SourceMapping, load_mapping, read_mapping
from app.imports.report import Report
from app.layers.registry import layer
from app.taxonomy.vocabulary import load_vocabulary
from tests.mappings import POINTS

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
SETTING = Setting(load_vocabulary(), "Europe/Warsaw", "PL", NOW)

HEADER = "id;nazwa;miasto;telefon;lng;lat\n"


class Import(Protocol):
    """`await run(path, mapping, "publish")`: one import in one transaction."""

    async def __call__(
        self, path: Path, mapping: str | SourceMapping, mode: Any = "publish", **options: Any
    ) -> Report: ...


async def import_into(
    db: Database, path: Path, mapping: str | SourceMapping, mode: Any, **options: Any
) -> Report:
    declared = load_mapping(mapping) if isinstance(mapping, str) else mapping
    request = ImportRequest(path, declared, mode, **({"countries": ("PL",)} | options))
    async with AsyncSession(db.write, expire_on_commit=False) as session, session.begin():
        return await run_import(session, SETTING, layer(declared.layer), request)


@pytest.fixture
def run(db: Database) -> Import:
    async def run_one(
        path: Path, mapping: str | SourceMapping, mode: Any = "publish", **options: Any
    ) -> Report:
        return await import_into(db, path, mapping, mode, **options)

    return run_one


@pytest.fixture
def points() -> SourceMapping:
    return read_mapping(POINTS, "points.toml")


@pytest.fixture
async def session(db: Database) -> AsyncIterator[AsyncSession]:
    """For looking at what an import has done; each look is a transaction of its own."""
    async with AsyncSession(db.write) as opened:
        yield opened


async def count(session: AsyncSession, table: str, where: str = "true") -> int:
    number = await session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))
    await session.rollback()
    return int(number or 0)
