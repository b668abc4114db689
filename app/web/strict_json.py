"""JSON as it should be (RFC 8259, and RFC 7493 where that one leaves room), or a clear refusal.

What cannot be read at all is `MalformedInput` (400); what can be read but cannot be meant is
`InvalidInput` (422) and names the field.
"""

import codecs
import json
import math
import re
from collections.abc import Iterator
from typing import Any

from app.errors import FieldProblem, InvalidInput, MalformedInput, UnsupportedMedia
from app.i18n import N_
from app.web.problem_words import MOST_PROBLEMS, field_path

DEEPEST = 16
LONGEST_NUMBER = 25
#: Python itself refuses to read longer integers; they are a denial of service, not a value.
UNREADABLE_NUMBER = 4300

NO_SUCH_NUMBER = N_("Write a number that is not so long or so large.")
NO_SUCH_TEXT = N_("There are characters here that no text has. Type it again.")

#: One without an end goes on to the end of the text, and nothing is tried a second time: otherwise every quote of
#: a hostile text would be a reason to look at all the rest of it again.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+["\\]?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


class MalformedJson(MalformedInput):
    """This is not JSON that can be read safely."""


class _Unfit(float):
    """Stands where a number cannot be used, until its place is known."""


def checked(body: bytes) -> bytes:
    """Give back the body without a byte order mark, after `parse` had nothing against it."""
    parse(body)
    return body.removeprefix(codecs.BOM_UTF8)


def parse(body: bytes) -> Any:
    """The value in a JSON body: strict UTF-8, no duplicate keys, at most 16 levels, finite numbers, clean text."""
    value = _load(_decode(body))
    problems = list(_problems(value))
    if problems:
        raise InvalidInput(*problems)
    return value


def _decode(body: bytes) -> str:
    if json.detect_encoding(body) not in {"utf-8", "utf-8-sig"}:
        raise UnsupportedMedia
    try:
        return body.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise MalformedJson from error


def _load(text: str) -> Any:
    if _depth(text) > DEEPEST:
        raise MalformedJson
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_real,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedJson from error


def _depth(text: str) -> int:
    """How deep brackets are nested, before a parser that recurses sees them."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedJson
    return found


def _constant(_name: str) -> float:
    raise MalformedJson  # NaN, Infinity, -Infinity are JavaScript, not JSON


def _integer(digits: str) -> int | float:
    if len(digits) > UNREADABLE_NUMBER:
        raise MalformedJson
    return int(digits) if len(digits) <= LONGEST_NUMBER else _Unfit("nan")


def _real(digits: str) -> float:
    value = float(digits)
    return value if len(digits) <= LONGEST_NUMBER and math.isfinite(value) else _Unfit("nan")


def _problems(value: Any) -> Iterator[FieldProblem]:
    """Walk a value without recursion and name the places that cannot be meant, at most `MOST_PROBLEMS`."""
    waiting: list[tuple[tuple[object, ...], Any]] = [((), value)]
    found = 0
    while waiting and found < MOST_PROBLEMS:
        place, item = waiting.pop()
        if isinstance(item, dict):
            if not all(map(is_clean, item)):
                found += 1
                yield FieldProblem(field_path(place), "unclean_name", NO_SUCH_TEXT)
            waiting.extend(((*place, key), inner) for key, inner in reversed(item.items()))
        elif isinstance(item, list):
            waiting.extend(((*place, i), inner) for i, inner in reversed(list(enumerate(item))))
        elif isinstance(item, _Unfit):
            found += 1
            yield FieldProblem(field_path(place), "number_out_of_range", NO_SUCH_NUMBER)
        elif isinstance(item, str) and not is_clean(item):
            found += 1
            yield FieldProblem(field_path(place), "unclean_text", NO_SUCH_TEXT)


def is_clean(text: str) -> bool:
    """Whether a text can be stored and sent on: no NUL and no half of a surrogate pair."""
    return "\x00" not in text and (text.isascii() or not _SURROGATE.search(text))


_SURROGATE = re.compile("[\ud800-\udfff]")
