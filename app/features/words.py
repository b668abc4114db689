"""The words of what is published: they complete a word that somebody has begun, and correct one that is misspelt.

A small table of distinct words answers in a fraction of a millisecond what the features themselves could only
answer by being looked through.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

#: Weights of the search text whose words are counted: names, and descriptions with addresses. The names of services
#: stand in it too, but the vocabulary knows those.
WEIGHTS = ("A", "C")
SHORTEST, LONGEST = 2, 40

# Numbers of houses and telephones are neither completed nor corrected.
_COUNTED = f"""
    l.weights && ARRAY[{", ".join(f"'{weight}'" for weight in WEIGHTS)}]
    AND length(l.lexeme) BETWEEN {SHORTEST} AND {LONGEST} AND l.lexeme ~ '[^0-9]'
"""
#: Counts in the words of `given`, rows that are written by the same statement to the layer `:layer`; `search` is their
#: search text. In the order of the key, so that two publications never wait for each other in turn.
COUNT_IN = f"""
    INSERT INTO published.word AS w (layer, word, n)
    SELECT :layer, l.lexeme, count(*) FROM given CROSS JOIN LATERAL unnest(given.search) AS l
    WHERE {_COUNTED} GROUP BY l.lexeme ORDER BY l.lexeme
    ON CONFLICT (word, layer) DO UPDATE SET n = w.n + excluded.n
"""  # noqa: S608 - constants of this module
_COUNT_ROWS_IN = text(
    f"""
    WITH given AS (SELECT f.search FROM published.feature f WHERE f.id = ANY(CAST(:ids AS uuid[])))
    {COUNT_IN}
    """  # noqa: S608 - constants of this module
)
_TAKE_AWAY = text(
    f"""
    WITH gone AS (
        SELECT f.layer, l.lexeme AS word, count(*) AS n
        FROM published.feature f CROSS JOIN LATERAL unnest(f.search) AS l
        WHERE f.id = ANY(CAST(:ids AS uuid[])) AND {_COUNTED}
        GROUP BY f.layer, l.lexeme ORDER BY f.layer, l.lexeme
    ),
    fewer AS (
        UPDATE published.word w SET n = w.n - gone.n FROM gone
        WHERE w.word = gone.word AND w.layer = gone.layer AND w.n > gone.n
    )
    DELETE FROM published.word w USING gone
    WHERE w.word = gone.word AND w.layer = gone.layer AND w.n <= gone.n
    """  # noqa: S608 - constants of this module
)


async def count_in(session: AsyncSession, layer: str, ids: Sequence[object]) -> None:
    """Count in the words of rows that are there already."""
    await session.execute(_COUNT_ROWS_IN, {"layer": layer, "ids": list(ids)})


async def count_out(session: AsyncSession, ids: Sequence[object]) -> None:
    """Count their words out, before they are written anew or taken away. A word that nobody has left is forgotten."""
    await session.execute(_TAKE_AWAY, {"ids": list(ids)})


async def clear(session: AsyncSession, layer: str) -> None:
    """Forget the words of a layer, before they are counted anew."""
    await session.execute(text("DELETE FROM published.word WHERE layer = :layer"), {"layer": layer})
