"""A queue as a flood leaves it: thousands of submissions with the scores that their screening gave them."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import may_take

FLOOD = text(
    """
    WITH made AS (
      INSERT INTO core.submission (layer, kind, channel, content, state, language, created_at, confirmed_at)
      SELECT 'aid_points', 'new', 'form',
        jsonb_build_object(
          'name', jsonb_build_object('texts', jsonb_build_object('pl', :word || ' ' || n), 'source', 'pl'),
          'services', '[{"type": "hot_meals"}]'::jsonb,
          'place', jsonb_build_object('disclosure', 'exact',
            'position', jsonb_build_object('lng', 20.6 + n * 0.00001, 'lat', 50.86))),
        'pending', 'pl', now() - make_interval(secs => :ago + n), now() - make_interval(secs => :ago + n)
      FROM generate_series(1, :n) AS n
      RETURNING id
    )
    INSERT INTO core.screening (submission_id, score, reasons, at)
    SELECT id, :score, '[{"code": "burst", "points": 90, "detail": {"n": 400}}]', now() FROM made WHERE :score >= 0
    """
)


async def flood(
    session: AsyncSession, n: int, *, word: str = "KREDYT", score: int = 90, ago_s: int = 600
) -> None:
    """Put `n` confirmed submissions into the queue; a `score` below 0 leaves them as not screened."""
    # What thousands of people send takes them days, and a machine that does other things too more than one statement may.
    await may_take(session, 120)
    await session.execute(FLOOD, {"n": n, "word": word, "score": score, "ago": ago_s})
