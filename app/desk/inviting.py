"""Invite somebody to the desk, and give somebody a role more: the same form, with and without the person."""

from typing import Annotated, Any

from fastapi import Path, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.granting import Wanted, new_member, propose
from app.accounts.models import User
from app.accounts.people import no_other_administrator, one_at_a_time
from app.areas.told import AreaChanged
from app.areas.unit_search import find_unit
from app.desk.acts import refusal
from app.desk.guard import user_id_of
from app.desk.pages import desk_page, texts_of
from app.desk.people import NotYourself, person_of, told_of_role
from app.desk.role_form import NOT_CLEAR, RoleForm, choices, read_role
from app.errors import Conflict, FieldProblem, InvalidInput
from app.i18n import LANGUAGES, N_, endonym
from app.mail.addresses import UnusableAddress, normalised
from app.web.dependencies import Form, ReadConnection, WriteSession
from app.web.routes import page_router, requires

router = page_router("/desk/people")

LONGEST_NAME = 80
NO_ADDRESS = N_("This is not an e-mail address that we can write to.")
NO_LANGUAGE = N_("Choose from the list.")
PersonId = Annotated[str, Path(max_length=36)]


@router.get("/invite", dependencies=[requires("user.grant")])
async def ask_whom(request: Request, session: WriteSession) -> HTMLResponse:
    """The form for a new person."""
    return await _page(request, session, None, RoleForm())


@router.post("/invite", dependencies=[requires("user.grant")])
async def invite_them(
    request: Request, session: WriteSession, sent: Form, reader: ReadConnection
) -> Response:
    """Give a new person a role: with a mail at once, or when a second administrator has confirmed it."""
    typed = {name: sent.one(name).strip() for name in ("email", "name", "language")}
    form = RoleForm()
    try:
        wanted = await read_role(request, reader, sent, form)
        email = _address(typed)
        if wanted is None:
            return await _unclear(request, session, None, form, typed)
        await _hold_areas(session, wanted)
        name = " ".join(typed["name"].split())[:LONGEST_NAME]
        person = await new_member(session, email, name, typed["language"])
        return await _give(request, session, person, wanted)
    except (Conflict, InvalidInput) as error:
        return await _page(request, session, None, form, typed=typed, **refusal(error))


@router.get("/{person_id}/role", dependencies=[requires("user.grant")])
async def ask_which(request: Request, session: WriteSession, person_id: PersonId) -> HTMLResponse:
    """The form for one role more."""
    return await _page(request, session, await person_of(session, person_id), RoleForm())


@router.post("/{person_id}/role", dependencies=[requires("user.grant")])
async def give_role(
    request: Request, session: WriteSession, sent: Form, reader: ReadConnection, person_id: PersonId
) -> Response:
    """Give somebody one role more, as to a new person."""
    person, form = await person_of(session, person_id), RoleForm()
    if person.id == user_id_of(request):
        raise NotYourself
    try:
        wanted = await read_role(request, reader, sent, form)
        if wanted is None:
            return await _unclear(request, session, person, form)
        await _hold_areas(session, wanted)
        return await _give(request, session, person, wanted)
    except (Conflict, InvalidInput) as error:
        return await _page(request, session, person, form, **refusal(error))


def _address(typed: dict[str, str]) -> str:
    """The address to write to; `InvalidInput` for none, or for a language that we do not write."""
    if typed["language"] not in LANGUAGES:
        raise InvalidInput(FieldProblem("language", "language", NO_LANGUAGE))
    try:
        return normalised(typed["email"])
    except UnusableAddress:
        raise InvalidInput(FieldProblem("email", "email", NO_ADDRESS)) from None


async def _hold_areas(session: AsyncSession, wanted: Wanted) -> None:
    """Let nobody retire an area until the role is given that is limited to it; `AreaChanged` where somebody has, a moment ago."""
    await one_at_a_time(session)
    for code in wanted.areas or ():
        if await find_unit(session, code) is None:
            raise AreaChanged


async def _give(request: Request, session: AsyncSession, person: User, wanted: Wanted) -> Response:
    if person.id == user_id_of(request):
        raise NotYourself
    grant = await propose(session, person, wanted, by=Actor("staff", user_id_of(request)))
    if grant.confirmed_at is None:
        return RedirectResponse("/desk/people?done=proposed", status_code=303)
    return await told_of_role(request, session, person)


async def _unclear(
    request: Request,
    session: AsyncSession,
    person: User | None,
    form: RoleForm,
    typed: dict[str, str] | None = None,
) -> HTMLResponse:
    """The form again, with the places that may be meant to tick in place of what was typed."""
    more = {"typed": typed} if typed else {}
    return await _page(
        request, session, person, form, status=422, problem=NOT_CLEAR, problem_field="areas", **more
    )


async def _page(
    request: Request,
    session: AsyncSession,
    person: User | None,
    form: RoleForm,
    **more: Any,
) -> HTMLResponse:
    data: dict[str, Any] = {
        "person": person,
        "form": form,
        "typed": {"email": "", "name": "", "language": ""},
        "languages": [(language, endonym(language)) for language in LANGUAGES],
        "problem": "",
        "problem_field": "",
        "is_alone": await no_other_administrator(session, user_id_of(request)),
        **choices(texts_of(request)),
        **more,
    }
    return await desk_page(request, session, "desk/person_role.html", **data)
