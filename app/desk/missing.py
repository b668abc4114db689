"""What people did not find: needs by area with how many looked, for moderators and whoever plans help; also as a file."""

import datetime as dt
from typing import Annotated, Any, Final

from fastapi import Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, Response

from app.accounts.scopes import Scope
from app.desk.acts import setting_of
from app.desk.pages import desk_page, texts_of
from app.i18n import N_, Translator
from app.moderation.missing import Gap, count_missing, gaps, name_of_code
from app.moderation.scope import units_within
from app.taxonomy.vocabulary import load_vocabulary
from app.web.csv_file import csv_bytes
from app.web.dependencies import WriteSession, page_of
from app.web.etag import private
from app.web.routes import page_router, requires

router = page_router("/desk/missing")

SHOWN: Final = 100
IN_FILE: Final = 10_000
#: So many of the newest words of each need.
VOICES: Final = 5
#: How far back one can look; rows are kept no longer than the last.
DAYS: Final = (30, 90, 365)
Days = Annotated[int, Query(ge=1, le=365)]
HEAD: Final = (
    N_("Codes"),
    N_("What was looked for"),
    N_("Area code"),
    N_("Name of the area"),
    N_("How many people"),
    N_("What they also needed"),
    N_("First"),
    N_("Last"),
)


@router.get("", dependencies=[requires("missing.see")])
async def listing(request: Request, session: WriteSession, days: Days = 90) -> HTMLResponse:
    """The needs of most people first, with some of their words."""
    since = _since(days)
    texts = texts_of(request)
    found = await gaps(session, _scope(request), since, limit=SHOWN, voices=VOICES)
    data: dict[str, Any] = {
        "rows": [
            (gap, _need(gap, texts), gap.area_name or texts.gettext("Anywhere"), _also(gap, texts))
            for gap in found
        ],
        "total": await count_missing(session, _scope(request), since),
        "days": days,
        "choices": DAYS,
    }
    return await desk_page(request, session, "desk/missing.html", **data)


@router.get("/file.csv", dependencies=[requires("missing.see")])
async def file(request: Request, session: WriteSession, days: Days = 90) -> Response:
    """The same as a file, without anybody's words: those may say who somebody is."""
    return private(await _file(request, session, days))


async def _file(request: Request, session: AsyncSession, days: int) -> Response:
    texts, language = texts_of(request), page_of(request).language
    day_of = setting_of(request).day_of
    rows = [
        (
            ",".join(gap.services),
            _need(gap, texts),
            gap.area_code or "",
            gap.area_name,
            str(gap.count),
            _also(gap, texts),
            str(day_of(gap.first)),
            str(day_of(gap.last)),
        )
        for gap in await gaps(session, _scope(request), _since(days), limit=IN_FILE)
    ]
    content = csv_bytes([texts.gettext(title) for title in HEAD], rows, language)
    name = f"pomapa-missing-{setting_of(request).today}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _scope(request: Request) -> Scope:
    return units_within(request.state.user, "missing.see", "m.area_code")


def _since(days: int) -> dt.datetime:
    return dt.datetime.now(dt.UTC) - dt.timedelta(days=days)


def _need(gap: Gap, texts: Translator) -> str:
    vocabulary = load_vocabulary()
    names = [name_of_code("service", code, vocabulary, texts.language) or code for code in gap.services]
    return ", ".join(names) or texts.gettext("No kind of help named")


def _also(gap: Gap, texts: Translator) -> str:
    """`Ukrainian (2), Refugees (1)`."""
    vocabulary = load_vocabulary()
    return ", ".join(
        f"{name_of_code(kind, code, vocabulary, texts.language) or code} ({n})" for kind, code, n in gap.also
    )
