"""A file taken in: kept while somebody says what its columns mean, then every row put beside what is here. Nothing is public."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict, FieldProblem, InvalidInput, NotFound
from app.features.layer import Layer
from app.features.protected import as_protected_as
from app.features.publishing import DEMONSTRATION
from app.features.setting import Setting
from app.i18n import N_
from app.imports.models import ImportRun
from app.imports.notes import Note, UnreadableFile
from app.imports.planning import Planned, Planner
from app.imports.report import Status
from app.imports.rows import Row
from app.imports.staging.columns import OWN_ID, columns_of, guessed, is_certain, mapping_of, required_of
from app.imports.staging.comparing import Comparer, Incoming, Kind, Verdict
from app.imports.staging.laying import stated
from app.imports.staging.reading import decimal_of, format_of, headers_of, read_file, with_plain_cells
from app.imports.survey import look_through
from app.jobs import defer
from app.moderation.duplicates.blocks import likely_pairs
from app.moderation.duplicates.traits import traits_of
from app.taxonomy.vocabulary import load_vocabulary

#: So many rows are compared while whoever uploaded them waits; more by the worker.
AT_ONCE: Final = 200
TASK: Final = "imports.stage"
_SOURCE: Final = re.compile(r"[a-z0-9][a-z0-9/_-]{1,59}")
_LONGEST: Final = 200


class RunNotFound(NotFound):
    """There is no such import."""


class ReadAlready(Conflict):
    """This file has been read already."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody says of the file that they upload."""

    layer: str
    title: str
    source: str
    source_url: str
    licence: str
    attribution: str
    language: str
    as_of: str

    def checked(self, layers: Mapping[str, Layer], today: dt.date) -> dict[str, Any]:
        """Give the members of a run; `InvalidInput` with a problem for each that needs another look."""
        problems = [
            FieldProblem(name, "missing", words)
            for name, words in _MISSING.items()
            if not getattr(self, name).strip()
        ]
        problems += [
            FieldProblem(name, "too_long", N_("This is too long."))
            for name in ("title", "source_url", "licence", "attribution")
            if len(getattr(self, name)) > _LONGEST
        ]
        if self.layer not in layers:
            problems.append(FieldProblem("layer", "unknown", N_("Choose what the file is about.")))
        if self.source.strip() and not _SOURCE.fullmatch(self.source.strip()):
            problems.append(FieldProblem("source", "pattern", _PATTERN))
        # What is invented is of this source, and is taken off the map by it.
        if self.source.strip() == DEMONSTRATION:
            problems.append(FieldProblem("source", "taken", _TAKEN))
        if self.language not in load_vocabulary().languages:
            problems.append(FieldProblem("language", "unknown", N_("Choose the language of the file.")))
        if self.source_url.strip() and not re.match(r"https?://\S+$", self.source_url.strip()):
            problems.append(
                FieldProblem("source_url", "pattern", N_("Write an address that begins with https://."))
            )
        as_of = _day(self.as_of)
        if as_of is None or not dt.date(2000, 1, 1) <= as_of <= today:
            problems.append(
                FieldProblem("as_of", "date", N_("Say on which day this was true, today at the latest."))
            )
        if problems:
            raise InvalidInput(*problems)
        said = {name: getattr(self, name).strip() for name in self.__slots__}
        return said | {"as_of": as_of}


_TAKEN: Final = N_("Something else has this word already. Choose another one.")
_PATTERN: Final = N_("Use small letters a to z, digits and hyphens, at least two.")
_MISSING: Final = {
    "title": N_("Give the file a name by which you will know it again."),
    "source": N_("Say where it is from: the same word each time."),
    "licence": N_("Say under which licence it may be published."),
    "attribution": N_("Say who is to be named as the source."),
}


async def take_in(
    session: AsyncSession,
    layers: Mapping[str, Layer],
    upload: Upload,
    data: bytes,
    *,
    actor: Actor,
    today: dt.date,
) -> ImportRun:
    """Keep a file that can be read; `InvalidInput` for what was said of it, `UnreadableFile` for the file itself."""
    said = upload.checked(layers, today)
    rows = await read_file(data)
    headers = headers_of(rows)
    columns = guessed(upload.layer, headers)
    run = ImportRun(
        id=uuid.uuid4(),
        **said,
        format=format_of(data),
        headers=headers,
        columns=columns,
        file=data,
        state="waiting" if is_certain(upload.layer, headers, columns) else "columns",
        total=len(rows),
        created_by=actor.user_id,
    )
    session.add(run)
    record(session, actor, "import.uploaded", "import", run.id, source=run.source, rows=len(rows))
    await session.flush()
    return run


async def read_run(session: AsyncSession, run_id: uuid.UUID | None, *, lock: bool = False) -> ImportRun:
    """Give a run; `RunNotFound`."""
    found = await session.get(ImportRun, run_id, with_for_update=lock or None) if run_id else None
    if found is None:
        raise RunNotFound
    return found


async def choose_columns(
    session: AsyncSession, run: ImportRun, chosen: Mapping[str, str], *, actor: Actor
) -> None:
    """Keep which column says what; `InvalidInput` where one is missing or named twice, `ReadAlready`."""
    if run.state != "columns":
        raise ReadAlready
    ours = {column.key for column in columns_of(run.layer)}
    columns = {key: header for key, header in chosen.items() if key in ours and header in run.headers}
    problems = [
        FieldProblem(f"column-{key}", "missing", N_("Choose the column that says this."))
        for key in sorted(required_of(run.layer) - columns.keys())
    ]
    twice = [key for key, header in columns.items() if list(columns.values()).count(header) > 1]
    problems += [
        FieldProblem(f"column-{key}", "twice", N_("This column is chosen for something else, too."))
        for key in twice
    ]
    if problems:
        raise InvalidInput(*problems)
    run.columns, run.state, run.columns_by = columns, "waiting", actor.user_id
    record(session, actor, "import.columns", "import", run.id)
    await session.flush()


async def begin(
    session: AsyncSession, setting: Setting, layer: Layer, run: ImportRun, countries: Sequence[str]
) -> None:
    """Have the rows compared: at once where they are few, else by the worker."""
    if run.state != "waiting":
        return
    if run.total <= AT_ONCE:
        await stage(session, setting, layer, run, countries)
    else:
        await defer(session, TASK, run_id=str(run.id))


async def stage(
    session: AsyncSession, setting: Setting, layer: Layer, run: ImportRun, countries: Sequence[str]
) -> None:
    """Read the rows of a run that waits, compare each with what is here, and keep what came of it."""
    if run.state != "waiting" or run.file is None:
        raise ReadAlready
    try:
        rows = [with_plain_cells(row, run.columns) for row in await read_file(run.file)]
    except UnreadableFile as error:
        run.state, run.file = "failed", None
        run.problem = {"code": error.note.code, "detail": dict(error.note.detail)}
        return
    mapping = mapping_of(run, countries, decimal=decimal_of(rows, run))
    planner = Planner(session, mapping, layer, look_through(rows, mapping), tuple(countries))
    drafts, plans = await planner.contents(rows)
    comparer = Comparer(session, setting, layer, run)
    incoming = []
    for draft, content in drafts:
        notes = list(draft.notes)
        if run.columns.get("hours") and str(draft.row.values.get(run.columns["hours"], "")).strip():
            notes += [] if getattr(content, "hours", None) else [Note("hours_left_out", "hours")]
        incoming.append((Incoming(draft.row.number, draft.source_id, content, bool(notes)), draft.row, notes))
    verdicts = await comparer.compare([one for one, _, _ in incoming])
    verdicts = _apart(layer, [one for one, _, _ in incoming], verdicts)
    written = [
        _row(run, row, one.source_id, notes, verdict)
        for (one, row, notes), verdict in zip(incoming, verdicts, strict=True)
    ]
    by_number = {row.number: row for row in rows}
    written += [_refused(run, by_number[number], plan) for number, plan in plans.items()]
    await session.execute(_WRITE, {"rows": orjson.dumps(written, option=orjson.OPT_NON_STR_KEYS).decode()})
    run.state, run.file = "ready", None
    await session.flush()


async def withhold(session: AsyncSession, layer: Layer, run_id: uuid.UUID) -> None:
    """Keep no place of what was protected while the rows were compared. In a transaction after theirs."""
    for row in (await session.execute(_TELLING, {"run": run_id})).all():
        told = stated(as_protected_as(row.live, layer.content.kept(row.content)))
        await session.execute(_WITHHOLD, {"id": row.id, "content": orjson.dumps(told).decode()})


def _apart(layer: Layer, rows: Sequence[Incoming], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Rows that are one place, or look like it: somebody has to say which of them is it."""
    result = list(verdicts)
    by_place: dict[uuid.UUID, list[int]] = {}
    for index, verdict in enumerate(verdicts):
        told_before = verdict.kind is Kind.SAME and verdict.reasons[0]["code"] == "as_before"
        if verdict.feature_id is not None and not told_before:
            by_place.setdefault(verdict.feature_id, []).append(index)
    for indexes in by_place.values():
        if len(indexes) > 1:
            for index in indexes:
                result[index] = _conflict(
                    result[index], "two_rows", [rows[other].number for other in indexes if other != index]
                )
    new = [
        traits_of(row.content.to_dict(), layer.key, uuid.UUID(int=index))
        for index, row in enumerate(rows)
        if verdicts[index].kind is Kind.CREATE
    ]
    for (a, b), like in likely_pairs(new).items():
        for one, other in ((a, b), (b, a)):
            result[one.int] = replace(
                _conflict(result[one.int], "alike_row", [rows[other.int].number]), likelihood=like.score
            )
    return result


def _conflict(verdict: Verdict, code: str, numbers: Sequence[int]) -> Verdict:
    reason = {"code": code, "rows": sorted(numbers)}
    kept = [one for one in verdict.reasons if one["code"] not in ("nothing_like_it", code)]
    return replace(verdict, kind=Kind.CONFLICT, reasons=(reason, *kept))


def _row(run: ImportRun, row: Row, source_id: str, notes: Sequence[Note], verdict: Verdict) -> dict[str, Any]:
    return _base(run, row, source_id, notes) | {
        "content": verdict.content,
        # Where a protected place is stands in the cells as well.
        "cells": None if verdict.withheld else _cells(row),
        "class": verdict.kind,
        "likelihood": verdict.likelihood,
        "reasons": list(verdict.reasons),
        "feature_id": verdict.feature_id,
        "revision": verdict.revision,
    }


def _refused(run: ImportRun, row: Row, plan: Planned) -> dict[str, Any]:
    kind = Kind.REFUSED if plan.report.status is Status.REFUSED else Kind.LEFT_OUT
    reasons = [{"code": "twice"}] if kind is Kind.LEFT_OUT else []
    return _base(run, row, plan.report.source_id, plan.report.notes) | {
        "content": None,
        # Beside no place, they would be forgotten with none: the line and what is wrong with it say enough.
        "cells": None,
        "class": kind,
        "likelihood": 100,
        "reasons": reasons,
        "feature_id": None,
        "revision": None,
    }


def _base(run: ImportRun, row: Row, source_id: str, notes: Sequence[Note]) -> dict[str, Any]:
    said = [{"code": note.code, "path": note.path, "detail": dict(note.detail)} for note in notes]
    return {
        "run_id": run.id,
        "number": row.number,
        "line": row.line,
        "layer": run.layer,
        "source": run.source,
        "source_id": source_id,
        "notes": said,
    }


def _cells(row: Row) -> dict[str, str]:
    return {
        header: str(cell) for header, cell in row.values.items() if str(cell).strip() and header != OWN_ID
    }


def _day(given: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given.strip())
    except ValueError:
        return None


_TELLING = text(
    """
    SELECT r.id, r.content, f.content AS live FROM core.import_row r JOIN core.feature f ON f.id = r.feature_id
    WHERE r.run_id = :run AND r.cells IS NOT NULL AND r.content IS NOT NULL
      AND coalesce(f.content #>> '{place,disclosure}', 'exact') <> 'exact'
    ORDER BY r.number FOR UPDATE OF r
    """
)
_WITHHOLD = text(
    """
    UPDATE core.import_row SET content = CAST(:content AS jsonb), cells = NULL, class = 'conflict',
      reasons = '[{"code": "protected"}]'
    WHERE id = :id
    """
)
_WRITE = text(
    """
    INSERT INTO core.import_row (
      run_id, number, line, layer, source, source_id, content, area_codes, cells, notes, class, likelihood, reasons,
      feature_id, revision)
    SELECT run_id, number, line, layer, source, source_id, content,
      CASE WHEN content IS NULL THEN '{}' ELSE coalesce(core.areas_of(content), '{}') END,
      cells, notes, class, likelihood, reasons, feature_id, revision
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (
      run_id uuid, number integer, line integer, layer text, source text, source_id text, content jsonb, cells jsonb,
      notes jsonb, class text, likelihood smallint, reasons jsonb, feature_id uuid, revision integer)
    ORDER BY number
    """
)
