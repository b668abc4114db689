"""What is forgotten at night goes batch by batch: no lock is held for long, and an end in the middle loses nothing (G5)."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import Database
from app.db import session as transaction
from app.localdb import ClusterUrls
from app.moderation.retention import forget
from tests.functional.desk.locks import until_it_waits

BATCH = 3
#: Seven of each are due: two batches and one more.
DUE = 7
PUT = """
    INSERT INTO core.submission (layer, kind, channel, content, state, language, created_at, contact_email)
    SELECT 'aid_points', 'new', 'form', '{}', 'unconfirmed', 'pl',
      now() - interval '80 hours' - make_interval(mins => n), 'ola@poczta.pl'
    FROM generate_series(1, 7) AS n;
    INSERT INTO core.submission (layer, kind, channel, content, state, language) VALUES
      ('aid_points', 'new', 'form', '{}', 'unconfirmed', 'pl');
    INSERT INTO core.confirmation (feature_id, revision, day, created_at)
    SELECT f.id, 1, '2025-01-01', now() - interval '400 days' FROM core.feature f, generate_series(1, 7);
    INSERT INTO core.bulk (user_id, act, query, created_at)
    SELECT id, 'spam', '', now() - interval '2 days' FROM core."user";
    INSERT INTO core.bulk_item (bulk_id, submission_id, version)
    SELECT b.id, s.id, 1 FROM core.bulk b, core.submission s WHERE s.created_at > now() - interval '1 hour';
    INSERT INTO core.verification (feature_id, first_by, first_how, first_said, ended_at)
    SELECT f.id, gen_random_uuid(), 'register', 'Zadzwoniono.', now() - interval '91 days'
    FROM core.feature f, generate_series(1, 7);
    INSERT INTO core.agreement (feature_id, submission_id, act, mark, agreed_by, at)
    SELECT id, NULL, 'revert', '', gen_random_uuid(), now() - interval '31 days' FROM core.feature
    UNION ALL
    SELECT NULL, id, 'publish', '', gen_random_uuid(), now() - interval '29 days'
    FROM core.submission WHERE created_at > now() - interval '1 hour'
"""
#: The fifth that is to be deleted cannot be.
FAULT = """
    CREATE SEQUENCE core.tried;
    GRANT USAGE ON SEQUENCE core.tried TO pomapa_app;
    CREATE FUNCTION core.fault() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF nextval('core.tried') = 5 THEN RAISE EXCEPTION 'fault'; END IF;
      RETURN OLD;
    END $$;
    CREATE TRIGGER fault BEFORE DELETE ON core.submission FOR EACH ROW EXECUTE FUNCTION core.fault()
"""


async def test_what_was_forgotten_before_a_fault_stays_forgotten_and_the_rest_follows(
    db: Database, database_urls: ClusterUrls
) -> None:
    with psycopg.connect(database_urls.owner.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(MADE)
        owner.execute(PUT)
        owner.execute(FAULT)
        with pytest.raises(DBAPIError):
            await forget(db, batch=BATCH)
        # One batch of the first rule, and all of the others.
        assert owner.execute(LEFT).fetchone() == (DUE + 1 - BATCH, 0, 0, 0)

        owner.execute("DROP TRIGGER fault ON core.submission")
        assert (await forget(db, batch=BATCH))["unconfirmed"] == DUE - BATCH
        assert owner.execute(LEFT).fetchone() == (1, 0, 0, 0)
    assert sum((await forget(db, batch=BATCH)).values()) == 0
    async with transaction(db) as s:
        entries = (
            await s.scalars(
                text("SELECT detail FROM core.audit WHERE action = 'submission.forgotten' ORDER BY id")
            )
        ).all()
    assert max(number for entry in entries for number in entry.values()) == BATCH
    assert sum(entry.get("unconfirmed", 0) for entry in entries) == DUE
    assert [entry["agreements"] for entry in entries if "agreements" in entry] == [1]
    assert [entry["verifications"] for entry in entries if "verifications" in entry] == [3, 3, 1]


MADE = """
    INSERT INTO core.feature (layer, state, revision, content) VALUES ('aid_points', 'published', 1, '{}');
    INSERT INTO core."user" (email) VALUES ('mod@example.org')
"""
LEFT = """
    SELECT (SELECT count(*) FROM core.submission), (SELECT count(*) FROM core.confirmation),
      (SELECT count(*) FROM core.bulk_item), (SELECT count(*) FROM core.bulk)
"""


async def test_what_is_confirmed_while_it_is_about_to_be_forgotten_stays(
    db: Database, database_urls: ClusterUrls
) -> None:
    with psycopg.connect(database_urls.owner.replace("+psycopg", "")) as owner:
        owner.execute(MADE)
        owner.execute(PUT)
        owner.commit()
        owner.execute(CONFIRMED)
        async with db.write.connect() as looking:
            forgetting = asyncio.create_task(forget(db))
            await until_it_waits(looking, owner.info.backend_pid, forgetting)
        owner.commit()
        assert (await forgetting)["unconfirmed"] == DUE - 1
        assert owner.execute(LEFT).fetchone() == (2, 0, 0, 0)


CONFIRMED = """
    UPDATE core.submission SET state = 'pending'
    WHERE id = (SELECT id FROM core.submission ORDER BY created_at LIMIT 1)
"""
