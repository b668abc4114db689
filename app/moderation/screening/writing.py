"""What stands in free text: ways to reach somebody, numbers of persons, and text that shouts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import phonenumbers

from app.features.content import DEFAULT_COUNTRY
from app.moderation.screening.signals import Signal

_EMAIL: Final = re.compile(r"[\w.+-]+ ?(?:@|\(at\)|\[at\]|\(małpa\)) ?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_ELEVEN_DIGITS: Final = re.compile(r"(?<![\d+])\d{11}(?!\d)")
_PESEL_WEIGHTS: Final = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
#: Shorter texts may be a name of one or two abbreviations.
_LONG_ENOUGH_TO_SHOUT: Final = 20
_SHOUTED_SHARE: Final = 0.8
_MOST_EXCLAMATIONS: Final = 3
#: Members of a content that hold text which nobody wrote freely.
_NOT_FREE: Final = frozenset(
    {"address", "contacts", "identifiers", "people", "place", "area_served", "areas"}
)


def texts_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Every text in sentences, whatever its language: descriptions, notes, notices."""
    return tuple(
        text
        for key, value in content.items()
        if key not in _NOT_FREE and key not in ("name", "also_known_as")
        for text in _texts(value)
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("texts"), Mapping):
            yield from (str(text) for text in value["texts"].values())
        else:
            for inner in value.values():
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def writing_signals(texts: Sequence[str], names: Sequence[str] = ()) -> Iterator[Signal]:
    """A signal for each kind of personal data that stands in a text, one for capitals, one for exclamation marks."""
    if any(has_phone(text) for text in texts):
        yield Signal("phone_in_text", 10)
    if any(_EMAIL.search(text) for text in texts):
        yield Signal("email_in_text", 10)
    if any(has_pesel(text) for text in texts):
        yield Signal("pesel_in_text", 30)
    if any(is_shouted(text) for text in (*texts, *names)):
        yield Signal("capitals", 5)
    if any(exclaims(text) for text in (*texts, *names)):
        yield Signal("exclaims", 10)


def exclaims(text: str) -> bool:
    """Whether a text has two exclamation marks in a row, or three in all."""
    return "!!" in text.replace(" ", "") or text.count("!") >= _MOST_EXCLAMATIONS


def has_phone(text: str) -> bool:
    """Whether a text holds a telephone number that could be dialled."""
    return any(True for _ in phonenumbers.PhoneNumberMatcher(text, DEFAULT_COUNTRY, max_tries=50))


def has_pesel(text: str) -> bool:
    """Whether a text holds the number of a person in Poland: a day of birth, and a check digit that fits."""
    return any(is_pesel(match.group()) for match in _ELEVEN_DIGITS.finditer(text))


def is_pesel(digits: str) -> bool:
    """Whether eleven digits are the number of a person in Poland."""
    # The century stands in the tens of the month: 8 for 1800, 0 for 1900, 2 for 2000 and so on.
    month, day = int(digits[2:4]) % 20, int(digits[4:6])
    weighed = sum(weight * int(digit) for weight, digit in zip(_PESEL_WEIGHTS, digits, strict=False))
    return 1 <= month <= 12 and 1 <= day <= 31 and (10 - weighed % 10) % 10 == int(digits[10])


def is_shouted(text: str) -> bool:
    """Whether nearly all letters are capitals, in a text that is long enough for that to mean something."""
    letters = [sign for sign in text if sign.isupper() or sign.islower()]
    capitals = sum(sign.isupper() for sign in letters)
    return len(letters) >= _LONG_ENOUGH_TO_SHOUT and capitals >= _SHOUTED_SHARE * len(letters)
