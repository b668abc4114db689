"""What a row asks of a place that is here: only what its source says is laid on it, and nothing else is lost.

A file hardly ever knows all that people have entered: what it does not say stays. What it no longer says, and said last
time, goes where the place still says exactly that.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from app.features.content import Content
from app.features.place import disclosure_in
from app.moderation.duplicates.choosing import fields_of, members
from geo.distance import distance_m

#: Two pins of one door, as two programs round them.
SAME_PIN_M: Final = 1.0
_KEPT: Final = frozenset({"schema_version"})


def stated(content: Content) -> dict[str, Any]:
    """Give what a content says itself, JSON-ready: without what holds where nothing is said."""
    said = content.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return {key: value for key, value in said.items() if value not in ({}, [], ())}


def laid(row: Mapping[str, Any], live: Mapping[str, Any], said: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give the content of a place as the row wants it, JSON-ready and not checked yet.

    `row` is what is stated now, `said` what the source stated last time, None where that is not known.
    """
    before: Mapping[str, Any] = said or {}
    result = dict(live)
    for key in dict.fromkeys([*row, *before]):
        # What it has said before as well was decided then: whoever changed it here since knows better.
        if key in _KEPT or (said is not None and before.get(key) == row.get(key)):
            continue
        if key not in row:
            left = _left(key, live.get(key), before[key])
            result.pop(key, None)
            if left is not None:
                result[key] = left
        else:
            result[key] = _member(key, row[key], live.get(key), before.get(key))
    if disclosure_in(live) != "exact":
        # Where a protected place is comes by no file.
        for key in ("place", "address"):
            result.pop(key, None)
            if key in live:
                result[key] = live[key]
    return result


def differing(live: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """Give the names of what differs, as fields are chosen where two entries are merged."""
    return fields_of(live, wanted)


def taken(live: Mapping[str, Any], wanted: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Give the live content with these fields as they are wanted."""
    result = dict(live)
    for name in differing(live, wanted):
        if name not in fields:
            continue
        for key in members(name):
            result.pop(key, None)
            if key in wanted:
                result[key] = wanted[key]
    return result


def _member(key: str, new: Any, old: Any, before: Any) -> Any:
    match key:
        case "place":
            return _place(new, old)
        case "address":
            return _address(new, old)
        case "organisation" if isinstance(old, Mapping) and "id" in old:
            # An entry of the register says more than a name does.
            return old
    return _laid_on(old, new, before)


def _left(key: str, ours: Any, theirs: Any) -> Any:
    """What is left of what is live when the source says it no more: of a list what others have added or changed; None where nothing is."""
    if isinstance(ours, list) and isinstance(theirs, Sequence):
        known = {_identity(one): one for one in theirs}
        left = [
            one for one in ours if (it := known.get(_identity(one))) is None or _laid_on(one, it, it) != one
        ]
        return left or None
    return None if ours is None or _member(key, theirs, ours, theirs) == ours else ours


def _place(new: Mapping[str, Any], old: Any) -> Any:
    ours = (old or {}).get("position")
    theirs = new.get("position")
    if ours is None or theirs is None:
        return {**(old or {}), **new}
    if "geocoded" in new or distance_m(ours["lng"], ours["lat"], theirs["lng"], theirs["lat"]) <= SAME_PIN_M:
        # The middle of a town says less than a pin that somebody set.
        return old
    return {key: value for key, value in old.items() if key != "geocoded"} | dict(new)


def _address(new: Mapping[str, Any], old: Any) -> Any:
    if not isinstance(old, Mapping):
        return new
    moved = any(_folded(new.get(key)) != _folded(old.get(key)) for key in ("street", "city") if key in new)
    if moved:
        return {key: value for key, value in old.items() if key == "country"} | dict(new)
    return {**old, **{key: value for key, value in new.items() if _folded(value) != _folded(old.get(key))}}


def _folded(value: Any) -> Any:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


def _laid_on(old: Any, new: Any, before: Any) -> Any:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        known = before if isinstance(before, Mapping) else {}
        if "texts" in new and "texts" in old:
            return _text(old, new, known)
        kept = {key: value for key, value in old.items() if key in new or key not in known}
        return kept | {key: _laid_on(old.get(key), value, known.get(key)) for key, value in new.items()}
    if isinstance(old, Sequence) and isinstance(new, Sequence) and not isinstance(new, str):
        return _list(old, new, before if isinstance(before, Sequence) else ())
    return new


def _text(old: Mapping[str, Any], new: Mapping[str, Any], known: Mapping[str, Any]) -> Mapping[str, Any]:
    """A text in the languages of the row; of the others those that the source has not taken back, which are older then."""
    gone = set(known.get("texts", ())) - set(new["texts"])
    texts = {language: words for language, words in old["texts"].items() if language not in gone}
    if (
        all(texts.get(language) == words for language, words in new["texts"].items())
        and texts == old["texts"]
    ):
        return old
    texts |= new["texts"]
    source = old["source"] if old["source"] in texts else new["source"]
    fresh = texts[source] == old["texts"].get(source)
    states = {}
    for language, words in texts.items():
        if language == source:
            continue
        if words == old["texts"].get(language) and language not in new["texts"] and not fresh:
            states[language] = "outdated"
        elif words == old["texts"].get(language) and language in old.get("states", {}):
            states[language] = old["states"][language]
        elif language in new.get("states", {}):
            states[language] = new["states"][language]
    return {"texts": texts, "source": source} | ({"states": states} if states else {})


def _list(old: Sequence[Any], new: Sequence[Any], before: Sequence[Any]) -> list[Any]:
    """Ours in our order, less what the source no longer says, then what is new of theirs."""
    theirs = {_identity(one): one for one in new}
    known = {_identity(one): one for one in before}
    kept = [
        _laid_on(one, theirs[_identity(one)], known.get(_identity(one))) if _identity(one) in theirs else one
        for one in old
        if _identity(one) in theirs or _identity(one) not in known
    ]
    ours = {_identity(one) for one in old}
    return [*kept, *(one for key, one in theirs.items() if key not in ours)]


def _identity(element: Any) -> Any:
    """By what an element is known again: a service by its type, a contact by its value, anything else by all it says."""
    if not isinstance(element, Mapping):
        return element
    if "type" in element:
        return element["type"]
    if "value" in element:
        return (element.get("kind"), element["value"])
    return tuple(sorted((key, repr(value)) for key, value in element.items()))
