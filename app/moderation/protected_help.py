"""What is protected: a place that is told less than exactly, and help whose kind has to be."""

from collections.abc import Mapping
from typing import Any

from app.features.disclosure import disclosure_of_services
from app.features.place import disclosure_in
from app.taxonomy.vocabulary import Vocabulary


def is_protected_help(content: Mapping[str, Any], vocabulary: Vocabulary) -> bool:
    """Whether a content tells less than all of its place, or has help that has to.

    A service that is known no more may have been one of them.
    """
    codes = [one["type"] for one in content.get("services", ()) if "type" in one]
    known = [code for code in codes if code in vocabulary.services]
    return (
        disclosure_in(content) != "exact"
        or len(known) < len(codes)
        or disclosure_of_services(known, vocabulary) != "exact"
    )
