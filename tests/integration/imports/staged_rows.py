"""What becomes of a file and of a place at the import desk, read from the database."""

import uuid
from typing import Any

from app.db import Database
from app.db import session as transaction
from app.features.models import Feature
from app.imports.models import ImportRun
from app.imports.staging.staging import read_run

PHONE = "41 344 51 23"
FAR = {"lat": "52.2297", "lng": "21.0122"}


async def run_of(db: Database, run_id: uuid.UUID) -> ImportRun:
    async with transaction(db) as s:
        return await read_run(s, run_id)


async def content_of(db: Database, feature_id: uuid.UUID | None) -> dict[str, Any]:
    assert feature_id
    async with transaction(db) as s:
        return (await s.get_one(Feature, feature_id)).content
