"""0094: what somebody has said yes to is forgotten by the database itself; older programs have no two people, and forget all of it."""

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = """
    INSERT INTO core.feature (id, layer, content, state, revision)
    VALUES ('00000000-0000-0000-0000-00000000000f', 'aid_points', '{}', 'published', 1);
    INSERT INTO core.submission (layer, kind, channel, content, state, language, feature_id, base_revision, contact_email)
    SELECT 'aid_points', 'change', 'form', '{}', 'pending', 'pl', id, 1, n || '@poczta.pl'
    FROM core.feature, generate_series(1, 4) n;
    INSERT INTO core.agreement (submission_id, act, mark, agreed_by)
    SELECT id, 'publish', 'x', gen_random_uuid() FROM core.submission;
    INSERT INTO core.agreement (feature_id, act, mark, agreed_by)
    SELECT id, 'revert', 'x', gen_random_uuid() FROM core.feature
"""
AGREED = "SELECT count(submission_id), count(feature_id) FROM core.agreement"
#: Whatever is seen of a submission, and who has sent it, says nothing of what is published.
KEEPS = "UPDATE core.submission SET contact_email = NULL, version = version + 1, content = '{}', state = 'pending'"
FORGETS = (
    "state = 'needs_changes'",
    """content = '{"name": 1}'""",
    "feature_id = NULL, base_revision = NULL, kind = 'new'",
)
#: 90 points, 40 of which say how much harm there would be and not that it is spam.
SCREENED = """
    INSERT INTO core.screening (submission_id, score, reasons)
    SELECT id, 90, '[{"code": "protected_contact", "points": 40}, {"code": "phone_costly", "points": 15}]'
    FROM core.submission WHERE contact_email IS NULL
    ON CONFLICT (submission_id) DO UPDATE SET score = excluded.score
"""
BANDS = "SELECT DISTINCT band FROM core.submission WHERE kind = 'change'"


def test_a_first_yes_is_forgotten_with_what_it_was_given_to_and_by_older_programs(
    database_urls: ClusterUrls,
) -> None:
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(PUT)
        owner.execute(KEEPS)
        assert owner.execute(AGREED).fetchone() == (4, 1)
        for left, change in zip((3, 2, 1), FORGETS, strict=True):
            owner.execute(
                f"UPDATE core.submission SET {change} WHERE id ="
                " (SELECT submission_id FROM core.agreement WHERE submission_id IS NOT NULL LIMIT 1)"
            )
            assert owner.execute(AGREED).fetchone() == (left, 1), change
        owner.execute(SCREENED)
        assert owner.execute(BANDS).fetchall() == [(0,)]
        _downgrade(database_urls)
        # As it was before: every point counts, and nothing is left that a table would be needed for.
        owner.execute(SCREENED)
        assert owner.execute(BANDS).fetchall() == [(2,)]
        owner.execute("UPDATE core.submission SET state = 'rejected', decided_at = now()")
        left_over = "SELECT to_regclass('core.agreement'), to_regproc('core.forgets_agreement')"
        assert owner.execute(left_over).fetchone() == (None, None)
        migrate(database_urls.owner)
        assert owner.execute(AGREED).fetchone() == (0, 0)
        owner.execute(SCREENED)
        assert owner.execute(BANDS).fetchall() == [(0,)]


def _downgrade(urls: ClusterUrls) -> None:
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0092")
        connection.commit()
