"""What is already here of a source is looked up by an index, however much else is in the queue."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.imports import known
from app.imports.known import known_features, known_submissions
from app.imports.staging import known as staging
from app.localdb import ClusterUrls

ROWS = 3000


async def _fill(session: AsyncSession) -> None:
    await session.execute(
        text(
            """
            INSERT INTO core.submission
              (layer, kind, channel, content, state, language, source, source_id, created_at)
            SELECT 'aid_points', 'new', 'import', jsonb_build_object('turn', turn), state, 'pl', 'points', 'P' || n,
              now() - make_interval(days => 10 - turn)
            FROM generate_series(1, :rows) AS n,
              (VALUES (1, 'rejected'), (2, 'withdrawn'), (3, 'pending')) AS turns (turn, state)
            """
        ),
        {"rows": ROWS},
    )
    await session.execute(
        text(
            """
            WITH feature AS (
              INSERT INTO core.feature (layer, state, revision, content, source, source_id)
              SELECT 'aid_points', 'published', 1, '{}', 'points', 'P' || n FROM generate_series(1, :rows) AS n
              RETURNING id
            )
            INSERT INTO core.revision (feature_id, number, content, action) SELECT id, 1, '{}', 'import' FROM feature
            """
        ),
        {"rows": ROWS},
    )
    await session.commit()


async def test_the_last_submission_of_each_row_is_given(session: AsyncSession) -> None:
    await _fill(session)

    found = await known_submissions(session, "aid_points", "points", ["P7", "P3000", "P9999"])

    assert set(found) == {"P7", "P3000"}
    assert found["P7"].waiting
    assert found["P7"].content == {"turn": 3}
    assert await known_submissions(session, "organisations", "points", ["P7"]) == {}
    assert await known_submissions(session, "aid_points", "others", ["P7"]) == {}


# Statistics may say anything while an import writes: that there is nothing, or what is there.
@pytest.mark.parametrize("analysed", [False, True])
@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (known._FEATURES, "uq_feature_layer_source"),
        (known._SUBMISSIONS, "ix_submission_source"),
        (staging._OFF_THE_MAP, "ix_feature_gone"),
    ],
)
async def test_no_batch_reads_the_whole_queue_or_register(
    session: AsyncSession, database_urls: ClusterUrls, statement: object, index: str, analysed: bool
) -> None:
    await _fill(session)
    if analysed:
        with psycopg.connect(database_urls.owner.replace("+psycopg", "")) as owner:
            owner.execute("ANALYZE core.submission, core.feature, core.revision")

    plan = await session.execute(
        text(f"EXPLAIN {statement}"),
        {
            "source": "points",
            "ids": [f"P{n}" for n in range(500)],
            "layer": "aid_points",
            "asked": '[{"number": 0, "marks": ["+48413445123", "Noclegownia"]}]',
        },
    )

    lines = "\n".join(row[0] for row in plan)
    assert index in lines
    assert "Seq Scan" not in lines


async def test_nothing_is_known_of_a_source_that_is_new(session: AsyncSession) -> None:
    assert await known_features(session, "aid_points", "points", ["1"]) == {}
    assert await known_submissions(session, "aid_points", "points", ["1"]) == {}
