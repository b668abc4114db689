"""Signing in to the desk: one field, one mail, one link; the same answer whoever asks."""

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.sessions import create_session, revoke
from app.accounts.sign_in import CodeNeeded, LinkUsedUp, consume_link, request_link
from app.accounts.tokens import browser_code, new_token
from app.desk.guard import CODE_PAGE, DeskGuard
from app.desk.pages import private_page, secret_of
from app.desk.proving import party_of
from app.desk.services import offered
from app.mail.addresses import UnusableAddress, normalised
from app.web.dependencies import Form, WriteSession, limited, page_of, render, settings_of
from app.web.rate_limit import Limit
from app.web.routes import BY_LINK, PUBLIC, page_router, requires
from app.web.session_cookie import SessionCookie

router = page_router("/desk")

ASKING = Limit("sign-in-ask", times=10, period_s=900)
#: For one mailbox, whoever asks: each is a mail that somebody may not want.
ASKED_FOR = Limit("sign-in-mail", times=6, period_s=1800)
USING = Limit("sign-in-use", times=20, period_s=900)


@router.get("/sign-in", dependencies=[requires(PUBLIC)])
async def ask(request: Request) -> Response:
    """The page that asks for the e-mail address; for whoever has used their link, the one that asks for the code."""
    guard: DeskGuard = request.app.state.guard
    found = await guard.signed_in_of(request)
    if found is not None and not found.whole:
        return RedirectResponse(CODE_PAGE, status_code=303)
    return sign_in_page(request)


@router.post("/sign-in", dependencies=[requires(PUBLIC)])
async def send(request: Request, session: WriteSession, form: Form) -> Response:
    """Have a link mailed, and show the code for another browser. Never says whether there is an account."""
    await limited(request, ASKING)
    email = form.one("email").strip()
    try:
        # Counted for everybody, with and without an account: a limit must not tell who has one.
        await limited(request, ASKED_FOR, also=normalised(email))
    except UnusableAddress:
        return sign_in_page(request, email=email, wrong=True, status=422)
    cookie = SessionCookie.for_browser(settings_of(request))
    browser = new_token()
    await request_link(session, email, page_of(request).language, browser)
    code = browser_code(secret_of(request), browser)
    answer = render(request, "desk/sign_in_sent.html", code=code)
    cookie.set(answer, browser)
    return private_page(answer)


@router.get("/sign-in/link", dependencies=[requires(BY_LINK)])
async def arrive(request: Request) -> HTMLResponse:
    """The page that a link leads to. The token is in the fragment, which only a script or the person reads."""
    return private_page(_arrive(request))


@router.post("/sign-in/link", dependencies=[requires(BY_LINK)])
async def use(request: Request, session: WriteSession, form: Form) -> Response:
    """Use the link, once, and sign the person in under a new session."""
    await limited(request, USING)
    settings = settings_of(request)
    browser_cookie = SessionCookie.for_browser(settings)
    # Whoever has no script pastes the whole link.
    token = form.one("token").strip().rpartition("#")[2]
    try:
        found = await consume_link(
            session,
            token,
            secret=secret_of(request),
            browser_token=browser_cookie.read(request),
            code=form.one("code") or None,
        )
    except LinkUsedUp as error:
        return private_page(_arrive(request, problem=error.message, status=error.status))
    if isinstance(found, CodeNeeded):
        return private_page(_arrive(request, token=token, code_needed=True, status=403))
    # Whoever has a second step is led on to it: until it is passed the new session opens nothing else.
    answer = RedirectResponse("/desk", status_code=303)
    browser_cookie.clear(answer)
    session_cookie = SessionCookie.for_session(settings)
    if (before := session_cookie.read(request)) is not None:
        await revoke(session, before)
    session_cookie.set(answer, await create_session(session, found.id))
    return answer


@router.post("/sign-out", dependencies=[requires(PUBLIC)])
async def sign_out(request: Request, session: WriteSession) -> Response:
    """End the session, on the server too."""
    cookie = SessionCookie.for_session(settings_of(request))
    token = cookie.read(request)
    if token is not None:
        await revoke(session, token)
    answer = RedirectResponse("/desk/sign-in", status_code=303)
    cookie.clear(answer)
    return answer


def sign_in_page(
    request: Request,
    *,
    email: str = "",
    wrong: bool = False,
    wrong_passkey: bool = False,
    status: int = 200,
) -> HTMLResponse:
    """Give the page with all ways in, and say what was wrong with the one that was tried."""
    return private_page(
        render(
            request,
            "desk/sign_in.html",
            status=status,
            email=email,
            wrong=wrong,
            wrong_passkey=wrong_passkey,
            can_passkeys=party_of(request) is not None,
            services=offered(request),
        )
    )


def _arrive(
    request: Request, *, token: str = "", code_needed: bool = False, problem: str = "", status: int = 200
) -> HTMLResponse:
    return render(
        request,
        "desk/sign_in_link.html",
        status=status,
        token=token,
        code_needed=code_needed,
        problem=problem,
    )
