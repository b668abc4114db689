"""What somebody decides about one row: a new place, a change of one, that it is one, or nothing; and the way back."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import Actor, record
from app.errors import Conflict, FieldProblem, InvalidInput, NotFound
from app.features.layer import Layer
from app.features.models import Feature, FeatureState, Revision
from app.features.protected import as_protected_as
from app.features.publishing import Item, Provenance, publish_many, republish, unpublish
from app.features.revisions import FeatureNotFound, StaleRevision, hold_layers, locked
from app.features.setting import Setting
from app.features.spine import Spine
from app.i18n import N_
from app.imports.models import ImportLink, ImportRow, ImportRun
from app.imports.staging.comparing import OPEN_KINDS, Comparer, Incoming, Verdict, as_stated
from app.imports.staging.laying import differing, stated, taken
from app.moderation.withheld import is_protected

#: As it stands in the history of the place.
UNDONE: Final = "The decision was undone."
IMPORTED: Final = "import"


class RowNotFound(NotFound):
    """There is no such row."""


class DecidedAlready(Conflict):
    """Somebody has decided about this row meanwhile."""


class CannotBeTaken(Conflict):
    """This row cannot be taken. Correct it in the file, and upload that again."""


class HereByNow(Conflict):
    """This row of the source is a place here by now. Look at it again."""


class NothingToUndo(Conflict):
    """There is no decision to take back."""


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


async def create(desk: Desk, row: ImportRow) -> uuid.UUID:
    """Publish a row as a new place; `HereByNow` where one of its source has its number. The row is locked."""
    _check_open(row)
    session = desk.session
    await _hold_number(session, row)
    made_here = await made_by(session, row)
    if await session.scalar(_IS_KNOWN, {"source": row.source, "source_id": row.source_id, "own": made_here}):
        raise HereByNow
    if made_here is not None:
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
        (done,) = await publish_many(
            session,
            desk.setting,
            desk.layer,
            [Item(content, provenance=_provenance(desk.run, row))],
            actor=desk.actor,
            action=IMPORTED,
            reason=desk.run.title,
        )
    await _link(desk, row, done.feature_id, done.revision, {})
    _decide(desk, row, "created", done.feature_id, done.revision)
    return done.feature_id


async def update(
    desk: Desk, row: ImportRow, feature_id: uuid.UUID, revision: int, fields: Collection[str]
) -> None:
    """Give a place those fields of a row that somebody chose.

    `revision` is the version that was looked at. `InvalidInput` without a field, or where the place would not be one;
    `StaleRevision`, `NotOnTheMap`, `FeatureNotFound`.
    """
    _check_open(row)
    session = desk.session
    await _hold_number(session, row)
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
    await _withhold(session, row, live.content, told)
    await _link(desk, row, feature_id, done.revision, {"spine": was}, told, last)
    _decide(desk, row, "updated", feature_id, done.revision, fields=sorted(chosen))


async def link(desk: Desk, row: ImportRow, feature_id: uuid.UUID, revision: int) -> None:
    """Say that a row is a place, and change nothing: its source is known from now on."""
    _check_open(row)
    await _hold_number(desk.session, row)
    live = (await locked(desk.session, desk.layer, [feature_id]))[feature_id]
    if live.example:
        raise FeatureNotFound
    if live.revision != revision:
        raise StaleRevision
    told = stated(as_protected_as(live.content, desk.layer.content.kept(row.content)))
    await _withhold(desk.session, row, live.content, told)
    await _link(desk, row, feature_id, live.revision, {}, told)
    _decide(desk, row, "linked", feature_id, live.revision)


async def skip(desk: Desk, row: ImportRow) -> None:
    """Leave a row out: the next file of its source says that somebody did."""
    _check_open(row)
    _decide(desk, row, "skipped", row.feature_id, None)
    await desk.session.flush()


async def undo(desk: Desk, row: ImportRow) -> None:
    """Take the decision about a row back, while nobody has changed since what came of it, and look at the row again.

    `NothingToUndo`, `StaleRevision`, `NotOnTheMap`.
    """
    if row.decision is None:
        raise NothingToUndo
    was, before = row.decision, row.link_before or {}
    made = None
    if was == "created":
        made = await unpublish(
            desk.session,
            desk.setting,
            desk.layer,
            _id(row.feature_id),
            actor=desk.actor,
            reason=UNDONE,
            base_revision=row.made_revision,
        )
    link_before = before.get("link")
    if was == "updated":
        number = await _give_back(desk, row, before.get("spine", {}))
        if link_before is not None and link_before["revision"] == (row.made_revision or 0) - 1:
            # Nobody had changed it since its source last spoke of it: nor has anybody now.
            link_before = {**link_before, "revision": number}
    if was in ("created", "updated", "linked"):
        await _unlink(desk.session, row, link_before)
    record(desk.session, desk.actor, "import.row_undone", "import", desk.run.id, row=row.number, was=was)
    row.decision = row.decided_at = row.decided_by = row.link_before = None
    row.made_revision = made.revision if made else None
    await desk.session.flush()
    await look_again(desk, row)


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


async def said_of(desk: Desk, row: ImportRow, feature_id: uuid.UUID) -> tuple[dict[str, Any], int] | None:
    """Give what the source said last of a place in this row, and at which version; None where it has never spoken of it."""
    found = await desk.session.get(ImportLink, (row.source, row.source_id), populate_existing=True)
    if found is not None:
        content, number = found.content, found.revision
        if found.feature_id != feature_id:
            return None
    else:
        asked = {"id": feature_id, "source": row.source, "source_id": row.source_id}
        last = (await desk.session.execute(_SAID, asked)).one_or_none()
        if last is None:
            return None
        content, number = last.content, last.number
    said = as_stated(desk.layer, content)
    return None if said is None else (said, number)


def _check_open(row: ImportRow) -> None:
    if row.decision is not None:
        raise DecidedAlready
    if row.content is None or row.kind not in OPEN_KINDS:
        raise CannotBeTaken


async def _hold_number(session: AsyncSession, row: ImportRow) -> None:
    await session.execute(_HOLD_NUMBER, {"source": row.source, "source_id": row.source_id})


async def _withhold(
    session: AsyncSession, row: ImportRow, live: Mapping[str, Any], told: Mapping[str, Any]
) -> None:
    """Keep of a row no more of where a protected place is than the place itself tells: somebody may have found it by hand."""
    if is_protected(live):
        row.content, row.cells = dict(told), None
        row.area_codes = await _areas_of(session, told)


async def _areas_of(session: AsyncSession, content: Mapping[str, Any]) -> list[str]:
    return list(await session.scalar(_AREAS, {"content": orjson.dumps(content).decode()}) or ())


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


async def _link(
    desk: Desk,
    row: ImportRow,
    feature_id: uuid.UUID,
    revision: int,
    before: Mapping[str, Any],
    content: Mapping[str, Any] | None = None,
    last: tuple[dict[str, Any], int] | None = None,
) -> None:
    """Keep which place the row is and what its source says, and what was known before for the undoing."""
    session = desk.session
    old = await session.get(ImportLink, (row.source, row.source_id), with_for_update=True)
    was = None
    if old is not None:
        names = ("content", "revision", "source_url", "licence", "attribution")
        was = {name: getattr(old, name) for name in names}
        was |= {"feature_id": str(old.feature_id), "at": old.at.isoformat()}
        await session.delete(old)
        await session.flush()
    elif last is not None:
        # Known by the number that the place itself has: what it said then is no longer the last that it said.
        was = {
            "content": last[0],
            "revision": last[1],
            "source_url": desk.run.source_url or None,
            "licence": desk.run.licence,
            "attribution": desk.run.attribution,
            "feature_id": str(feature_id),
            "at": desk.setting.now.isoformat(),
        }
    row.link_before = {**before, "link": was}
    session.add(
        ImportLink(
            source=row.source,
            source_id=row.source_id,
            feature_id=feature_id,
            content=dict(content if content is not None else row.content or {}),
            revision=revision,
            source_url=desk.run.source_url or None,
            licence=desk.run.licence,
            attribution=desk.run.attribution,
            at=desk.setting.now,
        )
    )
    await session.flush()


async def _unlink(session: AsyncSession, row: ImportRow, was: Mapping[str, Any] | None) -> None:
    found = await session.get(ImportLink, (row.source, row.source_id), with_for_update=True)
    if found is not None:
        await session.delete(found)
        await session.flush()
    if was is not None:
        said = {
            **was,
            "feature_id": uuid.UUID(was["feature_id"]),
            "at": dt.datetime.fromisoformat(was["at"]),
        }
        session.add(ImportLink(source=row.source, source_id=row.source_id, **said))
        await session.flush()


async def _give_back(desk: Desk, row: ImportRow, spine: Mapping[str, Any]) -> int:
    """Publish again what the place said before, with its licence and its last check, and give the version."""
    feature_id, made = _id(row.feature_id), row.made_revision or 0
    before = await desk.session.get_one(Revision, (feature_id, made - 1))
    live = await desk.session.get_one(Feature, feature_id, populate_existing=True)
    after = await desk.session.get_one(Revision, (feature_id, made))
    checked_since = live.verified_at != after.verified_at
    provenance = Provenance(
        # Its name is not written to a place that is there: it says that the rest is.
        source=row.source,
        source_url=spine.get("source_url"),
        licence=spine.get("licence"),
        attribution=spine.get("attribution"),
        verified_how=before.verified_how or "email",
        verified_at=before.verified_at,
        never_verified=before.verified_at is None,
        keeps_check=checked_since,
    )
    item = Item(desk.layer.content.kept(before.content), feature_id, made, provenance)
    (done,) = await publish_many(
        desk.session, desk.setting, desk.layer, [item], actor=desk.actor, action="revert", reason=UNDONE
    )
    return done.revision


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


def _id(given: uuid.UUID | None) -> uuid.UUID:
    if given is None:
        raise NothingToUndo
    return given


# Two that decide about two files of one source at once: the second one sees what the first has made.
_HOLD_NUMBER = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('import ' || :source || ' ' || :source_id, 0))"
)
_AREAS = text("SELECT core.areas_of(CAST(:content AS jsonb))")
_IS_KNOWN = text(
    """
    SELECT EXISTS (
      SELECT FROM core.feature WHERE source = :source AND source_id = :source_id
        AND id IS DISTINCT FROM CAST(:own AS uuid)
      UNION ALL
      SELECT FROM core.import_link WHERE source = :source AND source_id = :source_id
    )
    """
)
_SAID = text(
    """
    SELECT coalesce(s.content, r.content) AS content, r.number FROM core.feature f
    JOIN core.revision r ON r.feature_id = f.id
    LEFT JOIN core.submission s ON s.id = r.submission_id
    WHERE f.id = :id AND f.source = :source AND f.source_id = :source_id
      AND (r.action = 'import' OR s.channel = 'import')
    ORDER BY r.number DESC LIMIT 1
    """
)
