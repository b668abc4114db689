"""Report, and resolve a report: a visitor says what is wrong, a moderator sees to it and answers."""

import datetime as dt
import uuid
from dataclasses import dataclass

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SUBMITTER, Actor, record, record_each
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.family import keep_open
from app.features.layer import Layer
from app.features.models import Feature, FeatureState, Revision
from app.features.places_in_text import places_in, without_places
from app.features.publishing import republish, unpublish
from app.features.revisions import FeatureNotFound
from app.features.setting import Setting
from app.i18n import N_
from app.jobs import defer
from app.moderation.actions.closed_by_report import Map, closed_by, open_again
from app.moderation.actions.undo import UNDONE
from app.moderation.being_checked import GRAVE, hold, may_be_noted, note_if_several, take_note_back
from app.moderation.models import Report
from app.moderation.reports import hold_open, read_report
from app.moderation.said_beside import problem_of_place
from app.moderation.withheld import is_protected
from app.taxonomy.vocabulary import load_vocabulary

TAKEN_DOWN = "taken_down"
DONE = "done"


class ReportAlreadyResolved(Conflict):
    """Somebody has resolved this report already. Look at what they did."""


class ReportWaits(Conflict):
    """This report waits already. Look at what it says."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a visitor says. `number` names the filling-in of the form.

    `independent` is the first report about the feature from its connection that day.
    """

    feature_id: uuid.UUID
    reason: str
    body: str
    contact_email: str
    language: str
    number: bytes
    independent: bool = False


async def will_be_cut(session: AsyncSession, complaint: Complaint) -> bool:
    """Whether an address is taken out of what the visitor says, which they are told."""
    feature = await session.get(Feature, complaint.feature_id)
    return feature is not None and is_protected(feature.content) and bool(places_in(complaint.body))


async def report(session: AsyncSession, complaint: Complaint) -> bool:
    """Take a report in; False when it is there already. `FeatureNotFound` for what the public cannot see.

    When several say of a place where people hand themselves over that it is dangerous, the public reads that it is being
    checked. What they say of a protected place is kept without any address in it.
    """
    await keep_open(session, complaint.feature_id)
    feature = await session.get(Feature, complaint.feature_id)
    if feature is None or feature.state != FeatureState.PUBLISHED:
        raise FeatureNotFound
    counts = complaint.independent and may_be_noted(feature, complaint.reason, load_vocabulary())
    if counts:
        await hold(session, feature)
    made = await session.scalar(
        insert(Report)
        .values(
            feature_id=complaint.feature_id,
            reason=complaint.reason,
            body=(without_places(complaint.body) if is_protected(feature.content) else complaint.body)
            or None,
            contact_email=complaint.contact_email or None,
            language=complaint.language,
            number=complaint.number,
            independent=complaint.independent,
        )
        .on_conflict_do_nothing(index_elements=[Report.number])
        .returning(Report.id)
    )
    if made is None:
        return False
    record(
        session, SUBMITTER, "report.made", "report", made, feature=str(feature.id), reason=complaint.reason
    )
    if counts:
        await note_if_several(session, feature, SUBMITTER)
    return True


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a moderator did about a report: `done`, or `taken_down` off the map; `note` is for the visitor to read.

    `version` and `revision` are those of the report and of the feature that were looked at. Of the other open reports
    about the feature, made until `until`, those for one of the reasons `others` are resolved alike.
    """

    outcome: str
    note: str
    version: int
    revision: int
    others: frozenset[str] = frozenset()
    until: dt.datetime | None = None


async def resolve(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    report_id: uuid.UUID,
    resolution: Resolution,
    *,
    actor: Actor,
) -> Report:
    """Resolve a report, and take what it is about off the map where that was decided; whoever left an address is told.

    `InvalidInput` without a note or outcome, or for a note that says where a protected place is; `ReportAlreadyResolved`; `NotOnTheMap`, `StaleRevision` of a taking down.
    """
    note = resolution.note.strip()
    if not note:
        raise InvalidInput(FieldProblem("note", "missing", N_("Write in a sentence what was done.")))
    if resolution.outcome not in (DONE, TAKEN_DOWN):
        raise InvalidInput(FieldProblem("outcome", "missing", N_("Choose what was done.")))
    others = resolution.others if resolution.until is not None else frozenset()
    if others:
        await hold_open(session, (await read_report(session, report_id)).feature.id)
    found = await read_report(session, report_id, lock=True)
    one = found.report
    if one.state != "open" or one.version != resolution.version:
        raise ReportAlreadyResolved
    await session.refresh(found.feature)
    if is_protected(found.feature.content) and places_in(note):
        raise InvalidInput(problem_of_place("note"))
    if resolution.outcome == TAKEN_DOWN:
        # Whoever sent the place in is not mailed: what a visitor has reported must not lead back to them.
        await unpublish(
            session,
            setting,
            layer,
            found.feature.id,
            actor=actor,
            reason=note,
            base_revision=resolution.revision,
        )
    one.state, one.outcome, one.note = "resolved", resolution.outcome, note
    one.resolved_at, one.resolved_by = setting.now, actor.user_id
    one.version += 1
    if GRAVE & {one.reason, *others}:
        await take_note_back(session, found.feature, actor)
    record(session, actor, "report.resolved", "report", one.id, outcome=resolution.outcome)
    if one.contact_email:
        await defer(session, "notifications.report_resolved", report_id=str(one.id))
    if others and resolution.until is not None:
        await _resolve_others(session, one, others, resolution.until, actor)
    return one


async def reopen(
    session: AsyncSession,
    setting: Setting,
    layer: Layer,
    report_id: uuid.UUID,
    *,
    version: int,
    actor: Actor,
    within: dt.timedelta,
) -> Map:
    """Let a report wait again, with those that were resolved by the same press; what the map says. `ReportNotFound`, `ReportWaits`.

    What was written about them stays until they are resolved anew. Not later than `within` nobody was told of it, and what
    the same person took off the map or closed by that press is on it again, or as open as before; later it stays so, and
    putting that right is an act of its own. Whoever had a mail has one once more when they are resolved.
    """
    found = await read_report(session, report_id)
    one = found.report
    same = and_(
        Report.feature_id == one.feature_id,
        Report.resolved_at == one.resolved_at,
        Report.resolved_by.is_not_distinct_from(one.resolved_by),
    )
    # In one order, like those who resolve: two who press at once wait for each other.
    held = await session.scalars(select(Report.id).where(same).order_by(Report.id).with_for_update())
    await session.refresh(one)
    if one.state != "resolved" or one.version != version:
        raise ReportWaits
    await hold(session, found.feature)
    says = await _put_right(
        session, setting, layer, one, actor, may=may_put_back(one, actor.user_id, setting.now, within)
    )
    await session.refresh(found.feature)
    opened = await session.execute(
        update(Report)
        .where(Report.id.in_(held.all()))
        .values(state="open", resolved_at=None, version=Report.version + 1)
        .returning(Report.id, Report.reason)
    )
    rows = opened.all()
    entries = [(str(row.id), {"with": str(one.id)} if row.id != one.id else {}) for row in rows]
    await record_each(session, actor, "report.reopened", "report", entries)
    if any(may_be_noted(found.feature, row.reason, load_vocabulary()) for row in rows):
        await note_if_several(session, found.feature, actor)
    return says


async def _put_right(
    session: AsyncSession, setting: Setting, layer: Layer, one: Report, actor: Actor, *, may: bool
) -> Map:
    """Take back what resolving a report did to the map, where whoever undoes it `may`; what the map says then."""
    if (down := await taken_down_by(session, one)) is not None:
        if not may:
            return Map.STAYS_DOWN
        await republish(
            session, setting, layer, one.feature_id, actor=actor, reason=UNDONE, base_revision=down
        )
        return Map.BACK
    if (closed := await closed_by(session, one)) is not None:
        return await open_again(session, setting, layer, one, closed, actor) if may else Map.STAYS_CLOSED
    return Map.SAME


async def taken_down_by(session: AsyncSession, one: Report) -> int | None:
    """The revision by which resolving a report took its place off the map, if nothing has become of the place since."""
    if one.state != "resolved" or one.outcome != TAKEN_DOWN:
        return None
    query = select(Revision.number).where(
        Revision.feature_id == one.feature_id,
        Revision.number == select(Feature.revision).where(Feature.id == one.feature_id).scalar_subquery(),
        Revision.action == "unpublish",
        # Both were written at the moment of the one press.
        Revision.created_at == one.resolved_at,
    )
    return await session.scalar(query)


def may_put_back(one: Report, user_id: uuid.UUID | None, now: dt.datetime, within: dt.timedelta) -> bool:
    """Whether undoing puts back what was taken down: soon, and by whom it was. Else two may have to agree to it."""
    return one.resolved_at is not None and now - one.resolved_at <= within and one.resolved_by == user_id


async def _resolve_others(
    session: AsyncSession, like: Report, reasons: frozenset[str], until: dt.datetime, actor: Actor
) -> None:
    """Resolve the other open reports about a feature as one was resolved; each visitor with an address is told."""
    resolved = await session.execute(
        update(Report)
        .where(
            Report.feature_id == like.feature_id,
            Report.state == "open",
            Report.reason.in_(reasons),
            Report.created_at <= until,
        )
        .values(
            state="resolved",
            outcome=like.outcome,
            note=like.note,
            resolved_at=like.resolved_at,
            resolved_by=like.resolved_by,
            version=Report.version + 1,
        )
        .returning(Report.id, Report.contact_email)
        .execution_options(synchronize_session=False)
    )
    rows = resolved.all()
    entries = [(str(row.id), {"outcome": like.outcome, "with": str(like.id)}) for row in rows]
    await record_each(session, actor, "report.resolved", "report", entries)
    for row in rows:
        if row.contact_email:
            await defer(session, "notifications.report_resolved", report_id=str(row.id))
