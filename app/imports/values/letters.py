"""Letters of the wrong alphabet that look right: a Latin i in «Київ», a Cyrillic о in "Veľvyslanectvо"."""

import re
from typing import Final

# Pairs that look the same in every face; further ones (З and 3, п and n) are left to people.
_CYRILLIC: Final = "АВЕКМНОРСТХІЈЅУаеорсухіјѕ"
_LATIN: Final = "ABEKMHOPCTXIJSYaeopcyxijs"
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)
_LOOKALIKE_CYRILLIC: Final = frozenset(_CYRILLIC)
_LOOKALIKE_LATIN: Final = frozenset(_LATIN)

_ANY_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_ANY_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD: Final = re.compile(r"[^\W_]+(?:[-/][^\W_]+)*")


def one_alphabet(text: str) -> str:
    """Give a text in which each word is in one alphabet, where the letters that are not look the same in it.

    A word of both stays as it is when neither reading is possible, or both are.
    """
    if not _ANY_CYRILLIC.search(text) or not _ANY_LATIN.search(text):
        return text
    # A Latin name takes a Cyrillic ending in a Cyrillic text: «у Facebookа».
    latin_text = not any(_is_cyrillic(word) for word in _WORD.findall(text))
    return _WORD.sub(lambda match: _one_alphabet(match[0], latin_text=latin_text), text)


def _one_alphabet(word: str, *, latin_text: bool) -> str:
    cyrillic, latin = set(_ANY_CYRILLIC.findall(word)), set(_ANY_LATIN.findall(word))
    if not cyrillic or not latin:
        return word
    to_latin = latin_text and cyrillic <= _LOOKALIKE_CYRILLIC
    to_cyrillic = latin <= _LOOKALIKE_LATIN
    if to_latin == to_cyrillic:
        return word
    return word.translate(_TO_LATIN if to_latin else _TO_CYRILLIC)


def _is_cyrillic(word: str) -> bool:
    return bool(_ANY_CYRILLIC.search(word)) and not _ANY_LATIN.search(word)
