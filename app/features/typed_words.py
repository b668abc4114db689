"""What typed words may stand for: as they are, as others begin, in another alphabet, and misspelt.

The table of words of what is published says what a word may become, and how many features have that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson

from app.db import Question
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
#: So many ways to write a word are corrected, the likeliest. The others differ from one of these by less than a slip.
CORRECTED = 6
#: What nobody has counted: the numbers of houses. There may be any number of them.
MANY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a word of the query may stand for: any of `words`, of which `n` features have one at most.

    `sure` are those among them that begin as it was typed.
    """

    words: tuple[str, ...]
    sure: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to write a word of the query: `at` is the word's number, `begun` whether its end may be missing.

    `corrected` says that others like it are looked for where nobody has it.
    """

    at: int
    word: str
    begun: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class TypedWords:
    """Folded words in the order in which they were typed, and the ways to write them."""

    tokens: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def question(self) -> Question:
        """Asks the table of words for all of them."""
        readings = self.readings
        return Question(
            _WORDS,
            {
                "ats": list(range(len(readings))),
                "tokens": [reading.word for reading in readings],
                "begun": [reading.begun for reading in readings],
                "corrected": [reading.corrected for reading in readings],
                "endings": ENDINGS,
            },
        )

    def understood(self, answer: bytes) -> list[Wanted] | None:
        """What each word may stand for; None when one of them stands for nothing."""
        return self._understood(range(len(self.tokens)), answer)

    def _understood(self, numbers: Iterable[int], answer: bytes) -> list[Wanted] | None:
        found = self._found(answer)
        wanted = []
        for at in numbers:
            token = self.tokens[at]
            words = [
                word
                for reading, of_it in zip(self.readings, found, strict=True)
                if reading.at == at
                for word in of_it
            ]
            if words:
                sure = tuple(dict.fromkeys(word for word, _, typed in words if typed))
                every = tuple(dict.fromkeys(word for word, _, _ in words))
                # Two readings of a word may be one and the same.
                n = sum({word: n for word, n, _ in words}.values())
                wanted.append(Wanted(every, sure, n))
            elif token.isdigit():
                # Numbers are in the features' own index only.
                number = (token + ":*" if at == len(self.tokens) - 1 else token,)
                wanted.append(Wanted(number, number, MANY))
            else:
                return None
        return wanted

    def has(self, tokens: Sequence[str]) -> bool:
        """Whether these words, in this order, are asked for with it."""
        return self._numbers_of(tokens) is not None

    def understood_of(self, tokens: Sequence[str], answer: bytes) -> list[Wanted] | None:
        """As `understood`, of some of the words alone; None also where one of them is not asked for."""
        numbers = self._numbers_of(tokens)
        return None if numbers is None else self._understood(numbers, answer)

    def _numbers_of(self, tokens: Sequence[str]) -> list[int] | None:
        """The numbers of these words among all."""
        left = iter(enumerate(self.tokens))
        numbers = [next((at for at, one in left if one == token), -1) for token in tokens]
        return None if -1 in numbers else numbers

    def _found(self, answer: bytes) -> list[list[tuple[str, int, bool]]]:
        """By reading: words, how many features have each, and whether it begins as typed or is a correction.

        Also a reading of a word of which another is known is corrected: what stands here in Cyrillic letters
        stands there in Latin ones, and not always by the rule.
        """
        found: list[list[tuple[str, int, bool]]] = [[] for _ in self.readings]
        for number, word, n, typed in orjson.loads(answer):
            of_it = found[number]
            if typed or (len(of_it) < CORRECTIONS and _is_like(word, self.readings[number].word)):
                of_it.append((word, n, typed))
        return found


def typed_words(text: str, *, as_written: bool = False) -> TypedWords | None:
    """Read a text for the table of words; None where no word of it tells anything. `as_written` reads no other alphabet.

    Single letters are left out, which are "z" and "i", or begin a word. A number may have one digit.
    """
    words = fold_name(text[:LONGEST]).split()[:MOST_WORDS]
    tokens = tuple(word for word in words if len(word) >= SHORTEST_BEGUN or word.isdigit())
    if all(len(token) < SHORTEST_BEGUN for token in tokens):
        return None
    last = len(tokens) - 1
    readings = tuple(
        Reading(
            at,
            word,
            begun=at == last and len(word) >= SHORTEST_BEGUN,
            corrected=nth < CORRECTED and len(word) >= SHORTEST_MISSPELT and not word.isdigit(),
        )
        for at, token in enumerate(tokens)
        for nth, word in enumerate(dict.fromkeys((token, *(() if as_written else polish_readings(token)))))
    )
    return TypedWords(tokens, readings)


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
