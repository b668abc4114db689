"""Published features by name, address and words, as somebody types: the last word begun, any word misspelt.

First the words of the query are looked up in the table of words, which says what they may become and how many features
have them; then the features that have them all are read, never more than a fixed number of them.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from app.db import Database
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.distance import METRES_PER_DEGREE
from geo.names import edits_within, fold_name
from geo.transliteration import polish_readings

MOST_WORDS = 6
LONGEST = 100
#: One letter begins too much.
SHORTEST_BEGUN = 2
#: Of a shorter word a misspelling cannot be told from another word.
SHORTEST_MISSPELT = 4
#: So many endings of a begun word are looked for, and so many corrections of a misspelt one.
ENDINGS, CORRECTIONS = 12, 3
#: So many features are compared with each other. Of more, those are compared that are found first.
COMPARED = 80
#: From so many on it is not worth gathering all features that have a word: among so many that are looked at, some have it.
COMMON, LOOKED_AT = 4_000, 600
#: At this distance a feature counts half.
HALVING_KM = 10.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a word of the query may stand for: any of `words`, of which `n` features have one at most.

    `sure` are those among them that begin as it was typed.
    """

    words: tuple[str, ...]
    sure: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Found:
    """A JSON array of features, and whether every word was found as it was typed."""

    features: bytes
    as_typed: bool


NOTHING = Found(b"[]", as_typed=False)


async def find_features(
    database: Database,
    text: str,
    vocabulary: Vocabulary,
    *,
    language: str,
    limit: int,
    near: Position | None = None,
    as_written: bool = False,
) -> Found:
    """Give the features that a text means, best first, as a JSON array of objects `id`, `layer`, `slug`, `name`,
    `family` and `detail` (address or area), in the names of `language` where there are any.

    `near` prefers what is not far; `as_written` reads the words in no other alphabet. An empty array where a word fits nothing, not even misspelt.
    """
    tokens = _tokens(text)
    if not tokens:
        return NOTHING
    wanted = await _understand(database, tokens, as_written=as_written)
    if wanted is None:
        return NOTHING
    rarest = min(word.n for word in wanted)
    values = {
        "words": _query([word.words for word in wanted]),
        "sure": _query([word.sure for word in wanted]),
        "language": language,
        "limit": limit,
        "compared": COMPARED,
        "families": list(vocabulary.families),
    }
    common = rarest > COMMON
    if common:
        values["looked_at"] = LOOKED_AT
    if near is not None:
        values |= {"lng": near.lng, "lat": near.lat, "km": METRES_PER_DEGREE / 1000, "half": HALVING_KM}
    as_typed = all(word.sure for word in wanted)
    features = await database.answer(
        _features_sql(common=common, near=near is not None), values, planned_once=True
    )
    return Found(features, as_typed)


def _query(words: Sequence[Sequence[str]]) -> str:
    """One of each, for `to_tsquery`; "" when one of them is empty. Folded words are letters and digits only."""
    return " & ".join(f"({' | '.join(any_of)})" for any_of in words) if all(words) else ""


def _tokens(text: str) -> list[str]:
    """The folded words of a text without single letters, which are "z" and "i", or begin a word. A number may have one digit."""
    tokens = fold_name(text[:LONGEST]).split()[:MOST_WORDS]
    telling = [token for token in tokens if len(token) >= SHORTEST_BEGUN or token.isdigit()]
    return [] if all(len(token) < SHORTEST_BEGUN for token in telling) else telling


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to write a word of the query: `at` is the word's number, `begun` whether its end may be missing."""

    at: int
    word: str
    begun: bool


async def _understand(database: Database, tokens: Sequence[str], *, as_written: bool) -> list[Wanted] | None:
    """What each word may stand for; None when one of them stands for nothing."""
    last = len(tokens) - 1
    given = [
        Reading(at, word, begun=at == last and len(word) >= SHORTEST_BEGUN)
        for at, token in enumerate(tokens)
        for word in dict.fromkeys((token, *(() if as_written else polish_readings(token))))
    ]
    found = await _look_up(database, given)
    wanted = []
    for at, token in enumerate(tokens):
        words = [word for reading in given if reading.at == at for word in found[reading]]
        if words:
            sure = tuple(dict.fromkeys(word for word, _, typed in words if typed))
            every = tuple(dict.fromkeys(word for word, _, _ in words))
            wanted.append(Wanted(every, sure, sum(n for _, n, _ in words)))
        elif token.isdigit():
            # Numbers are in the features' own index only.
            number = (token + ":*" if at == last else token,)
            wanted.append(Wanted(number, number, COMMON))
        else:
            return None
    return wanted


async def _look_up(
    database: Database, given: Sequence[Reading]
) -> dict[Reading, list[tuple[str, int, bool]]]:
    """By reading: words, how many features have each, and whether it begins as typed or is a correction.

    Also a reading of a word of which another is known is corrected: what stands here in Cyrillic letters
    stands there in Latin ones, and not always by the rule.
    """
    answer = await database.answer(
        _WORDS,
        {
            "ats": list(range(len(given))),
            "tokens": [reading.word for reading in given],
            "begun": [reading.begun for reading in given],
            "corrected": [
                len(reading.word) >= SHORTEST_MISSPELT and not reading.word.isdigit() for reading in given
            ],
            "endings": ENDINGS,
        },
        planned_once=True,
    )
    found: dict[Reading, list[tuple[str, int, bool]]] = {reading: [] for reading in given}
    for number, word, n, typed in orjson.loads(answer):
        reading = given[number]
        if typed or (len(found[reading]) < CORRECTIONS and _is_like(word, reading.word)):
            found[reading].append((word, n, typed))
    return found


def _is_like(word: str, typed: str) -> bool:
    """Whether a word may have been meant; its end may still be missing."""
    slips = 1 if len(typed) <= 5 else 2
    return (
        edits_within(word, typed, slips) is not None
        or edits_within(word[: len(typed)], typed, slips) is not None
    )


# A word that was typed whole comes first, whatever else it may be the beginning of. Corrections are looked for only
# where nothing begins as it was typed.
_WORDS = """
SELECT convert_to(coalesce(json_agg(json_build_array(t.at, w.word, w.n, w.typed)), '[]')::text, 'UTF8')
FROM unnest(CAST(:ats AS integer[]), CAST(:tokens AS text[]), CAST(:begun AS boolean[]),
            CAST(:corrected AS boolean[])) AS t (at, token, begun, corrected)
CROSS JOIN LATERAL (
  WITH known AS MATERIALIZED (
    SELECT k.word, sum(k.n) AS n FROM published.word k
    WHERE k.word >= t.token AND k.word < t.token || CASE WHEN t.begun THEN U&'\\+10FFFF' ELSE U&'\\0001' END
    GROUP BY k.word ORDER BY k.word = t.token DESC, sum(k.n) DESC LIMIT :endings
  ), similar_ones AS (
    SELECT k.word, sum(k.n) AS n FROM published.word k
    WHERE t.corrected AND NOT EXISTS (SELECT FROM known) AND k.word % t.token
    GROUP BY k.word ORDER BY similarity(k.word, t.token) DESC, sum(k.n) DESC LIMIT :endings
  )
  SELECT word, n, true AS typed FROM known UNION ALL SELECT word, n, false FROM similar_ones
) w
"""


_FITS = "f.search @@ to_tsquery('simple', :words)"
# Kilometres; nothing without a position is near or far.
_FAR = """coalesce(:km * sqrt(((f.lng - CAST(:lng AS float8)) * cos(radians(CAST(:lat AS float8)))) ^ 2
                            + (f.lat - CAST(:lat AS float8)) ^ 2), :half)"""
_AROUND = """f.geom && ST_Expand(ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326),
                                 :half / :km / greatest(cos(radians(CAST(:lat AS float8))), 0.01), :half / :km)"""


@functools.cache
def _features_sql(*, common: bool, near: bool) -> str:
    """The statement: candidates, the nearer of them where a position is known, the best by what fits where."""
    far = _FAR if near else "0.0"
    gathered = f"SELECT f.id, f.search, {far} AS far FROM published.feature f WHERE {_FITS}"  # noqa: S608
    looked_at = ""
    if common:
        # The index gathers all features before it gives the first. Where many fit, some are found by looking at a few.
        looked_at = f"""
        WITH found AS MATERIALIZED (
          SELECT f.id, f.search, f.far FROM (
            SELECT f.id, f.search, {far} AS far, {_FITS} AS fits
            FROM published.feature f {f"WHERE {_AROUND}" if near else ""} LIMIT :looked_at
          ) f WHERE f.fits
        )"""  # noqa: S608
        gathered = f"""SELECT * FROM found UNION ALL ({gathered}
          AND (SELECT count(*) FROM found) < :limit AND f.id NOT IN (SELECT id FROM found) LIMIT 2 * :compared)"""  # noqa: S608
    # What was typed comes before what was corrected.
    score = "ts_rank('{0.05, 0.1, 0.2, 1}', c.search, q.words, 1) * CASE WHEN c.search @@ q.sure THEN 3 ELSE 1 END"
    if near:
        gathered = f"SELECT * FROM ({gathered} LIMIT 2 * :compared) c ORDER BY c.far, c.id"  # noqa: S608
        score += " / (1 + c.far / :half)"
    # Texts are read only of those that are shown.
    return f"""
    {looked_at}
    SELECT convert_to(coalesce(json_agg(json_strip_nulls(json_build_object(
             'id', f.id, 'layer', f.layer, 'slug', f.slug,
             'family', (CAST(:families AS text[]))[f.family + 1],
             'name', coalesce(s.slim #>> ARRAY['properties', 'names', CAST(:language AS text)], f.name),
             'detail', coalesce(s.slim #>> '{{properties,address}}', s.slim #>> '{{properties,area}}')
           )) ORDER BY b.score DESC, b.id), '[]')::text, 'UTF8')
    FROM (
      SELECT c.id, {score} AS score
      FROM ({gathered} LIMIT :compared) c
      -- Read once, not again for every feature.
      CROSS JOIN (SELECT to_tsquery('simple', :words) AS words, to_tsquery('simple', :sure) AS sure OFFSET 0) q
      ORDER BY score DESC, c.id
      LIMIT :limit
    ) b
    JOIN published.feature f ON f.id = b.id
    CROSS JOIN LATERAL (SELECT CAST(f.slim AS json) AS slim OFFSET 0) s
    """  # noqa: S608 - constants of this module
