"""Reports of visitors: the gravest on top, each resolved with a sentence, or by taking the place off the map."""

import datetime as dt
import uuid
from typing import Annotated, Any, Final, Literal

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
from app.desk.other_reports import others_beside
from app.desk.pages import desk_page
from app.desk.queue import After
from app.desk.report_rows import SHOWN, following, next_address, resolved, told
from app.desk.undoing import undo_for
from app.errors import Conflict, InvalidInput
from app.features.models import FeatureState
from app.i18n import N_
from app.layers import registry
from app.moderation.actions.close import may_close
from app.moderation.actions.closed_by_report import Map, closed_by
from app.moderation.actions.report import (
    DONE,
    TAKEN_DOWN,
    Resolution,
    may_put_back,
    reopen,
    resolve,
    taken_down_by,
)
from app.moderation.confirmations import said_true
from app.moderation.live import changes_waiting, id_in
from app.moderation.reports import (
    Reported,
    ReportNotFound,
    open_reports,
    past_reports,
    read_report,
)
from app.moderation.scope import features_within, is_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.routes import page_router, requires

router = page_router("/desk/reports")

#: So many changes of the place are told.
CHANGES = 5
#: A report that says where a place is not, which the moderator compares with where it is.
ELSEWHERE = frozenset({"moved", "wrong_place"})
LONGEST_NOTE = 2000
#: What undoing did to the map, said to whoever pressed.
MAP_WORDS: Final = {
    Map.BACK: N_("The place is on the map again."),
    Map.OPENED: N_("The place is open again on the map."),
    Map.AS_BEFORE: N_("The map says of the place again what it said before it was closed."),
    Map.STAYS_DOWN: N_("The place stays off the map until somebody puts it back."),
    Map.STAYS_CLOSED: N_("On the map the place stays closed. You can open it again on its page here."),
}
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
    rows = [told(request, reported) for reported in found]
    return await desk_page(
        request,
        session,
        "desk/reports.html",
        reports=rows,
        state=state,
        done=await resolved(request, session, after),
        may_resolve=may(request.state.user, "report.resolve"),
    )


@router.get("/{report_id}", dependencies=[requires("report.see")])
async def show(
    request: Request,
    session: WriteSession,
    report_id: ReportId,
    after: After = "",
    outcome: Literal["", "taken_down"] = "",
    undone: Literal["", "1", "back", "opened", "before", "down", "closed"] = "",
) -> HTMLResponse:
    """One report, open or resolved; `after` is the one resolved just before, `undone` says that this one waits again, and what the map says then.

    `outcome` is chosen already: a link leads to what is the next step.
    """
    done = await resolved(request, session, after)
    return await _page(
        request,
        session,
        _id(report_id),
        done=done,
        chosen=outcome,
        undone=undone,
        map_says=MAP_WORDS.get(Map(undone), "") if undone else "",
    )


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
            behind = await following(request, session, reported)
            await resolve(session, setting_of(request), layer, found, resolution, actor=actor)
    except (Conflict, InvalidInput) as error:
        typed = {"outcome": form.one("outcome"), "note": form.one("note"), "others": form.all("others")}
        async with transaction(database_of(request)) as session:
            return await _page(request, session, found, typed=typed, **refusal(error))
    return RedirectResponse(next_address(found, behind), status_code=303)


@router.post("/{report_id}/reopen", dependencies=[requires("report.resolve")])
async def reopen_it(request: Request, form: Form, report_id: ReportId) -> Response:
    """Let it wait again, with all that were resolved by the same press; what that did to the map is taken back."""
    found, actor = _id(report_id), Actor("staff", user_id_of(request))
    try:
        async with transaction(database_of(request)) as session:
            layer = registry.layer((await read_report(session, found)).feature.layer)
            says = await reopen(
                session,
                setting_of(request),
                layer,
                found,
                version=version_in(form, "version"),
                actor=actor,
                within=undo_for(request),
            )
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, found, **refusal(error))
    return RedirectResponse(f"/desk/reports/{found}?undone={says}", status_code=303)


def _id(given: str) -> uuid.UUID:
    found = id_in(given)
    if found is None:
        raise ReportNotFound
    return found


async def _changes(request: Request, session: AsyncSession, reported: Reported) -> list[dict[str, Any]]:
    """The changes of the place that wait for a decision and that whoever asks may see: by one of them it may be put right."""
    if reported.report.state != "open":
        return []
    found = await changes_waiting(session, reported.feature.id, CHANGES)
    return [
        {"id": one.id, "at": one.created_at}
        for one in found
        if await is_within(session, request.state.user, "submission.see", "submission", one.id)
    ]


def _says(reported: Reported) -> str:
    """What the map says of where the place is, for a report that it is elsewhere."""
    if reported.report.reason not in ELSEWHERE:
        return ""
    address = reported.feature.content.get("address") or {}
    street = f"{address.get('street', '')} {address.get('house_number', '')}".strip()
    return ", ".join(part for part in (street, str(address.get("city", ""))) if part)


async def _page(
    request: Request,
    session: AsyncSession,
    report_id: uuid.UUID,
    *,
    status: int = 200,
    chosen: str = "",
    **more: Any,
) -> HTMLResponse:
    reported = await read_report(session, report_id)
    user: User = request.state.user
    is_live = reported.feature.state == FeatureState.PUBLISHED
    outcomes = (DONE, TAKEN_DOWN) if is_live and may(user, "feature.unpublish") else (DONE,)
    data: dict[str, Any] = {
        "told": told(request, reported),
        **await others_beside(request, session, reported.report),
        "ways": checks({}, reported.feature.content)[0] if is_live else (),
        "until": dt.datetime.now(dt.UTC).isoformat(),
        "is_live": is_live,
        "said_true": await said_true(session, reported.feature),
        "outcomes": outcomes,
        "may_resolve": may(user, "report.resolve"),
        "following": await following(request, session, reported),
        "changes": await _changes(request, session, reported),
        "says": _says(reported),
        "taken_down": await taken_down_by(session, reported.report) is not None,
        "closed": await closed_by(session, reported.report) is not None,
        "puts_back": may_put_back(reported.report, user.id, dt.datetime.now(dt.UTC), undo_for(request)),
        "done": None,
        "undone": "",
        "map_says": "",
        "may_close": is_live
        and may(user, "feature.unpublish")
        and reported.report.reason in SAID_BY_REPORT
        and may_close(registry.layer(reported.feature.layer)),
        "may_merge": is_live and may(user, "feature.merge"),
        "typed": {"outcome": chosen if chosen in outcomes else "", "note": "", "others": ()},
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/report.html", status=status, **data)
