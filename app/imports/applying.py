"""An import from the first row to the last, in the caller's one transaction: all of it, or a report of why not."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, Actor, record
from app.errors import Conflict, InvalidInput
from app.features.layer import Layer
from app.features.publishing import Item, Provenance, publish_many
from app.features.pyramid import Delta
from app.features.setting import Setting
from app.imports.mapping import SourceMapping
from app.imports.planning import BATCH, Planned, Planner
from app.imports.readers import read_rows
from app.imports.report import Report, Status
from app.imports.rows import Row
from app.imports.survey import survey
from app.moderation.actions.submit import Proposal, submit_imports

Mode = Literal["dry_run", "queue", "publish"]

#: Called with how many rows are done, and of how many (0: not known yet).
Progress = Callable[[int, int], None]

#: What is written by each mode. What was edited here is for a moderator to decide, also when publishing.
_PUBLISHED: Final = (Status.NEW, Status.CHANGED)
_QUEUED: Final = (Status.NEW, Status.CHANGED, Status.EDITED)


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to import and how. `countries` (ISO codes) are those of the installation."""

    path: Path
    mapping: SourceMapping
    mode: Mode
    countries: tuple[str, ...]
    skip_bad: bool = False
    actor: Actor = SYSTEM
    #: The actor's name, for the report.
    by: str = "system"

    @property
    def permission(self) -> str:
        """What a person must be allowed to do who imports so."""
        return "import.publish" if self.mode == "publish" else "import.run"


class RowsRefused(Conflict):
    """Nothing was imported: some rows cannot be taken. Correct them, or leave them out with --skip-bad."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__()


class CountryNotServed(InvalidInput):
    """This data is of a country that this installation does not serve. Add it to COUNTRIES."""


async def run_import(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    request: ImportRequest,
    progress: Progress = lambda _done, _total: None,
) -> Report:
    """Plan and, unless it is a dry run, write every row of a file.

    A row that cannot be taken ends the writing; the others are still looked at, so that the report of
    `RowsRefused` is whole, and the caller's transaction is to be rolled back. With `skip_bad` such rows
    are left out. Raises UnreadableFile and CountryNotServed before anything is written.
    """
    mapping = request.mapping
    if not set(mapping.countries) & set(request.countries):
        raise CountryNotServed
    found = survey(request.path, mapping, lambda done: progress(done, 0))
    report = Report(
        mapping.title, layer.key, mapping.source, mapping.licence, request.mode, request.by, found.total
    )
    planner = Planner(session, mapping, layer, found, request.countries)
    writing = request.mode != "dry_run"
    pyramid = Delta(setting.vocabulary)
    for rows in _batches(read_rows(request.path, mapping)):
        plans = await planner.plan(rows)
        for planned in plans:
            report.add(planned.report)
        writing = writing and (request.skip_bad or not report.refused)
        if writing:
            await _write(session, setting, layer, request, plans, pyramid)
        progress(rows[-1].number, found.total)
    if request.mode == "dry_run":
        return report
    if not writing:
        raise RowsRefused(report)
    await pyramid.apply(session)
    report.applied = True
    counts = {status.value: count for status, count in report.counts.items()}
    record(session, request.actor, "import.applied", "import", mapping.source, mode=request.mode, **counts)
    await session.flush()
    return report


async def _write(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    request: ImportRequest,
    plans: list[Planned],
    pyramid: Delta,
) -> None:
    queued = list(plans)
    if request.mode == "publish":
        items = [
            Item(planned.content, planned.feature_id, provenance=_provenance(request.mapping, planned))
            for planned in plans
            if planned.content is not None and planned.report.status in _PUBLISHED
        ]
        if items:
            await publish_many(
                session, setting, layer, items, actor=request.actor, action="import", pyramid=pyramid
            )
        queued = [planned for planned in plans if planned.report.status is Status.EDITED]
    proposals = [
        Proposal(layer, planned.content, planned.feature_id, provenance=_provenance(request.mapping, planned))
        for planned in queued
        if planned.content is not None and planned.report.status in _QUEUED
    ]
    if proposals:
        await submit_imports(session, proposals, language=request.mapping.language, actor=request.actor)
    session.expunge_all()


def _provenance(mapping: SourceMapping, planned: Planned) -> Provenance:
    return Provenance(
        source=mapping.source,
        source_id=planned.report.source_id,
        source_url=planned.url,
        licence=mapping.licence,
        attribution=mapping.attribution,
        verified_how=mapping.verified_how,
        verified_at=dt.datetime.combine(mapping.as_of, dt.time(12), dt.UTC),
    )


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch
