"""The finder's places as a table for those who help others: the same questions, sorted, paged, and as a CSV file."""

from dataclasses import replace
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import Response

from app.features.listing import Order
from app.i18n import translator
from app.layers import registry
from app.pages.answers import kept_by_all, now_of, today_of, unchanged, validator
from app.pages.csv_file import csv_bytes
from app.pages.feature_record import read_records
from app.pages.finder_question import FinderQuestion, finder_question
from app.pages.results import PAGE_SIZE, Results, Setting, results
from app.pages.views.hours import Clock
from app.pages.views.table import COLUMNS, Row, table_rows
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, page_of, render, settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

#: The order that the head of a column sets.
_ORDERS = {"name": Order.NAME, "checked": Order.CHECKED}


class Shown(NamedTuple):
    """What the screen shows, and the file holds."""

    found: Results
    rows: tuple[Row, ...]
    setting: Setting


@router.get("/{lang}/table", dependencies=[requires(PUBLIC)])
async def table(
    request: Request,
    reader: ReadConnection,
    lang: Language,
    question: Annotated[FinderQuestion, Depends(finder_question)],
) -> Response:
    """The table, complete without script."""
    etag = await _etag(request, question)
    if answer := unchanged(request, etag):
        return answer
    shown = await _shown(request, reader, lang, question)
    path, question = shown.setting.path, shown.found.question
    data: dict[str, Any] = {
        "page": page_of(request, now=shown.setting.now, example_data=shown.found.example),
        "found": shown.found,
        "rows": shown.rows,
        "columns": COLUMNS,
        "orders": {key: question.having(sort=str(order)).href(path) for key, order in _ORDERS.items()},
        "sorted_by": {key for key, order in _ORDERS.items() if shown.found.order is order},
        "first": (question.page - 1) * PAGE_SIZE + 1,
        "finder_href": question.href(f"/{lang}/"),
        "csv_href": replace(question).href(f"/{lang}/table.csv"),
        "next_href": question.having(page=question.page + 1).href(path),
        "previous_href": question.having(page=question.page - 1).href(path),
    }
    return kept_by_all(render(request, "table/table.html", **data), etag)


@router.get("/{lang}/table.csv", dependencies=[requires(PUBLIC)])
async def table_file(
    request: Request,
    reader: ReadConnection,
    lang: Language,
    question: Annotated[FinderQuestion, Depends(finder_question)],
) -> Response:
    """Exactly what the table of the same address shows: its columns, its page, its words."""
    etag = await _etag(request, question)
    if answer := unchanged(request, etag):
        return answer
    shown = await _shown(request, reader, lang, question)
    head = [shown.setting.texts.gettext(title) for title in COLUMNS.values()]
    content = csv_bytes(head, ([*row.cells.values()] for row in shown.rows), lang)
    name = f"pomapa-{shown.setting.today}-{shown.found.question.page}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": lang}
    return kept_by_all(Response(content, media_type="text/csv; charset=utf-8", headers=headers), etag)


async def _etag(request: Request, question: FinderQuestion) -> str:
    registry.layer(question.layer)
    return await validator(request, *registry.LAYERS)


async def _shown(request: Request, reader: ReadConnection, language: str, question: FinderQuestion) -> Shown:
    settings = settings_of(request)
    setting = Setting(
        path=f"/{language}/table",
        texts=translator(language, settings.timezone),
        vocabulary=load_vocabulary(),
        timezone=settings.timezone,
        countries=settings.countries,
        now=now_of(request),
        today=today_of(request),
    )
    found = await results(reader, question, setting)
    records = await read_records(reader, [UUID(hit.id) for hit in found.hits])
    clock = Clock(setting.now, setting.today, settings.timezone, settings.countries[0])
    return Shown(found, table_rows(records, setting.texts, setting.vocabulary, clock), setting)
