"""Plain decimal numbers as they stand in an address (`?bbox=…`): strict, because Python's float() is not."""

import re
from typing import Final

from geo.errors import GeoError

#: Longer texts carry no more precision than a float has and are used only to do harm.
MAX_CHARACTERS: Final = 25

# [0-9] and not \d: int() and float() also take Arabic-Indic and other digits. Of `\Z` and `$`, only `\Z`
# refuses a line feed at the end.
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?\Z")
_NAN = re.compile(r"[+-]?nan\Z", re.IGNORECASE)
_INFINITE = re.compile(r"[+-]?inf(?:inity)?\Z", re.IGNORECASE)
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?e[+-]?[0-9]+\Z", re.IGNORECASE)
_GROUPED = re.compile(r"-?[0-9]+(?:[_ ’'\u00a0\u202f][0-9]+)+(?:\.[0-9]+)?\Z")


class DecimalError(GeoError):
    """Not a plain decimal number such as 21.0122 or -3."""

    code = "number_malformed"


class EmptyDecimalError(DecimalError):
    """A number is missing."""

    code = "number_empty"


class DecimalTooLongError(DecimalError):
    """A number has more than 25 characters."""

    code = "number_too_long"


class DecimalIsNanError(DecimalError):
    """NaN is not a number."""

    code = "number_nan"


class DecimalIsInfiniteError(DecimalError):
    """A number must be finite."""

    code = "number_infinite"


class DecimalWithExponentError(DecimalError):
    """Numbers are written without an exponent."""

    code = "number_exponent"


class DecimalWithGroupsError(DecimalError):
    """Numbers are written without separators between their digits."""

    code = "number_grouped"


def parse_decimal(text: str) -> float:
    """The number of a plain decimal text: `-?digits[.digits]`, at most 25 characters; "-0" gives 0.

    Raises a subclass of DecimalError for each cause.
    """
    if not text:
        raise EmptyDecimalError
    if len(text) > MAX_CHARACTERS:
        raise DecimalTooLongError
    if _PLAIN.match(text) is None:
        raise _cause(text)
    # Adding 0.0 turns -0.0 into 0.0. With 25 characters nothing plain can overflow to infinity.
    return float(text) + 0.0


def _cause(text: str) -> DecimalError:
    if not text.strip():
        return EmptyDecimalError()
    if _NAN.match(text):
        return DecimalIsNanError()
    if _INFINITE.match(text):
        return DecimalIsInfiniteError()
    if _EXPONENT.match(text):
        return DecimalWithExponentError()
    if _GROUPED.match(text):
        return DecimalWithGroupsError()
    return DecimalError()
