"""Names of places as people type them: folding to plain letters, and how alike two of them are."""

import functools
import re
import unicodedata
from typing import Final

_APOSTROPHES = dict.fromkeys(map(ord, "'’ʼ‘`´ʹʾʿ＇′"))
#: Letters that Unicode does not take apart into a base and a mark, and the Cyrillic ones that people exchange.
_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ı": "i", "ŋ": "n",
        "ґ": "г", "ё": "е", "ѓ": "г", "ѐ": "е", "ѝ": "и",
    }
)  # fmt: skip
_NOT_A_LETTER = re.compile(r"[^\w]+|_+")
#: ASCII, Latin letters of Europe, Cyrillic ones and typographic signs: among them no marks, which belong to what stands
#: before them, so that they are folded one by one.
_USUAL = re.compile(
    "[\x00-\x7e\u00c0-\u017f\u0218-\u021b\u0400-\u0482\u048a-\u052f\u2013\u2014\u2018-\u201f]*"
)
_LAST_USUAL: Final = 0x201F
#: No name is longer; longer texts are cut before work whose time grows with their square.
MAX_COMPARED: Final = 100


def fold_name(name: str) -> str:
    """The name in small letters without Latin diacritics and apostrophes, words parted by single spaces.

    "Łódź" → "lodz", "Târgu-Mureş" → "targu mures", "Кам’янець" → "камянець". Cyrillic й and ї stay, as they are
    letters of their own; ґ becomes г and ё е, as people exchange them. Folding a folded name changes nothing.
    """
    letters = name.translate(_usual()) if _USUAL.fullmatch(name) else _letters(name)
    return " ".join(_NOT_A_LETTER.sub(" ", letters).split())


def _letters(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold().translate(_APOSTROPHES).translate(_LETTERS)
    # casefold gives back some marks and compatibility letters, so both are done again on what it gave.
    folded = unicodedata.normalize("NFKC", _without_latin_marks(folded)).casefold().translate(_LETTERS)
    return folded.translate(_APOSTROPHES)


@functools.cache
def _usual() -> dict[int, str]:
    """What each of the usual signs becomes, whatever stands beside it."""
    return {code: _letters(chr(code)) for code in range(_LAST_USUAL + 1) if _USUAL.fullmatch(chr(code))}


def trigrams(name: str) -> frozenset[str]:
    """The trigrams of a folded name as PostgreSQL's pg_trgm makes them: two spaces before each word, one after."""
    return frozenset(
        padded[start : start + 3]
        for padded in (f"  {word} " for word in name.split())
        for start in range(len(padded) - 2)
    )


def similarity(a: str, b: str) -> float:
    """How alike two names are, 0 to 1, folded first: the share of trigrams that both have, as pg_trgm counts it."""
    of_a, of_b = trigrams(fold_name(a[:MAX_COMPARED])), trigrams(fold_name(b[:MAX_COMPARED]))
    union = len(of_a | of_b)
    return len(of_a & of_b) / union if union else 0.0


def edits_within(a: str, b: str, limit: int = 2) -> int | None:
    """The Levenshtein distance of two texts where it is at most `limit`, otherwise None.

    Texts are compared as they are: fold them first. Only a band of 2·limit + 1 is computed. A negative limit is
    never reached.
    """
    if abs(len(a) - len(b)) > limit:
        return None
    row = list(range(len(b) + 1))
    too_far = limit + 1
    for i, letter in enumerate(a, start=1):
        first, last = max(1, i - limit), min(len(b), i + limit)
        above, row = row, [too_far] * (len(b) + 1)
        if i <= limit:
            row[0] = i
        for j in range(first, last + 1):
            row[j] = min(above[j - 1] + (letter != b[j - 1]), above[j] + 1, row[j - 1] + 1)
        if min(row) > limit:
            return None
    return row[-1] if row[-1] <= limit else None


def _without_latin_marks(text: str) -> str:
    """The text without combining marks on Latin letters, and composed again."""
    if text.isascii():
        return text
    kept: list[str] = []
    base_is_latin = False
    for sign in unicodedata.normalize("NFD", text):
        if unicodedata.combining(sign):
            if base_is_latin:
                continue
        else:
            base_is_latin = "a" <= sign <= "z"
        kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))
