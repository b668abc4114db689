"""A suggested change laid on what is live now: its own fields change, everything else stays, hidden things too.

Whoever suggests has seen what is public and nothing else. So what is compared is public on both sides, and
contacts for partners, people and protected places of the live content are kept as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Conflict
from app.features.content import Content
from app.features.layer import Layer
from app.moderation.patching import WHERE
from app.taxonomy.vocabulary import Vocabulary


class ConflictingChange(Conflict):
    """Something else was changed here since this was sent, and both cannot be true. Compare them, then ask the submitter or turn this down."""


@dataclass(frozen=True, slots=True)
class Merge:
    """The content that would be live, as JSON-ready data, and the fields that were changed on both sides."""

    content: dict[str, Any]
    conflicts: tuple[str, ...]


def merge(layer: Layer, vocabulary: Vocabulary, base: Content, suggested: Content, live: Content) -> Merge:
    """Lay the change from `base` to `suggested` on `live`; where both changed a field, `suggested` is taken."""
    was, will, now = (layer.public_content(content, vocabulary) for content in (base, suggested, live))
    given, result = suggested.to_dict(), live.to_dict()
    changed = [key for key in {**was, **will} if was.get(key) != will.get(key)]
    if was.get("place", {}).get("disclosure", "exact") != "exact":
        # A protected place is opened up by its owner and moderators, never by a suggestion.
        changed = [key for key in changed if key not in WHERE]
    conflicts = _changed_on_both_sides(changed, was, will, now)
    for key in changed:
        result.pop(key, None)
        if key in given:
            result[key] = given[key]
    for key, is_hidden in (("contacts", _is_for_partners), ("people", _is_person)):
        kept = _with_hidden(key, result, live.to_dict(), given, is_hidden)
        result.pop(key, None)
        if kept:
            result[key] = kept
    return Merge(result, conflicts)


def _changed_on_both_sides(
    changed: Sequence[str], was: Mapping[str, Any], will: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[str, ...]:
    """The members that say something else on either side. Those of `WHERE` are one: a pin goes with its address."""
    together = [
        *changed,
        *(key for key in WHERE if key not in changed and not set(WHERE).isdisjoint(changed)),
    ]
    return tuple(key for key in together if now.get(key) not in (was.get(key), will.get(key)))


def _with_hidden(
    key: str, result: Mapping[str, Any], live: Mapping[str, Any], given: Mapping[str, Any], is_hidden: Any
) -> list[Any]:
    """The public elements of the result, the hidden ones that are live, and hidden ones that are suggested."""
    public = [element for element in result.get(key, []) if not is_hidden(element)]
    hidden = [element for element in live.get(key, []) if is_hidden(element)]
    added = [element for element in given.get(key, []) if is_hidden(element) and element not in hidden]
    return [*public, *hidden, *added]


def _is_for_partners(contact: Mapping[str, Any]) -> bool:
    return bool(contact.get("visibility", "public") != "public")


def _is_person(_person: Mapping[str, Any]) -> bool:
    return True
