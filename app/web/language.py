"""The language of a request: the first part of the path; where there is none, what was chosen at the desk or what the
browser asks for.
"""

from typing import Literal
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.i18n import LANGUAGES, negotiate
from app.web.asgi import header
from app.web.session_cookie import DESK, LANGUAGE

#: A path parameter of this type answers 404 for what is not a language of ours.
Language = Literal["pl", "uk", "en", "de", "ro", "ru"]
#: What people write for a language of ours; the address with the right code is the lasting one.
PATH_ALIASES = {"ua": "uk"}
LANGUAGE_OF_PROGRAMS = "en"


def split_path(path: str) -> tuple[str | None, str]:
    """The language in front of a path and the rest: `/uk/add` gives `uk` and `/add`; None where there is none."""
    first, slash, rest = path.removeprefix("/").partition("/")
    return (first, slash + rest or "/") if first in LANGUAGES else (None, path)


def language_of(scope: Scope) -> str:
    """The language that people get for this request: the path's, else the desk's, else the browser's, else Polish."""
    return split_path(scope["path"])[0] or _chosen(scope) or negotiate(header(scope, "accept-language"))


def is_desk(path: str) -> bool:
    """Whether an address is one of the desk, whose language is no part of it."""
    return path == DESK or path.startswith(f"{DESK}/")


def _chosen(scope: Scope) -> str | None:
    if is_desk(scope["path"]):
        for pair in (header(scope, "cookie") or "").split(";"):
            name, _, value = pair.strip().partition("=")
            if name == LANGUAGE and value in LANGUAGES:
                return value
    return None


def language_for_program(scope: Scope) -> str:
    """The language of messages to a program: the one it asks for, else English."""
    accepted = header(scope, "accept-language")
    return negotiate(accepted) if accepted else LANGUAGE_OF_PROGRAMS


def negotiated_start(request: Request) -> RedirectResponse:
    """Send `/` on to the start page in the visitor's language; never cached, since it differs by visitor."""
    query = f"?{request.url.query}" if request.url.query else ""
    response = RedirectResponse(
        f"/{negotiate(header(request.scope, 'accept-language'))}/{query}", status_code=302
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept-Language"
    return response


class LanguagePaths:
    """Sends `/ua/…` on to `/uk/…`, and `/pl` to `/pl/`: one address for one page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, or pass on."""
        if scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}:
            better = better_path(scope["path"])
            if better is not None:
                query = scope["query_string"].decode("latin-1")
                target = quote(better) + (f"?{query}" if query else "")
                await RedirectResponse(target, status_code=308)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def better_path(path: str) -> str | None:
    """The lasting form of a path, or None when it is that already. It always begins with a language of ours."""
    first, slash, rest = path.removeprefix("/").partition("/")
    language = PATH_ALIASES.get(first, first)
    if language not in LANGUAGES:
        return None
    wanted = f"/{language}/{rest}"
    return wanted if wanted != f"/{first}{slash}{rest}" else None
