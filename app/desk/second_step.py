"""The second page of signing in: a code of the app, or a recovery code."""

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.accounts.models import User
from app.accounts.second_step import passes
from app.accounts.sessions import create_session, revoke
from app.desk.device import count_try, remember
from app.desk.guard import CODE_PAGE, DeskGuard
from app.desk.pages import private_page, secret_of
from app.errors import Unauthenticated
from app.web.dependencies import Form, WriteSession, render, settings_of
from app.web.routes import BY_LINK, page_router, requires
from app.web.session_cookie import SessionCookie

router = page_router("/desk")


@router.get("/sign-in/code", dependencies=[requires(BY_LINK)])
async def ask_code(request: Request) -> Response:
    """The page that asks for the code, for whoever has used their link."""
    if await _halfway(request) is None:
        return RedirectResponse("/desk", status_code=303)
    return private_page(_page(request))


@router.post("/sign-in/code", dependencies=[requires(BY_LINK)])
async def use_code(request: Request, session: WriteSession, form: Form) -> Response:
    """Use a code, once, and go on under a new session; the one before the code is dead."""
    user = await _halfway(request)
    if user is None:
        raise Unauthenticated
    await count_try(request, user.id)
    if not await passes(session, user.id, form.one("code"), secret=secret_of(request)):
        return private_page(_page(request, wrong=True, status=403))
    answer = RedirectResponse("/desk", status_code=303)
    await renew_session(request, session, answer, user)
    remember(request, answer, user.id)
    return answer


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


def _page(request: Request, *, wrong: bool = False, status: int = 200) -> HTMLResponse:
    return render(request, "desk/sign_in_code.html", status=status, wrong=wrong, action=CODE_PAGE)
