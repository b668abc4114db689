"""0091: who was made an admin later is one since then, everybody else since they belong."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = """
    INSERT INTO core.feature (id, layer, content, state, revision)
    VALUES ('00000000-0000-0000-0000-00000000000f', 'organisations', '{}', 'unpublished', 1);
    INSERT INTO core.user (email) VALUES ('anna@stol.example'), ('jan@stol.example');
    INSERT INTO core.membership (user_id, organisation_id, role, created_at)
    SELECT u.id, f.id, 'admin', now() - interval '1 year' FROM core.user u, core.feature f;
    INSERT INTO core.audit (actor_kind, action, object_type, object_id, detail)
    SELECT 'system', 'membership.role_changed', 'organisation', m.organisation_id::text,
      jsonb_build_object('user', u.id, 'role', 'admin')
    FROM core.membership m JOIN core.user u ON u.id = m.user_id WHERE u.email = 'jan@stol.example'
"""
SEATED = text(
    """
    SELECT u.email, m.seated_at > now() - interval '1 hour', m.seated_at = m.created_at
    FROM core.membership m JOIN core.user u ON u.id = m.user_id ORDER BY 1
    """
)


def test_a_seat_is_as_old_as_the_role(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        for statement in PUT.split(";"):
            connection.execute(text(statement))
        connection.commit()
        _downgrade(connection, "0089")
        connection.commit()
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(SEATED)] == [
            ("anna@stol.example", False, True),
            ("jan@stol.example", True, False),
        ]


def _downgrade(connection: Connection, revision: str) -> None:
    config = Config("alembic.ini")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)
