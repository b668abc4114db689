"""Help for those who may be watched by somebody at home: which it is, what asks for it, what speaks of it.

Its pages have neutral titles, a way out and no code, and no device of a reader keeps anything about it.
"""

import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.taxonomy.search_words import find_services
from app.taxonomy.vocabulary import Vocabulary

_GROUP = "safety"
#: Whoever asks for what helps these asks about violence.
_AUDIENCES = frozenset({"violence_victims"})


def discreet_services(vocabulary: Vocabulary) -> Iterable[str]:
    """The codes of the services that nobody else is to find on a screen."""
    return (s.code for s in vocabulary.services.values() if s.sensitive or s.group == _GROUP)


def is_discreet(properties: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether the public content of a feature, or its slim form, has such a service."""
    given = {one if isinstance(one, str) else one["type"] for one in properties.get("services", ())}
    return not given.isdisjoint(discreet_services(vocabulary))


def asks_discreetly(
    vocabulary: Vocabulary, *, services: Iterable[str] = (), audiences: Iterable[str] = (), text: str = ""
) -> bool:
    """Whether a question is about such help: by a code of a service, a group or an audience, or by words that may mean it.

    A family is no such code: it has other help among it. Words are taken widely, also begun and misspelt ones: what
    they leave behind on a device is the same.
    """
    asked = _codes(vocabulary)
    if not asked.isdisjoint(services) or not _AUDIENCES.isdisjoint(audiences):
        return True
    return bool(text) and any(match.code in asked for match in find_services(text, vocabulary=vocabulary))


def is_other_help(services: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether these are of families in which nothing is discreet: "food for women" is no word for a refuge.

    Places to sleep and support are of the families that have such help, whoever they are for.
    """
    asked = {vocabulary.services[one].family for code in services for one in vocabulary.expand((code,))}
    return bool(asked) and asked.isdisjoint(
        vocabulary.services[code].family for code in discreet_services(vocabulary)
    )


def speaks_of_discreet(body: bytes, vocabulary: Vocabulary) -> bool:
    """Whether a JSON answer names such a service of some feature."""
    return _named(vocabulary).search(body) is not None


@functools.lru_cache(maxsize=2)
def _codes(vocabulary: Vocabulary) -> frozenset[str]:
    """Such services, and the groups that hold nothing else."""
    services = frozenset(discreet_services(vocabulary))
    groups = {code for code in vocabulary.groups if vocabulary.expand((code,)) <= services}
    return services | groups


@functools.lru_cache(maxsize=2)
def _named(vocabulary: Vocabulary) -> re.Pattern[bytes]:
    codes = "|".join(map(re.escape, discreet_services(vocabulary)))
    return re.compile(f'"(?:{codes})"'.encode())
