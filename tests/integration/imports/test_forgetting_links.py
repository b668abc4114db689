"""What is kept of the source of a place that is protected, or becomes it (SECURITY F7)."""

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


async def test_where_a_protected_place_was_read_from_is_in_nothing_that_is_public_and_in_no_link(
    db: Database,
) -> None:
    """Whether it was protected long before a file spoke of it, or after it came with one."""
    where = {"disclosure": "area", "area": {"code": "PL-26", "name": "świętokrzyskie"}}
    long_ago = (await on_the_map(db, place=where)).feature_id
    cells = {"street": "Tajna", "house_number": "7", "city": "Kielce", "hours": "24/7"}
    far = {"lat": "52.2297", "lng": "21.0122"}
    said = file_of(
        line(1, "Jadłodajnia Caritas", phone="41 344 51 23", **cells), line(2, "Noclegownia", **far, **cells)
    )
    rows = await rows_of(db, await staged(db, said, source_url=TOLD))
    await decide(db, rows[0], "update", long_ago, fields=["hours"])
    later = (await decide(db, rows[1], "create")).feature_id
    assert later
    # What came with its address names the page, and so will be seen where it should not be.
    assert (await _told(db)) == {"published.feature", "core.feature", "core.import_link"}

    async with transaction(db) as s:
        await protect_now(s, SETTING, POINTS, later, actor=SYSTEM, reason="Schronienie")

    assert await _told(db) == set()
    # The next one of the source is no way back.
    again = file_of(line(1, "Jadłodajnia Caritas", phone="41 344 51 23", website="https://example.org"))
    (row,) = await rows_of(db, await staged(db, again, source_url=TOLD))
    await decide(db, row, "update", long_ago, fields=["website"])
    assert await _told(db) == set()


async def _told(db: Database) -> set[str]:
    """Which tables hold the page: all that the public may read, and what is kept of places. Of files themselves it stays."""
    async with transaction(db) as s:
        tables = (
            await s.scalars(
                text(
                    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                    " WHERE schemaname = 'published' OR (schemaname = 'core' AND tablename <> 'import_run')"
                )
            )
        ).all()
        holds = "SELECT EXISTS (SELECT FROM {} t WHERE strpos(CAST(t AS text), :page) > 0)"
        return {table for table in tables if await s.scalar(text(holds.format(table)), {"page": TOLD})}
