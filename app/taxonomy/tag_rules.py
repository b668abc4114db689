"""Rules over the tags of OpenStreetMap objects: which of several that hold wins."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

#: The stricter the disclosure, the earlier its rule.
STRICTNESS = {"contact_only": 3, "partners": 2, "area": 1, "exact": 0}
#: Words of `social_facility:for` that say: somebody may be looking for the people inside.
HUNTED = frozenset(f"social_facility:for={who}" for who in ("abused", "victim", "victims"))

_JOINT = re.compile(r"\s*\+\s*")


@dataclass(frozen=True, slots=True)
class TagRule(Generic[T]):
    """Tags that must all be there, what they mean, and how protected that is (see `STRICTNESS`)."""

    conditions: frozenset[str]
    target: T
    strictness: int = 0


def tag_rule(expression: str, target: T, disclosure: str = "exact") -> TagRule[T]:
    """Read an expression `tag=value + tag=value`."""
    return TagRule(frozenset(_JOINT.split(expression)), target, STRICTNESS[disclosure])


def tags_of(tags: Mapping[str, str]) -> frozenset[str]:
    """The tags of an object as `key=value`; a value `a;b` counts as `a` and as `b`."""
    return frozenset(f"{key}={part.strip()}" for key, value in tags.items() for part in value.split(";"))


def best(rules: Iterable[TagRule[T]], tags: frozenset[str]) -> T | None:
    """What the winning rule means, `None` where none holds.

    A `contact_only` rule wins before all others; then the one with most conditions; then the more
    protected; then the first.
    """

    def rank(rule: TagRule[T]) -> tuple[bool, int, int]:
        return rule.strictness == STRICTNESS["contact_only"], len(rule.conditions), rule.strictness

    winner = max((rule for rule in rules if rule.conditions <= tags), key=rank, default=None)
    return None if winner is None else winner.target


def speaks_of_violence(tags: frozenset[str]) -> bool:
    """Whether an object is for people who fled from somebody, however the mapper wrote it."""
    return not HUNTED.isdisjoint(tag.lower() for tag in tags)
