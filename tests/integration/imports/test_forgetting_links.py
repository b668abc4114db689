"""What a row of a source was linked to before it stands beside another place now, when one of the two is protected (SECURITY F7)."""

import uuid

import orjson
import pytest
from sqlalchemy import text

from app.accounts.audit import SYSTEM
from app.db import Database
from app.db import session as transaction
from app.features.protecting import protect_now
from tests.integration.imports.conftest import SETTING
from tests.integration.imports.staging import (
    POINTS,
    decide,
    file_of,
    line,
    on_the_map,
    rows_of,
    staged,
)

TOLD = "https://source.example/tajna-7"


@pytest.mark.parametrize("protected", ["before", "now"])
async def test_only_what_was_known_of_the_protected_place_is_forgotten(db: Database, protected: str) -> None:
    cells = {"street": "Tajna", "house_number": "7", "city": "Kielce"}
    (row,) = await rows_of(db, await staged(db, file_of(line(1, "Noclegownia", **cells))))
    row = await decide(db, row, "create")
    now = (await on_the_map(db)).feature_id
    assert row.feature_id
    was = {
        "link": {"feature_id": str(row.feature_id), "content": row.content, "source_url": TOLD},
        "spine": {"source_url": TOLD},
    }
    async with transaction(db) as s:
        await s.execute(
            text("UPDATE core.import_row SET feature_id = :now, link_before = CAST(:was AS jsonb)"),
            {"now": now, "was": orjson.dumps(was).decode()},
        )
    place: uuid.UUID = row.feature_id if protected == "before" else now
    async with transaction(db) as s:
        await protect_now(s, SETTING, POINTS, place, actor=SYSTEM, reason="Schronienie")
    async with transaction(db) as s:
        left = await s.scalar(text("SELECT link_before FROM core.import_row"))
    if protected == "before":
        assert "Tajna" not in str(left["link"])
        assert (left["link"]["source_url"], left["spine"]["source_url"]) == (None, TOLD)
    else:
        assert left["link"] == was["link"]
        assert left["spine"]["source_url"] is None
