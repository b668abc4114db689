"""Words of every day: what people write for help, for whom it is, on which terms, and now; in all six languages at once."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from app.taxonomy.reading import read_file
from geo.names import fold_name

#: The kinds of terms that are help, and those that narrow it down.
HELP: Final = ("group", "service")
CONDITIONS: Final = ("audience", "access", "language", "open")


@dataclass(frozen=True, slots=True)
class EverydayWords:
    """`help`: kind and code of a service or group → language and word; `conditions`: folded words → kind and code.

    The kinds of conditions are `audience`, `access`, `language` and `open`, of which the only code is `now`.
    """

    help: Mapping[tuple[str, str], tuple[tuple[str, str], ...]]
    conditions: Mapping[str, tuple[str, str]]
    longest_condition: int


@functools.cache
def everyday_words() -> EverydayWords:
    """Read them."""
    tables: dict[str, Any] = read_file("everyday_words.toml")
    meant = {
        (kind, code): tuple((language, word) for language, words in said.items() for word in words)
        for kind in HELP
        for code, said in tables[kind].items()
    }
    conditions = {
        fold_name(word): (kind, code)
        for kind in CONDITIONS
        for code, said in tables[kind].items()
        for words in said.values()
        for word in words
    }
    longest = max(len(words.split()) for words in conditions)
    return EverydayWords(MappingProxyType(meant), MappingProxyType(conditions), longest)
