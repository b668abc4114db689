"""What the words mean that people type for help, so that a device reads them as the server does (app/features/help_in_place.py).

Only for kinds of help that are in the area, and never for what nobody else is to find on a screen. All languages: people
type in theirs, whichever they read. Of the whole vocabulary it is some 170 kB, 40 on the way; tests hold it to that.
"""

import dataclasses
import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from app.features.said_times import HOURS
from app.features.sentence import BETWEEN, named_help
from app.taxonomy.discretion import asks_discreetly, is_other_help
from app.taxonomy.everyday_times import time_words
from app.taxonomy.everyday_words import everyday_words
from app.taxonomy.search_words import GENERAL, STOPWORDS, search_words
from app.taxonomy.vocabulary import Vocabulary
from geo.names import fold_name

#: As static/js/sw/area-meaning.js takes words out of what was typed.
_WORD = re.compile(r"[\w'’ʼ]+")


def meanings(there: Iterable[str], vocabulary: Vocabulary) -> dict[str, Any]:
    """Give words of help with the codes that they ask for, and what may stand beside them; `there` are codes of the area.

    `help` is a list of codes and the words for all of these together, folded; where the diacritics tell words apart, as
    they are spelt, too. `unclear` are codes beside which a condition may make a refuge of them: "shelter for women".
    `times` are the words for when, with the hours by which parts of the day are asked about.
    """
    asked = set(there)
    told = [(codes, words) for codes, words in _help(vocabulary).items() if not asked.isdisjoint(codes)]
    known = {code for codes, _ in told for code in codes}
    return {
        "help": told,
        "unclear": sorted(code for code in known if not is_other_help([code], vocabulary)),
        "conditions": _conditions(vocabulary),
        "nothing": sorted(STOPWORDS),
        "general": sorted(GENERAL),
        "between": sorted(BETWEEN),
        "times": times(),
    }


@functools.cache
def times() -> dict[str, Any]:
    """Give what phrases say of when, as `TimeWords` has it; of a whole day the hours are those under ""."""
    known = time_words()
    values = ((field.name, getattr(known, field.name)) for field in dataclasses.fields(known))
    told: dict[str, Any] = {
        name: dict(value)
        if isinstance(value, Mapping)
        else sorted(value)
        if isinstance(value, frozenset)
        else value
        for name, value in values
    }
    return told | {"by_part": {part or "": hours for part, hours in HOURS.items()}}


@functools.lru_cache(maxsize=2)
def _help(vocabulary: Vocabulary) -> Mapping[tuple[str, ...], list[str]]:
    meant: dict[str, tuple[str, ...]] = {}
    for word in search_words(vocabulary):
        folded = fold_name(word)
        meant[folded] = named_help(folded, vocabulary)
        spelt = named_help(word, vocabulary)
        if spelt != meant[folded]:
            meant[_spelling(word)] = spelt
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for word, codes in meant.items():
        if codes and not asks_discreetly(vocabulary, services=codes):
            found[codes].append(word)
    return found


def _spelling(word: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", word).lower()))


def _conditions(vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    return {
        words: (kind, code)
        for words, (kind, code) in everyday_words().conditions.items()
        if not (kind == "audience" and asks_discreetly(vocabulary, audiences=[code]))
    }
