"""One row of a file beside the place that it may be, and what is decided about it."""

import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import may
from app.db import session as transaction
from app.desk.acts import refusal, setting_of, version_in
from app.desk.by_two import with_first_yes
from app.desk.content_rows import Row, rows
from app.desk.content_words import Words
from app.desk.duplicate_words import reason_words
from app.desk.guard import user_id_of
from app.desk.import_words import DECISIONS, KINDS, noticed, why
from app.desk.imports import DECIDE, STAGE, rows_shown
from app.desk.listed import name_of
from app.desk.merge import GROUP_WORDS
from app.desk.pages import desk_page, texts_of
from app.desk.word_marks import Mark, word_marks
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.models import Feature
from app.features.protected import as_protected_as
from app.features.revisions import FeatureNotFound
from app.i18n import N_, Translator
from app.imports.models import ImportRow
from app.imports.staging.comparing import Kind, as_stated
from app.imports.staging.deciding import create, link, skip, update
from app.imports.staging.known import Live, live_of
from app.imports.staging.laying import differing, stated
from app.imports.staging.linking import said_of
from app.imports.staging.listing import next_row
from app.imports.staging.looking import Desk, RowNotFound, look_again, read_row
from app.imports.staging.staging import read_run
from app.imports.staging.undoing import undo
from app.layers import registry
from app.moderation.duplicates.choosing import members
from app.moderation.duplicates.search import LikelyDuplicate, likely_duplicates
from app.moderation.live import id_in
from app.moderation.scope import is_within, stay_within
from app.moderation.withheld import is_protected
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import Form, WriteSession, database_of
from app.web.query import PlainText
from app.web.routes import page_router, requires
from app.web.strict_form import FormValues

router = page_router("/desk/imports/rows")

RowId = Annotated[str, Path(max_length=36)]
ACT: Final = FieldProblem("act", "unknown", N_("Choose what is to be done."))
_NO_PLACE: Final = N_("No place of this kind has this address or id.")


@router.get("/{row_id}", dependencies=[requires(STAGE)])
async def show(
    request: Request,
    session: WriteSession,
    row_id: RowId,
    beside: Annotated[PlainText, Query(max_length=500)] = "",
) -> HTMLResponse:
    """The row beside the place that it is most like, or beside `beside`: an address or an id."""
    row = await read_row(session, id_in(row_id))
    return await _page(request, session, row, beside)


@router.post("/{row_id}", dependencies=[requires(DECIDE)])
async def decide(request: Request, form: Form, row_id: RowId) -> Response:
    """Decide about it, or take that back; what stands in the way is said on the same page."""
    found, act = id_in(row_id), form.one("act")
    waits_at = following = kind = None
    try:
        async with with_first_yes(request) as session:
            row = await read_row(session, found, lock=True)
            run = await read_run(session, row.run_id)
            kind, waits_at = row.kind, row.feature_id
            desk = Desk(
                session,
                setting_of(request),
                registry.layer(run.layer),
                run,
                Actor("staff", user_id_of(request)),
            )
            await _act(request, desk, row, act, form)
            following = await next_row(session, await rows_shown(request, session, run, DECIDE), kind)
            waits_at = None
    except (Conflict, InvalidInput) as error:
        return await _look_again(request, found, form.one("feature"), error)
    if waits_at is not None:
        # Of protected help the first of two people has said yes to the older version.
        return RedirectResponse(f"/desk/published/{waits_at}", status_code=303)
    if act == "undo" or following is None:
        where = f"rows/{found}" if act == "undo" else f"{run.id}?kind={kind}"
        return RedirectResponse(f"/desk/imports/{where}", status_code=303)
    return RedirectResponse(f"/desk/imports/rows/{following}?after={found}", status_code=303)


async def _act(request: Request, desk: Desk, row: ImportRow, act: str, form: FormValues) -> None:
    user: User = request.state.user
    before = row.feature_id
    match act:
        case "create":
            await create(desk, row)
        case "update" | "link":
            feature_id = id_in(form.one("feature"))
            if feature_id is None or not await is_within(desk.session, user, DECIDE, "feature", feature_id):
                raise FeatureNotFound
            revision = version_in(form, "revision")
            if act == "update":
                await update(desk, row, feature_id, revision, form.all("field"))
            else:
                await link(desk, row, feature_id, revision)
        case "skip":
            await skip(desk, row)
        case "undo":
            await undo(desk, row)
        case _:
            raise InvalidInput(ACT)
    for feature_id in {before, row.feature_id} - {None}:
        assert feature_id is not None
        await stay_within(desk.session, user, DECIDE, feature_id)


async def _look_again(
    request: Request, row_id: uuid.UUID | None, beside: str, error: Conflict | InvalidInput
) -> HTMLResponse:
    """The page again with what stood in the way, and the row compared with what is there now."""
    async with transaction(database_of(request)) as session:
        row = await read_row(session, row_id, lock=True)
        if row.decision is None and row.content is not None and isinstance(error, Conflict):
            run = await read_run(session, row.run_id)
            actor = Actor("staff", user_id_of(request))
            await look_again(Desk(session, setting_of(request), registry.layer(run.layer), run, actor), row)
        return await _page(request, session, row, beside, **refusal(error))


def _candidates(
    texts: Translator, likely: Sequence[LikelyDuplicate], live: Live | None
) -> list[dict[str, Any]]:
    """Places that the row may be, but for the one that it stands beside."""
    return [
        {
            "id": one.feature_id,
            "name": one.name,
            "score": one.score,
            "why": reason_words(texts, [reason.to_dict() for reason in one.reasons]),
        }
        for one in likely
        if live is None or one.feature_id != live.feature_id
    ]


async def _page(
    request: Request,
    session: AsyncSession,
    row: ImportRow,
    beside: str,
    *,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    if row.content is None:
        raise RowNotFound
    run = await read_run(session, row.run_id)
    texts, vocabulary = texts_of(request), load_vocabulary()
    words = Words(vocabulary, texts)
    layer = registry.layer(run.layer)
    live, missing = await _beside(request, session, row, beside)
    content = layer.content.kept(row.content)
    if live is not None:
        content = as_protected_as(live.content, content)
    actor = Actor("staff", user_id_of(request))
    desk = Desk(session, setting_of(request), layer, run, actor)
    wanted = None
    if live is not None and row.decision is None:
        last = await said_of(desk, row, live.feature_id)
        try:
            wanted = desk.comparer.wanted(stated(content), live.content, last[0] if last else None)
        except InvalidInput as error:
            more = {"problem": error.problems[0].message if error.problems else error.message} | more
    likely = await likely_duplicates(session, content.to_dict(), layer.key) if row.decision is None else []
    data: dict[str, Any] = {
        "row": row,
        "run": run,
        "layer": layer,
        "title": name_of(content.to_dict()) or "—",
        "kind_words": texts.gettext(KINDS[row.kind]),
        "decision": texts.gettext(DECISIONS[row.decision]) if row.decision else "",
        "why": why(texts, row.reasons),
        "noticed": noticed(texts, words, row.notes),
        "said": rows(as_stated(layer, row.content) or {}, None, vocabulary, texts),
        "cells": row.cells if live is None or not is_protected(live.content) else None,
        "live": live,
        "live_name": name_of(live.content) if live else "",
        "fields": _fields(request, words, live, wanted) if live and wanted is not None else [],
        "may_decide": may(request.state.user, DECIDE),
        "may_create": row.kind in (Kind.CREATE, Kind.CONFLICT),
        "candidates": _candidates(texts, likely, live),
        "beside": beside,
        "beside_problem": missing,
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/import_row.html", status=status, **data)


async def _beside(
    request: Request, session: AsyncSession, row: ImportRow, given: str
) -> tuple[Live | None, str]:
    """The place beside the row, and what is wrong with the address of another one."""
    chosen = id_in(given) if given else row.feature_id
    live = await live_of(session, chosen) if chosen else None
    if given and live is not None:
        within = await is_within(session, request.state.user, STAGE, "feature", live.feature_id)
        same_layer = await _is_of(session, live, row)
        live = live if within and same_layer else None
    missing = _NO_PLACE if given and live is None else ""
    return live, missing


async def _is_of(session: AsyncSession, live: Live, row: ImportRow) -> bool:
    found = await session.get(Feature, live.feature_id)
    return found is not None and found.layer == row.layer


def _fields(request: Request, words: Words, live: Live, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """What differs, under the names by which it is chosen, each with its rows and their marks."""
    texts, vocabulary = texts_of(request), load_vocabulary()
    found = {row.key: row for row in rows(wanted, live.content, vocabulary, texts)}
    fields = []
    for name in differing(live.content, wanted):
        inner = [_marked(found[key]) for key in members(name) if key in found]
        if inner:
            label = texts.gettext(GROUP_WORDS[name]) if name in GROUP_WORDS else words.label(members(name)[0])
            fields.append({"name": name, "label": label, "rows": inner})
    return fields


def _marked(row: Row) -> tuple[Row, list[Mark], list[Mark]]:
    return (row, *word_marks("\n".join(row.was), "\n".join(row.lines)))
