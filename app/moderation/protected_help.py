"""What is protected: a place that is told less than exactly, help whose kind has to be, and organisations that run such help."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

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


async def runs_protected_help(
    session: AsyncSession, vocabulary: Vocabulary, ids: Iterable[uuid.UUID]
) -> bool:
    """Whether one of these is an organisation that protected help names: its name stands there, and leads to how it is reached.

    Help that was taken off the map counts too: it comes back as it was.
    """
    open_ = [one.code for one in vocabulary.services.values() if one.default_disclosure == "exact"]
    given = {"ids": [str(one) for one in ids], "open": open_}
    return bool(given["ids"]) and bool(await session.scalar(_RUNS, given))


# As `is_protected_help` says it, in the order in which the index finds them.
_RUNS = text(
    """
    SELECT EXISTS (
      SELECT FROM core.feature f
      WHERE f.content ? 'organisation' AND f.content -> 'organisation' ->> 'id' = ANY(CAST(:ids AS text[]))
        AND f.merged_into IS NULL
        AND (coalesce(f.content #>> '{place,disclosure}', 'exact') <> 'exact'
             OR EXISTS (SELECT FROM jsonb_path_query(f.content, '$.services[*].type') AS said
                        WHERE said #>> '{}' <> ALL(CAST(:open AS text[])))))
    """
)
