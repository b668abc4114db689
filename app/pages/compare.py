"""Up to four places side by side, for somebody who helps another to choose."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from app.errors import FieldProblem, InvalidInput
from app.i18n import N_, translator
from app.layers import registry
from app.pages.answers import kept_by_all, now_of, today_of, unchanged, validator
from app.pages.feature_record import FeatureNotPublished, read_records
from app.pages.views.hours import Clock
from app.pages.views.table import COLUMNS, table_rows
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import ReadConnection, page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language
from app.web.query import Codes
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

#: More columns do not fit on a sheet.
MOST = 4
NOT_IDS = N_("Give one to four ids of places, joined by commas.")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@router.get("/{lang}/compare", dependencies=[requires(PUBLIC)])
async def compare(
    request: Request, reader: ReadConnection, lang: Language, ids: Annotated[Codes, Query()] = ()
) -> Response:
    """The comparison; places that are not on the map any more are left out, and that is said.

    `FeatureNotPublished` when none of them is.
    """
    wanted = [*dict.fromkeys(ids)]
    if not 1 <= len(wanted) <= MOST or not all(_ID.fullmatch(one) for one in wanted):
        raise InvalidInput(FieldProblem("ids", "not_ids", NOT_IDS))
    etag = await validator(request, *registry.LAYERS)
    records = await read_records(reader, [UUID(one) for one in wanted])
    if not records:
        raise FeatureNotPublished
    # Only now is there known to be something, which `If-None-Match: *` takes for granted.
    if answer := unchanged(request, etag):
        return answer
    settings = settings_of(request)
    clock = Clock(now_of(request), today_of(request), settings.timezone, settings.countries[0])
    texts = translator(lang, settings.timezone)
    rows = table_rows(records, texts, load_vocabulary(), clock)
    data: dict[str, Any] = {
        "page": page_of(request, now=clock.now, example_data=any(row.place.example for row in rows)),
        "rows": rows,
        "columns": {key: title for key, title in COLUMNS.items() if key not in ("name", "town", "distance")},
        "missing": len(wanted) - len(rows),
        "today": clock.today,
    }
    answer = keepable(render(request, "table/compare.html", **data), unless=any(row.discreet for row in rows))
    return kept_by_all(answer, etag)
