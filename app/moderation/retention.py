"""What is kept of submissions and reports, and for how long."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, record
from app.moderation.states import OPEN_STATES, SubmissionState

UNCONFIRMED_KEPT = "72 hours"
REJECTED_KEPT = "30 days"
EMAIL_KEPT = "90 days"
CONFIRMATIONS_KEPT = "1 year"
#: Longer than any of them can be undone.
BULK_KEPT = "1 day"
MISSING_KEPT = "1 year"


async def forget(session: AsyncSession) -> dict[str, int]:
    """Delete what was never confirmed or was turned down, and erase addresses and reports, when their time is over.

    A merge forgets the submissions that it has led on when they are decided, or when it is taken back.

    What was turned down of an import stays: the next import of the source must not offer it again.
    Gives how many rows each rule touched. Done twice, it does nothing the second time.
    """
    done = {
        "unconfirmed": await _run(
            session,
            f"""DELETE FROM core.submission
                WHERE state = 'unconfirmed' AND created_at < now() - interval '{UNCONFIRMED_KEPT}'""",  # noqa: S608 - constants
        ),
        "rejected": await _run(
            session,
            f"""DELETE FROM core.submission
                WHERE state IN ('rejected', 'spam', 'withdrawn') AND channel <> 'import'
                  AND coalesce(decided_at, created_at) < now() - interval '{REJECTED_KEPT}'""",  # noqa: S608 - our own constants; values are parameters
        ),
        "addresses": await _run(
            session,
            f"""UPDATE core.submission SET contact_email = NULL
                WHERE contact_email IS NOT NULL AND decided_at < now() - interval '{EMAIL_KEPT}'""",  # noqa: S608 - our own constants; values are parameters
        ),
        "reports": await _run(
            session,
            f"""UPDATE core.report SET contact_email = NULL, body = NULL
                WHERE (contact_email IS NOT NULL OR body IS NOT NULL)
                  AND resolved_at < now() - interval '{EMAIL_KEPT}'""",  # noqa: S608 - our own constants; values are parameters
        ),
        "missing_words": await _run(
            session,
            f"""UPDATE core.missing SET searched = NULL, body = NULL
                WHERE (searched IS NOT NULL OR body IS NOT NULL)
                  AND created_at < now() - interval '{EMAIL_KEPT}'""",  # noqa: S608 - our own constants; values are parameters
        ),
        "missing": await _run(
            session,
            f"DELETE FROM core.missing WHERE created_at < now() - interval '{MISSING_KEPT}'",  # noqa: S608 - our own constants; values are parameters
        ),
        "bulk_decisions": await _run(
            session,
            f"DELETE FROM core.bulk WHERE coalesce(begun_at, created_at) < now() - interval '{BULK_KEPT}'",  # noqa: S608 - our own constants; values are parameters
        ),
        "confirmations": await _run(
            session,
            f"DELETE FROM core.confirmation WHERE created_at < now() - interval '{CONFIRMATIONS_KEPT}'",  # noqa: S608 - our own constants; values are parameters
        ),
    }
    # What was led on by a merge is led back as it was only while it waits.
    done["merged"] = await _run(session, _DECIDED_SINCE)
    if any(done.values()):
        record(session, SYSTEM, "submission.forgotten", "submission", "retention", **done)
    return done


_OPEN = ", ".join(f"'{state}'" for state in (*OPEN_STATES, SubmissionState.UNCONFIRMED))
_DECIDED_SINCE = f"""
    UPDATE core.merge m SET moved = jsonb_set(m.moved, '{{submissions}}', kept.waiting)
    FROM core.merge o CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE o.undone_at IS NULL AND EXISTS (
        SELECT FROM core.submission s WHERE s.id = CAST(key AS uuid) AND s.state IN ({_OPEN}))), '{{}}') AS waiting
      FROM jsonb_each(o.moved -> 'submissions')
    ) kept
    WHERE m.id = o.id AND m.moved -> 'submissions' <> kept.waiting
"""  # noqa: S608 - our own constants


async def _run(session: AsyncSession, statement: str) -> int:
    result = await session.execute(text(statement))
    return int(result.rowcount)  # type: ignore[attr-defined]
