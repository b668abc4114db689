"""The language of the desk, which no address has: what is chosen in its menu stays on the device for a year."""

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.i18n import LANGUAGES
from app.web.dependencies import Form, settings_of
from app.web.language import is_desk
from app.web.routes import PUBLIC, page_router, requires
from app.web.session_cookie import DESK, LANGUAGE, LANGUAGE_S

router = page_router(DESK)

#: A page that answers one of these has the address to which a form went: the page with the form is one up.
_ACTS = (
    "/approve",
    "/reject",
    "/ask",
    "/take-down",
    "/put-back",
    "/checked",
    "/resolve",
    "/connect",
    "/recovery-codes",
)


@router.post("/language", dependencies=[requires(PUBLIC)])
async def choose_language(request: Request, form: Form) -> Response:
    """Keep the language and go back to the page on which it was chosen."""
    answer = RedirectResponse(_back(form.one("back")), status_code=303)
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


def _back(given: str) -> str:
    path, question, query = given.partition("?")
    if not is_desk(path) or not given.isascii() or "\\" in given or len(given) > 1000:
        return DESK
    for act in _ACTS:
        if path.endswith(act):
            return path.removesuffix(act)
    return f"{path}{question}{query}"
