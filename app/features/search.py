"""Published features by name, address and words, as somebody types: the last word begun, any word misspelt.

First the words of the query are looked up in the table of words (`typed_words.py`), which says what they may become and
how many features have them; then the features that have them all are read, never more than a fixed number of them.
"""

import functools
from collections.abc import Sequence
from typing import Final

from app.db import Database, Question
from app.features.typed_words import MANY, Wanted, typed_words
from app.i18n import LANGUAGES
from app.taxonomy.vocabulary import Vocabulary
from geo.bbox import Position
from geo.distance import METRES_PER_DEGREE

# As text of no alphabet, so that all of them fit into one array.
_NAMES: Final = ", ".join(f'f.name_{language} COLLATE "C"' for language in LANGUAGES)
#: An array of no features.
NOTHING = b"[]"
#: So many features are compared with each other. Of more, those are compared that are found first.
COMPARED = 80
#: From so many on it is not worth gathering all features that have a word: among so many that are looked at, some have it.
#: Of several words it is not from fewer on, for whoever has one of them often has the next, and the index is slow to tell.
COMMON, COMMON_TOGETHER, LOOKED_AT = 4_000, 2_500, 400
#: Unless it is quick: for each feature with the rarest of several words it looks at all that any word may stand for, so
#: many times at most.
LOOKED_UP = 40_000
#: A word so many times as common as the rarest is not asked of the index: reading its long list there takes longer than
#: looking at the few features that the others leave.
FAR_COMMONER = 8
#: Few enough to be looked at one by one.
FEW = 500
#: So many of the nearest ones are looked at before any others.
NEAREST = 250
#: At this distance a feature counts half.
HALVING_KM = 10.0


async def find_features(
    database: Database,
    text: str,
    vocabulary: Vocabulary,
    *,
    language: str,
    limit: int,
    near: Position | None = None,
) -> bytes:
    """Give the features that a text means as `ask_features` says; none where a word fits nothing, not even misspelt."""
    words = typed_words(text)
    if words is None:
        return NOTHING
    wanted = words.understood((await database.answers(words.question))[0])
    if wanted is None:
        return NOTHING
    question = ask_features(wanted, vocabulary, language=language, limit=limit, near=near)
    return bytes((await database.answers(question))[0])


def ask_features(
    wanted: Sequence[Wanted],
    vocabulary: Vocabulary,
    *,
    language: str,
    limit: int,
    near: Position | None = None,
) -> Question:
    """Ask for the features that words mean, best first, as a JSON array of objects `id`, `layer`, `slug`, `name`,
    `family` and `detail` (address or area), in the names of `language` where there are any.

    `near` prefers what is not far.
    """
    rarest = min(word.n for word in wanted)
    first = _first_looked_at(wanted, rarest)
    # Those that are asked of the index come first.
    wanted = sorted(wanted, key=lambda word: not _is_telling(word, wanted, rarest))
    indexed = sum(_is_telling(word, wanted, rarest) for word in wanted)
    sure = _all_of([word.sure for word in wanted])
    corrected = bool(sure) and any(word.sure != word.words for word in wanted)
    values: dict[str, object] = {
        "words": [_any_of(word.words) for word in wanted],
        "language": LANGUAGES.index(language) + 1,
        "limit": limit,
        "compared": COMPARED,
        "families": list(vocabulary.families),
    }
    if corrected:
        values["sure"] = sure
    if first == "rarest":
        values["rarest"] = [word.n for word in wanted].index(rarest) + 1
    if near is not None:
        values |= {"lng": near.lng, "lat": near.lat, "km": METRES_PER_DEGREE / 1000, "half": HALVING_KM}
    statement = _features_sql(
        words=len(wanted), indexed=indexed, first=first, near=near is not None, corrected=corrected
    )
    return Question(statement, values)


def _first_looked_at(wanted: Sequence[Wanted], rarest: int) -> str:
    """Which features are looked at before the index gathers all: a "sample", those with the "rarest" word, or "" none."""
    if len(wanted) > 1 and rarest * sum(len(word.words) for word in wanted) <= LOOKED_UP:
        return ""
    if rarest > COMMON:
        return "sample"
    return "rarest" if len(wanted) > 1 and rarest > COMMON_TOGETHER else ""


def _is_telling(word: Wanted, wanted: Sequence[Wanted], rarest: int) -> bool:
    """Whether the index is asked for a word: not where the others leave so few features that all of them can be looked at.

    How many have a number nobody knows, but only one house in a street does.
    """
    few = rarest <= FEW or any(one.n == MANY for one in wanted)
    return word.n == MANY or word.n <= FAR_COMMONER * rarest or not few


def _all_of(words: Sequence[Sequence[str]]) -> str:
    """One of each, for `to_tsquery`; "" when one of them is empty."""
    return " & ".join(map(_any_of, words)) if all(words) else ""


def _any_of(words: Sequence[str]) -> str:
    """Folded words are letters and digits only."""
    return f"({' | '.join(words)})"


# Selected, so that it is read once and not again for every feature.
_WORD = "(SELECT to_tsquery('simple', (CAST(:words AS text[]))[{}]))"
_FITS = "f.search @@ {}"
# The same, as a function, of which no index knows.
_FITS_TOO = "ts_match_vq(f.search, {})"
# The words of a feature that is looked at are unpacked once for all that is asked of them.
_ALL_FIT = "f.search @@ (SELECT to_tsquery('simple', array_to_string(CAST(:words AS text[]), ' & ')))"
# Kilometres; nothing without a position is near or far.
_FAR = """coalesce(:km * sqrt(((f.lng - CAST(:lng AS float8)) * cos(radians(CAST(:lat AS float8)))) ^ 2
                            + (f.lat - CAST(:lat AS float8)) ^ 2), :half)"""
# Nearest first. In degrees, so that the index gives them in this order; which of them is nearest is reckoned afterwards.
_IN_ORDER = "ORDER BY f.geom <-> ST_SetSRID(ST_MakePoint(CAST(:lng AS float8), CAST(:lat AS float8)), 4326)"
# Ids are drawn by lot: whatever has one of the next ones is a sample of all.
_ANYWHERE = (
    "f.id > CAST(overlay(md5(array_to_string(CAST(:words AS text[]), ' & ')) PLACING '0' FROM 1) AS uuid)"
)


@functools.cache
def _features_sql(*, words: int, indexed: int, first: str, near: bool, corrected: bool) -> str:
    """The statement: candidates, the nearer of them where a position is known, the best by what fits where.

    Of the `words` the first `indexed` are asked of the index. `first` is as `_first_looked_at` gives it, `corrected` says that some may have words that nobody typed, and others those that were.
    """
    far = _FAR if near else "0.0"
    # A condition for each word: the index is slow to decide one of many words and another of many.
    fits = " AND ".join(
        (_FITS if at <= indexed else _FITS_TOO).format(_WORD.format(at)) for at in range(1, words + 1)
    )
    gathered = f"SELECT f.id, f.search, {far} AS far FROM published.feature f WHERE {fits}"  # noqa: S608 - our own constants; values are parameters
    looked_at = ""
    if first:
        # The index gathers all features before it gives the first. Where many fit, some are found by looking at a few.
        if first == "rarest":
            found = _looked_at(far, f"WHERE f.search @@ {_WORD.format(':rarest')}")
            enough = ":compared"
        else:
            found = _sampled(far, near=near)
            enough = ":limit"
        looked_at = f"WITH found AS MATERIALIZED ({found})"
        gathered = f"""SELECT * FROM found UNION ALL ({gathered}
          AND (SELECT count(*) FROM found) < {enough} AND f.id NOT IN (SELECT id FROM found) LIMIT 2 * :compared)"""  # noqa: S608 - our own constants; values are parameters
    score = "ts_rank('{0.05, 0.1, 0.2, 1}', c.search, q.words, 1)"
    sure = ""
    if corrected:
        # What was typed comes before what was corrected.
        score += " * CASE WHEN c.search @@ q.sure THEN 3 ELSE 1 END"
        sure = ", to_tsquery('simple', :sure) AS sure"
    if near:
        gathered = f"SELECT * FROM ({gathered} LIMIT 2 * :compared) c ORDER BY c.far, c.id"  # noqa: S608 - our own constants; values are parameters
        score += " / (1 + c.far / :half)"
    # Texts are read only of those that are shown.
    return f"""
    {looked_at}
    SELECT convert_to(coalesce(json_agg(json_strip_nulls(json_build_object(
             'id', f.id, 'layer', f.layer, 'slug', f.slug,
             'family', (CAST(:families AS text[]))[f.family + 1],
             'name', (ARRAY[{_NAMES}])[:language],
             'detail', coalesce(s.slim #>> '{{properties,address}}', s.slim #>> '{{properties,area}}')
           )) ORDER BY b.score DESC, b.id), '[]')::text, 'UTF8')
    FROM (
      SELECT c.id, {score} AS score
      FROM ({gathered} LIMIT :compared) c
      -- Read once, not again for every feature.
      CROSS JOIN (SELECT to_tsquery('simple', array_to_string(CAST(:words AS text[]), ' & ')) AS words{sure} OFFSET 0) q
      ORDER BY score DESC, c.id
      LIMIT :limit
    ) b
    JOIN published.feature f ON f.id = b.id
    CROSS JOIN LATERAL (SELECT CAST(f.slim AS json) AS slim OFFSET 0) s
    """  # noqa: S608 - constants of this module


def _sampled(far: str, *, near: bool) -> str:
    """Select those that fit among the nearest, and where these are too few, among some that are anywhere."""
    if not near:
        return _looked_at(far, f"WHERE {_ANYWHERE} ORDER BY f.id")
    around = _looked_at(far, _IN_ORDER, NEAREST)
    anywhere = _looked_at(
        far,
        f"WHERE (SELECT count(*) FROM around) < :limit AND {_ANYWHERE} ORDER BY f.id",  # noqa: S608 - our own constants; values are parameters
    )
    return f"""
    WITH around AS MATERIALIZED ({around})
    SELECT * FROM around
    UNION ALL SELECT * FROM ({anywhere}) s WHERE s.id NOT IN (SELECT id FROM around)"""  # noqa: S608 - our own constants; values are parameters


def _looked_at(far: str, where: str, most: int = LOOKED_AT) -> str:
    """Select those that fit among the first ones, until there are as many as are compared.

    How many are looked at is no parameter: for the planner it would be a tenth of all, and any index too dear.
    """
    return f"""
    SELECT f.id, f.search, f.far FROM (
      SELECT f.id, f.search, {far} AS far, {_ALL_FIT} AS fits FROM published.feature f {where} LIMIT {most}
    ) f WHERE f.fits LIMIT :compared"""  # noqa: S608 - constants of this module
