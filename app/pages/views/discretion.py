"""Help for those who may be watched by somebody at home: its pages have neutral titles, a way out and no code."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.taxonomy.vocabulary import Vocabulary

_GROUP = "safety"


def discreet_services(vocabulary: Vocabulary) -> Iterable[str]:
    """The codes of the services that nobody else is to find on a screen."""
    return (s.code for s in vocabulary.services.values() if s.sensitive or s.group == _GROUP)


def is_discreet(properties: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether the public content of a feature, or its slim form, has such a service."""
    given = {one if isinstance(one, str) else one["type"] for one in properties.get("services", ())}
    return not given.isdisjoint(discreet_services(vocabulary))
