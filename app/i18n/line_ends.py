"""What no line ends at: behind a word that needs the hour which follows it, and within a number that is written in groups."""

import re
from typing import Final

LANGUAGES_THAT_TIE: Final = frozenset({"pl", "uk", "ru"})
_TELLS_WHEN: Final = re.compile(r"%\((?:time|date|day|start|end|from|until)\)s")
_LONE: Final = re.compile(r"(?<![\w’')-])([^\W\d_]) (?=\S)")
#: Groups of a telephone number, or the thousands of an amount.
_GROUPS: Final = re.compile(r"(?<=\d) (?=\d)")
#: Words before an hour.
_BEFORE: Final = {
    "pl": ("od", "do", "przed", "po", r"godz\."),
    "uk": ("від", "до", "після"),
    "en": ("at", "from", "until", "before", "after"),
    "de": ("um", "ab", "bis", "von", "vor", "nach"),
    "ro": ("la", "de", "ora"),
    "ru": ("от", "до", "после"),
}
_BEFORE_HOUR: Final = {
    language: re.compile(rf"\b({'|'.join(words)}) (?=%\((?:time|start|end|from|until)\)s)", re.IGNORECASE)
    for language, words in _BEFORE.items()
}


def tied(text: str, language: str) -> str:
    """Give a text with spaces that no line ends at: `until 12:00` and `41 555 01 23` are not parted.

    In Polish, Ukrainian and Russian no word of one letter is left behind either in a text that tells an hour or a day.
    """
    text = _GROUPS.sub("\N{NO-BREAK SPACE}", text)
    if language in _BEFORE_HOUR:
        text = _BEFORE_HOUR[language].sub("\\1\N{NO-BREAK SPACE}", text)
    if language not in LANGUAGES_THAT_TIE or not _TELLS_WHEN.search(text):
        return text
    return _LONE.sub("\\1\N{NO-BREAK SPACE}", text)
