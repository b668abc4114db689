"""The finder's places as a table for those who help others: the same questions, sorted, paged, and as a CSV file."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from app.features.listing import SORTED_AT_MOST, Order, sorted_at_most
from app.layers import registry
from app.pages.answers import kept_briefly, kept_by_all, unchanged, validator
from app.pages.feature_record import read_records
from app.pages.finder_question import DEFAULT_LAYER, REVERSED, FinderQuestion, finder_question
from app.pages.found import PAGE_SIZE, Results
from app.pages.meaning import meant_question
from app.pages.panel import panel_data
from app.pages.results import results
from app.pages.setting import Setting, setting_of
from app.pages.views.hours import Clock
from app.pages.views.table import Row, columns, table_rows
from app.web.csv_file import csv_bytes
from app.web.dependencies import CountConnection, ReadConnection, page_of, render
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

Asked = Annotated[FinderQuestion, Depends(finder_question)]

#: The order that the head of a column sets, the usual one first; what was checked last is more often looked for.
_ORDERS: Mapping[str, Order] = {
    "service": Order.HELP,
    "name": Order.NAME,
    "organisation": Order.ORGANISATION,
    "town": Order.TOWN,
    "address": Order.ADDRESS,
    "phone": Order.PHONE,
    "hours": Order.OPEN,
    "checked": Order.CHECKED,
    "distance": Order.NEAR,
}
_FALLING = frozenset((Order.CHECKED,))


class Shown(NamedTuple):
    """What the screen shows, and the file holds."""

    found: Results
    rows: tuple[Row, ...]
    columns: Mapping[str, str]
    setting: Setting


class Head(NamedTuple):
    """The head of a column: `sorted_by` is "ascending", "descending" or "", `href` another order, "" where none can be had."""

    key: str
    title: str
    sorted_by: str
    href: str


@router.get("/{lang}/table", dependencies=[requires(PUBLIC)])
async def table(
    request: Request, reader: ReadConnection, counting: CountConnection, lang: Language, question: Asked
) -> Response:
    """The table, complete without script."""
    return await _answer(request, reader, counting, lang, question, _page)


@router.get("/{lang}/table.csv", dependencies=[requires(PUBLIC)])
async def table_file(
    request: Request, reader: ReadConnection, counting: CountConnection, lang: Language, question: Asked
) -> Response:
    """Exactly what the table of the same address shows: its columns, its page, its order, its words."""
    return await _answer(request, reader, counting, lang, question, _file)


Writer = Callable[[Request, ReadConnection, CountConnection, Shown], Awaitable[Response]]


async def _answer(
    request: Request,
    reader: ReadConnection,
    counting: CountConnection,
    language: str,
    question: FinderQuestion,
    write: Writer,
) -> Response:
    """What `write` makes of the places; the table asks which area or organisation is meant where that is not clear."""
    registry.layer(question.layer)
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    setting = setting_of(request, f"/{language}/table", language)
    meant = await meant_question(reader, question, setting) or question
    # A file of places that are not narrowed down would be taken for those of the area.
    path = setting.path if meant.area_name or meant.organisation_name else request.url.path
    if meant != question or path != request.url.path:
        return kept_by_all(RedirectResponse(meant.href(path), status_code=302), etag)
    answer = await write(request, reader, counting, await _shown(reader, counting, question, setting))
    return kept_briefly(answer) if counting.gave_up else kept_by_all(answer, etag)


async def _shown(
    reader: ReadConnection, counting: CountConnection, question: FinderQuestion, setting: Setting
) -> Shown:
    found = await results(reader, counting, question, setting)
    shown = columns(question.layer, measured=found.origin is not None)
    if found.unclear:
        return Shown(found, (), shown, setting)
    records = await read_records(reader, [UUID(hit.id) for hit in found.hits])
    clock = Clock(setting.now, setting.today, setting.timezone, setting.countries[0])
    rows = table_rows(records, setting.texts, setting.vocabulary, clock, found.origin)
    return Shown(found, rows, shown, setting)


async def _page(
    request: Request, reader: ReadConnection, counting: CountConnection, shown: Shown
) -> Response:
    found, setting = shown.found, shown.setting
    path, question, language = setting.path, found.question, setting.texts.language
    discreet = found.discreet or any(row.discreet for row in shown.rows)
    data: dict[str, Any] = {
        "page": page_of(request, now=setting.now, example_data=found.example),
        "discreet": discreet,
        "found": found,
        "question": question,
        "path": path,
        "rows": shown.rows,
        "heads": [_head(key, title, shown) for key, title in shown.columns.items()],
        "sorted_at_most": None if _is_sortable(found, SORTED_AT_MOST) else SORTED_AT_MOST,
        "first": (question.page - 1) * PAGE_SIZE + 1,
        "finder_href": question.href(f"/{language}/"),
        "csv_href": question.href(f"/{language}/table.csv"),
        "next_href": question.having(page=question.page + 1).href(path),
        "previous_href": question.having(page=question.page - 1).href(path),
        "panel": [],
    }
    if question.layer == DEFAULT_LAYER:
        data |= await panel_data(request, reader, counting, found, setting)
    return keepable(render(request, "table/table.html", **data), unless=discreet)


def _head(key: str, title: str, shown: Shown) -> Head:
    """The head, with the way to the order by its column, or where that is the order to the same one turned round."""
    found = shown.found
    order = _ORDERS.get(key)
    if order is None:
        return Head(key, title, "", "")
    by_this = found.order is order
    turned = by_this and not found.reverse
    most = sorted_at_most(order, reverse=turned, unknown_hours=bool(found.question.hours))
    way = ("ascending", "descending")[found.reverse != (order in _FALLING)] if by_this else ""
    if not _is_sortable(found, most):
        return Head(key, title, way, "")
    sort = f"{REVERSED if turned else ''}{order}"
    return Head(key, title, way, found.question.having(sort=sort).href(shown.setting.path))


def _is_sortable(found: Results, most: float) -> bool:
    """Whether the places are known to be few enough for an order that can be had of so many."""
    return (math.inf if found.total is None else found.total) <= most


async def _file(
    _request: Request, _reader: ReadConnection, _counting: CountConnection, shown: Shown
) -> Response:
    language = shown.setting.texts.language
    head = [shown.setting.texts.gettext(title) for title in shown.columns.values()]
    content = csv_bytes(head, ([row.cells[key] for key in shown.columns] for row in shown.rows), language)
    name = f"pomapa-{shown.setting.today}-{shown.found.question.page}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
