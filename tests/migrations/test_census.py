"""0089: what the migration counts of features that are published already is what publication counts."""

import asyncio
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from tests.migrations.pyramid import fill


def test_what_is_published_already_is_counted_as_by_publication(database_urls: ClusterUrls) -> None:
    asyncio.run(fill(database_urls))
    published = _census(database_urls)
    kinds = {row.kind for row in published}
    assert kinds >= {
        "services",
        "welcome",
        "languages",
        "access",
        "checked",
        "organisation",
        "open",
        "unknown",
    }
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0087")
        connection.commit()
        assert not connection.scalar(text("SELECT to_regclass('published.census')"))
    migrate(database_urls.owner)
    assert _census(database_urls) == published


def _census(urls: ClusterUrls) -> list[Any]:
    engine = create_engine(urls.reader, poolclass=NullPool)
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT * FROM published.census ORDER BY 1, 2, 3")))
