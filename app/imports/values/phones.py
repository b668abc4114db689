"""Phone numbers out of one cell: several at once, with words around them, with ranges behind them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pydantic_core import PydanticCustomError

from app.features.phones import read_phone
from app.imports.notes import Note, RefusedRow

_SCIENTIFIC: Final = re.compile(r"\s*[+-]?\d+(?:[.,]\d+)?[eE]\+?\d+\s*")
_BETWEEN: Final = re.compile(r"[\n\r|;,]|\s+(?:lub|oraz|albo|or|sau|або|или)\s+(?=(?:\D*\d){6})")
# "wew. 23", "w.5", "int. 12", "ext 4"
_EXTENSION: Final = re.compile(r"\b(?:wew|w|int|ext|вн)\.?\s*(\d{1,6})\s*$", re.IGNORECASE)
# What stands for the next numbers of the same line: "do 97", "/9", "– 53", "(95)", "lub 222", "(46,47)".
_ONLY_EXTENSION: Final = re.compile(r"\s*(?:wew|w|int|ext|вн)\.?\s*(\d{1,6})\b", re.IGNORECASE)
_RANGE: Final = re.compile(
    r"\s*(?:\(?\s*\b(?:do|lub|to|or)\s*\d{1,3}\s*\)?|/\s*\d{1,3}|[–—]\s*\d{1,3}|\(\s*\d{1,3}(?:\s*,\s*\d{1,3})*\s*\))\s*$",
    re.IGNORECASE,
)
_BEHIND: Final = re.compile(r"\(([^()]*[^\W\d_][^()]*|\s*\d{1,2}[:.]\d\d\s*[-–]\s*\d{1,2}[:.]\d\d\s*)\)\s*$")
_FOLLOWING: Final = re.compile(r"(?:do|lub|to|or)\s*\d{1,3}", re.IGNORECASE)
_LABEL: Final = re.compile(r"^([^\d+(]*[^\W\d_][^\d+(]*?)[\s:.]*(?=[\d+(])")
#: A number with nothing beside it that any of these looks for.
_BARE: Final = re.compile(r"[\d +-]+")
_LETTER: Final = re.compile(r"[^\W\d_]")
_POLISH_WITHOUT_PLUS: Final = re.compile(r"48\d{9}")
_KEPT: Final = re.compile(r"[^\d+]")

#: Fewer digits are no number of their own but the end of the one before: "34-46-471, 472".
_FEWEST: Final = 3
_FEWEST_OF_A_NUMBER: Final = 5


@dataclass(frozen=True, slots=True)
class Phone:
    """One number in E.164, or as it is dialled where it is a short one (112); what stood beside it."""

    number: str
    extension: str | None = None
    beside: str | None = None


def phones_in(text: str, country: str, notes: list[Note]) -> list[Phone]:
    """Give the numbers of a cell in their order, each once; what cannot be read is left out with a note.

    Raises RefusedRow for a number that a spreadsheet has turned into 4.85E+10: its digits are lost.
    """
    if _SCIENTIFIC.fullmatch(text):
        raise RefusedRow("phone_scientific")
    found: dict[str, Phone] = {}
    for part in _parts(text):
        digits = sum(sign.isdigit() for sign in part)
        if found and digits < _FEWEST_OF_A_NUMBER and not _is_short(part, country):
            if digits:
                notes.append(Note("phone_range"))
            continue
        if found and (match := _ONLY_EXTENSION.match(part)):
            last = next(reversed(found.values()))
            found[last.number] = replace(last, extension=last.extension or match[1])
            continue
        phone = _phone(part, country, notes)
        if phone is None:
            if part.strip(" -–.()"):
                notes.append(Note("phone_dropped"))
        else:
            found.setdefault(phone.number, phone)
    return list(found.values())


def _parts(text: str) -> Iterator[str]:
    """Give the parts between separators; commas within parentheses separate nothing."""
    depth, start = 0, 0
    for match in re.finditer(r"[()]", text):
        depth = max(0, depth + (1 if match[0] == "(" else -1))
    if depth:  # unbalanced: no telling what is within
        yield from _BETWEEN.split(text)
        return
    for match in _BETWEEN.finditer(text):
        if text.count("(", start, match.start()) == text.count(")", start, match.start()):
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _phone(part: str, country: str, notes: list[Note]) -> Phone | None:
    part = " ".join(part.split())
    if _BARE.fullmatch(part):
        number = _number(part, country)
        return Phone(number) if number else None
    beside = []
    if match := _LABEL.match(part):
        beside.append(match[1].strip())
        part = part[match.end() :]
    if match := _BEHIND.search(part):
        part = part[: match.start()]
        if _FOLLOWING.fullmatch(match[1].strip()):
            notes.append(Note("phone_range"))
        else:
            beside.append(match[1].strip())
    extension = None
    if match := _EXTENSION.search(part):
        extension, part = match[1], part[: match.start()]
    number = _number(part, country)
    if number is None and (match := _RANGE.search(part)):
        number = _number(part[: match.start()], country)
        if number:
            notes.append(Note("phone_range"))
    if number is None:
        return None
    return Phone(number, extension, "; ".join(word for word in beside if not _says_nothing(word)) or None)


def _says_nothing(word: str) -> bool:
    return word.lower().strip(" .:") in {"tel", "telefon", "phone", "тел", "kom", "fax", ""}


def _number(text: str, country: str) -> str | None:
    """Give the number in E.164 or as a short one, None when it is neither or costs extra."""
    if _LETTER.search(text):
        return None
    dialled = _KEPT.sub("", text)
    if len(dialled) < _FEWEST:
        return None
    # Polish tables also write the country's code without its plus.
    if country == "PL" and _POLISH_WITHOUT_PLUS.fullmatch(dialled):
        dialled = "+" + dialled
    try:
        return read_phone(dialled, country)
    except PydanticCustomError:
        return None


def _is_short(text: str, country: str) -> bool:
    dialled = _KEPT.sub("", text)
    return _FEWEST <= len(dialled) <= 6 and _number(dialled, country) == dialled
