"""The banners, for administrators: what is said on top of every public page, looked at in six languages before it is said."""

import datetime as dt
import uuid
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.models import User
from app.banners import keeping
from app.banners.content import LONGEST_TEXT, REQUIRED, Kind, Notice, in_language
from app.banners.models import Banner, BannerVersion
from app.banners.showing import TITLES, said
from app.db import session as transaction
from app.desk.acts import refusal, version_in
from app.desk.banner_form import FIELDS, BannerForm, of_banner, read_form, sent
from app.desk.guard import user_id_of
from app.desk.pages import desk_page, texts_of
from app.errors import Conflict, InvalidInput
from app.i18n import LANGUAGES, N_, endonym
from app.moderation.live import id_in
from app.web.dependencies import Form, WriteSession, database_of, settings_of
from app.web.etag import strong_etag
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/banners")

BannerId = Annotated[str, Path(max_length=36)]
Done = Annotated[PlainText, Query(max_length=20)]
DONE: Final = {
    "kept": N_("It is kept. Within a second every page says so, as long as its time is."),
    "down": N_("It is taken down."),
    "up": N_("It stands higher up now."),
    "back": N_("What it said then is said again."),
}
STATES: Final = {
    "shown": N_("Shown now"),
    "coming": N_("To come"),
    "ended": N_("Has ended"),
    "down": N_("Taken down"),
}


class NotLookedAt(Conflict):
    """Look at it in every language first."""


@router.get("", dependencies=[requires("banner.post")])
async def show_banners(request: Request, session: WriteSession, done: Done = "") -> HTMLResponse:
    """All banners; `done` is what was done just before."""
    return await _list(request, session, done=DONE.get(done, ""))


@router.get("/new", dependencies=[requires("banner.post")])
async def new_banner(request: Request, session: WriteSession) -> HTMLResponse:
    """The form for a new one."""
    return await _form(
        request, session, None, BannerForm(dict.fromkeys(FIELDS, "") | {"kind": "information"})
    )


@router.post("/new", dependencies=[requires("banner.post")])
async def post_banner(request: Request, form: Form) -> Response:
    """Look at a new one, or keep it."""
    return await _take(request, None, form)


@router.get("/{banner_id}", dependencies=[requires("banner.post")])
async def one_banner(
    request: Request, session: WriteSession, banner_id: BannerId, done: Done = ""
) -> HTMLResponse:
    """One banner: its form, and what it has been."""
    banner = await keeping.read_banner(session, id_in(banner_id))
    typed = of_banner(banner, settings_of(request).timezone)
    return await _form(request, session, banner, BannerForm(typed), done=DONE.get(done, ""))


@router.post("/{banner_id}", dependencies=[requires("banner.post")])
async def change_banner(request: Request, form: Form, banner_id: BannerId) -> Response:
    """Look at a change, or keep it."""
    async with transaction(database_of(request)) as session:
        banner = await keeping.read_banner(session, id_in(banner_id))
    return await _take(request, banner.id, form)


@router.post("/{banner_id}/act", dependencies=[requires("banner.post")])
async def act_on_banner(request: Request, form: Form, banner_id: BannerId) -> Response:
    """Take it down, put it higher up, or put back what it said once; what stands in the way is said on the same page."""
    found, act = id_in(banner_id), form.one("act")
    base, now = version_in(form, "version"), _now(request)
    actor = Actor("staff", user_id_of(request))
    try:
        async with transaction(database_of(request)) as session:
            if act == "down":
                await keeping.take_down(session, found, base=base, actor=actor, now=now)
            elif act == "up":
                await keeping.move_up(session, found, base=base, actor=actor, now=now)
            else:
                number, sure = version_in(form, "number"), bool(form.one("confirmed"))
                await keeping.put_back(
                    session, found, number, base=base, actor=actor, confirmed=sure, now=now
                )
    except (Conflict, InvalidInput) as error:
        told = {name: value for name, value in refusal(error).items() if name != "problem_field"}
        async with transaction(database_of(request)) as session:
            if act in {"down", "up"}:
                return await _list(request, session, **told)
            banner = await keeping.read_banner(session, found)
            shown = BannerForm(of_banner(banner, settings_of(request).timezone))
            return await _form(request, session, banner, shown, **told)
    where = "/desk/banners" if act in {"down", "up"} else f"/desk/banners/{found}"
    return RedirectResponse(f"{where}?done={act if act in DONE else 'back'}", status_code=303)


async def _take(request: Request, banner_id: uuid.UUID | None, form: Form) -> Response:
    """Read the form: what is wrong is said beside it, what is right is shown in six languages, and kept when asked to."""
    typed, now, act = sent(form), _now(request), form.one("act")
    try:
        notice = read_form(typed, settings_of(request).timezone, now)
    except InvalidInput as error:
        problems = {one.path: one.message for one in reversed(error.problems)}
        return await _again(request, banner_id, BannerForm(typed, problems), form, status=422)
    if act == "change":
        return await _again(request, banner_id, BannerForm(typed), form)
    if act != "keep":
        return await _preview(request, banner_id, typed, notice, form)
    actor, confirmed = Actor("staff", user_id_of(request)), bool(form.one("confirmed"))
    try:
        if form.one("looked_at") != _mark(notice):
            raise NotLookedAt
        async with transaction(database_of(request)) as session:
            if banner_id is None:
                await keeping.make(session, notice, actor=actor, confirmed=confirmed, now=now)
            else:
                base = version_in(form, "version")
                await keeping.change(
                    session, banner_id, notice, base=base, actor=actor, confirmed=confirmed, now=now
                )
    except Conflict as error:
        return await _preview(
            request, banner_id, typed, notice, form, problem=error.message, status=error.status
        )
    return RedirectResponse("/desk/banners?done=kept", status_code=303)


async def _again(
    request: Request, banner_id: uuid.UUID | None, shown: BannerForm, form: Form, *, status: int = 200
) -> HTMLResponse:
    """The form as it was typed, about the version that it was typed for."""
    async with transaction(database_of(request)) as session:
        banner = await keeping.read_banner(session, banner_id) if banner_id else None
        return await _form(request, session, banner, shown, base=form.one("version"), status=status)


async def _list(
    request: Request, session: AsyncSession, *, done: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    language = texts_of(request).language
    rows = [
        (one, in_language(one.banner.content["texts"], language), TITLES[one.banner.content["kind"]])
        for one in await keeping.listed(session, _now(request))
    ]
    return await desk_page(
        request,
        session,
        "desk/banners.html",
        status=status,
        rows=rows,
        states=STATES,
        done=done,
        problem=problem,
    )


async def _form(
    request: Request,
    session: AsyncSession,
    banner: Banner | None,
    form: BannerForm,
    *,
    status: int = 200,
    **more: Any,
) -> HTMLResponse:
    texts = texts_of(request)
    data: dict[str, Any] = {
        "banner": banner,
        "form": form,
        "kinds": [(kind, texts.gettext(TITLES[kind])) for kind in Kind],
        "languages": [(language, endonym(language), language not in REQUIRED) for language in LANGUAGES],
        "longest": LONGEST_TEXT,
        "names": {f"text_{language}": endonym(language) for language in LANGUAGES},
        "history": await _history(session, banner, texts.language) if banner else [],
        "done": "",
        "problem": "",
        "timezone": settings_of(request).timezone,
        **more,
    }
    data["base"] = data.get("base") or (banner.version if banner else "")
    return await desk_page(request, session, "desk/banner.html", status=status, **data)


async def _history(
    session: AsyncSession, banner: Banner, language: str
) -> list[tuple[BannerVersion, tuple[str, str], str, str]]:
    """Each version with its words, its kind and who made it."""
    versions = await keeping.history_of(session, banner.id)
    users = await session.scalars(
        select(User).where(User.id.in_({one.by_id for one in versions if one.by_id}))
    )
    names = {user.id: user.known_as for user in users}
    return [
        (
            one,
            in_language(one.content["texts"], language),
            TITLES[one.content["kind"]],
            names.get(one.by_id, "—") if one.by_id else "—",
        )
        for one in versions
    ]


async def _preview(
    request: Request,
    banner_id: uuid.UUID | None,
    typed: dict[str, str],
    notice: Notice,
    form: Form,
    *,
    problem: str = "",
    status: int = 200,
) -> HTMLResponse:
    one = notice.content | {"id": "", "version": 0, "until": notice.until_at.isoformat()}
    data: dict[str, Any] = {
        "banner_id": banner_id,
        "typed": typed,
        "looks": [(language, endonym(language), said(one, language)) for language in LANGUAGES],
        "from_at": notice.from_at,
        "until_at": notice.until_at,
        "is_emergency": notice.kind == Kind.EMERGENCY,
        "looked_at": _mark(notice),
        "problem": problem,
        "base": form.one("version"),
    }
    async with transaction(database_of(request)) as session:
        return await desk_page(request, session, "desk/banner_preview.html", status=status, **data)


def _mark(notice: Notice) -> str:
    """What tells that what is kept is what was looked at."""
    return strong_etag(notice.content, notice.until_at.isoformat()).strip('"')


def _now(request: Request) -> dt.datetime:
    clock = getattr(request.app.state, "clock", None)
    moment: dt.datetime = clock() if clock else dt.datetime.now(dt.UTC)
    return moment
