"""A suggested content made of what a form asked: only what its answers changed is new, the rest stays as it was.

A form shows a text in one language and asks for some members of a service; the others must not be lost because
nobody was asked about them.
"""

from collections.abc import Mapping
from typing import Any

#: These say together where something is: who changes one of them has seen them all.
WHERE = ("channel", "place", "address", "area_served")


def patched(
    public: Mapping[str, Any], asked: Mapping[str, Any], answered: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the content that is suggested.

    `public` is the content that the form was filled in from, `asked` what the form reads when nothing is changed,
    `answered` what it reads now, and `new` the checked content of that.
    """
    result = dict(public)
    keys = dict.fromkeys([*asked, *answered])
    groups = [WHERE, *((key,) for key in keys if key not in WHERE)]
    for group in groups:
        if all(asked.get(key) == answered.get(key) for key in group):
            continue
        for key in group:
            result.pop(key, None)
            if key in new:
                old = None if key in WHERE else public.get(key)
                result[key] = _carried(old, asked.get(key), new[key])
    return result


def _carried(old: Any, asked: Any, new: Any) -> Any:
    """The new value with the members of the old one that nobody was asked about."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        known = asked if isinstance(asked, Mapping) else {}
        unasked = {key: value for key, value in old.items() if key not in known and key not in new}
        kept = {key: _carried(old.get(key), known.get(key), value) for key, value in new.items()}
        return _aged(old, {**kept, **unasked})
    if isinstance(old, list) and isinstance(new, list):
        before, seen = _by_identity(old), _by_identity(asked)
        return [
            _carried(before.get(_identity(element)), seen.get(_identity(element)), element) for element in new
        ]
    return new


def _aged(old: Mapping[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """A text whose source has changed: translations that nobody has written anew are older than that."""
    if not {"texts", "source"} <= new.keys() or "texts" not in old:
        return new
    source, texts = new["source"], new["texts"]
    said, before = new.pop("states", {}), old.get("states", {})
    is_fresh = old["texts"].get(source) == texts[source]
    states: dict[str, str] = {}
    for language in texts:
        if language == source:
            continue
        if old["texts"].get(language) != texts[language]:
            state = said.get(language)
        else:
            state = before.get(language) if is_fresh else "outdated"
        if state:
            states[language] = state
    return {**new, "states": states} if states else new


def _by_identity(elements: Any) -> dict[Any, Any]:
    found = elements if isinstance(elements, list) else []
    return {_identity(element): element for element in found if _identity(element) is not None}


def _identity(element: Any) -> Any:
    """By what an element is known again: a service by its type, a contact by its value, a photo by its name, a message by its days; None for others."""
    if not isinstance(element, Mapping):
        return None
    if "type" in element:
        return element["type"]
    if "file" in element:
        return element["file"]
    if "starts" in element:
        return element.get("kind"), element["starts"], element.get("ends")
    return (element.get("kind"), element["value"]) if "value" in element else None
