"""The public past of features, derived from their revisions and checks whenever their rows are written."""

import contextlib
import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.content import OutdatedContent
from app.features.history import Check, Joined, Past, Step, changed_since, past_of
from app.features.layer import Layer
from app.features.setting import Setting


async def histories(
    session: AsyncSession, setting: Setting, layer: Layer, protected: Mapping[uuid.UUID, bool]
) -> dict[uuid.UUID, Past]:
    """Give the public past of features; `protected` says of each whether its place is. Their revisions are there.

    What was led to a feature openly tells its past there, too; never to a protected one.
    """
    given = {"ids": list(protected), "zone": setting.timezone}
    rows = (await session.execute(_PAST, given)).all()
    if any(row.is_step and row.changed is None and row.feature_id == row.own for row in rows):
        await _compare_older(session, setting, layer, given)
        rows = (await session.execute(_PAST, given)).all()
    steps: dict[tuple[uuid.UUID, uuid.UUID], list[Step]] = {(key, key): [] for key in protected}
    checks: dict[tuple[uuid.UUID, uuid.UUID], list[Check]] = {(key, key): [] for key in protected}
    for row in rows:
        pair = (row.feature_id, row.own)
        if row.is_step:
            checked = None if row.checked is None else (row.checked, row.how)
            step = Step(row.day, row.said, tuple(row.changed or ()), bool(row.closed), checked)
            steps.setdefault(pair, []).append(step)
        else:
            checks.setdefault(pair, []).append(Check(row.day, row.how, row.said))
    joined: dict[uuid.UUID, list[Joined]] = {key: [] for key in protected}
    for pair, made in steps.items():
        if pair[0] != pair[1] and not protected[pair[0]]:
            joined[pair[0]].append((made, checks.get(pair, ())))
    return {
        key: past_of(steps[key, key], checks[key, key], protected=is_protected, joined=joined[key])
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
# Steps by their number, then checks by their moment; `said` is what was done, or who looked. Of what was led to a
# feature (`own` is not its id) the steps come after those of the feature. The ids come by a query of their own: of a
# value the planner would know the length, and would plan anew for each.
_PAST = text(
    """
    WITH RECURSIVE lead AS (
      SELECT id AS feature_id, id AS own, 0 AS far FROM unnest((SELECT CAST(:ids AS uuid[]))) AS given (id)
      UNION ALL
      SELECT lead.feature_id, m.id, lead.far + 1 FROM lead JOIN published.merged m ON m.into_id = lead.own
      WHERE lead.far < 50
    )
    SELECT l.feature_id, l.own, l.far, true AS is_step, r.number, r.created_at AS at,
      (r.created_at AT TIME ZONE :zone)::date AS day, r.action AS said, r.changed,
      r.content #>> '{status,state}' = 'closed' AS closed, (r.verified_at AT TIME ZONE :zone)::date AS checked,
      r.verified_how AS how
    FROM lead l JOIN core.revision r ON r.feature_id = l.own
    UNION ALL
    SELECT l.feature_id, l.own, l.far, false, NULL, c.at, (c.at AT TIME ZONE :zone)::date, c.by, NULL, NULL, NULL, c.how
    FROM lead l JOIN core.feature_check c ON c.feature_id = l.own
    ORDER BY feature_id, far, own, number, at
    """
)
