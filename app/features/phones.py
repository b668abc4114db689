"""Telephone numbers: read as people write them, kept so that every phone can dial them."""

import functools
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


def read_phone(text: str, country: str = DEFAULT_COUNTRY) -> str:
    """The number in E.164 (`+48415550123`), or the digits of a short line (`112`, `116123`).

    `country` is meant when the number says none. Raises a refusal.
    """
    if len(text) > LONGEST:
        raise refusal("phone_unreadable")
    if _SEVERAL.search(text):
        raise refusal("phone_several")
    if _LETTERS.search(text):
        raise refusal("phone_letters")
    number = _parsed(text, country)
    return _checked(
        number.country_code,
        number.national_number,
        number.italian_leading_zero,
        number.number_of_leading_zeros,
        country,
    )


def display_phone(value: str, country: str = DEFAULT_COUNTRY) -> str:
    """The number as people of `country` write it: `41 555 01 23`, `116 123`, `+380 44 123 4567`."""
    number = phonenumbers.parse(value, country)
    home = number.country_code == phonenumbers.country_code_for_region(country)
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def _parsed(text: str, country: str) -> PhoneNumber:
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        raise refusal("phone_unreadable") from None
    if number.italian_leading_zero and country not in ("IT", "SM", "VA"):
        # The old trunk zero of Poland (041 555 01 23), which has not been dialled since 2005.
        number = PhoneNumber(country_code=number.country_code, national_number=number.national_number)
    return number


# An import reads each number twice: to find out whether it is one, and with the whole content.
@functools.lru_cache(maxsize=4096)
def _checked(
    country_code: int, national_number: int, zero: bool | None, zeros: int | None, country: str
) -> str:
    number = PhoneNumber(
        country_code=country_code,
        national_number=national_number,
        italian_leading_zero=zero,
        number_of_leading_zeros=zeros,
    )
    kind = phonenumbers.number_type(number)
    if kind in _PREMIUM:
        raise refusal("phone_premium")
    # A number has a type if and only if it is valid.
    if kind != PhoneNumberType.UNKNOWN:
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if is_valid_short_number_for_region(number, country):
        return str(national_number)
    raise refusal("phone_unreadable")
