"""Words that mix alphabets, and signs that nobody sees: ways to make a name that is not what it looks like."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from app.moderation.screening.signals import Signal

_WORD: Final = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f\u200c\u200d][^\W\d_]*)*")
#: What letters are told apart by; a name in any one alphabet is as good as in another.
_ALPHABETS: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
#: Between letters of these alphabets they mean nothing; Persian, Hindi and emoji need them.
_HIDDEN: Final = re.compile(
    "(?<=[A-Za-z\u00c0-\u052f\u1e00-\u1fff])[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2060-\u2064\u3164\ufe00-\ufe0f\ufeff]"
)


def alphabet_signals(names: Iterable[str]) -> Iterator[Signal]:
    """A signal for the first word that mixes alphabets, and one for hidden signs."""
    mixed = [word for name in names for word in mixed_words(name)]
    if mixed:
        yield Signal("mixed_scripts", 25, {"word": mixed[0]})
    if any(_HIDDEN.search(name) for name in names):
        yield Signal("hidden_signs", 25)


def mixed_words(name: str) -> list[str]:
    """The words of a name whose letters come from several alphabets."""
    return [word for word in _WORD.findall(name) if len(_alphabets(word)) > 1]


def _alphabets(word: str) -> set[str]:
    found = {unicodedata.name(sign, "").partition(" ")[0] for sign in word}
    return found & set(_ALPHABETS)
