"""One decision on many rows of a file, of what is sure: planned, confirmed with its number, undone as one."""

import uuid
from typing import Annotated, Any

from fastapi import Path, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.scopes import has_everywhere
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.guard import user_id_of
from app.desk.import_words import IN_THE_WAY, OTHERWISE
from app.desk.imports import DECIDE, run_page
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.errors import Conflict, InvalidInput
from app.imports.models import ImportBulk, ImportRow
from app.imports.staging import bulk as many
from app.imports.staging.staging import read_run
from app.layers.registry import LAYERS
from app.moderation.bulk import NoSuchBulk
from app.moderation.live import id_in
from app.moderation.scope import import_rows_within, is_within, stay_within
from app.web.dependencies import Form, WriteSession, database_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/imports")

RunId = Annotated[str, Path(max_length=36)]
#: Of what is planned, so many are shown by their names.
NAMED = 20


@router.post("/{run_id}/bulk", dependencies=[requires(DECIDE)])
async def plan(request: Request, form: Form, run_id: RunId) -> Response:
    """Plan it and ask whether it is meant; nothing is decided yet."""
    found, bar = id_in(run_id), version_in(form, "bar")
    actor = Actor("staff", user_id_of(request))
    within = import_rows_within(request.state.user, DECIDE, "one")
    try:
        async with transaction(database_of(request)) as session:
            run = await read_run(session, found, lock=True)
            made = await many.plan(session, run, form.one("act"), bar, actor=actor, within=within)
    except InvalidInput as error:
        async with transaction(database_of(request)) as session:
            run = await read_run(session, found)
            said = refusal(error)
            return await run_page(
                request, session, run, bar=bar, status=said["status"], problem=said["problem"]
            )
    return RedirectResponse(f"/desk/imports/bulk?of={made}", status_code=303)


@router.get("/bulk", dependencies=[requires(DECIDE)])
async def show(
    request: Request, session: WriteSession, of: Annotated[PlainText, Query(max_length=36)] = ""
) -> HTMLResponse:
    """What is planned, or what came of it."""
    return await _page(request, session, await _read(request, session, of))


@router.post("/bulk/do", dependencies=[requires(DECIDE)])
async def do(request: Request, form: Form) -> Response:
    """Carry it out; what stands in the way of one does not stop the others."""
    return await _carry(request, form.one("of"), many.carry_out)


@router.post("/bulk/undo", dependencies=[requires(DECIDE)])
async def undo(request: Request, form: Form) -> Response:
    """Take all of it back."""
    return await _carry(request, form.one("of"), many.undo_bulk)


async def _carry(request: Request, of: str, act: Any) -> Response:
    database = database_of(request)

    async def check(session: AsyncSession, feature_id: uuid.UUID) -> None:
        await stay_within(session, request.state.user, DECIDE, feature_id)

    async with transaction(database) as session:
        found = (await _read(request, session, of)).id
    actor = Actor("staff", user_id_of(request))
    try:
        await act(database, setting_of(request), LAYERS, found, actor=actor, check=check)
    except Conflict as error:
        async with transaction(database) as session:
            return await _page(request, session, await many.read_bulk(session, found), **refusal(error))
    return RedirectResponse(f"/desk/imports/bulk?of={found}", status_code=303)


async def _read(request: Request, session: AsyncSession, of: str) -> ImportBulk:
    """A decision on many; of who has limits only their own, and only where they may decide now."""
    bulk = await many.read_bulk(session, id_in(of))
    user = request.state.user
    own = bulk.user_id == user_id_of(request)
    if not has_everywhere(user, DECIDE) and not (
        own and await is_within(session, user, DECIDE, "import_run", bulk.run_id)
    ):
        raise NoSuchBulk
    return bulk


async def _page(
    request: Request, session: AsyncSession, bulk: ImportBulk, *, status: int = 200, **more: Any
) -> HTMLResponse:
    run = await read_run(session, bulk.run_id)
    texts = texts_of(request)
    outcome = await many.outcome_of(session, bulk)
    query = select(ImportRow).where(ImportRow.bulk_id == bulk.id, ImportRow.decision.is_(None))
    if bulk.begun_at is not None:
        query = query.where(ImportRow.left_because.is_not(None))
    found = await session.scalars(query.order_by(ImportRow.likelihood.desc(), ImportRow.number).limit(NAMED))
    data: dict[str, Any] = {
        "bulk": bulk,
        "run": run,
        "outcome": outcome,
        "left": sum(outcome.left.values()),
        "named": [
            {
                "id": row.id,
                "name": name_of(row.content or {}) or "—",
                "likelihood": row.likelihood,
                "why": texts.gettext(IN_THE_WAY.get(row.left_because, OTHERWISE)) if row.left_because else "",
            }
            for row in found
        ],
        "may_undo": bulk.begun_at is not None and bulk.undone_at is None and outcome.done > 0,
        "problem": "",
        **more,
    }
    return await desk_page(request, session, "desk/import_bulk.html", status=status, **data)
