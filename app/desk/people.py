"""The people of staff, for administrators: who may do what, what waits for a second person, and how to take it away at once."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import Query, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.audit import Actor
from app.accounts.granting import NoSuchGrant, SecondPersonNeeded, confirm_grant, take_back
from app.accounts.identities import (
    NotConnected,
    NotDisconnected,
    allow_again,
    disconnect,
    identities_of,
)
from app.accounts.inviting import NothingToInviteTo, invite
from app.accounts.models import Grant, User
from app.accounts.people import no_other_administrator
from app.accounts.roles import may
from app.accounts.users import (
    LastAdministrator,
    Member,
    NoSuchUser,
    reinstate,
    reset_second_step,
    sign_out_everywhere,
    staff,
    suspend,
)
from app.desk.guard import user_id_of
from app.desk.pages import desk_page, texts_of
from app.desk.role_form import ROLES, where_words
from app.desk.services import named
from app.errors import Conflict
from app.i18n import N_
from app.web.dependencies import Form, WriteSession, settings_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk")

Act = Callable[..., Awaitable[User]]
#: What can be done with a person: the act, the words of its button, what is said after it.
ACTS: Final[dict[str, tuple[Act, str, str]]] = {
    "sign-out": (sign_out_everywhere, N_("Sign out everywhere"), N_("They are signed out everywhere.")),
    "reset": (
        reset_second_step,
        N_("Reset the second step"),
        N_("Their second step is gone. They set up another one when they sign in."),
    ),
    "disconnect": (
        disconnect,
        N_("Disconnect from their municipality"),
        N_("They are signed out, and their municipality's sign-in service is no longer connected."),
    ),
    "allow": (
        allow_again,
        N_("Let their municipality connect again"),
        N_("When they sign in with their municipality the next time, it is connected again."),
    ),
    "suspend": (suspend, N_("Suspend"), N_("They can do nothing any more.")),
    "reinstate": (
        reinstate,
        N_("Give their rights back"),
        N_(
            "They can sign in again. A moderator's or administrator's role waits for another administrator to confirm it."
        ),
    ),
}
#: What is said after something was done with a role.
DONE: Final = {
    "invited": N_("A mail that says where to sign in is on its way to them."),
    "given": N_("The role is given. They are suspended, so they get no mail, and it gives no right as yet."),
    "proposed": N_("Another administrator has to confirm this role now. Until then it gives no right."),
    "taken": N_("The role is gone."),
}


class NotYourself(Conflict):
    """This can only be done with somebody else. Your own account has a page of its own."""


@router.get("/people", dependencies=[requires("user.see")])
async def show_people(
    request: Request, session: WriteSession, done: Annotated[PlainText, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Everybody of staff, with what can be done; `done` is what was done just before."""
    return await people_page(request, session, done=ACTS[done][2] if done in ACTS else DONE.get(done, ""))


@router.post("/people", dependencies=[requires("user.grant")])
async def act_on_person(request: Request, session: WriteSession, form: Form) -> Response:
    """Do one of the acts with one person, at once; never with oneself."""
    act = form.one("act")
    person = await person_of(session, form.one("person"))
    if act not in {*ACTS, "invite"}:
        raise NoSuchUser
    _check_is_other(request, person.id)
    try:
        if act == "invite":
            await send_invitation(request, session, person)
            return RedirectResponse("/desk/people?done=invited", status_code=303)
        await ACTS[act][0](session, person.email, by=Actor("staff", user_id_of(request)))
    except (LastAdministrator, NotConnected, NotDisconnected, NothingToInviteTo) as error:
        return await people_page(request, session, problem=error.message, status=error.status)
    return RedirectResponse(f"/desk/people?done={act}", status_code=303)


@router.post("/people/roles", dependencies=[requires("user.grant")])
async def act_on_role(request: Request, session: WriteSession, form: Form) -> Response:
    """Confirm a role as the second person, or take one away; never one's own."""
    act, by = form.one("act"), Actor("staff", user_id_of(request))
    grant_id = _id(form.one("grant"), NoSuchGrant)
    held = await session.get(Grant, grant_id)
    if held is None or act not in {"confirm", "take"}:
        raise NoSuchGrant
    _check_is_other(request, held.user_id)
    try:
        if act == "take":
            await take_back(session, grant_id, by=by)
            return RedirectResponse("/desk/people?done=taken", status_code=303)
        grant = await confirm_grant(session, grant_id, by=by)
    except (LastAdministrator, SecondPersonNeeded) as error:
        return await people_page(request, session, problem=error.message, status=error.status)
    person = await person_of(session, str(grant.user_id))
    return await told_of_role(request, session, person)


async def told_of_role(request: Request, session: AsyncSession, person: User) -> Response:
    """Write to somebody who has got a role that holds, unless they are suspended, and say on the page which it was."""
    if person.suspended_at is not None:
        return RedirectResponse("/desk/people?done=given", status_code=303)
    await send_invitation(request, session, person)
    return RedirectResponse("/desk/people?done=invited", status_code=303)


async def send_invitation(request: Request, session: AsyncSession, person: User) -> None:
    """Queue the mail to somebody who has a role."""
    await invite(
        session,
        person,
        by=request.state.user,
        public_url=settings_of(request).public_url,
    )


async def person_of(session: AsyncSession, given: str) -> User:
    """Give the person of an id in a form or an address, with their grants; `NoSuchUser`."""
    found = await session.get(
        User, _id(given, NoSuchUser), options=[selectinload(User.grants)], populate_existing=True
    )
    if found is None:
        raise NoSuchUser
    return found


async def people_page(
    request: Request, session: AsyncSession, *, done: str = "", problem: str = "", status: int = 200
) -> HTMLResponse:
    """Give the page of all people; `done` and `problem` are messages to translate."""
    people, texts = await staff(session), texts_of(request)
    names = await _unit_names(session, people)
    identities = await identities_of(session, [member.user.id for member in people])
    return await desk_page(
        request,
        session,
        "desk/people.html",
        status=status,
        people=people,
        waiting_roles=[
            (member.user, grant)
            for member in people
            for grant in member.user.grants
            if grant.confirmed_at is None
        ],
        known={member.user.id: member.user.known_as for member in people},
        where={grant.id: where_words(grant, names, texts) for one in people for grant in one.user.grants},
        roles=ROLES,
        acts={name: words for name, (_, words, _) in ACTS.items()},
        may_act=may(request.state.user, "user.grant"),
        own_id=user_id_of(request),
        is_alone=await no_other_administrator(session, user_id_of(request)),
        identities=identities,
        services=named(request, [one for several in identities.values() for one in several]),
        done=done,
        problem=problem,
    )


def _check_is_other(request: Request, person_id: uuid.UUID) -> None:
    if person_id == user_id_of(request):
        raise NotYourself


def _id(given: str, absent: type[Exception]) -> uuid.UUID:
    try:
        return uuid.UUID(given)
    except ValueError:
        raise absent from None


async def _unit_names(session: AsyncSession, people: Any) -> dict[str, str]:
    codes = {code for one in people for grant in one.user.grants for code in grant.areas or ()}
    if not codes:
        return {}
    rows = await session.execute(_NAMES, {"codes": list(codes)})
    return {row.code: f"{row.name} ({row.code})" for row in rows}


_NAMES = text("SELECT code, name FROM published.area WHERE code = ANY(:codes)")


__all__ = ["Member", "people_page", "person_of", "router", "told_of_role"]
