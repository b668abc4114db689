"""Telephones that cost whoever calls them."""

from collections.abc import Iterable, Iterator
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from app.moderation.screening.contacts import Way
from app.moderation.screening.signals import Signal

_COSTLY: Final = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
#: Satellites and international networks, a favourite of those who earn by calls.
_DEAR_CODES: Final = frozenset({870, 878, 881, 882, 883, 979})


def phone_signals(ways: Iterable[Way]) -> Iterator[Signal]:
    """A signal where a call costs more than one to a neighbour does."""
    if any(_is_costly(way.value) for way in ways if way.kind == "phone"):
        yield Signal("phone_costly", 25)


def _is_costly(value: str) -> bool:
    try:
        number = phonenumbers.parse(value, None)
    except NumberParseException:
        # A short line: the form takes only those that the country knows.
        return False
    return number.country_code in _DEAR_CODES or phonenumbers.number_type(number) in _COSTLY
