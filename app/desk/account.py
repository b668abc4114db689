"""Somebody's own account: setting up the second step, new recovery codes; its passkeys are in `passkeys`."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Final

import segno
from fastapi import Query, Request
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.codes import provisioning_address
from app.accounts.identities import identities_of
from app.accounts.models import User
from app.accounts.passkey_models import LONGEST_NAME
from app.accounts.passkeys import MOST, passkeys_of
from app.accounts.people import hold_person
from app.accounts.roles import OWN_ACCOUNT
from app.accounts.second_step import (
    NothingToConfirm,
    begin,
    begun_secret,
    confirm,
    renew_recovery_codes,
    standing,
)
from app.accounts.sessions import SignedIn, revoke_all, sessions_elsewhere
from app.accounts.users import sign_out_elsewhere
from app.desk.device import count_try, remember
from app.desk.guard import lacks_second_step
from app.desk.pages import desk_page, private_page, secret_of
from app.desk.proving import party_of, proved, session_cookie_of
from app.desk.second_step import renew_session
from app.desk.services import issuers_of, named
from app.i18n import N_
from app.web.dependencies import Form, WriteSession, page_of, render, settings_of
from app.web.query import PlainText
from app.web.routes import page_router, requires

router = page_router("/desk/account")

ISSUER = "Pomapa"
ACCOUNT: Final = "/desk/account"
PASSKEY_WRONG: Final = N_("This passkey did not work. Try again, or use another way.")
#: What is said after something was done.
DONE: Final = {
    "added": N_("The passkey is added. A mail tells you so too."),
    "renamed": N_("The passkey has its new name."),
    "removed": N_("The passkey is removed. On other devices you were signed out."),
    "elsewhere": N_("You are signed out everywhere else."),
    "disconnected": N_("The municipality's sign-in service is no longer connected."),
    "connected": N_("The municipality's sign-in service is connected again. A mail tells you so too."),
}


@router.get("", dependencies=[requires(OWN_ACCOUNT)])
async def show_account(
    request: Request, session: WriteSession, done: Annotated[PlainText, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Say what there is of a second step, with the ways to change that; `done` is what was done just before."""
    return await account_answer(request, session, done=DONE.get(done, ""))


@router.post("/connect", dependencies=[requires(OWN_ACCOUNT)])
async def connect(request: Request, session: WriteSession, form: Form) -> Response:
    """Begin to connect an app in this session, for a quarter of an hour, once it is clear that it is them."""
    user: User = request.state.user
    if not await proved(request, session, form):
        return await not_proved(request, session, form, "connect")
    await hold_person(session, user.id)
    await begin(session, user.id, session_cookie_of(request), secret=secret_of(request))
    return RedirectResponse("/desk/account/second-step", status_code=303)


@router.get("/second-step", dependencies=[requires(OWN_ACCOUNT)])
async def show_secret(request: Request, session: WriteSession) -> Response:
    """The secret as a picture for an app and as letters to type, until a code of the app confirms it."""
    return await _setting_up(request, session)


@router.post("/second-step", dependencies=[requires(OWN_ACCOUNT)])
async def confirm_app(request: Request, session: WriteSession, form: Form) -> Response:
    """Take the app into use: every session of the person ends, this browser gets a new one, and codes for paper."""
    user: User = request.state.user
    await count_try(request, user.id)
    # Whoever resets them, or adds a passkey in another browser, begins with the person as well.
    await hold_person(session, user.id)
    try:
        codes = await confirm(
            session,
            user,
            form.one("code"),
            session_cookie_of(request),
            secret=secret_of(request),
            public_url=settings_of(request).public_url,
        )
    except NothingToConfirm as error:
        return await account_answer(request, session, problem=error.message, status=error.status)
    if codes is None:
        return await _setting_up(request, session, wrong=True, status=422)
    await revoke_all(session, user.id)
    answer = await codes_page(request, session, codes, first=True)
    await renew_session(request, session, answer, user)
    remember(request, answer, user.id)
    return answer


@router.post("/recovery-codes", dependencies=[requires(OWN_ACCOUNT)])
async def renew_codes(request: Request, session: WriteSession, form: Form) -> HTMLResponse:
    """Give new recovery codes for a code; those before are void."""
    user: User = request.state.user
    signed_in: SignedIn = request.state.signed_in
    if not signed_in.has_second_step or not await proved(request, session, form):
        return await not_proved(request, session, form, "codes")
    codes = await renew_recovery_codes(
        session, user, secret=secret_of(request), public_url=settings_of(request).public_url
    )
    return await codes_page(request, session, codes, first=False)


@router.post("/sign-out-elsewhere", dependencies=[requires(OWN_ACCOUNT)])
async def leave_elsewhere(request: Request, session: WriteSession) -> Response:
    """End the sessions of every other browser; a device that is lost needs no administrator."""
    user: User = request.state.user
    await hold_person(session, user.id)
    await sign_out_elsewhere(session, user, session_cookie_of(request))
    return RedirectResponse(f"{ACCOUNT}?done=elsewhere", status_code=303)


async def not_proved(request: Request, session: AsyncSession, form: Form, wrong: str) -> HTMLResponse:
    """Give the page again and say what did not work; `wrong` names the form."""
    if form.one("passkey"):
        return await account_answer(request, session, problem=PASSKEY_WRONG, status=403)
    return await account_answer(request, session, wrong=wrong, status=403)


async def account_answer(
    request: Request,
    session: AsyncSession,
    *,
    wrong: str = "",
    problem: str = "",
    done: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Give the page of the account; `wrong` names the form whose proof did not work."""
    user: User = request.state.user
    signed_in: SignedIn = request.state.signed_in
    identities = (await identities_of(session, [user.id])).get(user.id, ())
    return await account_page(
        request,
        session,
        "desk/account.html",
        status=status,
        user=user,
        standing=await standing(session, user.id),
        required=settings_of(request).second_step_required and not signed_in.passed,
        identities=identities,
        names=named(request, identities),
        issuers=issuers_of(request),
        passkeys=await passkeys_of(session, user.id),
        elsewhere=await sessions_elsewhere(session, user.id, session_cookie_of(request)),
        can_passkeys=party_of(request) is not None,
        public_url=settings_of(request).public_url,
        most_passkeys=MOST,
        longest_name=LONGEST_NAME,
        wrong=wrong,
        problem=problem,
        done=done,
    )


async def _setting_up(
    request: Request, session: AsyncSession, *, wrong: bool = False, status: int = 200
) -> Response:
    user: User = request.state.user
    secret = await begun_secret(session, user.id, session_cookie_of(request), secret=secret_of(request))
    if secret is None:
        return RedirectResponse("/desk/account", status_code=303)
    groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
    return await account_page(
        request,
        session,
        "desk/second_step.html",
        status=status,
        drawing=_drawing(provisioning_address(secret, user.email, ISSUER)),
        groups=groups,
        wrong=wrong,
    )


async def codes_page(
    request: Request, session: AsyncSession, codes: Sequence[str], *, first: bool
) -> HTMLResponse:
    """Show codes for paper, with what one has to know of them a year later: whose they are, where, and since when."""
    return await account_page(
        request,
        session,
        "desk/recovery_codes.html",
        user=request.state.user,
        public_url=settings_of(request).public_url,
        made_at=dt.datetime.now(dt.UTC),
        codes=codes,
        first=first,
    )


async def account_page(
    request: Request, session: AsyncSession, template: str, *, status: int = 200, **data: object
) -> HTMLResponse:
    """Give a page of the desk; without its sections to whoever may not enter them yet."""
    user: User = request.state.user
    if lacks_second_step(request, request.state.signed_in):
        page = page_of(request, person=user.known_as)
        return private_page(render(request, template, status=status, page=page, sections=[], **data))
    return await desk_page(request, session, template, status=status, **data)


def _drawing(address: str) -> Markup:
    drawn = segno.make_qr(address, error="m").svg_inline(
        omitsize=True, border=4, light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))  # noqa: S704 - drawn by the library
