"""0075: what was added is forgotten on the way back, and nothing of it is left that an older program would count."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = """
    INSERT INTO published.service_type (code, position, "group", icon, offer, names, synonyms, osm, open_eligibility,
      open_eligibility_id, schema_org, half_life_days, default_disclosure, sensitive)
    VALUES ('local_x', 120, 'food', 'soup', 'goods', '{}', '{}', '{}', '', '', '', 365, 'exact', false);
    INSERT INTO published.term (kind, code, uuid, icon, names, descriptions, data, sort_order)
    VALUES ('service', 'local_x', gen_random_uuid(), 'soup', '{}', '{}', '{}', 120);
    INSERT INTO published.layer_version (layer, version) VALUES ('vocabulary', 1);
    INSERT INTO published.cell (layer, facet, z, cell, n, families, sum_lng, sum_lat)
    VALUES ('aid_points', 's:local_x', 6, 1, 1, '{1,0,0,0,0,0}', 1, 1), ('aid_points', 's:soup', 6, 1, 1, '{1,0,0,0,0,0}', 1, 1);
"""
INDEXES = text(
    """
    SELECT c.relname, i.indisunique, i.indisvalid, pg_get_indexdef(c.oid) AS made FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = CAST('published.feature' AS regclass) AND c.relname LIKE 'ix_published_feature_%'
    AND c.relname ~ '(key|name)(_made)?$' ORDER BY 1
    """
)


def test_the_way_back_and_there_again_with_data(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        # What came later has its own tests.
        _downgrade(connection, "0075")
        connection.commit()
        before = connection.execute(INDEXES).all()
        connection.exec_driver_sql(PUT)
        connection.commit()
        _downgrade(connection, "0074")
        connection.commit()
        left = connection.execute(INDEXES).all()
        assert [row[:3] for row in left] == [row[:3] for row in before]
        assert not any("services_2" in row.made for row in left)
        assert connection.scalar(text("SELECT array_agg(facet) FROM published.cell")) == ["s:soup"]
        assert connection.scalar(text("SELECT count(*) FROM published.term WHERE code = 'local_x'")) == 0
        assert connection.scalar(text("SELECT count(*) FROM published.layer_version")) == 0
    migrate(database_urls.owner, "0075")
    with engine.connect() as connection:
        assert connection.execute(INDEXES).all() == before
        assert all("services_2" in row.made for row in before)
        assert connection.scalar(text("SELECT count(*) FROM published.service_type")) == 0


def _downgrade(connection: Connection, revision: str) -> None:
    config = Config("alembic.ini")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
