"""Postcodes as tables hold them: with blanks, without a hyphen, without their leading zero."""

import re
from collections.abc import Mapping
from typing import Final

from app.imports.notes import Note

_DIGITS: Final = re.compile(r"[0-9]+")
_BLANKS_AND_DASHES: Final = re.compile(r"[\s‐-―-]")
#: Digits of a postcode, and after how many of them the hyphen stands.
_SHAPES: Final[Mapping[str, tuple[int, int | None]]] = {
    "PL": (5, 2),
    "RO": (6, None),
    "DE": (5, None),
    "FR": (5, None),
    "SK": (5, None),
    "HU": (4, None),
    "UA": (5, None),
}


def postcode(text: str, country: str, notes: list[Note]) -> str | None:
    """Give the postcode in its country's usual form, None when it is not one.

    Countries that are not known here keep what was written. `notes` gets what was changed.
    """
    text = " ".join(text.split())
    if not text or country not in _SHAPES:
        return text or None
    length, hyphen = _SHAPES[country]
    digits = "".join(_DIGITS.findall(text))
    if _BLANKS_AND_DASHES.sub("", text) != digits:
        digits = ""
    if len(digits) == length - 1 and digits == text:
        # A spreadsheet took it for a number: only a leading zero is lost by that.
        digits = "0" + digits
        notes.append(Note("postcode_zero"))
    if len(digits) != length:
        notes.append(Note("postcode_dropped"))
        return None
    if " " in text:
        notes.append(Note("postcode_blank"))
    return digits if hyphen is None else f"{digits[:hyphen]}-{digits[hyphen:]}"
