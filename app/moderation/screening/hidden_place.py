"""A text that says where a place is which is not to be known."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.features.places_in_text import places_in, texts_of
from app.moderation.screening.signals import Signal


def hidden_place_signals(content: Mapping[str, Any]) -> Iterator[Signal]:
    """A signal where a protected place has an address, a postcode or coordinates in its texts."""
    disclosure = (content.get("place") or {}).get("disclosure", "exact")
    # The name of the unit that stands for the place is none of its texts.
    if disclosure != "exact" and any(
        places_in(text) for path, text in texts_of(content) if path[0] != "place"
    ):
        yield Signal("place_in_text", 40)
