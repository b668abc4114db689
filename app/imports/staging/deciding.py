"""What somebody decides about one row: a new place, a change of one, that it is one, or nothing."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import text

from app.accounts.audit import record
from app.accounts.roles import may
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.protected import as_protected_as
from app.features.publishing import Item, Provenance, publish_many, republish
from app.features.revisions import FeatureNotFound, StaleRevision, hold_layers, locked
from app.features.spine import Spine
from app.i18n import N_
from app.imports.models import ImportRow, ImportRun
from app.imports.staging.comparing import OPEN_KINDS
from app.imports.staging.laying import differing, stated, taken
from app.imports.staging.linking import hold_number, keep_link, said_of
from app.imports.staging.looking import CannotBeTaken, Desk, made_by, withhold
from app.moderation.agreements import concerns_protected, user_who_may_enter

IMPORTED: Final = "import"


class DecidedAlready(Conflict):
    """Somebody has decided about this row meanwhile."""


class OwnFile(Conflict):
    """This help is protected, and you have uploaded the file yourself. Somebody else decides about this row."""


class UploaderGone(Conflict):
    """This help is protected, and whoever has uploaded the file may do so no more. Upload it anew, and somebody else decides."""


class HereByNow(Conflict):
    """This row of the source is a place here by now. Look at it again."""


async def create(desk: Desk, row: ImportRow) -> uuid.UUID:
    """Publish a row as a new place; `HereByNow` where one of its source has its number, `OwnFile`, `UploaderGone`. The row is locked."""
    _check_open(row)
    session = desk.session
    await hold_number(session, row)
    made_here = await made_by(session, row)
    asked = {"layer": row.layer, "source": row.source, "source_id": row.source_id, "own": made_here}
    if await session.scalar(_IS_KNOWN, asked):
        raise HereByNow
    if made_here is not None:
        await _check_two(desk, made_here, row.content or {})
        done = await republish(
            session,
            desk.setting,
            desk.layer,
            made_here,
            actor=desk.actor,
            reason=desk.run.title,
            base_revision=row.made_revision,
        )
    else:
        content = desk.layer.content.read(row.content, country=desk.setting.country)
        await _check_two(desk, None, content.to_dict())
        (done,) = await publish_many(
            session,
            desk.setting,
            desk.layer,
            [Item(content, provenance=_provenance(desk.run, row))],
            actor=desk.actor,
            action=IMPORTED,
            reason=desk.run.title,
        )
    await keep_link(desk, row, done.feature_id, done.revision, {})
    _decide(desk, row, "created", done.feature_id, done.revision)
    return done.feature_id


async def update(
    desk: Desk, row: ImportRow, feature_id: uuid.UUID, revision: int, fields: Collection[str]
) -> None:
    """Give a place those fields of a row that somebody chose.

    `revision` is the version that was looked at. `InvalidInput` without a field, or where the place would not be one;
    `StaleRevision`, `NotOnTheMap`, `FeatureNotFound`, `OwnFile`, `UploaderGone`.
    """
    _check_open(row)
    session = desk.session
    await hold_number(session, row)
    await hold_layers(session, [desk.layer.key])
    live = (await locked(session, desk.layer, [feature_id]))[feature_id]
    if live.example:
        raise FeatureNotFound
    if live.revision != revision:
        raise StaleRevision
    last = await said_of(desk, row, feature_id)
    told = stated(as_protected_as(live.content, desk.layer.content.kept(row.content)))
    wanted = desk.comparer.wanted(told, live.content, last[0] if last else None)
    chosen = set(fields) & set(differing(live.content, wanted))
    if not chosen:
        raise InvalidInput(FieldProblem("field", "missing", N_("Choose at least one field.")))
    content = desk.layer.content.read(taken(live.content, wanted, chosen), country=desk.setting.country)
    await _check_two(desk, feature_id, live.content, content.to_dict())
    (done,) = await publish_many(
        session,
        desk.setting,
        desk.layer,
        [Item(content, feature_id, revision, _provenance_for(desk.run, row, live))],
        actor=desk.actor,
        action=IMPORTED,
        reason=desk.run.title,
    )
    was = {"licence": live.licence, "attribution": live.attribution, "source_url": live.source_url}
    await withhold(session, row, live.content, told)
    await keep_link(desk, row, feature_id, done.revision, {"spine": was}, told, last)
    _decide(desk, row, "updated", feature_id, done.revision, fields=sorted(chosen))


async def link(desk: Desk, row: ImportRow, feature_id: uuid.UUID, revision: int) -> None:
    """Say that a row is a place, and change nothing: its source is known from now on."""
    _check_open(row)
    await hold_number(desk.session, row)
    live = (await locked(desk.session, desk.layer, [feature_id]))[feature_id]
    if live.example:
        raise FeatureNotFound
    if live.revision != revision:
        raise StaleRevision
    told = stated(as_protected_as(live.content, desk.layer.content.kept(row.content)))
    await withhold(desk.session, row, live.content, told)
    await keep_link(desk, row, feature_id, live.revision, {}, told)
    _decide(desk, row, "linked", feature_id, live.revision)


async def skip(desk: Desk, row: ImportRow) -> None:
    """Leave a row out: the next file of its source says that somebody did."""
    _check_open(row)
    _decide(desk, row, "skipped", row.feature_id, None)
    await desk.session.flush()


def _check_open(row: ImportRow) -> None:
    if row.decision is not None:
        raise DecidedAlready
    if row.content is None or row.kind not in OPEN_KINDS:
        raise CannotBeTaken


async def _check_two(desk: Desk, feature_id: uuid.UUID | None, *contents: Mapping[str, Any]) -> None:
    """Raise `OwnFile` where protected help becomes public: whoever has uploaded the file, and said what its columns mean, is the first of two people.

    `UploaderGone` where that one may upload files no more: then nobody has said yes.
    """
    run, decides = desk.run, desk.actor.user_id
    if decides is None or run.created_by is None:
        # An operator has brought it in.
        return
    ids = [] if feature_id is None else [feature_id]
    if not await concerns_protected(desk.session, desk.setting.vocabulary, ids, *contents):
        return
    if decides in (run.created_by, run.columns_by):
        raise OwnFile
    for first in {run.created_by, run.columns_by} - {None}:
        assert first is not None
        if not may(await user_who_may_enter(desk.session, first), "import.stage"):
            raise UploaderGone


def _decide(
    desk: Desk,
    row: ImportRow,
    decision: str,
    feature_id: uuid.UUID | None,
    made_revision: int | None,
    **more: Any,
) -> None:
    row.decision, row.feature_id, row.made_revision = decision, feature_id, made_revision
    row.decided_at, row.decided_by = desk.setting.now, desk.actor.user_id
    row.left_because = None
    # What somebody decides by itself is not taken back with the many that it was once planned with.
    row.bulk_id = desk.bulk_id
    said = {"row": row.number, "source": row.source, "feature": str(feature_id) if feature_id else None}
    record(desk.session, desk.actor, f"import.row_{decision}", "import", desk.run.id, **said, **more)


def _provenance(run: ImportRun, row: ImportRow) -> Provenance:
    return Provenance(
        source=row.source,
        source_id=row.source_id,
        source_url=run.source_url or None,
        licence=run.licence,
        attribution=run.attribution,
        verified_how="imported",
        verified_at=dt.datetime.combine(run.as_of, dt.time(12), dt.UTC),
    )


def _provenance_for(run: ImportRun, row: ImportRow, live: Spine) -> Provenance:
    """Whom a changed place names: another source that it came from stays, and is named; its last check is the later one."""
    given = _provenance(run, row)
    mine = given.verified_at
    keeps = live.verified_at is not None and mine is not None and live.verified_at >= mine
    return Provenance(
        source=row.source if live.source in (None, row.source) else None,
        source_id=row.source_id,
        source_url=given.source_url,
        licence=given.licence,
        attribution=given.attribution,
        verified_how=given.verified_how,
        verified_at=given.verified_at,
        keeps_check=keeps,
    )


_IS_KNOWN = text(
    """
    SELECT EXISTS (
      SELECT FROM core.feature WHERE layer = :layer AND source = :source AND source_id = :source_id
        AND id IS DISTINCT FROM CAST(:own AS uuid)
      UNION ALL
      SELECT FROM core.import_link WHERE layer = :layer AND source = :source AND source_id = :source_id
    )
    """
)
