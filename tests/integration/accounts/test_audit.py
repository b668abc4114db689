"""What the check of the audit log finds: what was changed, taken away, or hashed anew."""

import logging
from collections.abc import AsyncIterator

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.accounts import audit
from app.accounts.audit import SYSTEM, ChainBreak, record, verify_chain
from app.accounts.upkeep import verify_audit
from app.config import Settings
from app.db import Database, session
from app.jobs import Work
from app.localdb import ClusterUrls

HASHED_ANEW = """
DO $$
DECLARE entry core.audit; before bytea := '\\x';
BEGIN
  FOR entry IN SELECT * FROM core.audit ORDER BY id LOOP
    entry.previous_hash := before;
    before := core.audit_hash(entry);
    UPDATE core.audit SET previous_hash = entry.previous_hash, hash = before WHERE id = entry.id;
  END LOOP;
END $$
"""


@pytest.fixture
async def owner(database_urls: ClusterUrls) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(database_urls.owner)
    yield engine
    await engine.dispose()


async def _written(db: Database, owner: AsyncEngine, *statements: str) -> ChainBreak | None:
    """Write seven entries, do something to them that only the owner can do, and check them."""
    for number in range(7):
        async with session(db) as s:
            record(s, SYSTEM, "test.done", "test", str(number), number=number)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE core.audit DISABLE TRIGGER USER"))
        for statement in statements:
            await connection.execute(text(statement))
        await connection.execute(text("ALTER TABLE core.audit ENABLE TRIGGER USER"))
    async with session(db) as s:
        return await verify_chain(s)


@pytest.mark.parametrize("together", [2, 3, 7, 50_000])
@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        ((), None),
        (("UPDATE core.audit SET action = 'x' WHERE id = 3",), 3),
        (("DELETE FROM core.audit WHERE id = 4",), 5),
        (("DELETE FROM core.audit WHERE id = 1",), 2),
        # The end, with and without the number that the head has.
        (("DELETE FROM core.audit WHERE id = 7",), 6),
        (("DELETE FROM core.audit WHERE id = 7", "UPDATE core.audit_head SET last_id = 6"), 6),
        # Changed, and every hash made anew: only the head still knows the old one.
        (("UPDATE core.audit SET action = 'x' WHERE id = 3", HASHED_ANEW), 7),
        (("DELETE FROM core.audit",), 0),
    ],
)
async def test_a6_the_first_broken_entry_is_found(
    db: Database,
    owner: AsyncEngine,
    monkeypatch: pytest.MonkeyPatch,
    together: int,
    statements: tuple[str, ...],
    broken: int | None,
) -> None:
    monkeypatch.setattr(audit, "CHECKED_TOGETHER", together)
    found = await _written(db, owner, *statements)
    assert (found.id if found else None) == broken


async def test_a_broken_log_is_reported_every_night(db: Database, owner: AsyncEngine) -> None:
    work = Work(Settings(), db)
    with structlog.testing.capture_logs() as said:
        await verify_audit(work)
        assert said == []
        await _written(db, owner, "UPDATE core.audit SET action = 'x' WHERE id = 3")
        await verify_audit(work)
    (entry,) = said
    assert (entry["log_level"], entry["object_id"]) == (logging.getLevelName(logging.ERROR).lower(), 3)
