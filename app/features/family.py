"""A feature with all that was merged into it, and the locks on whatever is kept of them."""

import uuid
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

#: The rows of imports that are theirs, or were laid beside one of them before (`ids`, and `named`: the ids as text).
IMPORTS_ABOUT_THEM: Final = (
    "feature_id = ANY(:ids) OR link_before #>> '{link,feature_id}' = ANY(CAST(:named AS text[]))"
)


@dataclass(frozen=True, slots=True)
class Family:
    """A feature, the first of `ids`, and all that were merged into it."""

    ids: tuple[uuid.UUID, ...]

    @property
    def merged(self) -> tuple[uuid.UUID, ...]:
        """Those that lead to it."""
        return self.ids[1:]


async def family_of(session: AsyncSession, feature_id: uuid.UUID) -> Family:
    """Give the feature with what leads to it, over however many merges."""
    rows = await session.scalars(_MERGED, {"id": feature_id})
    return Family((feature_id, *rows.all()))


async def keep_open(session: AsyncSession, feature_id: uuid.UUID) -> None:
    """Have nobody forget where a feature is until the end of the transaction, or wait until it is forgotten.

    For whoever is about to write what they have read of it: what forgets sees that too, or they read what is left.
    Before anything else is locked.
    """
    await session.execute(_KEEP_OPEN, {"id": str(feature_id)})


async def hold_submissions(session: AsyncSession, family: Family) -> dict[uuid.UUID, dict[str, Any]]:
    """Lock everything that was submitted about them, or that their sources say of them, and give its contents.

    Their merges are held before, reports about them after it: whoever undoes a merge, or takes what was reported off the
    map, holds these first. Before any layer and any feature is locked: see `app.features.revisions.hold_layers`.
    Before all of them come the pairs of likely duplicates, whose search holds them while it looks features up, and
    whoever writes something new about the features now (`keep_open`).
    """
    await session.execute(_HOLD_PAIRS)
    await session.execute(_CLOSE, {"ids": sorted(map(str, family.ids))})
    await session.execute(_HOLD_MERGES, {"ids": list(family.ids)})
    rows = await session.execute(_HOLD_SUBMISSIONS, {"ids": list(family.ids)})
    await session.execute(_HOLD_REPORTS, {"ids": list(family.ids)})
    named = [str(one) for one in family.ids]
    await session.execute(_HOLD_IMPORTS, {"ids": list(family.ids), "named": named})
    await session.execute(_HOLD_CLAIMS, {"ids": list(family.ids)})
    return {row.id: row.content for row in rows}


_MERGED = text(
    """
    WITH RECURSIVE family AS (
      SELECT CAST(:id AS uuid) AS id
      UNION
      SELECT f.id FROM family JOIN core.feature f ON f.merged_into = family.id
    )
    SELECT id FROM family WHERE id <> :id ORDER BY id
    """
)
_KEEP_OPEN = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('keep open ' || :id, 0))")
_CLOSE = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('keep open ' || id, 0)) FROM unnest(CAST(:ids AS text[])) AS id"
)
# Not against one another: only the search for duplicates holds the table for itself.
_HOLD_PAIRS = text("LOCK TABLE core.duplicate IN ROW EXCLUSIVE MODE")
_HOLD_MERGES = text(
    "SELECT FROM core.merge WHERE winner_id = ANY(:ids) OR loser_id = ANY(:ids) ORDER BY id FOR UPDATE"
)
_HOLD_SUBMISSIONS = text(
    """
    SELECT s.id, s.content FROM core.submission s
    WHERE s.feature_id = ANY(:ids)
       OR (s.layer, s.source, s.source_id) IN (
         SELECT f.layer, f.source, f.source_id FROM core.feature f
         WHERE f.id = ANY(:ids) AND f.source IS NOT NULL)
    ORDER BY s.id FOR UPDATE OF s
    """
)
_HOLD_REPORTS = text("SELECT FROM core.report WHERE feature_id = ANY(:ids) ORDER BY id FOR UPDATE")
_HOLD_IMPORTS = text(f"SELECT FROM core.import_row WHERE {IMPORTS_ABOUT_THEM} ORDER BY id FOR UPDATE")
_HOLD_CLAIMS = text("SELECT FROM core.place_claim WHERE feature_id = ANY(:ids) ORDER BY id FOR UPDATE")
