"""0086: on the way back areas of one's own go, and units are as their files say; scopes are as the older program has them."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = """
    INSERT INTO published.area (code, stable_code, country, level, name, folded, names, population, geom, source, licence,
                                fingerprint, kept, imported, members)
    SELECT code, code, 'PL', level, code, lower(code), '{"uk": "Told"}', 30000,
           ST_Multi(ST_MakeEnvelope(20, 50, 21, 51, 4326)), 's', 'l', code, kept, CAST(imported AS jsonb), members
    FROM (VALUES ('PL-26', 'voivodeship', false, '{"population": 7, "names": {}}', NULL::text[]),
                 ('PL-04', 'voivodeship', false, NULL, NULL),
                 ('PL-local_x', 'custom', true, '{"population": 7, "names": {}}', '{PL-26}'::text[]))
      AS a(code, level, kept, imported, members);
    INSERT INTO core.kept_area (code, own, version, content) VALUES ('PL-local_x', true, 1, '{}');
    INSERT INTO core.kept_area_version (code, number, act, content) VALUES ('PL-local_x', 1, 'added', '{}');
"""
FUNCTIONS = text(
    "SELECT proname, prosrc FROM pg_proc WHERE proname IN ('locate_submissions', 'unit_chain', 'units_of_point') ORDER BY proname"
)


def test_the_way_back_and_there_again_with_data(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        before = connection.execute(FUNCTIONS).all()
        connection.exec_driver_sql(PUT)
        connection.commit()
        _downgrade(connection, "0084")
        connection.commit()
        left = connection.execute(
            text("SELECT code, population, names ->> 'uk' FROM published.area ORDER BY code")
        )
        # Of a unit that nobody has told anything of the file's word is what stands there.
        assert [tuple(row) for row in left] == [("PL-04", 30_000, "Told"), ("PL-26", 7, None)]
        assert connection.execute(FUNCTIONS).all() != before
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert connection.execute(FUNCTIONS).all() == before
        offered = connection.execute(
            text("SELECT bool_and(offered), bool_or(kept) FROM published.area")
        ).one()
        assert tuple(offered) == (True, False)
        assert connection.scalar(text("SELECT count(*) FROM core.kept_area")) == 0


def _downgrade(connection: Connection, revision: str) -> None:
    config = Config("alembic.ini")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
