"""The finder's places as a table for those who help others: the same questions, sorted, paged, and as a CSV file."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from app.features.listing import Order
from app.layers import registry
from app.pages.answers import kept_by_all, unchanged, validator
from app.pages.area_choices import meant_area
from app.pages.feature_record import read_records
from app.pages.finder_question import DEFAULT_LAYER, FinderQuestion, finder_question
from app.pages.found import PAGE_SIZE, Results
from app.pages.results import results
from app.pages.setting import Setting, setting_of
from app.pages.views.hours import Clock
from app.pages.views.table import COLUMNS, Row, table_rows
from app.web.csv_file import csv_bytes
from app.web.dependencies import ReadConnection, page_of, render
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

Asked = Annotated[FinderQuestion, Depends(finder_question)]

#: The order that the head of a column sets; hours are those of aid points only.
_ORDERS = {"name": Order.NAME, "hours": Order.OPEN, "checked": Order.CHECKED}


class Shown(NamedTuple):
    """What the screen shows, and the file holds."""

    found: Results
    rows: tuple[Row, ...]
    setting: Setting


@router.get("/{lang}/table", dependencies=[requires(PUBLIC)])
async def table(request: Request, reader: ReadConnection, lang: Language, question: Asked) -> Response:
    """The table, complete without script."""
    return await _answer(request, reader, lang, question, _page)


@router.get("/{lang}/table.csv", dependencies=[requires(PUBLIC)])
async def table_file(request: Request, reader: ReadConnection, lang: Language, question: Asked) -> Response:
    """Exactly what the table of the same address shows: its columns, its page, its words."""
    return await _answer(request, reader, lang, question, _file)


async def _answer(
    request: Request,
    reader: ReadConnection,
    language: str,
    question: FinderQuestion,
    write: Callable[[Request, Shown], Response],
) -> Response:
    """What `write` makes of the places; the finder's page where it is not clear which area is meant."""
    registry.layer(question.layer)
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    setting = setting_of(request, f"/{language}/table", language)
    meant = await meant_area(reader, question, setting.countries) or question
    if meant != question or meant.area_name:
        path = f"/{language}/" if meant.area_name else request.url.path
        return kept_by_all(RedirectResponse(meant.href(path), status_code=302), etag)
    return kept_by_all(write(request, await _shown(reader, question, setting)), etag)


async def _shown(reader: ReadConnection, question: FinderQuestion, setting: Setting) -> Shown:
    found = await results(reader, question, setting)
    records = await read_records(reader, [UUID(hit.id) for hit in found.hits])
    clock = Clock(setting.now, setting.today, setting.timezone, setting.countries[0])
    return Shown(found, table_rows(records, setting.texts, setting.vocabulary, clock), setting)


def _page(request: Request, shown: Shown) -> Response:
    path, question, language = shown.setting.path, shown.found.question, shown.setting.texts.language
    orders = {
        key: order for key, order in _ORDERS.items() if key != "hours" or question.layer == DEFAULT_LAYER
    }
    discreet = shown.found.discreet or any(row.discreet for row in shown.rows)
    data: dict[str, Any] = {
        "page": page_of(request, now=shown.setting.now, example_data=shown.found.example),
        "discreet": discreet,
        "found": shown.found,
        "rows": shown.rows,
        "columns": COLUMNS,
        "orders": {key: question.having(sort=str(order)).href(path) for key, order in orders.items()},
        "sorted_by": {key for key, order in orders.items() if shown.found.order is order},
        "first": (question.page - 1) * PAGE_SIZE + 1,
        "finder_href": question.href(f"/{language}/"),
        "csv_href": question.href(f"/{language}/table.csv"),
        "next_href": question.having(page=question.page + 1).href(path),
        "previous_href": question.having(page=question.page - 1).href(path),
    }
    return keepable(render(request, "table/table.html", **data), unless=discreet)


def _file(_request: Request, shown: Shown) -> Response:
    language = shown.setting.texts.language
    head = [shown.setting.texts.gettext(title) for title in COLUMNS.values()]
    content = csv_bytes(head, ([*row.cells.values()] for row in shown.rows), language)
    name = f"pomapa-{shown.setting.today}-{shown.found.question.page}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
