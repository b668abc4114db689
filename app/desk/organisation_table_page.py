"""The pages of an organisation's table: the file, its columns, its rows with what is wrong with each, and what became of them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.db import session as transaction
from app.desk.acts import setting_of
from app.desk.content_words import Words
from app.desk.listed import name_of
from app.desk.organisation_new import LAYER
from app.desk.own_sending import before_sending, outcome
from app.desk.own_words import told_in, why_words
from app.desk.pages import ORGANISATIONS_PAGE, desk_page, secret_of, texts_of
from app.desk.table_words import SENT, STATES, asks_of, changes_of, notes_of
from app.features.models import Feature
from app.imports.notes import Note
from app.imports.staging.own_table import Checked, State, Table, check
from app.imports.staging.table_file import COLUMNS, MOST_BYTES, MOST_ROWS, REQUIRED, TableFile
from app.moderation.links import make_token
from app.moderation.live import id_in
from app.moderation.models import Submission
from app.moderation.own_publication import Wanted, Why, why_it_waits
from app.moderation.states import OPEN_STATES, SubmissionState
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, page_of, settings_of
from app.web.strict_form import FormValues


async def checked_rows(
    request: Request,
    organisation_id: str,
    given: Mapping[int, Mapping[str, str]],
    sure: Mapping[int, str],
    broken: Mapping[int, tuple[Note, ...]] | None = None,
) -> list[Checked]:
    """Look rows through; see `app.imports.staging.own_table.check`."""
    table = Table(read_id(organisation_id), LAYER, page_of(request).language, settings_of(request).countries)
    async with transaction(database_of(request)) as session:
        return await check(session, setting_of(request), table, given, sure, broken)


async def upload_page(request: Request, organisation_id: str, *, wrong: str = "") -> Response:
    """Where a file is chosen; `wrong` is what was wrong with the one before."""
    texts = texts_of(request)
    async with transaction(database_of(request)) as session:
        return await desk_page(
            request,
            session,
            "desk/organisation_table.html",
            status=422 if wrong else 200,
            here=f"{ORGANISATIONS_PAGE}/{read_id(organisation_id)}",
            number=uuid.uuid4().hex,
            columns=[(texts.gettext(one.words), one.key in REQUIRED) for one in COLUMNS],
            services=_services(texts.language),
            most_rows=MOST_ROWS,
            most_mb=MOST_BYTES // 1_000_000,
            wrong=wrong,
        )


async def columns_page(
    request: Request,
    form: FormValues,
    organisation_id: str,
    table: TableFile,
    chosen: Mapping[str, str],
    *,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    """What the columns mean, where their names do not say it; the page carries the rows."""
    texts = texts_of(request)
    first = {
        header: next((value for row in table.rows.values() if (value := str(row.get(header, "")))), "")
        for header in table.headers
    }
    async with transaction(database_of(request)) as session:
        return await desk_page(
            request,
            session,
            "desk/organisation_table_columns.html",
            status=422 if wrong else 200,
            here=f"{ORGANISATIONS_PAGE}/{read_id(organisation_id)}",
            number=number_in(form),
            total=len(table.rows),
            columns=[(one.key, texts.gettext(one.words), chosen.get(one.key, "")) for one in COLUMNS],
            headers=[(header, first[header]) for header in table.headers],
            required=REQUIRED,
            unused=[header for header in table.headers if header not in chosen.values()],
            headers_json=orjson.dumps(table.headers).decode(),
            cells=[(number, orjson.dumps(cells).decode()) for number, cells in table.rows.items()],
            wrong=wrong or {},
        )


async def rows_page(
    request: Request,
    organisation_id: str,
    form: FormValues,
    given: Mapping[int, Mapping[str, str]],
    sure: Mapping[int, str],
    *,
    found: Sequence[Checked] | None = None,
    broken: Mapping[int, tuple[Note, ...]] | None = None,
    sent: int = 0,
    said: Mapping[int, str] | None = None,
    would_wait: Mapping[int, tuple[Why, ...]] | None = None,
    status: int = 200,
) -> Response:
    """The table as it is, each row with what it is; `said` is what stood in the way of one, `would_wait` why it is not public at once."""
    if not given:
        return await upload_page(
            request, organisation_id, wrong=texts_of(request).gettext("The file is empty.")
        )
    if found is None:
        found = await checked_rows(request, organisation_id, given, sure, broken)
    base = await before_sending(request, read_id(organisation_id), LAYER.key)
    shown = [
        await _row(request, organisation_id, row, base, (said or {}).get(row.number, ""), would_wait or {})
        for row in found
    ]
    ready = sum(row.state in (State.NEW, State.CHANGE) for row in found)
    counted = [(state, sum(row.state is state for row in found)) for state in STATES]
    async with transaction(database_of(request)) as session:
        return await desk_page(
            request,
            session,
            "desk/organisation_table_rows.html",
            status=status,
            here=f"{ORGANISATIONS_PAGE}/{read_id(organisation_id)}",
            number=number_in(form),
            rows=shown,
            counted=[(texts_of(request).gettext(STATES[state][0]), n) for state, n in counted if n],
            ready=ready,
            sent=sent,
            stopped=status != 200,
            services=_services(texts_of(request).language),
            required=REQUIRED,
            **await outcome(request, read_id(organisation_id), base),
        )


async def _row(
    request: Request,
    organisation_id: str,
    row: Checked,
    base: tuple[Why, ...],
    said: str,
    would_wait: Mapping[int, tuple[Why, ...]],
) -> dict[str, Any]:
    """A row as the page shows it, with why it would wait: known before it is sent, as of a form."""
    texts = texts_of(request)
    words = Words(load_vocabulary(), texts)
    whys = base
    async with transaction(database_of(request)) as session:
        if row.content is not None and row.state in (State.NEW, State.CHANGE):
            live = await session.get(Feature, row.feature_id) if row.feature_id else None
            wanted = Wanted(
                read_id(organisation_id), request.state.user, LAYER.key, live, row.content.to_dict()
            )
            whys = would_wait.get(row.number) or await why_it_waits(session, setting_of(request), wanted)
        waits = await why_words(request, session, [why for why in whys if why is not Why.NO_TRUST])
    state, kind = STATES[row.state]
    return {
        "number": row.number,
        "name": row.cells.get("name", "").strip() or "—",
        "state": row.state.value,
        "words": texts.gettext(state),
        "kind": kind,
        "seen": row.seen,
        "told": told_in(whys),
        "at_once": row.content is not None and not whys and row.state in (State.NEW, State.CHANGE),
        "waits": waits,
        "notes": notes_of(texts, words, row),
        "asks": asks_of(texts, row),
        "asked": " ".join(row.asks),
        "is_asked": row.state is State.ASKED,
        "changes": changes_of(words, row),
        "alike": [_alike(one) for one in row.alike],
        "problem": texts.gettext(said) if said else "",
        "cells": [(one.key, texts.gettext(one.words), row.cells.get(one.key, "")) for one in COLUMNS],
        "feature_id": row.feature_id,
        "is_protected": any(note.code.startswith("protected_") for note in row.notes),
    }


async def sent_page(
    request: Request,
    session: AsyncSession,
    organisation_id: str,
    number: str,
    found: Mapping[int, Submission],
    *,
    same: int,
) -> Response:
    """What became of each row that was sent, by its number."""
    texts = texts_of(request)
    rows = [
        {
            "number": row_number,
            "name": name_of(row.content) or "—",
            "words": texts.gettext(SENT[row.state][0]) if row.state in SENT else row.state,
            "kind": SENT[row.state][1] if row.state in SENT else "calm",
            "href": f"/{texts.language}/{row.layer}/{row.feature_id}/-"
            if row.state == SubmissionState.APPROVED
            else f"/{row.language}/status/{make_token(secret_of(request), 'status', row.id)}",
        }
        for row_number, row in found.items()
    ]
    return await desk_page(
        request,
        session,
        "desk/organisation_table_sent.html",
        status=200 if rows else 404,
        here=f"{ORGANISATIONS_PAGE}/{read_id(organisation_id)}",
        number=number,
        rows=rows,
        waiting=sum(row.state in OPEN_STATES for row in found.values()),
        same=same,
    )


def number_in(form: FormValues) -> str:
    """Of the filling-in, as the first page gave it; a new one where that is no such."""
    given = form.one("number")
    return given if len(given) == 32 and given.isalnum() and given.isascii() else uuid.uuid4().hex


def _alike(one: Any) -> dict[str, str]:
    said = one.slim.get("properties", {})
    return {"id": str(one.slim["id"]), "name": str(said.get("name") or "—"), "run_by": one.run_by}


def _services(language: str) -> list[str]:
    """The kinds of help that a table may name, in somebody's language."""
    vocabulary = load_vocabulary()
    found = {
        vocabulary.name("service", code, language)
        for code, service in vocabulary.services.items()
        if service.default_disclosure == "exact"
    }
    return sorted(found)


def read_id(organisation_id: str) -> uuid.UUID:
    """As the guard has read it."""
    found = id_in(organisation_id)
    assert found is not None
    return found
