"""One decision on many: what is ticked, or all that the filters find. Planned, confirmed with its number, undone as one."""

import datetime as dt
import uuid
from typing import Annotated, Any

from fastapi import Query, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.acts import refusal, setting_of
from app.desk.asked import filters_in, moment_of
from app.desk.bulk_lines import lines_of
from app.desk.decisions import LONGEST_NOTE
from app.desk.guard import user_id_of
from app.desk.listed import name_of, within_of
from app.desk.pages import desk_page, texts_of
from app.desk.queue import queue_page
from app.desk.undoing import undo_for
from app.errors import Conflict, InvalidInput
from app.i18n import N_
from app.layers.registry import LAYERS
from app.moderation import bulk as many
from app.moderation.actions.bulk import carry_out, undo_bulk
from app.moderation.reasons import rejection_reasons
from app.moderation.scope import stay_within
from app.moderation.waiting import ids_of
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/bulk")

DECIDE = "submission.decide"
#: Of what is planned, so many are shown by their names.
NAMED = 20
#: What stood in the way of one of many, by the class of the error.
IN_THE_WAY = {
    "StaleSubmission": N_("changed meanwhile, or decided by somebody else"),
    "SubmissionAlreadyDecided": N_("changed meanwhile, or decided by somebody else"),
    "ConflictingChange": N_("the same was changed on the map since it was sent"),
    "StaleRevision": N_("the place on the map was changed since"),
    "NotOnTheMap": N_("the place was taken off the map"),
    "NeedsAnother": N_("you have asked for a second pair of eyes"),
    "NeedsTwo": N_("protected help: two people say yes to each by itself"),
    "OwnSubmission": N_("you have sent it yourself, so somebody else decides"),
}
OTHERWISE = N_("it has to be looked at by itself")


@router.post("", dependencies=[requires(DECIDE)])
async def plan(request: Request, form: Form) -> Response:
    """Plan it and ask whether it is meant; nothing is decided yet."""
    filters, act = filters_in(form.one("query")), form.one("act")
    actor, within = Actor("staff", user_id_of(request)), within_of(request, DECIDE)
    try:
        async with transaction(database_of(request)) as session:
            if form.one("scope") == "all":
                until = moment_of(form.one("shown_at"))
                asked = filters.asked(user_id_of(request), within, until=until)
                most = many.MOST.get(act, 0) + 1
                chosen = await ids_of(session, asked, most=most)
            else:
                chosen = _ticked(form.all("id"))
            made = await many.plan(
                session, act, chosen, filters.query(), actor, within, vocabulary=load_vocabulary()
            )
    except InvalidInput as error:
        said = refusal(error)
        async with transaction(database_of(request)) as session:
            return await queue_page(request, session, filters, status=said["status"], problem=said["problem"])
    return RedirectResponse(f"/desk/bulk?of={made}", status_code=303)


@router.get("", dependencies=[requires(DECIDE)])
async def show(
    request: Request, session: WriteSession, of: Annotated[PlainText, Query(max_length=36)] = ""
) -> HTMLResponse:
    """What is planned, or what came of it."""
    return await _page(request, session, _id(of))


@router.post("/do", dependencies=[requires(DECIDE)])
async def do(request: Request, form: Form) -> Response:
    """Carry it out; what stands in the way of one does not stop the others."""
    found, database = _id(form.one("of")), database_of(request)
    typed = {"reason": form.one("reason"), "note": form.one("note").strip()[:LONGEST_NOTE]}
    actor = Actor("staff", user_id_of(request))
    try:
        await carry_out(
            database,
            setting_of(request),
            LAYERS,
            found,
            actor=actor,
            within=within_of(request, DECIDE),
            **typed,
        )
    except (Conflict, InvalidInput) as error:
        async with transaction(database) as session:
            return await _page(request, session, found, typed=typed, **refusal(error))
    return RedirectResponse(f"/desk/bulk?of={found}", status_code=303)


@router.post("/undo", dependencies=[requires(DECIDE)])
async def undo(request: Request, form: Form) -> Response:
    """Take all of it back."""
    found, database = _id(form.one("of")), database_of(request)
    actor = Actor("staff", user_id_of(request))

    async def check(session: AsyncSession, feature_id: uuid.UUID) -> None:
        await stay_within(session, request.state.user, DECIDE, feature_id)

    try:
        await undo_bulk(
            database,
            setting_of(request),
            LAYERS,
            found,
            actor=actor,
            window=undo_for(request),
            check=check,
            within=within_of(request, DECIDE),
        )
    except Conflict as error:
        async with transaction(database) as session:
            return await _page(request, session, found, **refusal(error))
    return RedirectResponse(f"/desk/bulk?of={found}", status_code=303)


async def _page(
    request: Request, session: AsyncSession, bulk_id: uuid.UUID, *, status: int = 200, **more: Any
) -> HTMLResponse:
    bulk = await many.read_bulk(session, bulk_id, within_of(request, DECIDE))
    texts = texts_of(request)
    outcome = await many.outcome_of(session, bulk_id)
    begun, publishes = bulk.begun_at is not None, bulk.act == "approve"
    most = many.MOST["approve"] if publishes else NAMED
    # What is published is shown whole: its telephone and its place are what somebody may have changed.
    asked = {"bulk": bulk_id, "most": most}
    planned = [] if begun else (await session.execute(_NAMED, asked | {"left": False})).all()
    left = (await session.execute(_NAMED, asked | {"left": True})).all() if begun or publishes else []
    lines = await lines_of(request, session, [row.id for row in planned]) if publishes else {}
    now = dt.datetime.now(dt.UTC)
    data: dict[str, Any] = {
        "bulk": bulk,
        "outcome": outcome,
        "planned": [
            {"id": row.id, "name": name_of(row.content) or "—", "lines": lines.get(row.id)} for row in planned
        ],
        "named": [
            {
                "id": row.id,
                "name": name_of(row.content) or "—",
                "why": texts.gettext(IN_THE_WAY.get(row.outcome, OTHERWISE)) if row.outcome else "",
            }
            for row in left
        ],
        "left": sum(outcome.others.values()),
        "may_undo": bulk.begun_at is not None
        and outcome.done > 0
        and now - bulk.begun_at <= undo_for(request),
        "reasons": [(code, texts.gettext(words)) for code, words in rejection_reasons("").items()],
        "problem": "",
        "problem_field": "",
        "typed": {},
        **more,
    }
    return await desk_page(request, session, "desk/bulk.html", status=status, **data)


def _ticked(given: list[str]) -> list[tuple[uuid.UUID, int]]:
    """Those that are ticked, `<id>.<version>` each, as they were shown."""
    chosen: dict[uuid.UUID, int] = {}
    for one in given:
        key, _, version = one.partition(".")
        try:
            chosen[uuid.UUID(key)] = max(0, min(int(version), 2**31 - 1))
        except ValueError:
            continue
    return list(chosen.items())


def _id(given: str) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        raise many.NoSuchBulk from None


_NAMED = text(
    """
    SELECT s.id, s.content, i.outcome
    FROM core.bulk_item i JOIN core.submission s ON s.id = i.submission_id
    JOIN core.bulk b ON b.id = i.bulk_id
    WHERE i.bulk_id = :bulk AND CASE WHEN :left AND b.begun_at IS NULL THEN i.outcome IS NOT NULL
      WHEN :left THEN coalesce(i.outcome, '') NOT IN ('done', 'undone') ELSE i.outcome IS NULL END
    ORDER BY s.waits_since, s.id LIMIT :most
    """
)
