"""The audit log, for administrators: who did what to what, found page by page, and whether the log is whole.

Entries hold no personal data and no address of a place; people of staff are named as colleagues see them.
"""

import datetime as dt
import uuid
import zoneinfo
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Query, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from app.accounts.audit_search import Asked, Choices, Entry, Place, choices, find, last_check
from app.db import session as transaction
from app.desk.acts import setting_of
from app.desk.audit_question import LogQuestion, Word
from app.desk.audit_words import ACTIONS, ACTORS, KINDS
from app.desk.guard import user_id_of
from app.desk.pages import desk_page, texts_of
from app.i18n import N_, Translator
from app.jobs.deferring import defer
from app.moderation.live import id_in
from app.web.csv_file import csv_head, csv_rows
from app.web.dependencies import WriteSession, database_of, limited, settings_of
from app.web.etag import private
from app.web.query import PlainText
from app.web.rate_limit import Limit
from app.web.routes import page_router, requires

router = page_router("/desk/audit")

PAGE: Final = 50
#: Entries that a file reads at once.
PIECE: Final = 1000
#: Files that one person may fetch.
FILES: Final = Limit("audit_file", times=6, period_s=600)
CHECK: Final = "accounts.verify_audit"
HEAD: Final = (
    N_("Number"),
    N_("Moment"),
    N_("Who"),
    N_("Id of who did it"),
    N_("What was done"),
    N_("Code of what was done"),
    N_("Kind"),
    N_("Id"),
    N_("Details"),
    N_("Hash"),
)
#: Where an object of a kind is looked at. What is gone has no page.
_PAGES: Final[Mapping[str, tuple[str, str]]] = {
    "feature": ("core.feature", "/desk/published/"),
    "organisation": ("core.feature", "/desk/published/"),
    "submission": ("core.submission", "/desk/submissions/"),
    "report": ("core.report", "/desk/reports/"),
    "merge": ("core.merge", "/desk/merges/"),
    "claim": ("core.place_claim", "/desk/claims/"),
    "user": ("core.user", "/desk/people#"),
}


@router.get("", dependencies=[requires("audit.see")])
async def show_log(
    request: Request,
    session: WriteSession,
    question: Annotated[LogQuestion, Depends()],
    behind: Word = "",
    asked: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """A page of what is asked for, the newest first; `behind` is the last entry of the page before."""
    period = question.period(settings_of(request).timezone)
    known, texts = await choices(session, question.actor), texts_of(request)
    page = (
        None
        if period.problems
        else await find(session, question.asked(period), limit=PAGE, behind=Place.read(behind))
    )
    return await desk_page(
        request,
        session,
        "desk/audit.html",
        status=422 if period.problems else 200,
        form=question,
        query=question.query,
        problems=period.problems,
        entries=await _shown(session, page.entries, dict(known.people), texts) if page else [],
        next_place=page.behind.written() if page and page.behind else "",
        looked_to=page.looked_to if page else None,
        behind=behind,
        check=await last_check(session),
        check_asked=asked == "check",
        **_options(question, known, texts),
    )


@router.get("/file.csv", dependencies=[requires("audit.see")])
async def file(
    request: Request,
    question: Annotated[LogQuestion, Depends()],
) -> Response:
    """All that is found as a file, sent as it is read, with the hashes by which it can be held against the log."""
    period = question.period(settings_of(request).timezone)
    if period.problems:
        return RedirectResponse(f"/desk/audit?{request.url.query}", status_code=303)
    await limited(request, FILES, also=str(user_id_of(request)))
    name = f"pomapa-audit-{setting_of(request).today}.csv"
    response = StreamingResponse(
        _rows(request, question.asked(period)),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Language": texts_of(request).language,
        },
    )
    private(response)
    return response


@router.post("/check", dependencies=[requires("audit.see")])
async def check_now(session: WriteSession) -> Response:
    """Have the worker look at the whole chain; the page says what it has found."""
    await defer(session, CHECK, once=CHECK)
    return RedirectResponse("/desk/audit?asked=check", status_code=303)


def _options(question: LogQuestion, known: Choices, texts: Translator) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, with what was asked for: an old link may ask for what nobody has done yet."""

    def with_asked(options: list[tuple[str, str]], asked: str) -> list[tuple[str, str]]:
        return options if not asked or asked in dict(options) else [*options, (asked, asked)]

    def named(codes: Sequence[str], words: Mapping[str, str]) -> list[tuple[str, str]]:
        return sorted(
            ((code, _words_of(code, words, texts)) for code in codes), key=lambda one: one[1].lower()
        )

    people = [*((code, texts.gettext(words)) for code, words in ACTORS.items()), *known.people]
    return {
        "people": with_asked(people, question.actor),
        "actions": with_asked(named(known.actions, ACTIONS), question.action),
        "kinds": with_asked(named(known.kinds, KINDS), question.kind),
    }


async def _shown(
    session: AsyncSession, entries: Sequence[Entry], people: Mapping[str, str], texts: Translator
) -> list[dict[str, Any]]:
    there = await _there(session, entries)
    return [
        {
            "id": one.id,
            "at": one.at,
            "who": _who(one, texts),
            "actor": str(one.actor_id or one.actor_kind),
            "done": _words_of(one.action, ACTIONS, texts),
            "kind": _words_of(one.object_type, KINDS, texts),
            "object_id": one.object_id,
            "object": people.get(one.object_id, "") if one.object_type == "user" else "",
            "href": f"{_PAGES[one.object_type][1]}{one.object_id}" if one.object_id in there else "",
            "details": [
                (name, _said(value)) for name, value in one.detail.items() if value not in (None, "")
            ],
        }
        for one in entries
    ]


async def _there(session: AsyncSession, entries: Sequence[Entry]) -> set[str]:
    """The ids of those objects that are still there to look at."""
    ids: dict[str, set[uuid.UUID]] = {}
    for one in entries:
        if one.object_type in _PAGES and (found := id_in(one.object_id)):
            ids.setdefault(one.object_type, set()).add(found)
    if not ids:
        return set()
    parts = " UNION ALL ".join(f"SELECT id FROM {_PAGES[kind][0]} WHERE id = ANY (:{kind})" for kind in ids)  # noqa: S608 - our own tables
    rows = await session.scalars(text(parts), {kind: list(some) for kind, some in ids.items()})
    return {str(found) for found in rows}


async def _rows(request: Request, asked: Asked) -> AsyncIterator[bytes]:
    texts, zone = texts_of(request), zoneinfo.ZoneInfo(settings_of(request).timezone)
    yield csv_head([texts.gettext(title) for title in HEAD], texts.language)
    behind: Place | None = None
    while True:
        # A transaction for each piece: whoever reads slowly holds none.
        async with transaction(database_of(request)) as opened:
            page = await find(opened, asked, limit=PIECE, behind=behind)
        yield csv_rows([_row(one, texts, zone) for one in page.entries], texts.language)
        behind = page.behind
        if behind is None:
            return


def _row(one: Entry, texts: Translator, zone: dt.tzinfo) -> list[str]:
    return [
        str(one.id),
        one.at.astimezone(zone).isoformat(timespec="microseconds"),
        _who(one, texts),
        str(one.actor_id or ""),
        _words_of(one.action, ACTIONS, texts),
        one.action,
        one.object_type,
        one.object_id,
        orjson.dumps(one.detail).decode() if one.detail else "",
        one.hash.hex(),
    ]


def _who(one: Entry, texts: Translator) -> str:
    if one.actor_id is None:
        return _words_of(one.actor_kind, ACTORS, texts)
    return one.name or str(one.actor_id)


def _words_of(code: str, words: Mapping[str, str], texts: Translator) -> str:
    return texts.gettext(words[code]) if code in words else code


def _said(value: object) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()
