"""0073: back in the release before, whoever has passkeys still has their account, and forward again starts with none."""

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = text(
    """
    WITH made AS (INSERT INTO core."user" (email) VALUES ('anna@kielce.example') RETURNING id),
    challenged AS (
      INSERT INTO core.passkey_challenge (browser_hash, purpose, challenge, expires_at)
      VALUES ('\\x01', 'add', '\\x02', now())
    )
    INSERT INTO core.passkey (user_id, credential_id, public_key, name) SELECT id, '\\x03', '\\x04', 'x' FROM made
    """
)
COUNTED = text("""SELECT (SELECT count(*) FROM core."user"), (SELECT count(*) FROM core.passkey)""")


def test_passkeys_go_with_the_downgrade_and_people_stay(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0073")
        command.downgrade(config, "-1")
        connection.commit()
        there = "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'passkey%'"
        assert connection.execute(text(there)).scalar() == 0
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert tuple(connection.execute(COUNTED).one()) == (1, 0)
