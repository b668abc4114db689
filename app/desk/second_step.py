"""The second page of signing in: a code of the app, a recovery code, or a passkey."""

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.identities import counting_issuers
from app.accounts.models import User
from app.accounts.second_step import standing
from app.accounts.sessions import create_session, revoke
from app.desk.device import remember
from app.desk.guard import CODE_PAGE, DeskGuard
from app.desk.pages import private_page
from app.desk.proving import ask_for_passkey, party_of, shows_second_step
from app.desk.services import offered
from app.errors import Unauthenticated
from app.web.dependencies import Form, WriteSession, render, settings_of
from app.web.routes import BY_LINK, page_router, requires
from app.web.session_cookie import SessionCookie

router = page_router("/desk")


@router.get("/sign-in/code", dependencies=[requires(BY_LINK)])
async def ask_code(request: Request, session: WriteSession) -> Response:
    """The page that asks for the code or the passkey, for whoever has used their link."""
    user = await _halfway(request)
    if user is None:
        return RedirectResponse("/desk", status_code=303)
    return private_page(await _page(request, session, user))


@router.post("/sign-in/code", dependencies=[requires(BY_LINK)])
async def use_code(request: Request, session: WriteSession, form: Form) -> Response:
    """Use a code or a passkey, once, and go on under a new session; the one before it is dead."""
    user = await _halfway(request)
    if user is None:
        raise Unauthenticated
    if not await shows_second_step(request, session, user.id, form):
        wrong = "passkey" if form.one("passkey") else "code"
        return private_page(await _page(request, session, user, wrong=wrong, status=403))
    answer = RedirectResponse("/desk", status_code=303)
    await renew_session(request, session, answer, user)
    remember(request, answer, user.id)
    return answer


@router.post("/sign-in/code/passkey", dependencies=[requires(BY_LINK)])
async def ask_passkey(request: Request, session: WriteSession) -> Response:
    """What the script of that page hands to the browser, so that it asks for a passkey."""
    user = await _halfway(request)
    if user is None:
        raise Unauthenticated
    return await ask_for_passkey(request, session, user)


async def renew_session(request: Request, session: WriteSession, answer: Response, user: User) -> None:
    """Put a session that has passed the second step in the place of this one."""
    cookie = SessionCookie.for_session(settings_of(request))
    if token := cookie.read(request):
        await revoke(session, token)
    cookie.set(answer, await create_session(session, user.id, passed=True))


async def _halfway(request: Request) -> User | None:
    """Whoever has used their link and not yet passed the second step."""
    guard: DeskGuard = request.app.state.guard
    found = await guard.signed_in_of(request)
    return found.user if found is not None and not found.whole else None


async def _page(
    request: Request, session: AsyncSession, user: User, *, wrong: str = "", status: int = 200
) -> HTMLResponse:
    return render(
        request,
        "desk/sign_in_code.html",
        status=status,
        wrong=wrong,
        action=CODE_PAGE,
        standing=await standing(session, user.id),
        can_passkeys=party_of(request) is not None,
        services=offered(request, await counting_issuers(session, user.id)),
    )
