"""Add many places from a table: a file read, its rows corrected on the page, and each sent as a form of its organisation sends it.

Between the steps the table lies in the page alone: nothing of it is kept before it is sent, so that no street of a place that must
not be found comes into the register by a file.
"""

import uuid
from typing import Annotated, Any, Final

import orjson
from fastapi import Path, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from app.accounts.models import User
from app.accounts.scopes import Scope
from app.db import session as transaction
from app.desk.acts import setting_of
from app.desk.content_words import Words
from app.desk.guard import user_id_of
from app.desk.import_words import noticed
from app.desk.organisation_new import LAYER
from app.desk.organisation_table_page import (
    checked_rows,
    columns_page,
    number_in,
    read_id,
    rows_page,
    sent_page,
    upload_page,
)
from app.desk.pages import ORGANISATIONS_PAGE, texts_of
from app.errors import Conflict, InvalidInput, Overloaded, PomapaError, TooManyRequests
from app.i18n import N_
from app.imports.notes import UnreadableFile
from app.imports.staging.columns import cells_of
from app.imports.staging.own_places import own_places
from app.imports.staging.own_table import State
from app.imports.staging.table_file import (
    KEYS,
    MOST_ROWS,
    REQUIRED,
    TableFile,
    checked_columns,
    columns_in,
    empty_table,
    in_our_columns,
    read_table,
)
from app.moderation.actions.publish_own import WouldWait, send_or_publish
from app.moderation.actions.submit import Proposal
from app.moderation.actions.withdraw import withdraw
from app.moderation.models import Submission
from app.moderation.own_publication import Why, codes_of
from app.moderation.states import OPEN_STATES
from app.taxonomy.vocabulary import load_vocabulary
from app.web.csv_file import csv_bytes
from app.web.dependencies import Form, WriteSession, database_of, limited, page_of
from app.web.etag import private
from app.web.query import PlainText
from app.web.rate_limit import Limit
from app.web.routes import page_router, requires
from app.web.strict_form import FormValues

router = page_router(ORGANISATIONS_PAGE)

TABLE: Final = "organisation.table"
Id = Annotated[str, Path(max_length=36)]
Number = Annotated[str, Path(max_length=32)]
#: Looking a table through asks the map once a row.
LOOKING: Final = Limit("organisation-table", times=60, period_s=3600)
#: Rows that one organisation sends in a day, whoever of its people does.
SENDING: Final = Limit("organisation-table-rows", times=200, period_s=86_400)
TOO_MANY: Final = N_(
    "Your organisation has sent as many rows as it may in a day. Keep this page open, or keep your file, and send the rest tomorrow."
)
SENT_BEFORE: Final = N_("This row was sent already, as it was then. Change the place once it is on the map.")


@router.get("/{organisation_id}/table", dependencies=[requires(TABLE)])
async def empty(request: Request, organisation_id: Id) -> Response:
    """Where a file is chosen."""
    return await upload_page(request, organisation_id)


@router.get("/{organisation_id}/table.csv", dependencies=[requires(TABLE)])
async def file(
    request: Request,
    session: WriteSession,
    organisation_id: Id,
    fill: Annotated[PlainText, Query(max_length=10)] = "",
) -> Response:
    """The columns with one line as an example; with `fill=ours` the organisation's places, to be worked on."""
    head, sample = empty_table(texts_of(request))
    rows: list[list[str]] = [sample]
    if fill == "ours":
        own = Scope("f.content #>> '{organisation,id}' = :own", {"own": str(read_id(organisation_id))})
        found = await own_places(session, LAYER.key, own, MOST_ROWS)
        rows = [[cells_of(str(key), content, LAYER.key)[one] for one in KEYS] for key, content in found]
    answer = Response(csv_bytes(head, rows, page_of(request).language), media_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="pomapa-table.csv"'
    private(answer)
    return answer


@router.post("/{organisation_id}/table", dependencies=[requires(TABLE)])
async def press_button(request: Request, form: Form, organisation_id: Id) -> Response:
    """What a button does: read a file, take what its columns mean, look the rows through once more, send them."""
    await limited(request, LOOKING, also=str(user_id_of(request)))
    match form.one("action"):
        case "columns":
            return await _say_columns(request, form, organisation_id)
        case "check":
            return await rows_page(request, organisation_id, form, *_typed(form))
        case "send":
            return await _send(request, organisation_id, form)
    return await _read(request, form, organisation_id)


@router.get("/{organisation_id}/table/{table_number}", dependencies=[requires(TABLE)])
async def show(
    request: Request,
    session: WriteSession,
    organisation_id: Id,
    table_number: Number,
    same: Annotated[int, Query(ge=0, le=MOST_ROWS)] = 0,
) -> Response:
    """What came of a table: what of it is on the map, and what waits."""
    found = await _submissions(session, request, read_id(organisation_id), table_number)
    return await sent_page(request, session, organisation_id, table_number, found, same=same)


@router.post("/{organisation_id}/table/{table_number}/withdraw", dependencies=[requires(TABLE)])
async def take_back(request: Request, form: Form, organisation_id: Id, table_number: Number) -> Response:
    """Take everything of it out of the queue that nobody has decided on yet. Asks for a tick, so that no slip does it."""
    here = f"{ORGANISATIONS_PAGE}/{read_id(organisation_id)}/table/{table_number}"
    async with transaction(database_of(request)) as session:
        found = await _submissions(session, request, read_id(organisation_id), table_number)
        waiting = [row.id for row in found.values() if row.state in OPEN_STATES]
    if form.one("sure") == "1":
        for submission_id in sorted(waiting):
            try:
                async with transaction(database_of(request)) as session:
                    await withdraw(session, submission_id)
            except Conflict:
                # Decided meanwhile, as the page says next.
                continue
    return RedirectResponse(here, status_code=303)


async def _read(request: Request, form: FormValues, organisation_id: str) -> Response:
    """The rows of a file, or the question what its columns mean."""
    sent = form.file("file")
    if sent is None:
        return await upload_page(request, organisation_id, wrong=texts_of(request).gettext("Choose a file."))
    try:
        table = await read_table(sent.content)
    except UnreadableFile as error:
        words = Words(load_vocabulary(), texts_of(request))
        note = {"code": error.note.code, "path": error.note.path, "detail": error.note.detail}
        return await upload_page(request, organisation_id, wrong=noticed(texts_of(request), words, [note])[0])
    columns = columns_in(table.headers)
    if set(columns.values()) == set(table.headers) and columns.keys() >= REQUIRED:
        return await rows_page(
            request, organisation_id, form, in_our_columns(table.rows, columns), {}, broken=table.broken
        )
    return await columns_page(request, form, organisation_id, table, columns)


async def _say_columns(request: Request, form: FormValues, organisation_id: str) -> Response:
    rows = {number: _cells(form, number) for number in _numbers(form, "cells")}
    table = TableFile(_headers(form), rows, {})
    chosen = {
        name.removeprefix("column-"): value
        for name, value in form.pairs
        if name.startswith("column-") and value
    }
    try:
        columns = checked_columns(chosen, table.headers)
    except InvalidInput as error:
        wrong = {problem.path: texts_of(request).gettext(problem.message) for problem in error.problems}
        return await columns_page(request, form, organisation_id, table, chosen, wrong=wrong)
    return await rows_page(request, organisation_id, form, in_our_columns(rows, columns), {})


async def _send(request: Request, organisation_id: str, form: FormValues) -> Response:
    """Send what is as whoever presses has seen it; everything else stays on the page, and says why."""
    given, sure = _typed(form)
    found = await checked_rows(request, organisation_id, given, sure)
    said: dict[int, str] = {}
    would_wait: dict[int, tuple[Why, ...]] = {}
    sent: set[int] = set()
    number = number_in(form)
    user: User = request.state.user
    for row in found:
        seen = form.one(f"seen-{row.number}")
        # What was wrong, or asked about, was shown as nothing that could be sent; a place that it would change is shown first.
        is_seen = seen == row.seen or (not seen and (row.state is State.NEW or bool(row.asks)))
        if row.content is None or row.state not in (State.NEW, State.CHANGE) or not is_seen:
            continue
        proposal = Proposal(LAYER, row.content, row.feature_id, row.revision)
        try:
            await limited(request, SENDING, also=organisation_id)
            async with transaction(database_of(request)) as session:
                made = await send_or_publish(
                    session,
                    setting_of(request),
                    proposal,
                    organisation_id=read_id(organisation_id),
                    user=user,
                    told=codes_of(form.one(f"told-{row.number}")),
                    key=_key(user.id, organisation_id, number, row.number),
                )
                is_it = made.content == row.content.to_dict()
            if is_it:
                sent.add(row.number)
            else:
                said[row.number] = SENT_BEFORE
        except WouldWait as error:
            would_wait[row.number] = error.whys
        except (TooManyRequests, Overloaded) as error:
            busy = TOO_MANY if isinstance(error, TooManyRequests) else error.message
            said |= {one.number: busy for one in found if one.number not in sent and one.seen}
            break
        except PomapaError as error:
            said[row.number] = error.message
    done = {State.SAME, State.LEFT_OUT}
    left = [row for row in found if row.number not in sent and row.state not in done]
    if not left and sent:
        same = sum(row.state in done for row in found)
        where = f"{ORGANISATIONS_PAGE}/{read_id(organisation_id)}/table/{number}"
        return RedirectResponse(f"{where}?same={same}" if same else where, status_code=303)
    return await rows_page(
        request,
        organisation_id,
        form,
        {row.number: row.cells for row in found if row.number not in sent},
        sure,
        found=[row for row in found if row.number not in sent],
        sent=len(sent),
        said=said,
        would_wait=would_wait,
        status=409 if said or would_wait else 422,
    )


async def _submissions(
    session: AsyncSession, request: Request, organisation_id: uuid.UUID, number: str
) -> dict[int, Submission]:
    """What whoever is signed in has sent of a table of theirs, by the number of its row."""
    me = user_id_of(request)
    keys = {_key(me, str(organisation_id), number, row): row for row in range(1, MOST_ROWS + 1)}
    query = select(Submission).where(
        Submission.id.in_(keys), Submission.organisation_id == organisation_id, Submission.sent_by == me
    )
    found = {keys[row.id]: row for row in await session.scalars(query)}
    return dict(sorted(found.items()))


def _key(user_id: uuid.UUID, organisation_id: str, number: str, row: int) -> uuid.UUID:
    """Of one row of one table of one person: sent twice it is one."""
    return uuid.uuid5(user_id, f"{read_id(organisation_id)} table {number} {row}")


def _typed(form: FormValues) -> tuple[dict[int, dict[str, str]], dict[int, str]]:
    numbers = _numbers(form, "name")
    given = {number: {key: form.one(f"{key}-{number}") for key in KEYS} for number in numbers}
    return given, {number: form.one(f"sure-{number}") for number in numbers}


def _numbers(form: FormValues, name: str) -> list[int]:
    known = {f"{name}-{number}": number for number in range(1, MOST_ROWS + 1)}
    return sorted({known[one] for one, _ in form.pairs if one in known})


def _json(given: str) -> Any:
    """What a page of ours carries; None where somebody has made it into something else."""
    try:
        return orjson.loads(given)
    except orjson.JSONDecodeError:
        return None


def _headers(form: FormValues) -> list[str]:
    found = _json(form.one("headers"))
    return [str(one) for one in found] if isinstance(found, list) else []


def _cells(form: FormValues, number: int) -> dict[str, str]:
    found = _json(form.one(f"cells-{number}"))
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}
