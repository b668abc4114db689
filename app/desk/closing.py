"""Close a place that is on the map, for good or for a time, from a day on; and open it again."""

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.acts import moment_in, refusal, setting_of, version_in
from app.desk.by_two import ByTwo, of_entries, with_first_yes
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.other_reports import others_beside
from app.desk.pages import desk_page
from app.desk.published import FeatureId, carry_out
from app.desk.report_rows import following, next_address
from app.entering.closure import reasons_in, status_in
from app.errors import Conflict, InvalidInput
from app.features.models import Feature, FeatureState
from app.i18n import LANGUAGES
from app.layers import registry
from app.moderation.actions.close import CLOSED, close, may_close, reopen
from app.moderation.actions.report import DONE, Resolution, resolve
from app.moderation.actions.take_down import Move
from app.moderation.live import id_in, read_feature
from app.moderation.reports import Reported, ReportNotFound, hold_open, read_report
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of, page_of, settings_of
from app.web.routes import page_router, requires

router = page_router("/desk/published")

LONGEST_NOTE: Final = 500
#: What a visitor's report says of a closure: for how long, and why.
SAID_BY_REPORT: Final[dict[str, dict[str, str]]] = {
    "closed_for_good": {"state": "closed"},
    "moved": {"state": "closed", "reason": "moved"},
    "closed_now": {"state": "temporarily_closed"},
    "full": {"state": "temporarily_closed", "reason": "out_of_stock"},
}
_FIELDS: Final = ("state", "since", "until", "reason", "note", "language")


@router.get("/{feature_id}/close", dependencies=[requires("feature.unpublish")])
async def ask(
    request: Request, session: WriteSession, feature_id: FeatureId, report: str = ""
) -> HTMLResponse:
    """The form, with what the map says already, or with what a report says."""
    feature = await read_feature(session, id_in(feature_id))
    reported = await _report(request, session, feature, report)
    return await _page(request, session, feature, reported)


@router.post("/{feature_id}/close", dependencies=[requires("feature.unpublish")])
async def close_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Close it, and with that resolve the report that led here; what stands in the way is said on the same page."""
    found, actor = id_in(feature_id), Actor("staff", user_id_of(request))
    setting = setting_of(request)
    where = f"/desk/published/{found}"
    try:
        status = _status(form, setting.today)
        async with with_first_yes(request) as session:
            feature = await read_feature(session, found)
            layer = registry.layer(feature.layer)
            why, note = _why(request, form, status)
            move = Move(feature.id, actor, why, version_in(form, "revision"))
            if form.one("report"):
                # Reports are held before any layer, here as wherever else both are.
                await hold_open(session, feature.id)
            await close(session, setting, layer, move, status | note)
            if reported := await _report(request, session, feature, form.one("report")):
                done = Resolution(
                    DONE,
                    why,
                    version_in(form, "version"),
                    move.revision or -1,
                    frozenset(form.all("others")),
                    moment_in(form.one("seen_at")),
                )
                where = next_address(reported.report.id, await following(request, session, reported))
                await resolve(session, setting, layer, reported.report.id, done, actor=actor)
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            feature = await read_feature(session, found)
            reported = await _report(request, session, feature, form.one("report"))
            typed = {name: form.one(name) for name in _FIELDS} | {"others": form.all("others")}
            return await _page(request, session, feature, reported, typed=typed, **_refused(error))
    return RedirectResponse(where, status_code=303)


@router.post("/{feature_id}/reopen", dependencies=[requires("feature.publish")])
async def reopen_it(request: Request, form: Form, feature_id: FeatureId) -> Response:
    """Open it again; what stands in the way is said on the page of the place."""
    return await carry_out(request, form, feature_id, reopen)


def _status(form: Form, today: dt.date) -> dict[str, str]:
    """The status that was typed, from today on where no day was; `InvalidInput`."""
    status, problems = status_in(form, today)
    if status is None:
        raise InvalidInput(*problems)
    return {"since": today.isoformat()} | status


def _why(request: Request, form: Form, status: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """What submitter and history are told, and the note for the public, as a part of the status."""
    note, language = form.one("note").strip(), form.one("language")
    language = language if language in LANGUAGES else page_of(request).language
    reason = load_vocabulary().closure_reasons.get(status.get("reason", ""))
    # Without either the act itself refuses.
    words = note or (reason.names[page_of(request).language] if reason else "—")
    return words, {"note": {"texts": {language: note}, "source": language}} if note else {}


async def _report(request: Request, session: AsyncSession, feature: Feature, given: str) -> Reported | None:
    """The open report about this place that led here; `ReportNotFound` for any other."""
    if not given:
        return None
    found = id_in(given)
    user: User = request.state.user
    reported = await read_report(session, found) if found and may(user, "report.resolve") else None
    if reported is None or reported.feature.id != feature.id:
        raise ReportNotFound
    return reported


def _typed(
    request: Request, feature: Feature, reported: Reported | None, two: ByTwo | None
) -> dict[str, Any]:
    """What stands in the form at first."""
    setting = setting_of(request)
    source = str(feature.content.get("name", {}).get("source", ""))
    empty = dict.fromkeys(_FIELDS, "") | {
        "since": setting.today.isoformat(),
        "language": source if source in LANGUAGES else page_of(request).language,
        "others": (),
    }
    if reported is not None:
        report = reported.report
        day = report.created_at.astimezone(ZoneInfo(settings_of(request).timezone)).date()
        told = {"since": day.isoformat(), "note": (report.body or "").strip()[:LONGEST_NOTE]}
        if told["note"] and report.language in LANGUAGES:
            told["language"] = report.language
        return empty | SAID_BY_REPORT.get(report.reason, {}) | told
    # Who comes second sees the words that the first one has said yes to.
    first = two.of(CLOSED).get("status", {}) if two is not None else {}
    status = first or feature.content.get("status", {})
    if status.get("state", "active") == "active":
        return empty
    note = status.get("note") or {}
    said = {name: str(status[name]) for name in ("state", "since", "until", "reason") if status.get(name)}
    if note:
        said |= {"note": note["texts"][note["source"]], "language": note["source"]}
    return empty | {"since": ""} | said


def _refused(error: Conflict | InvalidInput) -> dict[str, Any]:
    """What the page says, and beside which field."""
    said = refusal(error)
    field = str(said["problem_field"]).removeprefix("status.").partition(".")[0]
    return said | {"problem_field": field}


async def _page(
    request: Request,
    session: AsyncSession,
    feature: Feature,
    reported: Reported | None,
    *,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    language = page_of(request).language
    permanent, passing = reasons_in(language)
    two = await of_entries(request, session, feature, permission="feature.publish")
    if reported is not None and reported.report.state != "open":
        # Somebody has seen to it meanwhile; the place can be closed all the same.
        reported = None
    data: dict[str, Any] = {
        "feature": feature,
        "title": name_of(feature.content),
        "may_close": may_close(registry.layer(feature.layer)) and feature.state == FeatureState.PUBLISHED,
        "permanent": permanent,
        "passing": passing,
        "languages": [(code, load_vocabulary().languages[code].names[language]) for code in LANGUAGES],
        "reported": reported,
        "by_two": two,
        "typed": more.get("typed") or _typed(request, feature, reported, two),
        **(await others_beside(request, session, reported.report) if reported else {}),
        "seen_at": dt.datetime.now(dt.UTC).isoformat(),
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/close.html", status=status, **data)
