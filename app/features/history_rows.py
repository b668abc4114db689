"""The public past of features, derived from their revisions and checks whenever their rows are written."""

import contextlib
import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import OutdatedContent
from app.features.history import Check, Past, Step, changed_since, past_of
from app.features.layer import Layer
from app.features.setting import Setting


async def histories(
    session: AsyncSession, setting: Setting, layer: Layer, protected: Mapping[uuid.UUID, bool]
) -> dict[uuid.UUID, Past]:
    """Give the public past of features; `protected` says of each whether its place is. Their revisions are there."""
    given = {"ids": list(protected), "zone": setting.timezone}
    rows = (await session.execute(_PAST, given)).all()
    if any(row.is_step and row.changed is None for row in rows):
        await _compare_older(session, setting, layer, given)
        rows = (await session.execute(_PAST, given)).all()
    steps: dict[uuid.UUID, list[Step]] = {key: [] for key in protected}
    checks: dict[uuid.UUID, list[Check]] = {key: [] for key in protected}
    for row in rows:
        if row.is_step:
            checked = None if row.checked is None else (row.checked, row.how)
            steps[row.feature_id].append(
                Step(row.day, row.said, tuple(row.changed), bool(row.closed), checked)
            )
        else:
            checks[row.feature_id].append(Check(row.day, row.how, row.said))
    return {
        key: past_of(steps[key], checks[key], protected=is_protected)
        for key, is_protected in protected.items()
    }


async def _compare_older(
    session: AsyncSession, setting: Setting, layer: Layer, given: Mapping[str, Any]
) -> None:
    """Compare revisions from before anybody wrote down what changed in them; nothing is told of one that cannot be read now."""
    rows = (await session.execute(_OLDER, given)).all()
    for _, revisions in itertools.groupby(rows, key=lambda row: row.feature_id):
        for before, row in itertools.pairwise([None, *revisions]):
            if row is None or row.changed is not None:
                continue
            changed: Sequence[str] = ()
            if before is not None and before.content != row.content:
                with contextlib.suppress(OutdatedContent):
                    now = layer.content.kept(row.content)
                    changed = changed_since(layer, setting.vocabulary, before.content, now)
            await session.execute(
                _COMPARED, {"id": row.feature_id, "number": row.number, "changed": list(changed)}
            )


_OLDER = text(
    """
    SELECT r.feature_id, r.number, r.content, r.changed FROM core.revision r
    WHERE r.feature_id IN (SELECT o.feature_id FROM core.revision o WHERE o.changed IS NULL AND o.feature_id = ANY(:ids))
    ORDER BY r.feature_id, r.number
    """
)
_COMPARED = text("UPDATE core.revision SET changed = :changed WHERE feature_id = :id AND number = :number")
# Steps by their number, then checks by their moment; `said` is what was done, or who looked.
_PAST = text(
    """
    SELECT feature_id, true AS is_step, number, created_at AS at, (created_at AT TIME ZONE :zone)::date AS day,
      action AS said, changed, content #>> '{status,state}' = 'closed' AS closed,
      (verified_at AT TIME ZONE :zone)::date AS checked, verified_how AS how
    FROM core.revision WHERE feature_id = ANY(:ids)
    UNION ALL
    SELECT feature_id, false, NULL, at, (at AT TIME ZONE :zone)::date, by, NULL, NULL, NULL, how
    FROM core.feature_check WHERE feature_id = ANY(:ids)
    ORDER BY feature_id, number, at
    """
)
