"""One content made of two: each member is taken from one of them, or of lists both. The stricter protection always wins."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from app.features.facets import Disclosure
from app.features.place import DISCLOSURES
from app.moderation.patching import WHERE

Side = Literal["winner", "loser", "both"]

#: Members that say little without each other, by the one name under which they are chosen.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "place": WHERE,
    "audiences": ("audience_mode", "audiences", "ages"),
    "hours": ("hours", "appointment"),
    "status": ("status", "valid_from", "valid_until"),
}
_GROUP_OF: Final = {member: name for name, members in GROUPS.items() for member in members}
#: Lists of which both can be kept, and registers: a number that both have is the winner's.
BOTH: Final = frozenset(
    {"also_known_as", "contacts", "services", "languages", "access", "documents", "notices", "people", "areas", "identifiers"}
)  # fmt: skip
_NOT_CHOSEN: Final = frozenset({"schema_version"})


def fields_of(winner: Mapping[str, Any], loser: Mapping[str, Any]) -> list[str]:
    """Give the names under which something is chosen, where the two differ, in the order in which they are said."""
    keys = dict.fromkeys(key for key in [*winner, *loser] if key not in _NOT_CHOSEN)
    fields = dict.fromkeys(_GROUP_OF.get(key, key) for key in keys)
    return [name for name in fields if any(winner.get(key) != loser.get(key) for key in members(name))]


def members(name: str) -> tuple[str, ...]:
    """Give the members of a content that are chosen under a name."""
    return GROUPS.get(name, (name,))


def may_be_both(name: str, winner: Mapping[str, Any], loser: Mapping[str, Any]) -> bool:
    """Whether both can be kept: of lists that both have."""
    return name in BOTH and bool(winner.get(name)) and type(winner.get(name)) is type(loser.get(name))


def is_forced(name: str, winner: Mapping[str, Any], loser: Mapping[str, Any]) -> Side | None:
    """Give the side from which a place must be taken, since the other one says more of it; None where both may be."""
    if name != "place":
        return None
    ours, theirs = disclosure(winner), disclosure(loser)
    if ours == theirs:
        return None
    return "winner" if DISCLOSURES.index(ours) > DISCLOSURES.index(theirs) else "loser"


def disclosure(content: Mapping[str, Any]) -> Disclosure:
    """How openly the place of a content may be known."""
    said: Disclosure = (content.get("place") or {}).get("disclosure", "exact")
    return said


def suggested(name: str, winner: Mapping[str, Any], loser: Mapping[str, Any]) -> Side:
    """Give what is chosen before anybody chooses: all of the winner, and what only the loser says."""
    forced = is_forced(name, winner, loser)
    if forced is not None:
        return forced
    if may_be_both(name, winner, loser):
        return "both"
    return "winner" if any(winner.get(key) for key in members(name)) else "loser"


def chosen_content(
    winner: Mapping[str, Any], loser: Mapping[str, Any], chosen: Mapping[str, str]
) -> dict[str, Any]:
    """Give the content, JSON-ready and not checked yet. What nobody chose, or as it cannot be, is the winner's."""
    result = dict(winner)
    for name in fields_of(winner, loser):
        side = is_forced(name, winner, loser) or chosen.get(name, "winner")
        if side == "both" and may_be_both(name, winner, loser):
            result[name] = _both(winner[name], loser[name])
        elif side == "loser":
            for key in members(name):
                result.pop(key, None)
                if key in loser:
                    result[key] = loser[key]
    return result


def _both(ours: Any, theirs: Any) -> Any:
    if isinstance(ours, Mapping):
        return {**theirs, **ours}
    known = [_identity(element) for element in ours]
    return [*ours, *(element for element in theirs if _identity(element) not in known)]


def _identity(element: Any) -> Any:
    """By what an element is known again: a service by its type, a contact by its value, anything else by all it says."""
    if isinstance(element, Mapping):
        if "type" in element:
            return element["type"]
        if "value" in element:
            return element["value"]
    return element
