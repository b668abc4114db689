"""The people of an organisation, for its admins: invited, made admins, handed over to, removed."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.joining import (
    ByAdmin,
    Invited,
    NoSuchColleague,
    change_seat,
    hand_over,
    invite,
    remove,
)
from app.accounts.memberships import Seat, colleagues
from app.db import session as transaction
from app.desk.acts import refusal
from app.desk.guard import user_id_of
from app.desk.listed import name_of
from app.desk.pages import ORGANISATIONS_PAGE, desk_page
from app.errors import Conflict, FieldProblem, InvalidInput
from app.features.models import Feature
from app.i18n import LANGUAGES, N_, endonym
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.live import id_in, read_feature
from app.web.dependencies import Form, WriteSession, database_of, limited, settings_of
from app.web.query import PlainText
from app.web.rate_limit import Limit
from app.web.routes import page_router, requires

router = page_router(ORGANISATIONS_PAGE)

Id = Annotated[str, Path(max_length=36)]
#: Each is a mail that somebody may not want.
INVITING: Final = Limit("organisation-invite", times=20, period_s=86400)
LONGEST_NAME: Final = 80
NO_ADDRESS: Final = N_("This is not an e-mail address that we can write to.")
NOT_LISTED: Final = N_("Choose from the list.")
SEATS: Final = {Seat.MEMBER: N_("Member"), Seat.ADMIN: N_("Admin")}
DONE: Final = {
    "invite": N_("A mail that says where to sign in is on its way to them."),
    "admin": N_("They look after the people of the organisation now, too."),
    "member": N_("They are a member like any other now."),
    "remove": N_("They do not belong to the organisation any more."),
}


@router.get("/{organisation_id}/people", dependencies=[requires("organisation.people")])
async def show_people(
    request: Request,
    session: WriteSession,
    organisation_id: Id,
    done: Annotated[PlainText, Query(max_length=10)] = "",
) -> HTMLResponse:
    """Everybody who belongs to it, and the form for one more."""
    return await _page(request, session, organisation_id, done=DONE.get(done, ""))


@router.post("/{organisation_id}/people", dependencies=[requires("organisation.people")])
async def invite_colleague(request: Request, form: Form, organisation_id: Id) -> Response:
    """Let somebody belong to it, with a mail; what was typed is kept when it cannot be done."""
    typed = {name: form.one(name).strip() for name in ("email", "name", "language", "seat")}
    try:
        invited = _invited(typed)
        # However its id is spelt.
        await limited(request, INVITING, also=str(id_in(organisation_id)))
        async with transaction(database_of(request)) as session:
            organisation = await read_feature(session, id_in(organisation_id))
            await invite(session, _by(request, organisation), invited)
    except (Conflict, InvalidInput) as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, organisation_id, typed=typed, **refusal(error))
    return _back(organisation_id, "invite")


@router.post("/{organisation_id}/people/act", dependencies=[requires("organisation.people")])
async def act_on_colleague(request: Request, form: Form, organisation_id: Id) -> Response:
    """Make somebody an admin or a member, hand over to them, or remove them; holds with their next request."""
    act, person_id = form.one("act"), id_in(form.one("person"))
    found = id_in(organisation_id)
    if person_id is None or found is None or act not in {"admin", "member", "remove", "hand-over"}:
        raise NoSuchColleague
    try:
        async with transaction(database_of(request)) as session:
            by = _by(request, await read_feature(session, found))
            if act == "remove":
                await remove(session, by, person_id)
            elif act == "hand-over":
                await hand_over(session, by, person_id)
            else:
                await change_seat(session, by, person_id, Seat(act))
    except Conflict as error:
        async with transaction(database_of(request)) as session:
            return await _page(request, session, organisation_id, **refusal(error))
    if person_id == user_id_of(request) or act == "hand-over":
        # Who looks after the people no more has no page of them.
        said = "?done=hand-over" if act == "hand-over" else ""
        return RedirectResponse(f"{ORGANISATIONS_PAGE}/{found}{said}" if act != "remove" else "/desk", 303)
    return _back(organisation_id, act)


def _by(request: Request, organisation: Feature) -> ByAdmin:
    """Whoever acts: who does not belong to it was let in as an administrator of the installation."""
    return ByAdmin(
        organisation.id,
        request.state.user,
        name_of(organisation.content),
        settings_of(request).public_url,
        staff=request.state.seat is not Seat.ADMIN,
    )


def _invited(typed: dict[str, str]) -> Invited:
    if typed["language"] not in LANGUAGES:
        raise InvalidInput(FieldProblem("language", "language", NOT_LISTED))
    if typed["seat"] not in set(Seat):
        raise InvalidInput(FieldProblem("seat", "seat", NOT_LISTED))
    try:
        email = normalised(typed["email"])
    except UnusableAddress:
        raise InvalidInput(FieldProblem("email", "email", NO_ADDRESS)) from None
    name = " ".join(typed["name"].split())[:LONGEST_NAME]
    return Invited(email, name, typed["language"], Seat(typed["seat"]))


def _back(organisation_id: str, done: str) -> Response:
    return RedirectResponse(
        f"{ORGANISATIONS_PAGE}/{id_in(organisation_id)}/people?done={done}", status_code=303
    )


async def _page(
    request: Request, session: AsyncSession, organisation_id: str, *, status: int = 200, **more: Any
) -> HTMLResponse:
    organisation = await read_feature(session, id_in(organisation_id))
    data: dict[str, Any] = {
        "organisation": organisation,
        "title": name_of(organisation.content),
        "people": await colleagues(session, organisation.id),
        "is_member": request.state.seat is not None,
        "languages": [(language, endonym(language)) for language in LANGUAGES],
        "seats": SEATS,
        "typed": {"email": "", "name": "", "language": "", "seat": Seat.MEMBER.value},
        "done": "",
        "problem": "",
        "problem_field": "",
        **more,
    }
    return await desk_page(request, session, "desk/organisation_people.html", status=status, **data)
