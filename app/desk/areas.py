"""Areas, for administrators: what there is and who is responsible, how units are called, and areas of one's own."""

from collections import defaultdict
from typing import Annotated, Final

from fastapi import Path, Query, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.roles import may
from app.areas import own
from app.areas.boundary_file import PREFIX
from app.areas.kept_models import KeptArea
from app.areas.told import NoSuchArea, Told, version_of
from app.db import session as transaction
from app.desk.acts import setting_of, version_in
from app.desk.area_form import AreaForm, read_said, read_told, said_values, told_values, typed_values
from app.desk.area_pages import area_page, area_words, form_page, known_area, responsible_by_code, shape_of
from app.desk.area_rows import (
    MOST_COUNTED,
    MOST_PAGES,
    PAGE,
    Wanted,
    listed,
    making,
    members_of,
    one,
)
from app.desk.area_words import DONE, LEVELS
from app.desk.guard import user_id_of
from app.desk.pages import desk_page
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.told_areas import tell_area
from app.features.versions import KnownVersions
from app.i18n import N_
from app.layers.registry import LAYERS
from app.web.dependencies import Form, WriteSession, database_of, settings_of
from app.web.query import PlainText
from app.web.routes import page_router, requires
from app.web.strict_form import FormValues

router = page_router("/desk/areas")

AreaCode = Annotated[str, Path(max_length=60)]
SHAPES: Final = ("units", "outline")
_NOT_LISTED: Final = InvalidInput(FieldProblem("act", "act", N_("Choose from the list.")))
_STABLE_CODE: Final = text("SELECT stable_code FROM published.area WHERE code = :code")
ACTED: Final = frozenset({"back", "retired", "offered", "count"})


@router.get("", dependencies=[requires("area.see")])
async def show_areas(
    request: Request,
    session: WriteSession,
    q: Annotated[PlainText, Query(max_length=120)] = "",
    level: Annotated[PlainText, Query(max_length=20)] = "",
    under: Annotated[PlainText, Query(max_length=60)] = "",
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> HTMLResponse:
    """A branch of the tree, or what was looked for; at the top also the areas of one's own."""
    wanted = Wanted(q.strip(), level if level in {*LEVELS, "own"} else "", under, page)
    found = await listed(session, wanted)
    ours = await listed(session, Wanted(level="own")) if wanted.is_top else None
    rows = [*found.rows, *(ours.rows if ours else ())]
    return await desk_page(
        request,
        session,
        "desk/areas.html",
        wanted=wanted,
        found=found,
        ours=ours,
        making=await making(session) if wanted.is_top else (),
        above=await one(session, under) if under else None,
        responsible=await responsible_by_code(request, session, [row.code for row in rows]),
        pages=-(-found.total // PAGE),
        most_counted=MOST_COUNTED,
        may_manage=may(request.state.user, "area.manage"),
        **area_words(request),
    )


@router.get("/new", dependencies=[requires("area.manage")])
async def ask_what(
    request: Request, session: WriteSession, shape: Annotated[PlainText, Query(max_length=10)] = "units"
) -> HTMLResponse:
    """The form of an area of one's own: made of units, or with an outline."""
    return await form_page(
        request, session, AreaForm(defaultdict(str, {"level": "custom"})), shape=_shape(shape)
    )


@router.post("/new", dependencies=[requires("area.manage")])
async def make_area(request: Request, session: WriteSession, form: Form) -> Response:
    """Make it; the worker finds the places in it."""
    shown, shape = AreaForm(typed_values(form)), _shape(form.one("shape"))
    countries = settings_of(request).countries
    country = form.one("country") if form.one("country") in countries else countries[0]
    try:
        async with transaction(database_of(request)) as writing:
            said = await read_said(writing, form, shown, shape=shape, country=country, countries=countries)
            letters = form.one("code").strip().removeprefix(PREFIX)
            today = setting_of(request).today
            code = await own.create(writing, country, letters, said, by=_by(request), today=today)
    except (Conflict, InvalidInput) as error:
        return await form_page(request, session, shown, shape=shape, error=error)
    return _done(request, code, "added")


@router.get("/{area_code}", dependencies=[requires("area.see")])
async def show_area(
    request: Request,
    session: WriteSession,
    area_code: AreaCode,
    done: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """One area: outline, names, people, who is responsible, and what it was."""
    return await area_page(request, session, area_code, done=DONE.get(done, ""))


@router.get("/{area_code}/change", dependencies=[requires("area.manage")])
async def ask_for_change(request: Request, session: WriteSession, area_code: AreaCode) -> HTMLResponse:
    """The form of an area: of a unit its names and people, of one's own all of it."""
    row, kept = await known_area(session, area_code)
    if kept is None or not kept.own:
        told = Told.of_json(kept.content) if kept else Told()
        return await form_page(request, session, AreaForm(told_values(told)), row=row, kept=kept)
    said = own.Said.of_kept(kept.content, kept.outline)
    members = [
        (unit.stable_code, f"{unit.name} ({unit.code})", True)
        for unit in await members_of(session, said.members)
    ]
    return await form_page(request, session, AreaForm(said_values(said), members), row=row, kept=kept)


@router.post("/{area_code}/change", dependencies=[requires("area.manage")])
async def change_area(request: Request, session: WriteSession, form: Form, area_code: AreaCode) -> Response:
    """Say it otherwise; what somebody else has saved meanwhile is shown instead of overwritten."""
    shown = AreaForm(typed_values(form))
    try:
        async with transaction(database_of(request)) as writing:
            kept = await _kept(writing, area_code)
            if kept is not None and kept.own:
                await _change_own(request, writing, form, shown, kept)
            else:
                await _tell(request, writing, form, shown, area_code)
    except (Conflict, InvalidInput) as error:
        row, kept = await known_area(session, area_code)
        return await form_page(request, session, shown, row=row, kept=kept, error=error)
    return _done(request, area_code, "changed")


async def _change_own(
    request: Request, writing: AsyncSession, form: FormValues, shown: AreaForm, kept: KeptArea
) -> None:
    before = own.Said.of_kept(kept.content, kept.outline)
    countries = settings_of(request).countries
    said = await read_said(
        writing,
        form,
        shown,
        shape=shape_of(before),
        country=kept.code[:2],
        countries=countries,
        before=before,
    )
    version, today = version_in(form, "version"), setting_of(request).today
    await own.change(writing, kept.code, said, version=version, by=_by(request), today=today)


async def _tell(
    request: Request, writing: AsyncSession, form: FormValues, shown: AreaForm, code: str
) -> None:
    told, version = read_told(form, shown.problems), version_in(form, "version")
    if shown.problems:
        raise InvalidInput(*shown.problems)
    await tell_area(writing, setting_of(request), LAYERS, code, told, version=version, by=_by(request))


@router.post("/{area_code}/act", dependencies=[requires("area.manage")])
async def act_on_area(request: Request, session: WriteSession, form: Form, area_code: AreaCode) -> Response:
    """Take it out of what is offered, put it back, make it what it was once, or count its places again."""
    act, version, by = form.one("act"), version_in(form, "version"), _by(request)
    try:
        async with transaction(database_of(request)) as writing:
            kept = await _kept(writing, area_code)
            if act not in ACTED or kept is None:
                raise _NOT_LISTED
            if act == "back":
                await _put_back(request, writing, area_code, kept, version_in(form, "number"), version)
            elif act == "retired":
                await own.retire(writing, area_code, version=version, by=by)
            elif act == "offered":
                await own.offer(writing, area_code, version=version, by=by)
            else:
                await own.count_again(writing, area_code, version=version, by=by)
    except (Conflict, InvalidInput) as error:
        # What it was then may not be possible any more: a unit of it is gone, or its name is another's.
        return await area_page(request, session, area_code, error=error)
    return _done(request, area_code, act)


async def _put_back(
    request: Request, writing: AsyncSession, code: str, kept: KeptArea, number: int, version: int
) -> None:
    setting, by = setting_of(request), _by(request)
    if kept.own:
        await own.put_back(writing, kept.code, number, version=version, by=by, today=setting.today)
        return
    told = Told.of_json((await version_of(writing, kept.code, number)).content)
    await tell_area(writing, setting, LAYERS, code, told, version=version, by=by, act="put_back")


async def _kept(session: AsyncSession, code: str) -> KeptArea | None:
    """What the desk says of an area, None where that is nothing yet; `NoSuchArea` where there is none."""
    stable_code = await session.scalar(_STABLE_CODE, {"code": code})
    kept = await own.read_kept(session, stable_code or code)
    if stable_code is None and (kept is None or not kept.own):
        raise NoSuchArea
    return kept


def _shape(given: str) -> str:
    return given if given in SHAPES else SHAPES[0]


def _done(request: Request, code: str, what: str) -> Response:
    """Lead on; the next request of this process asks how things are, the others do soon."""
    known: KnownVersions | None = getattr(request.app.state, "known_versions", None)
    if known is not None:
        known.forget()
    return RedirectResponse(f"/desk/areas/{code}?done={what}", status_code=303)


def _by(request: Request) -> Actor:
    return Actor("staff", user_id_of(request))
