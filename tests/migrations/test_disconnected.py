"""0080 and 0081: the release before knows no row that signs nobody in; a set-up that lies there from it is nobody's."""

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = text(
    """
    WITH made AS (
      INSERT INTO core."user" (email) VALUES ('anna@kielce.example'), ('jan@kielce.example') RETURNING id, email
    ),
    challenged AS (
      INSERT INTO core.passkey_challenge (browser_hash, purpose, challenge, expires_at)
      VALUES ('\\x01', 'connect', '\\x02', now()), ('\\x01', 'add', '\\x02', now())
    )
    INSERT INTO core.identity (user_id, issuer, subject, disconnected_at)
    SELECT id, 'https://login.example', email, CASE WHEN email LIKE 'jan%' THEN now() END FROM made
    """
)
SET_UPS = text(
    """
    INSERT INTO core.second_step (user_id, sealed, begun, confirmed_at)
    SELECT id, CASE WHEN email LIKE 'anna%' THEN '\\x01'::bytea END, '\\x02', CASE WHEN email LIKE 'anna%' THEN now() END
    FROM core."user"
    """
)


def test_what_was_disconnected_is_forgotten_by_the_downgrade_and_what_was_begun_by_the_upgrade(
    database_urls: ClusterUrls,
) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0079")
        connection.commit()
        left = connection.execute(text("SELECT subject FROM core.identity")).scalars().all()
        assert left == ["anna@kielce.example"]
        purposes = connection.execute(text("SELECT purpose FROM core.passkey_challenge")).scalars().all()
        assert purposes == ["add"]
        connection.execute(SET_UPS)
        connection.commit()
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT disconnected_at FROM core.identity")).scalars().all() == [None]
        kept = connection.execute(text("SELECT sealed, begun FROM core.second_step")).all()
        assert [(bytes(sealed), begun) for sealed, begun in kept] == [(b"\x01", None)]
