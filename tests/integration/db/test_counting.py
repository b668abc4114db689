"""Numbers that an answer can do without: on connections of their own, which may have ended."""

import psycopg
import pytest
from sqlalchemy import text

from app.db import Database
from app.db.counting import TookTooLong
from app.localdb import ClusterUrls

_WHICH = text("SELECT pg_backend_pid()")


async def test_a_connection_that_the_server_has_ended_is_replaced(
    db: Database, database_urls: ClusterUrls
) -> None:
    before = await db.counts().scalar(_WHICH)
    with psycopg.connect(database_urls.superuser.replace("+psycopg", ""), autocommit=True) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    assert await db.counts().scalar(_WHICH) != before


async def test_what_takes_too_long_is_given_up_and_said(db: Database) -> None:
    counts = db.counts()
    with pytest.raises(TookTooLong):
        await counts.scalar(text("SELECT pg_sleep(60)"))
    assert counts.gave_up
    with pytest.raises(TookTooLong):
        await counts.scalar(text("SELECT 1"))
    counts.begin_again()
    assert await counts.scalar(text("SELECT 1")) == 1
