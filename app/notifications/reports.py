"""The mail to whoever reported something and left an address: what was done about it."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature, Revision
from app.jobs import Retry, Work, defer, task
from app.mail import queue_mail
from app.moderation.models import Report
from app.notifications.undo_window import may_be_undone_until
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary


@task("notifications.report_resolved", retry=Retry(times=8))
async def report_resolved(work: Work, *, report_id: str) -> None:
    """Tell the visitor what a moderator did, once it cannot be undone any more.

    What they wrote is not repeated: nobody has confirmed the address.

    Help that nobody else is to find is not named: who shares the mailbox may look. Nor what was such help when it was
    reported, for its name is the same.
    """
    async with work.transaction() as session:
        report = await session.get(Report, uuid.UUID(report_id))
        if report is None or report.state != "resolved" or not report.contact_email:
            return
        if later := may_be_undone_until(work.settings, report.resolved_at):
            await defer(session, "notifications.report_resolved", at=later, report_id=report_id)
            return
        feature = await session.get(Feature, report.feature_id)
        content = feature.content if feature else {}
        then = await _content_then(session, report)
        hidden = any(is_discreet(one, load_vocabulary()) for one in (content, then))
        name = {} if hidden else content.get("name", {})
        values = {"name": name.get("texts", {}).get(name.get("source"), ""), "note": report.note or ""}
        await queue_mail(
            session,
            to=report.contact_email,
            template="report_resolved",
            language=report.language,
            values=values,
            dedupe_key=f"report:{report.id}:{report.version}",
        )


async def _content_then(session: AsyncSession, report: Report) -> dict[str, Any]:
    """What the visitor saw when they wrote."""
    query = (
        select(Revision.content)
        .where(Revision.feature_id == report.feature_id, Revision.created_at <= report.created_at)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    return await session.scalar(query) or {}
