"""0098: letters that ask go with the entry that they ask about; an older program knows none, and a newer one begins anew."""

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = """
    INSERT INTO core.feature (id, layer, content, state, revision)
    SELECT gen_random_uuid(), 'aid_points', '{}', 'published', 1 FROM generate_series(1, 2);
    INSERT INTO core.reminder (mailing, feature_id, address) SELECT gen_random_uuid(), id, 'x' FROM core.feature;
    INSERT INTO core.unasked (address) VALUES ('x')
"""
COUNTED = "SELECT (SELECT count(*) FROM core.reminder), (SELECT count(*) FROM core.unasked)"


def test_letters_go_with_their_entry_and_with_an_older_program(database_urls: ClusterUrls) -> None:
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(PUT)
        owner.execute(
            "DELETE FROM core.feature WHERE id = (SELECT min(feature_id::text)::uuid FROM core.reminder)"
        )
        assert owner.execute(COUNTED).fetchone() == (1, 1)
        _downgrade(database_urls)
        gone = owner.execute("SELECT to_regclass('core.reminder'), to_regclass('core.unasked')")
        assert gone.fetchone() == (None, None)
        migrate(database_urls.owner)
        assert owner.execute(COUNTED).fetchone() == (0, 0)


def _downgrade(urls: ClusterUrls) -> None:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0096")
        connection.commit()
