"""Reports: what visitors say is wrong with something on the map, for moderators alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFound
from app.features.models import Feature
from app.moderation.models import Report
from app.taxonomy.vocabulary import Vocabulary


class ReportNotFound(NotFound):
    """There is no such report."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report beside what it is about."""

    report: Report
    feature: Feature


async def open_reports(session: AsyncSession, vocabulary: Vocabulary, limit: int) -> Sequence[Reported]:
    """Give the reports that wait, those first that must be seen soonest, of these the newest first."""
    urgency = {
        code: vocabulary.urgencies[reason.urgency].hours for code, reason in vocabulary.report_reasons.items()
    }
    hours = case(urgency, value=Report.reason, else_=max(urgency.values()))
    query = (
        select(Report, Feature)
        .join(Feature, Feature.id == Report.feature_id)
        .where(Report.state == "open")
        .order_by(hours, Report.created_at.desc(), Report.id)
        .limit(limit)
    )
    return [Reported(report, feature) for report, feature in await session.execute(query)]


async def count_open(session: AsyncSession) -> int:
    """Count the reports that wait."""
    query = select(func.count()).select_from(Report).where(Report.state == "open")
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


async def others_open(session: AsyncSession, report: Report) -> int:
    """Count the other reports about the same feature that wait: two people say more than one."""
    query = select(func.count()).where(
        Report.feature_id == report.feature_id, Report.state == "open", Report.id != report.id
    )
    return int((await session.execute(query)).scalar_one())
