"""What is already here of a source: published, waiting in the queue, or declined."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import FeatureState
from app.imports.report import Status
from app.moderation.states import OPEN_STATES, SubmissionState


@dataclass(frozen=True, slots=True)
class KnownFeature:
    """A feature of the source. `imported` is what the source last said, None when that is not known."""

    feature_id: uuid.UUID
    published: bool
    revision: int
    live: dict[str, Any]
    imported: dict[str, Any] | None

    def status(self, content: dict[str, Any]) -> Status:
        """What the source's present content means for it. What people have edited here is theirs."""
        if not self.published:
            return Status.DECLINED
        if content == (self.live if self.imported is None else self.imported):
            return Status.SAME
        return Status.CHANGED if self.imported in (None, self.live) else Status.EDITED


@dataclass(frozen=True, slots=True)
class KnownSubmission:
    """The last submission of a row, and whether it still waits."""

    waiting: bool
    rejected: bool
    content: dict[str, Any]


# Each id is looked up by itself, in the one index that serves it: while an import writes, statistics say that the
# table is empty, and reading all of the layer for every batch seems as good. OFFSET 0 keeps the lookup apart.
_FEATURES = text(
    """
    SELECT f.source_id, f.id, f.state, f.revision, f.content AS live, last.content AS imported
    FROM unnest(CAST(:ids AS text[])) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT * FROM core.feature
      WHERE layer = :layer AND source = :source AND source_id = asked.id
      OFFSET 0
    ) f
    LEFT JOIN LATERAL (
      SELECT coalesce(s.content, r.content) AS content
      FROM core.revision r
      LEFT JOIN core.submission s ON s.id = r.submission_id
      WHERE r.feature_id = f.id AND (r.action = 'import' OR s.channel = 'import')
      ORDER BY r.number DESC
      LIMIT 1
    ) last ON true
    """
)
_SUBMISSIONS = text(
    """
    SELECT last.source_id, last.state, last.content
    FROM unnest(CAST(:ids AS text[])) AS asked (id)
    CROSS JOIN LATERAL (
      SELECT source_id, layer, state, content FROM core.submission
      WHERE source = :source AND source_id = asked.id AND layer = :layer
      ORDER BY created_at DESC
      LIMIT 1
    ) last
    """
)


async def known_features(
    session: AsyncSession, layer: str, source: str, ids: Sequence[str]
) -> dict[str, KnownFeature]:
    """The features of a source by their ids there."""
    rows = await session.execute(_FEATURES, {"source": source, "ids": list(ids), "layer": layer})
    return {
        row.source_id: KnownFeature(
            row.id, row.state == FeatureState.PUBLISHED, row.revision, row.live, row.imported
        )
        for row in rows
    }


async def known_submissions(
    session: AsyncSession, layer: str, source: str, ids: Sequence[str]
) -> dict[str, KnownSubmission]:
    """The last submission of each row that ever was in the queue, by its id at the source."""
    rows = await session.execute(_SUBMISSIONS, {"source": source, "ids": list(ids), "layer": layer})
    return {
        row.source_id: KnownSubmission(
            row.state in OPEN_STATES,
            row.state in (SubmissionState.REJECTED, SubmissionState.SPAM),
            row.content,
        )
        for row in rows
    }
