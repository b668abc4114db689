"""Reports as the desk lists them: what is told of each, the one resolved just before, and the one to go on with."""

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, Final

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.roles import may
from app.desk.listed import name_of
from app.desk.pages import texts_of
from app.layers import registry
from app.moderation.actions.closed_by_report import closed_by
from app.moderation.live import id_in
from app.moderation.reports import Reported, ReportNotFound, open_reports, read_report
from app.moderation.scope import features_within, is_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import page_of

SHOWN: Final = 100


def told(request: Request, reported: Reported) -> dict[str, Any]:
    """What the desk says of a report, in the words of its reason."""
    vocabulary, language = load_vocabulary(), page_of(request).language
    report = reported.report
    reason = vocabulary.report_reasons[report.reason]
    urgency = vocabulary.urgencies[reason.urgency]
    due = report.created_at + dt.timedelta(hours=urgency.hours)
    return {
        "report": report,
        "feature": reported.feature,
        "waiting": reported.waiting,
        "by": reported.by,
        "name": name_of(reported.feature.content) or "—",
        "reason": reason.names[language],
        "step": reason.next_step,
        "grave": urgency.hours <= 1 or reason.hides_point,
        "urgency": urgency.names[language],
        "late": report.state == "open" and due < dt.datetime.now(dt.UTC),
        "next_step": vocabulary.next_steps[reason.next_step].names[language],
        "layer": texts_of(request).gettext(registry.layer(reported.feature.layer).singular),
    }


async def resolved(request: Request, session: AsyncSession, given: str) -> dict[str, Any] | None:
    """What was resolved just before; None for anything else in the address."""
    found = id_in(given)
    try:
        reported = await read_report(session, found) if found is not None else None
    except ReportNotFound:
        return None
    if reported is None or reported.report.state != "resolved":
        return None
    if not await is_within(session, request.state.user, "report.see", "feature", reported.feature.id):
        return None
    closed = await closed_by(session, reported.report) is not None
    return told(request, reported) | {"closed": closed}


async def led_here(
    request: Request, session: AsyncSession, about: Collection[uuid.UUID | None], given: str
) -> uuid.UUID | None:
    """The report about one of these that led to a page of the desk; None for anything else in the address."""
    found = id_in(given)
    try:
        reported = await read_report(session, found) if found is not None else None
    except ReportNotFound:
        return None
    if reported is None or reported.feature.id not in about:
        return None
    user = request.state.user
    seen = may(user, "report.see") and await is_within(
        session, user, "report.see", "feature", reported.feature.id
    )
    return reported.report.id if seen else None


async def following(request: Request, session: AsyncSession, reported: Reported) -> uuid.UUID | None:
    """The report behind this one in the list, of another place; of the last one the first, None where no other place waits."""
    if reported.report.state != "open":
        return None
    scope = features_within(request.state.user, "report.see")
    found = await open_reports(session, scope, load_vocabulary(), SHOWN)
    others = [one.report.id for one in found if one.feature.id != reported.feature.id]
    before = next((at for at, one in enumerate(found) if one.feature.id == reported.feature.id), 0)
    return others[before % len(others)] if others else None


def next_address(done: uuid.UUID, behind: uuid.UUID | None) -> str:
    """The page of what stood behind it, which also says what was resolved: one press is enough for the next one."""
    return f"/desk/reports?after={done}" if behind is None else f"/desk/reports/{behind}?after={done}"
