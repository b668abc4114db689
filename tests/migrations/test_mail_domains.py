"""0099: what was seen of domains goes with an older program, and a newer one sees them for the first time again."""

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = """
    INSERT INTO core.mail_domain (domain, hosts, before, seen_since, looked_at)
    VALUES ('stol.example', '{mx.stol.example}', '{}', now(), now())
"""


def test_domains_go_with_an_older_program(database_urls: ClusterUrls) -> None:
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(PUT)
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute("UPDATE core.mail_domain SET seen_since = NULL")
        _downgrade(database_urls)
        gone = owner.execute("SELECT to_regclass('core.mail_domain')")
        assert gone.fetchone() == (None,)
        migrate(database_urls.owner)
        assert owner.execute("SELECT count(*) FROM core.mail_domain").fetchone() == (0,)


def _downgrade(urls: ClusterUrls) -> None:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0098")
        connection.commit()
