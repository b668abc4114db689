"""Telephone numbers: read as people write them, kept so that every phone can dial them."""

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType
from phonenumbers.shortnumberinfo import is_valid_short_number_for_region

from app.features.content import DEFAULT_COUNTRY
from app.features.problems import refusal

#: A longer text holds more than a number.
LONGEST: Final = 60

_LETTERS: Final = re.compile(r"[^\W\d_]", re.UNICODE)
#: Two numbers in one field: a separator, or a second plus.
_SEVERAL: Final = re.compile(r"[,;|]|\s/\s|\n|\+.*\+")
#: Services that cost extra, also in the old spelling 0-700 with the trunk zero.
_PREMIUM: Final = (PhoneNumberType.PREMIUM_RATE,)
_POLAND: Final = 48

#: Numbers in E.164 that were written here a short while ago. They are what they are read as, whatever the country:
#: an import reads each number twice, to find out whether it is one, and with the whole content.
_written: dict[str, None] = {}
_MOST_WRITTEN: Final = 4096


def read_phone(text: str, country: str = DEFAULT_COUNTRY) -> str:
    """The number in E.164 (`+48415550123`), or the digits of a short line (`112`, `116123`).

    `country` is meant when the number says none. Raises a refusal.
    """
    if text in _written:
        return text
    if len(text) > LONGEST:
        raise refusal("phone_unreadable")
    if _SEVERAL.search(text):
        raise refusal("phone_several")
    if _LETTERS.search(text):
        raise refusal("phone_letters")
    read = _checked(_parsed(text, country), country)
    if read.startswith("+"):
        if len(_written) >= _MOST_WRITTEN:
            _written.clear()
        _written[read] = None
    return read


def _parsed(text: str, country: str) -> PhoneNumber:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        raise refusal("phone_unreadable") from None
    if number.italian_leading_zero and number.country_code == _POLAND:
        # The old trunk zero of Poland (041 555 01 23), which has not been dialled since 2005.
        number = PhoneNumber(country_code=number.country_code, national_number=number.national_number)
    return number


def _checked(number: PhoneNumber, country: str) -> str:
    kind = phonenumbers.number_type(number)
    if kind in _PREMIUM:
        raise refusal("phone_premium")
    # A number has a type if and only if it is valid.
    if kind != PhoneNumberType.UNKNOWN:
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if is_valid_short_number_for_region(number, country):
        return str(number.national_number)
    raise refusal("phone_unreadable")
