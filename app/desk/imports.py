"""The import desk: files of others uploaded, what their columns mean, and their rows, the likeliest first."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.accounts.roles import grants_with, may
from app.accounts.scopes import has_everywhere
from app.db import session as transaction
from app.desk.acts import setting_of
from app.desk.content_words import Words
from app.desk.guard import user_id_of
from app.desk.import_words import DECISIONS, KINDS, noticed, why
from app.desk.listed import name_of
from app.desk.pages import desk_page, texts_of
from app.errors import InvalidInput
from app.features.models import Feature
from app.imports.models import ImportRow, ImportRun
from app.imports.notes import UnreadableFile
from app.imports.staging.bulk import ACTS, BARS
from app.imports.staging.columns import AID_POINTS, cells_of, columns_of, languages, required_of
from app.imports.staging.comparing import Kind
from app.imports.staging.listing import COUNTED, PAGE, Rows, counts, latest_runs, page_of_rows, sure
from app.imports.staging.own_places import own_places
from app.imports.staging.reading import MOST_BYTES, MOST_ROWS, first_values, read_file
from app.imports.staging.staging import Upload, begin, choose_columns, read_run, take_in, withhold
from app.layers import registry
from app.moderation.listed import features_listed, import_rows_listed
from app.moderation.live import id_in
from app.moderation.scope import import_runs_within
from app.moderation.withheld import is_protected
from app.taxonomy.vocabulary import load_vocabulary
from app.web.csv_file import csv_bytes
from app.web.dependencies import Form, WriteSession, database_of, page_of, settings_of
from app.web.etag import private
from app.web.query import PlainText
from app.web.routes import page_router, requires
from app.web.strict_form import FormValues

router = page_router("/desk/imports")

STAGE: Final = "import.stage"
DECIDE: Final = "import.decide"
RunId = Annotated[str, Path(max_length=36)]
#: So many values of a column are shown, so that people know what it says.
SAMPLES: Final = 3
#: So many of the newest files are listed.
SHOWN: Final = 30
MOST_PAGES: Final = 1000
_SAID: Final = ("layer", "title", "source", "source_url", "licence", "attribution", "language", "as_of")


@router.get("", dependencies=[requires(STAGE)])
async def listing(request: Request, session: WriteSession) -> HTMLResponse:
    """The newest files, and the form for another one."""
    return await _listing(request, session)


@router.post("", dependencies=[requires(STAGE)])
async def upload(request: Request, form: Form) -> Response:
    """Take a file in; what is wrong with it is said at once, and what was typed is kept."""
    said = {name: form.one(name).strip()[:500] for name in _SAID}
    actor, setting = Actor("staff", user_id_of(request)), setting_of(request)
    try:
        data = _sent(form)
        layers = {key: registry.layer(key) for key in _layers(request)}
        async with transaction(database_of(request)) as session:
            run = await take_in(session, layers, Upload(**said), data, actor=actor, today=setting.today)
            run_id = run.id
    except InvalidInput as error:
        wrong = {problem.path: texts_of(request).gettext(problem.message) for problem in error.problems}
        async with transaction(database_of(request)) as session:
            return await _listing(request, session, status=422, typed=said, wrong=wrong)
    except UnreadableFile as error:
        words = Words(load_vocabulary(), texts_of(request))
        note = {"code": error.note.code, "path": error.note.path, "detail": error.note.detail}
        wrong = {"file": noticed(texts_of(request), words, [note])[0]}
        async with transaction(database_of(request)) as session:
            return await _listing(request, session, status=422, typed=said, wrong=wrong)
    await _begin(request, run_id)
    return RedirectResponse(f"/desk/imports/{run_id}", status_code=303)


@router.get("/on-the-map.csv", dependencies=[requires("feature.see")])
async def on_the_map(
    request: Request, session: WriteSession, layer: Annotated[PlainText, Query(max_length=40)] = ""
) -> Response:
    """What is on the map in the columns of the import desk: to be worked on and uploaded again, or as an example."""
    declared = registry.layer(layer or AID_POINTS)
    within = await features_listed(session, request.state.user, "feature.see")
    found = await own_places(session, declared.key, within, MOST_ROWS)
    rows = [
        [*cells_of(str(key), content, declared.key).values()]
        for key, content in found
        # Of a protected place a file says nothing.
        if not is_protected(content)
    ]
    content = csv_bytes([column.key for column in columns_of(declared.key)], rows, page_of(request).language)
    headers = {"Content-Disposition": f'attachment; filename="pomapa-{declared.key}.csv"'}
    answer = Response(content, media_type="text/csv; charset=utf-8", headers=headers)
    private(answer)
    return answer


@router.get("/{run_id}", dependencies=[requires(STAGE)])
async def show(
    request: Request,
    session: WriteSession,
    run_id: RunId,
    kind: Annotated[PlainText, Query(max_length=20)] = "",
    bar: Annotated[int, Query(ge=0, le=100)] = BARS[0],
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> Response:
    """One file: how many rows of each kind, and those of one kind, the likeliest first."""
    run = await read_run(session, id_in(run_id))
    if run.state == "columns":
        return RedirectResponse(f"/desk/imports/{run.id}/columns", status_code=303)
    return await run_page(request, session, run, kind, bar=bar, page=page)


@router.get("/{run_id}/columns", dependencies=[requires(STAGE)])
async def ask_columns(request: Request, session: WriteSession, run_id: RunId) -> Response:
    """What the columns of a file mean, where their names do not say it."""
    run = await read_run(session, id_in(run_id))
    if run.state != "columns":
        return RedirectResponse(f"/desk/imports/{run.id}", status_code=303)
    return await _columns(request, session, run)


@router.post("/{run_id}/columns", dependencies=[requires(STAGE)])
async def say_columns(request: Request, form: Form, run_id: RunId) -> Response:
    """Keep what the columns mean, and have the rows compared."""
    found = id_in(run_id)
    try:
        async with transaction(database_of(request)) as session:
            run = await read_run(session, found, lock=True)
            chosen = _chosen(form)
            await choose_columns(session, run, chosen, actor=Actor("staff", user_id_of(request)))
            run_id = str(run.id)
    except InvalidInput as error:
        wrong = {problem.path: texts_of(request).gettext(problem.message) for problem in error.problems}
        async with transaction(database_of(request)) as session:
            run = await read_run(session, found)
            return await _columns(request, session, run, status=422, chosen=chosen, wrong=wrong)
    await _begin(request, uuid.UUID(run_id))
    return RedirectResponse(f"/desk/imports/{run_id}", status_code=303)


async def run_page(
    request: Request,
    session: AsyncSession,
    run: ImportRun,
    kind: str = "",
    *,
    bar: int = BARS[0],
    page: int = 1,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    """Give the page of a file; `more` says what went wrong with a decision on many."""
    texts = texts_of(request)
    words = Words(load_vocabulary(), texts)
    shown = await rows_shown(request, session, run)
    numbers = await counts(session, shown)
    chosen = kind if kind in KINDS else next((one for one in KINDS if numbers.get(one)), Kind.CONFLICT)
    found = await page_of_rows(session, shown, chosen, (page - 1) * PAGE)
    names = await _names(session, found)
    bar = bar if bar in BARS else BARS[0]
    many = await sure(session, shown, bar)
    data: dict[str, Any] = {
        "run": run,
        "layer": registry.layer(run.layer),
        "kinds": [(one, texts.gettext(said), numbers.get(one, 0)) for one, said in KINDS.items()],
        "kind": chosen,
        "rows": [_listed(texts, words, row, names) for row in found],
        "number": page,
        "has_more": page * PAGE < numbers.get(chosen, 0) and page < MOST_PAGES,
        "bar": bar,
        "bars": BARS,
        "acts": [(act, many.get(meant, 0)) for act, meant in ACTS.items()],
        "may_decide": may(request.state.user, DECIDE),
        "failed": noticed(texts, words, [run.problem])[0] if run.problem else "",
        "problem": "",
        **more,
    }
    return await desk_page(request, session, "desk/import_run.html", status=status, **data)


async def rows_shown(
    request: Request, session: AsyncSession, run: ImportRun, permission: str = STAGE
) -> Rows:
    """Whose rows whoever is signed in is shown."""
    within = await import_rows_listed(session, request.state.user, permission)
    return Rows(run, within, user_id_of(request))


async def _begin(request: Request, run_id: uuid.UUID) -> None:
    settings = settings_of(request)
    async with transaction(database_of(request)) as session:
        run = await read_run(session, run_id, lock=True)
        layer = registry.layer(run.layer)
        await begin(session, setting_of(request), layer, run, settings.countries)
    async with transaction(database_of(request)) as session:
        await withhold(session, layer, run_id)


async def _listing(
    request: Request,
    session: AsyncSession,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    user: User = request.state.user
    texts = texts_of(request)
    vocabulary = load_vocabulary()
    runs = await latest_runs(
        session,
        import_runs_within(user, STAGE),
        await import_rows_listed(session, user, STAGE),
        SHOWN,
    )
    layers = _layers(request)
    data: dict[str, Any] = {
        "counted": COUNTED,
        "runs": [(one, texts.gettext(registry.layer(one.run.layer).plural)) for one in runs],
        "layers": [(key, texts.gettext(registry.layer(key).plural)) for key in layers],
        "languages": [(code, vocabulary.name("language", code, texts.language)) for code in languages()],
        "columns": {key: [(one, texts.gettext(one.words)) for one in columns_of(key)] for key in layers},
        "required": {key: required_of(key) for key in layers},
        "services": [
            (code, vocabulary.name("service", code, texts.language))
            for code, service in vocabulary.services.items()
            if service.default_disclosure == "exact"
        ],
        "most_rows": MOST_ROWS,
        "most_mb": MOST_BYTES // 1_000_000,
        "typed": {"language": texts.language, "as_of": str(_today(request)), **(typed or {})},
        "wrong": wrong or {},
        "sources": sorted({one.run.source for one in runs}),
    }
    return await desk_page(request, session, "desk/imports.html", status=status, **data)


async def _columns(
    request: Request,
    session: AsyncSession,
    run: ImportRun,
    *,
    status: int = 200,
    chosen: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    texts = texts_of(request)
    named = chosen if chosen is not None else run.columns
    samples = await _samples(request, run)
    data: dict[str, Any] = {
        "run": run,
        "columns": [
            (column.key, texts.gettext(column.words), named.get(column.key, ""))
            for column in columns_of(run.layer)
        ],
        "headers": [(header, samples.get(header, [])) for header in run.headers],
        "required": required_of(run.layer),
        "unused": [header for header in run.headers if header not in named.values()],
        "wrong": wrong or {},
    }
    return await desk_page(request, session, "desk/import_columns.html", status=status, **data)


async def _samples(request: Request, run: ImportRun) -> dict[str, list[str]]:
    """Give the first values of each column to whoever has the file: it may hold the street of a place that others are not told."""
    if run.file is None or run.created_by != user_id_of(request):
        return {}
    return first_values(await read_file(run.file), run.headers, SAMPLES)


def _sent(form: FormValues) -> bytes:
    file = form.file("file")
    if file is None:
        raise UnreadableFile("file_missing")
    return file.content


def _chosen(form: FormValues) -> dict[str, str]:
    return {
        name.removeprefix("column-"): value
        for name, value in form.pairs
        if name.startswith("column-") and value
    }


def _layers(request: Request) -> list[str]:
    """Of which layers somebody may upload files."""
    user: User = request.state.user
    if has_everywhere(user, STAGE):
        return [*registry.LAYERS]
    held = grants_with(user, STAGE)
    return [key for key in registry.LAYERS if any(one.layers is None or key in one.layers for one in held)]


def _today(request: Request) -> dt.date:
    return setting_of(request).today


async def _names(session: AsyncSession, rows: Any) -> Mapping[uuid.UUID, str]:
    ids = {row.feature_id for row in rows if row.feature_id}
    found = await session.execute(select(Feature.id, Feature.content).where(Feature.id.in_(ids)))
    return {row.id: name_of(row.content) or "—" for row in found}


def _listed(texts: Any, words: Words, row: ImportRow, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    """A row as it stands in a list: what it is called, beside what, how sure and why."""
    cells = [*(row.cells or {}).values()]
    lines = [
        line for key in ("services", "address") for line in words.lines(key, (row.content or {}).get(key))
    ]
    return {
        "row": row,
        "name": name_of(row.content) if row.content else " · ".join(map(str, cells[:3])) or "—",
        "lines": lines[:2],
        "beside": names.get(row.feature_id) if row.feature_id else None,
        "why": why(texts, row.reasons),
        "noticed": noticed(texts, words, row.notes),
        "decision": texts.gettext(DECISIONS[row.decision]) if row.decision else "",
        "is_open": row.kind not in (Kind.REFUSED, Kind.LEFT_OUT),
    }
