"""A row at the desk: read, held, compared once more with what is here now, and kept as what it is."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor
from app.errors import Conflict, NotFound
from app.features.layer import Layer
from app.features.models import Feature, FeatureState
from app.features.setting import Setting
from app.imports.models import ImportRow, ImportRun
from app.imports.staging.comparing import Comparer, Incoming, Verdict
from app.moderation.withheld import is_protected


class RowNotFound(NotFound):
    """There is no such row."""


class CannotBeTaken(Conflict):
    """This row cannot be taken. Correct it in the file, and upload that again."""


@dataclass(frozen=True, slots=True)
class Desk:
    """With what somebody decides: the run, its layer, who and when."""

    session: AsyncSession
    setting: Setting
    layer: Layer
    run: ImportRun
    actor: Actor
    #: The decision on many rows that this is part of.
    bulk_id: uuid.UUID | None = None

    @property
    def comparer(self) -> Comparer:
        """What compares rows of this run."""
        return Comparer(self.session, self.setting, self.layer, self.run)


async def read_row(session: AsyncSession, row_id: uuid.UUID | None, *, lock: bool = False) -> ImportRow:
    """Give a row; `RowNotFound`."""
    if row_id is None:
        raise RowNotFound
    query = select(ImportRow).where(ImportRow.id == row_id)
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise RowNotFound
    return found


async def look_again(desk: Desk, row: ImportRow) -> Verdict:
    """Compare a row that waits with what is here now, and keep what it is."""
    made_here = await made_by(desk.session, row)
    (found,) = await desk.comparer.compare([incoming(desk.layer, row)], made_here)
    keep(row, found, made_here)
    if found.withheld:
        row.area_codes = await _areas_of(desk.session, found.content)
    await desk.session.flush()
    return found


def keep(row: ImportRow, verdict: Verdict, made_here: uuid.UUID | None = None) -> None:
    """Write what a row is into it. Rows of one file that are one place stay in conflict."""
    together = [one for one in row.reasons if one["code"] in ("two_rows", "alike_row")]
    kind = "conflict" if together else verdict.kind
    row.kind, row.likelihood = kind, verdict.likelihood
    row.reasons = [*together, *verdict.reasons]
    row.feature_id, row.revision = verdict.feature_id or made_here, verdict.revision
    if verdict.withheld:
        row.content, row.cells = verdict.content, None


def incoming(layer: Layer, row: ImportRow) -> Incoming:
    """Give a kept row as it is compared."""
    if row.content is None:
        raise CannotBeTaken
    return Incoming(row.number, row.source_id, layer.content.kept(row.content), bool(row.notes))


async def made_by(session: AsyncSession, row: ImportRow) -> uuid.UUID | None:
    """Give the place off the map that this row made once, before that was undone."""
    if row.feature_id is None or row.made_revision is None or row.decision is not None:
        return None
    found = await session.get(Feature, row.feature_id, populate_existing=True)
    if found is None or found.state != FeatureState.UNPUBLISHED or found.revision != row.made_revision:
        return None
    return found.id if (found.source, found.source_id) == (row.source, row.source_id) else None


async def withhold(
    session: AsyncSession, row: ImportRow, live: Mapping[str, Any], told: Mapping[str, Any]
) -> None:
    """Keep of a row no more of where a protected place is than the place itself tells: somebody may have found it by hand."""
    if is_protected(live):
        row.content, row.cells = dict(told), None
        row.area_codes = await _areas_of(session, told)


async def _areas_of(session: AsyncSession, content: Mapping[str, Any]) -> list[str]:
    return list(await session.scalar(_AREAS, {"content": orjson.dumps(content).decode()}) or ())


_AREAS = text("SELECT core.areas_of(CAST(:content AS jsonb))")
