"""Names that somebody types in six languages: made tidy, and held against the letters of their language."""

import re
from typing import Final

from app.i18n import N_

#: Languages that are written in Cyrillic letters; the others never are.
CYRILLIC_LANGUAGES: Final = frozenset(("uk", "ru"))
#: Letters that a language does not have: a wrong keyboard, or the neighbour's word.
FOREIGN: Final = {"uk": "ыэъёЫЭЪЁ", "ru": "іїєґІЇЄҐ", "ro": "şţŞŢ"}
LONGEST: Final = 60

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
#: Letters of both scripts, digits, and the signs that stand in names. Nothing that cannot be seen.
_SIGNS = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff0-9 \u2019\u2013„”“«»(),./&+-]*")
_WORD = re.compile(r"[^\W\d_]+")

NO_NAME: Final = N_("Write the name in this language, too.")
TOO_LONG: Final = N_("Write it in at most 60 signs.")
STRANGE: Final = N_("Use letters, digits and ordinary punctuation only.")
NOT_CYRILLIC: Final = N_("Write it in Cyrillic letters.")
NOT_LATIN: Final = N_("Write it in Latin letters.")
MIXED: Final = N_("One word has Latin and Cyrillic letters in it. Type that word anew.")
NEIGHBOUR: Final = N_("There is a letter in it that this language does not have.")


def tidy(text: str) -> str:
    """The text with single blanks and a typographic apostrophe."""
    return " ".join(re.sub("['ʼ`´‘]", "\u2019", text).split())


def problem_of(text: str, language: str, *, name: bool = True) -> str:
    """What is wrong with a tidy text of a language, as a message to translate; '' when it is right.

    A name is in the letters of its language. Search words are what people type: they may be in the other's.
    """
    words, cyrillic = _WORD.findall(text), language in CYRILLIC_LANGUAGES
    found = {
        NO_NAME: not text,
        TOO_LONG: len(text) > LONGEST,
        STRANGE: not words or not _SIGNS.fullmatch(text),
        MIXED: any(_CYRILLIC.search(word) and _LATIN.search(word) for word in words),
        NOT_CYRILLIC: name and cyrillic and not _CYRILLIC.search(text),
        NOT_LATIN: name and not cyrillic and _CYRILLIC.search(text),
        NEIGHBOUR: not set(FOREIGN.get(language, "")).isdisjoint(text),
    }
    return next((message for message, wrong in found.items() if wrong), "")
