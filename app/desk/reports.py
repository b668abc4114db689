"""Reports of visitors: the gravest on top, each resolved with a sentence, or by taking the place off the map."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.acts import moment_in, refusal, setting_of, version_in
from app.desk.checks import checks
from app.desk.closing import SAID_BY_REPORT
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.other_reports import others_beside
from app.desk.pages import desk_page, texts_of
from app.desk.queue import After
from app.errors import Conflict, InvalidInput
from app.features.models import FeatureState
from app.layers import registry
from app.moderation.actions.close import may_close
from app.moderation.actions.report import DONE, TAKEN_DOWN, Resolution, reopen, resolve
from app.moderation.confirmations import said_true
from app.moderation.live import id_in
from app.moderation.reports import (
    Reported,
    ReportNotFound,
    open_reports,
    past_reports,
    read_report,
)
from app.moderation.scope import features_within, is_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of, page_of
from app.web.routes import page_router, requires

router = page_router("/desk/reports")

SHOWN = 100
LONGEST_NOTE = 2000
ReportId = Annotated[str, Path(max_length=36)]


@router.get("", dependencies=[requires("report.see")])
async def listing(
    request: Request,
    session: WriteSession,
    state: Literal["open", "resolved", "all"] = "open",
    after: After = "",
) -> HTMLResponse:
    """What waits, each place once; or what was resolved, by whom and how; or all of it. `after` is the one resolved just before."""
    scope = features_within(request.state.user, "report.see")
    if state == "open":
        found = await open_reports(session, scope, load_vocabulary(), SHOWN)
    else:
        found = await past_reports(session, scope, SHOWN, also_open=state == "all")
    rows = [_told(request, reported) for reported in found]
    return await desk_page(
        request,
        session,
        "desk/reports.html",
        reports=rows,
        state=state,
        done=await _resolved(request, session, after),
    )


@router.get("/{report_id}", dependencies=[requires("report.see")])
async def show(request: Request, session: WriteSession, report_id: ReportId) -> HTMLResponse:
    """One report, open or resolved."""
    return await _page(request, session, _id(report_id))


@router.post("/{report_id}/resolve", dependencies=[requires("report.resolve")])
async def resolve_it(request: Request, form: Form, report_id: ReportId) -> Response:
    """Resolve it in its own transaction; what stands in the way is said on the same page."""
    found, actor = _id(report_id), Actor("staff", user_id_of(request))
    resolution = Resolution(
        form.one("outcome"),
        form.one("note").strip()[:LONGEST_NOTE],
        version_in(form, "version"),
        version_in(form, "revision"),
        frozenset(form.all("others")),
        moment_in(form.one("until")),
    )
    try:
        async with transaction(database_of(request)) as session:
            reported = await read_report(session, found)
            layer = registry.layer(reported.feature.layer)
            await resolve(session, setting_of(request), layer, found, resolution, actor=actor)
    except (Conflict, InvalidInput) as error:
        typed = {"outcome": form.one("outcome"), "note": form.one("note"), "others": form.all("others")}
        async with transaction(database_of(request)) as session:
            return await _page(request, session, found, typed=typed, **refusal(error))
    return RedirectResponse(f"/desk/reports?after={found}", status_code=303)


@router.post("/{report_id}/reopen", dependencies=[requires("report.resolve")])
async def reopen_it(request: Request, form: Form, report_id: ReportId) -> Response:
    """Let it wait again, with all that were resolved by the same press."""
    found, actor = _id(report_id), Actor("staff", user_id_of(request))
    try:
        async with transaction(database_of(request)) as session:
            await reopen(session, found, version=version_in(form, "version"), actor=actor)
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, found, **refusal(error))
    return RedirectResponse(f"/desk/reports/{found}", status_code=303)


def _id(given: str) -> uuid.UUID:
    found = id_in(given)
    if found is None:
        raise ReportNotFound
    return found


async def _resolved(request: Request, session: AsyncSession, given: str) -> dict[str, Any] | None:
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
    return _told(request, reported)


def _told(request: Request, reported: Reported) -> dict[str, Any]:
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


async def _page(
    request: Request, session: AsyncSession, report_id: uuid.UUID, *, status: int = 200, **more: Any
) -> HTMLResponse:
    reported = await read_report(session, report_id)
    user: User = request.state.user
    is_live = reported.feature.state == FeatureState.PUBLISHED
    data: dict[str, Any] = {
        "told": _told(request, reported),
        **await others_beside(request, session, reported.report),
        "ways": checks({}, reported.feature.content)[0] if is_live else (),
        "until": dt.datetime.now(dt.UTC).isoformat(),
        "is_live": is_live,
        "said_true": await said_true(session, reported.feature),
        "outcomes": (DONE, TAKEN_DOWN) if is_live and may(user, "feature.unpublish") else (DONE,),
        "may_resolve": may(user, "report.resolve"),
        "may_close": is_live
        and may(user, "feature.unpublish")
        and reported.report.reason in SAID_BY_REPORT
        and may_close(registry.layer(reported.feature.layer)),
        "may_merge": is_live and may(user, "feature.merge"),
        "typed": {"outcome": "", "note": "", "others": ()},
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/report.html", status=status, **data)
