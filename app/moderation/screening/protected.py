"""Who changes how protected help is reached sends those who are hunted to a number of their own."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app.features.place import disclosure_in
from app.moderation.protected_help import is_protected_help
from app.moderation.screening.signals import Signal
from app.taxonomy.vocabulary import load_vocabulary

_POINTS: Final = 40


def protected_signals(live: Mapping[str, Any] | None, content: Mapping[str, Any]) -> Iterator[Signal]:
    """Signals for a change of what is on the map (`live`, None: nothing) where that is protected help."""
    if live is None or not is_protected_help(live, load_vocabulary()):
        return
    # They say how much harm there would be, not that nobody means it: what is likely spam is told by all others. The
    # trigger that puts a submission in its band knows these two as well.
    if _ways(live) != _ways(content):
        yield Signal("protected_contact", _POINTS)
    if _where(content) and _where(content) != _where(live):
        yield Signal("protected_where", _POINTS)


def _ways(content: Mapping[str, Any]) -> frozenset[str]:
    """What everybody may read of them: who suggests something has seen no more."""
    ways = {
        f"{one.get('kind')} {one.get('value')}"
        for one in content.get("contacts", ())
        if one.get("visibility", "public") == "public"
    }
    return frozenset({*ways, f"site {content.get('website') or ''}"})


def _where(content: Mapping[str, Any]) -> tuple[Any, ...]:
    """Where it says that it is, nothing of what names a unit alone: of that the public reads a larger one."""
    place = content.get("place") or {}
    said = (place.get("position"), content.get("address"))
    return () if not any(said) and disclosure_in(content) != "exact" else (disclosure_in(content), *said)
