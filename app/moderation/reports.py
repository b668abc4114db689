"""Reports: what visitors say is wrong with something on the map, for moderators alone."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import User
from app.accounts.scopes import Scope
from app.errors import NotFound
from app.features.models import Feature
from app.moderation.models import Report
from app.taxonomy.vocabulary import Vocabulary

#: What is done about these is nothing for whoever runs the place to know: in a house with few beds it points at one woman.
IN_CONFIDENCE: Final = frozenset({"hide_and_review", "protect_place", "contact_reporter", "read_and_sort"})


class ReportNotFound(NotFound):
    """There is no such report."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report beside what it is about; `by` is the colleague who resolved it, or "".

    `waiting` is how many reports about the same feature wait, where that was asked for.
    """

    report: Report
    feature: Feature
    waiting: int = 0
    by: str = ""


async def open_reports(
    session: AsyncSession, scope: Scope, vocabulary: Vocabulary, limit: int
) -> Sequence[Reported]:
    """Give the places of this scope of which a report waits, each once with the report that must be seen soonest.

    Those first that must be seen soonest, then those of which more connections say so, then more reports, then the
    newest: however many report one place, it is one thing to look at.
    """
    urgency = {
        code: vocabulary.urgencies[reason.urgency].hours for code, reason in vocabulary.report_reasons.items()
    }
    hours = case(urgency, value=Report.reason, else_=max(urgency.values()))
    ranked = (
        select(
            Report.id,
            hours.label("hours"),
            func.count().over(partition_by=Report.feature_id).label("waiting"),
            func.count().filter(Report.independent).over(partition_by=Report.feature_id).label("connections"),
            func.row_number()
            .over(partition_by=Report.feature_id, order_by=(hours, Report.created_at.desc(), Report.id))
            .label("place"),
        )
        .where(Report.state == "open")
        .subquery()
    )
    query = (
        select(Report, Feature, ranked.c.waiting)
        .join(ranked, ranked.c.id == Report.id)
        .join(Feature, Feature.id == Report.feature_id)
        .where(ranked.c.place == 1, scope.clause)
        .order_by(
            ranked.c.hours,
            ranked.c.connections.desc(),
            ranked.c.waiting.desc(),
            Report.created_at.desc(),
            Report.id,
        )
        .limit(limit)
    )
    return [Reported(*row) for row in await session.execute(query)]


async def past_reports(
    session: AsyncSession, scope: Scope, limit: int, *, also_open: bool = False
) -> Sequence[Reported]:
    """Give the reports that were resolved, the newest first; with `also_open` all, by when they were made."""
    query = (
        select(Report, Feature, User)
        .join(Feature, Feature.id == Report.feature_id)
        .outerjoin(User, User.id == Report.resolved_by)
        .where(scope.clause)
    )
    if also_open:
        query = query.order_by(Report.created_at.desc(), Report.id)
    else:
        query = query.where(Report.state == "resolved").order_by(Report.resolved_at.desc(), Report.id)
    return [
        Reported(report, feature, by=user.known_as if user else "")
        for report, feature, user in await session.execute(query.limit(limit))
    ]


async def hold_open(session: AsyncSession, feature_id: uuid.UUID) -> None:
    """Hold all open reports about a feature, in one order, so that two who resolve them wait for each other."""
    query = select(Report.id).where(Report.feature_id == feature_id, Report.state == "open")
    await session.execute(query.order_by(Report.id).with_for_update())


async def count_open(session: AsyncSession, scope: Scope) -> int:
    """Count the reports that wait, about features of this scope."""
    query = select(func.count()).select_from(Report).where(Report.state == "open")
    if not scope.is_everything:
        # Asked once of each feature, however many report it.
        reported = select(Report.feature_id).where(Report.state == "open")
        within = select(Feature.id).where(Feature.id.in_(reported), scope.clause)
        query = query.where(Report.feature_id.in_(within))
    return int((await session.execute(query)).scalar_one())


async def read_report(session: AsyncSession, report_id: uuid.UUID, *, lock: bool = False) -> Reported:
    """Give a report with what it is about; `ReportNotFound`. `lock` holds it until the end of the transaction."""
    query = select(Report).where(Report.id == report_id)
    report = await session.scalar(
        query.with_for_update().execution_options(populate_existing=True) if lock else query
    )
    feature = await session.get(Feature, report.feature_id) if report else None
    if report is None or feature is None:
        raise ReportNotFound
    return Reported(report, feature)


@dataclass(frozen=True, slots=True)
class Others:
    """The other reports about a feature that wait: some of them to read, and how many there are of each reason."""

    shown: Sequence[Report]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(self.counts.values())


async def others_open(session: AsyncSession, report: Report, limit: int) -> Others:
    """Give the other reports about the same feature that wait, those with words first: two people say more than one."""
    same = (Report.feature_id == report.feature_id, Report.state == "open", Report.id != report.id)
    number = func.count().label("number")
    counted = await session.execute(select(Report.reason, number).where(*same).group_by(Report.reason))
    newest = select(Report).where(*same).order_by(Report.body.is_(None), Report.created_at.desc(), Report.id)
    return Others(
        (await session.scalars(newest.limit(limit))).all(),
        {row.reason: row.number for row in counted},
    )


def told_reasons(vocabulary: Vocabulary) -> list[str]:
    """Give the reasons of which whoever runs a place may read that it was reported; not what anybody has written."""
    reasons = vocabulary.report_reasons.values()
    return [reason.code for reason in reasons if reason.next_step not in IN_CONFIDENCE]
