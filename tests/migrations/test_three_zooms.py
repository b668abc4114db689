"""0032: what the migration counts of features that are published already is what publication counts."""

import asyncio

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import IntegrityError

from app.features.pyramid import COUNTED_ZOOMS
from app.localdb import ClusterUrls
from app.localdb.schema import migrate
from tests.migrations.pyramid import cells, fill


def test_cells_of_a_deeper_zoom_are_counted_as_by_publication(database_urls: ClusterUrls) -> None:
    asyncio.run(fill(database_urls))
    published = cells(database_urls)
    assert {row.z for row in published} == set(COUNTED_ZOOMS)
    assert {row.facet.partition(":")[0] for row in published} >= {
        "",
        "f",
        "g",
        "s",
        "l",
        "we",
        "wp",
        "ap",
        "ao",
    }
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0031")
        connection.commit()
    before = cells(database_urls)
    assert {row.z for row in before} == set(range(10))
    # Every zoom has every feature.
    everything = {z: sum(row.n for row in before if row.z == z and row.facet == "") for z in range(10)}
    assert set(everything.values()) == {sum(row.n for row in published if row.z == 10 and row.facet == "")}
    migrate(database_urls.owner)
    assert cells(database_urls) == published


def test_an_older_program_cannot_count_where_nobody_reads(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.app, poolclass=NullPool)
    with engine.connect() as connection, pytest.raises(IntegrityError, match="ck_cell_z"):
        connection.execute(
            text(
                "INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)"
                " VALUES ('aid_points', '', 9, 1, 1, '{1,0,0,0,0,0}', 20000000, 50000000)"
            )
        )
