from sqlalchemy import text

from app.db import Database, session


async def test_a_test_has_a_migrated_database_of_its_own(db: Database) -> None:
    async with session(db) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.alembic_version")) == 1
    async with db.reading() as connection:
        assert await connection.scalar(text("SELECT postgis_lib_version()"))


async def test_what_one_test_writes_no_other_sees(db: Database) -> None:
    async with session(db) as s:
        before = await s.scalar(text("SELECT count(*) FROM core.feature"))
    assert before == 0
