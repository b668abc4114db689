"""Words of streets and towns that a typed word may have been meant for: misspelt, or written in another alphabet as it is heard."""

from dataclasses import dataclass
from itertools import islice
from typing import Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Question
from geo.sounds import slips_between, sound_of
from geo.transliteration import polish_readings

#: Of a shorter word a misspelling cannot be told from another word.
SHORTEST: Final = 4
#: So many words that sound alike are compared, and so many of them are looked for in streets.
COMPARED, MOST = 12, 6
_BATCH: Final = 10_000


def readings_of(word: str) -> tuple[str, ...]:
    """A word as it may stand in the tables: itself, and what Cyrillic letters may be in Polish ones."""
    return tuple(dict.fromkeys((word, *polish_readings(word))))


@dataclass(frozen=True, slots=True)
class MeantWords:
    """Folded words as they were typed; the end of the last one may be missing."""

    words: tuple[str, ...]
    begun: bool

    def question(self, *, known_too: bool = False) -> Question:
        """Ask for words that sound like those that no street and no town has, or with `known_too` like any of them."""
        last = len(self.words) - 1
        readings = [(at, reading) for at, word in enumerate(self.words) for reading in readings_of(word)]
        long = [at for at, word in enumerate(self.words) if len(word) >= SHORTEST]
        return Question(
            _ALIKE,
            {
                "ats": [at for at, _ in readings],
                "readings": [reading for _, reading in readings],
                "begun": [self.begun and at == last for at, _ in readings],
                "long": long,
                "sounds": [sound_of(self.words[at]) for at in long],
                "known_too": known_too,
                "compared": COMPARED,
            },
        )

    def meant(self, answer: bytes) -> list[tuple[str, ...]] | None:
        """Of each word others that may have been meant, likeliest first; None where no words of streets are known at all."""
        known, alikes = orjson.loads(answer)
        if not known:
            return None
        last = len(self.words) - 1
        found: list[list[tuple[int, str]]] = [[] for _ in self.words]
        for at, word, sound in alikes:
            slips = slips_between(sound, sound_of(self.words[at]), begun=self.begun and at == last)
            if slips is not None and word != self.words[at]:
                found[at].append((slips, word))
        # Of equals the database gives those first that look more alike.
        return [tuple(word for _, word in sorted(alike, key=lambda one: one[0])[:MOST]) for alike in found]


async def renew_street_words(session: AsyncSession) -> None:
    """Take the words of the streets and towns that are there now, in the session's transaction."""
    await session.execute(text("DELETE FROM published.street_word"))
    words = iter((await session.execute(text(_WORDS_OF_STREETS))).scalars().all())
    while some := list(islice(words, _BATCH)):
        await session.execute(_ADD_WORDS, {"words": some, "sounds": [sound_of(word) for word in some]})


# House numbers of the name of a street are neither completed nor corrected.
_WORDS_OF_STREETS: Final = """
SELECT DISTINCT ltrim(w.word, '@') FROM published.street s CROSS JOIN LATERAL unnest(tsvector_to_array(s.words)) AS w (word)
WHERE w.word ~ '[^0-9@]' ORDER BY 1
"""
_ADD_WORDS: Final = text(
    """
    INSERT INTO published.street_word (word, sound)
    SELECT * FROM unnest(CAST(:words AS text[]), CAST(:sounds AS text[]))
    """
)
# The first letter is seldom wrong, and words with one ending are many.
_ALIKE: Final = """
SELECT convert_to(json_build_array(
         EXISTS (SELECT FROM published.street_word),
         coalesce(json_agg(json_build_array(t.at, a.word, a.sound)), '[]'))::text, 'UTF8')
FROM unnest(CAST(:long AS integer[]), CAST(:sounds AS text[])) AS t (at, sound)
CROSS JOIN LATERAL (
  SELECT w.word, w.sound FROM published.street_word w
  WHERE w.sound % t.sound AND w.sound LIKE left(t.sound, 1) || '%'
    AND (CAST(:known_too AS boolean) OR t.at <> ALL(ARRAY(
      SELECT r.at
      FROM unnest(CAST(:ats AS integer[]), CAST(:readings AS text[]), CAST(:begun AS boolean[])) AS r (at, word, begun)
      CROSS JOIN LATERAL (
        SELECT FROM published.street_word k
        WHERE k.word >= r.word AND k.word < r.word || CASE WHEN r.begun THEN U&'\\+10FFFF' ELSE U&'\\0001' END
        ORDER BY k.word LIMIT 1) k)))
  ORDER BY similarity(w.sound, t.sound) DESC, w.word LIMIT :compared
) a
"""
