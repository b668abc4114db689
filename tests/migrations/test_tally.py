"""0067: what was in the queue before is counted as what comes after, and nothing that never came to the desk."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = text(
    """
    INSERT INTO core.submission (layer, kind, channel, content, state, language, created_at, confirmed_at,
      decided_at, decided_by, decision_reason)
    SELECT 'aid_points', 'new', 'form', '{}', one.state, 'pl', now() - interval '9 days', one.confirmed,
      CASE WHEN one.state IN ('approved', 'rejected', 'spam') THEN now() END,
      CASE WHEN one.state = 'approved' THEN gen_random_uuid() END,
      CASE WHEN one.state = 'rejected' THEN 'closed' END
    FROM (VALUES ('unconfirmed', NULL), ('withdrawn', NULL), ('withdrawn', now()), ('pending', now()),
      ('needs_changes', now()), ('approved', now()), ('rejected', now()), ('spam', now())) AS one (state, confirmed)
    """
)
COUNTED = text(
    """
    SELECT array_agg(CAST(t AS text) ORDER BY submission_id), count(*), count(decided_at), count(reason)
    FROM core.tally t
    """
)


def test_what_was_decided_before_is_counted_as_what_is_decided_after(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        by_trigger = connection.execute(COUNTED).one()
        connection.commit()
        _downgrade(connection, "0066")
        connection.commit()
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert connection.execute(COUNTED).one() == by_trigger
    assert tuple(by_trigger)[1:] == (6, 3, 1)


def _downgrade(connection: Connection, revision: str) -> None:
    config = Config("alembic.ini")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
