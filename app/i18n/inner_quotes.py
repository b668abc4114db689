"""Quotation marks of a name that stands between quotation marks itself: `Remove the list “The ‘Warm Table’ kitchen”`."""

import re
from collections.abc import Mapping
from typing import Any, Final

#: By the marks outside, which tell the language.
INNER: Final = {"„”": "«»", "„“": "‚‘", "“”": "‘’", "«»": "„“"}
#: As messages name a value, and as administrators do in letters.
_BETWEEN: Final = re.compile(r"([„“«])(?:%\((\w+)\)s|\{(\w+)\})([”“»])")
_QUOTED: Final = re.compile(r"[„“«\"]([^„“”«»\"]*)[”“»\"]")


def with_inner_quotes(text: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the values for a message, those that it puts between marks with the inner ones of its language."""
    if "„" not in text and "“" not in text and "«" not in text:
        return values
    changed = dict(values)
    for begins, of_message, of_letter, ends in _BETWEEN.findall(text):
        name = of_message or of_letter
        value, marks = values.get(name), INNER.get(begins + ends)
        if type(value) is str and marks:
            changed[name] = _QUOTED.sub(rf"{marks[0]}\1{marks[1]}", value)
    return changed
