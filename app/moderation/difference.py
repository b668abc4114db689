"""The difference of two contents, field by field: what the second says otherwise, and what it no longer says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.moderation.patching import WHERE


@dataclass(frozen=True, slots=True)
class Difference:
    """The fields that get a value, with it, and those that go. Laid on the first content it gives the second."""

    given: Mapping[str, Any]
    dropped: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.given or self.dropped)

    @property
    def fields(self) -> frozenset[str]:
        """The names of all fields that are not the same."""
        return self.dropped | self.given.keys()

    def only(self, fields: Collection[str]) -> "Difference":
        """The part that is about these fields; what says together where something is stays together."""
        wanted = set(fields)
        if not wanted.isdisjoint(WHERE):
            wanted.update(WHERE)
        return Difference(
            {key: self.given[key] for key in self.given if key in wanted}, self.dropped & wanted
        )

    def apply(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """Give the content with the difference laid on it; the one given stays as it is."""
        return {key: value for key, value in content.items() if key not in self.dropped} | dict(self.given)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Give what has to be done to `before` to make it `after`; both are JSON-ready contents of one layer."""
    given = {key: value for key, value in after.items() if key not in before or before[key] != value}
    return Difference(given, frozenset(before.keys() - after.keys()))
