"""Numbers in registers: normal form, shape and check digits."""

import enum
import re

from app.taxonomy.vocabulary import UnknownTerm, Vocabulary

#: Longer input is no number of any register.
LONGEST = 64

#: What people write between the digits: blanks of all kinds, hyphens and dashes, dots, slashes.
_SEPARATORS = re.compile(r"[\s\u2010-\u2015./-]+")
#: The country before a number that is the same without it (NIP and CUI for VAT in the EU).
_COUNTRY = {"nip": "PL", "cui": "RO"}

_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)
_REGON_9 = (8, 9, 2, 3, 4, 5, 6, 7)
_REGON_14 = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)
_CUI = (7, 5, 3, 2, 1, 7, 5, 3, 2)
_EDRPOU = (1, 2, 3, 4, 5, 6, 7)
_EDRPOU_MIDDLE = (7, 1, 2, 3, 4, 5, 6)


class IdentifierProblem(enum.Enum):
    """Why a number is refused; the value is the stable code for forms and programs."""

    EMPTY = "identifier_empty"
    SHAPE = "identifier_shape"
    CHECK_DIGIT = "identifier_check_digit"


def validate_identifier(kind: str, text: str, vocabulary: Vocabulary) -> str | IdentifierProblem:
    """The number in its normal form, or what is wrong with it.

    Normal form: digits without separators and without the country (`526-10-40-828` → `5261040828`,
    `RO 361757` → `361757`); where the register gives free text, the text without blanks around it and
    doubled. Raises `UnknownTerm` for a kind that is not among the vocabulary's identifiers.
    """
    identifier = vocabulary.identifiers.get(kind)
    if identifier is None:
        raise UnknownTerm
    if not text.strip():
        return IdentifierProblem.EMPTY
    if len(text) > LONGEST:
        return IdentifierProblem.SHAPE
    if not identifier.pattern:
        return " ".join(text.split())
    number = _SEPARATORS.sub("", text).upper().removeprefix(_COUNTRY.get(kind, ""))
    # ASCII only: digits of other scripts would pass \d and fail in every register.
    if not re.fullmatch(identifier.pattern, number, re.ASCII):
        return IdentifierProblem.SHAPE
    if not has_valid_check_digit(identifier.checksum, number):
        return IdentifierProblem.CHECK_DIGIT
    return number


def has_valid_check_digit(checksum: str, number: str) -> bool:
    """Whether the digits agree with each other, by the rule of this name in `legal_forms.toml`.

    `number` has the shape of its register. Raises `ValueError` for a rule that we do not know.
    """
    match checksum:
        case "none":
            return True
        case "nip":
            return _weighed(number[:-1], _NIP) % 11 == int(number[-1])
        case "regon":
            return _regon(number)
        case "cui":
            return _cui(number)
        case "edrpou":
            return _edrpou(number)
        case _:
            raise ValueError(f"unknown checksum {checksum}")


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _regon(number: str) -> bool:
    """Nine digits; or fourteen for a unit, whose first nine are the REGON of the body it belongs to."""
    nine = _weighed(number[:8], _REGON_9) % 11 % 10 == int(number[8])
    if len(number) == 9:
        return nine
    return nine and _weighed(number[:13], _REGON_14) % 11 % 10 == int(number[13])


def _cui(number: str) -> bool:
    padded = number.zfill(10)
    return _weighed(padded[:9], _CUI) * 10 % 11 % 10 == int(padded[9])


def _edrpou(number: str) -> bool:
    """Numbers between 30 and 60 million have weights of their own; a remainder of ten counts again with two more."""
    weights = _EDRPOU_MIDDLE if 30_000_000 <= int(number) <= 60_000_000 else _EDRPOU
    rest = _weighed(number[:7], weights) % 11
    if rest == 10:
        rest = _weighed(number[:7], tuple(weight + 2 for weight in weights)) % 11 % 10
    return rest == int(number[7])
