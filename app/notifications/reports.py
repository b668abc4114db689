"""The mail to whoever reported something and left an address: what was done about it."""

import uuid

from app.features.models import Feature
from app.jobs import Retry, Work, task
from app.mail import queue_mail
from app.moderation.models import Report
from app.taxonomy.discretion import is_discreet
from app.taxonomy.vocabulary import load_vocabulary


@task("notifications.report_resolved", retry=Retry(times=8))
async def report_resolved(work: Work, *, report_id: str) -> None:
    """Tell the visitor what a moderator did. What they wrote is not repeated: nobody has confirmed the address.

    Help that nobody else is to find is not named: who shares the mailbox may look.
    """
    async with work.transaction() as session:
        report = await session.get(Report, uuid.UUID(report_id))
        if report is None or report.state != "resolved" or not report.contact_email:
            return
        feature = await session.get(Feature, report.feature_id)
        content = feature.content if feature else {}
        name = {} if is_discreet(content, load_vocabulary()) else content.get("name", {})
        values = {"name": name.get("texts", {}).get(name.get("source"), ""), "note": report.note or ""}
        await queue_mail(
            session,
            to=report.contact_email,
            template="report_resolved",
            language=report.language,
            values=values,
            dedupe_key=f"report:{report.id}",
        )
