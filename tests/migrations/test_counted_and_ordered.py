"""0030: what the migration counts of features that are published already is what publication counts."""

import asyncio

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from tests.migrations.pyramid import cells, fill


def test_audiences_in_modes_are_counted_down_and_up_as_by_publication(database_urls: ClusterUrls) -> None:
    asyncio.run(fill(database_urls))
    published = cells(database_urls)
    assert {row.facet for row in published} >= {"we:", "wp:", "wo:", "ap:women", "ao:women"}
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0029")
        connection.commit()
    before = cells(database_urls)
    assert {row.facet.partition(":")[0] for row in before} == {"", "f", "g", "s", "a", "l"}
    assert sum(row.n for row in before if row.z == 6 and row.facet == "a:women") == sum(
        row.n
        for row in published
        if row.z == 6 and row.facet.startswith("a") and row.facet.endswith(":women")
    )
    migrate(database_urls.owner)
    assert cells(database_urls) == published
