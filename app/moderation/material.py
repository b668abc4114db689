"""What of a place can send people to a wrong door or a wrong person, so that whoever is behind it is told of a change."""

from collections.abc import Mapping
from typing import Any, Final

from geo.distance import distance_m

#: Members of a content; a change of these waits as any other, and the previous contact is told (SECURITY E8).
MATERIAL: Final = frozenset(
    {"name", "services", "address", "place", "contacts", "website", "hours", "organisation", "status"}
)
#: A pin that moves less than this stays at the same door.
MOVED_M: Final = 100.0


def material_changes(now: Mapping[str, Any], wanted: Mapping[str, Any]) -> frozenset[str]:
    """Give the members that a change makes otherwise than they are, of those that matter."""
    return frozenset(
        key for key in MATERIAL if now.get(key) != wanted.get(key) and not _same_door(key, now, wanted)
    )


def _same_door(key: str, now: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    if key != "place":
        return False
    was, will = dict(now.get("place") or {}), dict(wanted.get("place") or {})
    here, there = was.pop("position", None), will.pop("position", None)
    was.pop("geocoded", None)
    will.pop("geocoded", None)
    if was != will or not (here and there):
        return False
    return distance_m(here["lng"], here["lat"], there["lng"], there["lat"]) <= MOVED_M
