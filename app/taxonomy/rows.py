"""A term as plain values: for the table of terms and for the public JSON."""

import uuid
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from app.taxonomy.terms import (
    AccessCondition,
    ReportReason,
    Resource,
    Service,
    ServiceGroup,
    Term,
)
from app.taxonomy.vocabulary import Vocabulary

#: Namespace of the terms' uuid5. Fixed for ever: HSDS clients keep these ids.
NAMESPACE = uuid.UUID("6f3d5c5e-0d0e-5a53-9b5c-9a1c7b0a4e21")

_COLUMNS = {"code", "names", "descriptions", "icon", "position", "family", "retired", "added"}
#: For matching only; the search works in memory.
_PRIVATE = {"synonyms"}


def term_uuid(kind: str, code: str) -> uuid.UUID:
    """The id of a term of ours, the same in every installation."""
    return uuid.uuid5(NAMESPACE, f"{kind}/{code}")


def id_of(term: Term) -> uuid.UUID:
    """The id of a term; what an installation has added has one of its own, since another may mean something else by its code."""
    added = term.added if isinstance(term, Service) else None
    return added or term_uuid(term.kind, term.code)


def parent_of(term: Term) -> str | None:
    """The code of the heading that a term stands under, `None` where there is none."""
    match term:
        case Service() | AccessCondition():
            return term.group
        case ServiceGroup():
            return term.family
        case Resource():
            return term.resource_kind
        case ReportReason():
            return term.urgency
        case _:
            return None


def term_values(term: Term) -> dict[str, Any]:
    """Every public field of a term as plain JSON values, its members named as in `app.taxonomy.terms`."""
    values = {field.name: _plain(getattr(term, field.name)) for field in fields(term)}
    if "added" in values:
        values["added"] = values["added"] is not None
    return {name: value for name, value in values.items() if name not in _PRIVATE}


def term_rows(vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """All terms as rows of `published.term`, in the order of the vocabularies."""
    return [_row(term, order) for table in vocabulary.tables() for order, term in enumerate(table.values())]


def _row(term: Term, order: int) -> dict[str, Any]:
    values = term_values(term)
    return {
        "kind": term.kind,
        "code": term.code,
        "uuid": id_of(term),
        "parent": parent_of(term),
        "position": values.get("position"),
        "family": term.code if term.kind == "family" else values.get("family"),
        "icon": term.icon,
        "names": values["names"],
        "descriptions": values.get("descriptions", {}),
        "data": {name: value for name, value in values.items() if name not in _COLUMNS},
        "sort_order": order,
        "retired": term.retired,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return list(value) if isinstance(value, tuple) else value
