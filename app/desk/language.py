"""The language of the desk, which no address has: what is chosen in its menu stays on the device for a year."""

import functools
import re

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.responses import RedirectResponse, Response
from starlette.routing import compile_path

from app.i18n import LANGUAGES
from app.web.dependencies import Form, settings_of
from app.web.language import is_desk
from app.web.routes import PUBLIC, page_router, requires
from app.web.session_cookie import DESK, LANGUAGE, LANGUAGE_S

router = page_router(DESK)


@router.post("/language", dependencies=[requires(PUBLIC)])
async def choose_language(request: Request, form: Form) -> Response:
    """Keep the language and go back to the page on which it was chosen."""
    answer = RedirectResponse(_back(request, form.one("back")), status_code=303)
    language = form.one("language")
    if language in LANGUAGES:
        answer.set_cookie(
            LANGUAGE,
            language,
            max_age=LANGUAGE_S,
            path=DESK,
            secure=settings_of(request).secure_cookies,
            httponly=True,
            samesite="lax",
        )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _back(request: Request, given: str) -> str:
    """The page that was seen: what answers a form has the address to which it went, and its page is one or two up."""
    path, question, query = given.partition("?")
    if not is_desk(path) or not given.isascii() or "\\" in given or len(given) > 1000:
        return DESK
    if _is_page(request, path):
        return f"{path}{question}{query}"
    while path != DESK and not _is_page(request, path):
        path = path.rpartition("/")[0]
    return path


def _is_page(request: Request, path: str) -> bool:
    """Whether this address of the desk can be opened."""
    return any(
        _pattern(str(route.path)).match(path)
        for route in iter_route_contexts(request.app.routes)
        if "GET" in (route.methods or ()) and is_desk(str(route.path))
    )


@functools.cache
def _pattern(path: str) -> re.Pattern[str]:
    return compile_path(path)[0]
