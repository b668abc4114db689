"""The types of service, for administrators: what there is, and how one of their own is added, changed and no longer offered."""

from collections import defaultdict
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.db import session as transaction
from app.desk.guard import user_id_of
from app.desk.pages import desk_page, texts_of
from app.desk.service_counts import places_by_facet
from app.desk.service_form import (
    choices,
    nothing_typed,
    read_fixed,
    read_told,
    values_of_form,
    values_of_row,
)
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.versions import KnownVersions
from app.i18n import LANGUAGES, N_, Translator, endonym
from app.taxonomy.added_services import add, change, offer, read_row
from app.taxonomy.additions import newest_vocabulary
from app.taxonomy.mappings import Mapped, load_mappings
from app.web.dependencies import Form, WriteSession, database_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/services")
#: Fields of the form whose faults are listed above it.
_FIELDS: Final = {
    "group": N_("Group"),
    "code": N_("Code"),
    "icon": N_("Drawing"),
    "osm": "OpenStreetMap",
    "open_eligibility": N_("Open Eligibility: name"),
    "open_eligibility_id": N_("Open Eligibility: number"),
    "schema_org": "schema.org",
}

ServiceCode = Annotated[str, Path(max_length=64)]
DONE: Final = {
    "added": N_("The service is there. It can be chosen and found from now on."),
    "changed": N_("Saved. Everybody sees it from now on."),
    "retired": N_("It is no longer offered. Places that have it still show it."),
    "offered": N_("It is offered again."),
}


@router.get("", dependencies=[requires("taxonomy.manage")])
async def show_services(
    request: Request, session: WriteSession, done: Annotated[PlainText, Query(max_length=10)] = ""
) -> HTMLResponse:
    """Every family, group and service with its names, mappings and number of places."""
    vocabulary, language = await newest_vocabulary(session), texts_of(request).language
    return await desk_page(
        request,
        session,
        "desk/services.html",
        families=vocabulary.families.values(),
        groups=[
            (group, _under(vocabulary.services.values(), group.code)) for group in vocabulary.groups.values()
        ],
        counts=await places_by_facet(session, vocabulary),
        words_of=_foreign_words(),
        lang=language,
        endonyms={one: endonym(one) for one in LANGUAGES},
        done=DONE.get(done, ""),
    )


@router.get("/add", dependencies=[requires("taxonomy.manage")])
async def ask_what(
    request: Request, session: WriteSession, group: Annotated[PlainText, Query(max_length=64)] = ""
) -> HTMLResponse:
    """The form of a new service."""
    return await _form(request, session, nothing_typed(group))


@router.post("/add", dependencies=[requires("taxonomy.manage")])
async def add_service(request: Request, session: WriteSession, form: Form) -> Response:
    """Add it: everybody sees it with their next click."""
    try:
        async with transaction(database_of(request)) as own:
            await add(own, read_fixed(form), read_told(form), by=_by(request))
    except (Conflict, InvalidInput) as error:
        return await _form(request, session, values_of_form(form), error=error)
    return _done(request, "added")


@router.get("/{service_code}", dependencies=[requires("taxonomy.manage")])
async def show_service(request: Request, session: WriteSession, service_code: ServiceCode) -> HTMLResponse:
    """The form of a service that was added here."""
    row = await read_row(session, service_code)
    return await _form(request, session, values_of_row(row), row=row)


@router.post("/{service_code}", dependencies=[requires("taxonomy.manage")])
async def change_service(
    request: Request, session: WriteSession, form: Form, service_code: ServiceCode
) -> Response:
    """Say it otherwise; what somebody else has saved meanwhile is shown instead of overwritten."""
    version = form.one("version")
    shown = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    try:
        async with transaction(database_of(request)) as own:
            await change(own, service_code, read_told(form), version=shown, by=_by(request))
    except (Conflict, InvalidInput) as error:
        row = await read_row(session, service_code)
        return await _form(request, session, values_of_form(form), row=row, error=error)
    return _done(request, "changed")


@router.post("/{service_code}/offer", dependencies=[requires("taxonomy.manage")])
async def offer_service(request: Request, form: Form, service_code: ServiceCode) -> Response:
    """Take it out of what is offered, or put it back."""
    act = form.one("act")
    if act not in {"retired", "offered"}:
        raise InvalidInput(FieldProblem("act", "act", N_("Choose from the list.")))
    async with transaction(database_of(request)) as own:
        await offer(own, service_code, offered=act == "offered", by=_by(request))
    return _done(request, act)


def _done(request: Request, what: str) -> Response:
    """Lead on; the next request of this process asks what there is, the others do soon."""
    known: KnownVersions | None = getattr(request.app.state, "known_versions", None)
    if known is not None:
        known.forget()
    return RedirectResponse(f"/desk/services?done={what}", status_code=303)


def _by(request: Request) -> Actor:
    return Actor("staff", user_id_of(request))


def _under(services: Any, group: str) -> list[Any]:
    return [service for service in services if service.group == group]


def _foreign_words() -> dict[str, list[tuple[str, str]]]:
    """Code → what other data sets call it, as (source, word)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for source, table in load_mappings().outcomes.items():
        for key, outcome in table.items():
            for code in outcome.services if isinstance(outcome, Mapped) else ():
                found.setdefault(code, []).append((source, key))
    return found


def _of_field(problem: FieldProblem, texts: Translator) -> str:
    """What is wrong, and with what: above the form several have the same fault. The texts of a language are called by it."""
    words, language = texts.gettext(problem.message), problem.path.rpartition("_")[2]
    called = endonym(language) if language in LANGUAGES else texts.gettext(_FIELDS.get(problem.path, ""))
    return f"{called}: {words}" if called else words


async def _form(
    request: Request,
    session: AsyncSession,
    values: dict[str, Any],
    *,
    row: Any = None,
    error: Conflict | InvalidInput | None = None,
) -> HTMLResponse:
    vocabulary, texts = await newest_vocabulary(session), texts_of(request)
    problems = error.problems if isinstance(error, InvalidInput) else ()
    return await desk_page(
        request,
        session,
        "desk/service.html",
        status=error.status if error else 200,
        row=row,
        group_name=vocabulary.groups[row.group].names[texts.language] if row else "",
        # What is not asked, or not wrong, is empty.
        values=defaultdict(str, values),
        problems=[(one.path, _of_field(one, texts)) for one in problems],
        wrong=defaultdict(str, {one.path: texts.gettext(one.message) for one in problems}),
        problem=texts.gettext(error.message) if error and not problems else "",
        **choices(vocabulary, texts),
    )
