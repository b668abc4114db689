"""0092: rows of two layers that a source numbers alike wait beside each other; the older program knew one of them."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = text(
    """
    INSERT INTO core.submission (layer, kind, channel, content, state, language, source, source_id, created_at)
    SELECT layer, 'new', 'import', '{}', 'pending', 'pl', 'kielce', '12', now() + make_interval(mins => n)
    FROM (VALUES ('organisations', 2), ('aid_points', 1)) AS one (layer, n)
    """
)
WAITING = text("SELECT layer, source FROM core.submission ORDER BY created_at")


def test_what_two_layers_number_alike_waits_for_both(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        _downgrade(connection, "0091")
        connection.commit()
        assert [tuple(row) for row in connection.execute(WAITING)] == [
            ("aid_points", "kielce"),
            ("organisations", None),
        ]
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert connection.execute(WAITING).rowcount == 2


def _downgrade(connection: Connection, revision: str) -> None:
    config = Config("alembic.ini")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
