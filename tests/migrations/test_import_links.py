"""0082: what two layers have numbered under one word goes down with a word for each, and up with its layer."""

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

BELOW = "0079"
PUT = text(
    """
    WITH made AS (
      INSERT INTO core.feature (layer, state, revision, content, source, source_id)
      SELECT layer, 'published', 1, '{}', 'caritas', '1' FROM unnest(ARRAY['aid_points', 'organisations']) AS layer
      RETURNING id, layer
    )
    INSERT INTO core.import_link (layer, source, source_id, feature_id, content, revision, licence, attribution, as_of)
    SELECT layer, 'caritas', '1', id, '{}', 1, 'CC0-1.0', 'Caritas', '2026-11-20' FROM made
    """
)
LINKS = text(
    "SELECT f.layer, f.source, l.source FROM core.import_link l JOIN core.feature f ON f.id = l.feature_id ORDER BY 1"
)
LAYERS = text("SELECT layer, as_of FROM core.import_link ORDER BY 1")
APART = [("aid_points", "caritas", "caritas"), ("organisations", *["caritas-organisations"] * 2)]


def test_what_two_layers_have_numbered_under_one_word_goes_down_and_up(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, BELOW)
        connection.commit()
        assert [tuple(row) for row in connection.execute(LINKS)] == APART
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(LINKS)] == APART
        assert [tuple(row) for row in connection.execute(LAYERS)] == [
            ("aid_points", None),
            ("organisations", None),
        ]
