"""0077: a database with banners goes back to the program before, and forward again with an empty board."""

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = text(
    """
    WITH made AS (
      INSERT INTO core.banner (version, content, from_at, until_at, place)
      VALUES (1, '{"kind": "warning"}', now(), now() + interval '1 hour', 1) RETURNING *
    ), kept AS (
      INSERT INTO core.banner_version (banner_id, number, content, from_at, until_at, taken_down)
      SELECT id, version, content, from_at, until_at, false FROM made
    )
    INSERT INTO published.banner_board (version, banners) SELECT 1, jsonb_agg(content) FROM made
    """
)
THERE = text("SELECT to_regclass('core.banner'), to_regclass('published.banner_board')")


def test_banners_go_with_the_program_that_knows_them(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0075")
        connection.commit()
        assert tuple(connection.execute(THERE).one()) == (None, None)
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM published.banner_board")).scalar_one() == 0
