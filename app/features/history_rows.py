"""The public past of features, derived from their revisions and checks whenever their rows are written."""

import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.history import Check, Past, Step, changed_fields, past_of
from app.features.layer import Layer
from app.features.setting import Setting


async def write_history(
    session: AsyncSession, setting: Setting, layer: Layer, protected: Mapping[uuid.UUID, bool]
) -> None:
    """Write the public past of published features anew; `protected` says of each whether its place is.

    Their rows in `published.feature` and their revisions are there already.
    """
    if not protected:
        return
    given = {"ids": list(protected), "zone": setting.timezone}
    await _compare_older(session, setting, layer, given)
    steps = await _steps(session, given)
    checks: dict[uuid.UUID, list[Check]] = {}
    for row in await session.execute(_CHECKS, given):
        checks.setdefault(row.feature_id, []).append(Check(row.day, row.how, row.by))
    rows = [
        _row(key, past_of(steps[key], checks.get(key, ()), protected=is_protected))
        for key, is_protected in protected.items()
    ]
    await session.execute(_WRITE, {"rows": orjson.dumps(rows).decode()})


async def _steps(session: AsyncSession, given: Mapping[str, Any]) -> dict[uuid.UUID, list[Step]]:
    steps: dict[uuid.UUID, list[Step]] = {}
    for row in await session.execute(_STEPS, given):
        checked = None if row.checked is None else (row.checked, row.verified_how)
        step = Step(row.day, row.action, tuple(row.changed), bool(row.closed), checked)
        steps.setdefault(row.feature_id, []).append(step)
    return steps


def _row(feature_id: uuid.UUID, past: Past) -> dict[str, Any]:
    return {
        "feature_id": feature_id,
        "events": [event.to_dict() for event in past.events],
        "earlier": past.earlier,
        "since": past.since,
    }


async def _compare_older(
    session: AsyncSession, setting: Setting, layer: Layer, given: Mapping[str, Any]
) -> None:
    """Compare revisions from before anybody wrote down what changed in them."""
    rows = (await session.execute(_OLDER, given)).all()
    for _, revisions in itertools.groupby(rows, key=lambda row: row.feature_id):
        for before, row in itertools.pairwise([None, *revisions]):
            if row is None or row.changed is not None:
                continue
            changed: Sequence[str] = ()
            if before is not None and before.content != row.content:
                was, now = (layer.content.model_validate(one.content) for one in (before, row))
                changed = changed_fields(layer, setting.vocabulary, was, now)
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
_STEPS = text(
    """
    SELECT feature_id, (created_at AT TIME ZONE :zone)::date AS day, action, changed,
      content #>> '{status,state}' = 'closed' AS closed,
      (verified_at AT TIME ZONE :zone)::date AS checked, verified_how
    FROM core.revision WHERE feature_id = ANY(:ids) ORDER BY feature_id, number
    """
)
_CHECKS = text(
    """
    SELECT feature_id, (at AT TIME ZONE :zone)::date AS day, how, by
    FROM core.feature_check WHERE feature_id = ANY(:ids) ORDER BY feature_id, at
    """
)
_WRITE = text(
    """
    INSERT INTO published.history (feature_id, events, earlier, since)
    SELECT feature_id, events, earlier, since FROM jsonb_to_recordset(CAST(:rows AS jsonb))
      AS given (feature_id uuid, events jsonb, earlier integer, since date)
    ON CONFLICT (feature_id) DO UPDATE SET
      events = excluded.events, earlier = excluded.earlier, since = excluded.since
    """
)
