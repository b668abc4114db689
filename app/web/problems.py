"""Every error as an answer: `application/problem+json` (RFC 9457) for programs, a page for people."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import psycopg
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from app.errors import (
    FieldProblem,
    InvalidInput,
    MalformedInput,
    NotFound,
    Overloaded,
    PomapaError,
    TooLarge,
)
from app.i18n import N_, Translator, translator
from app.log import log_failure
from app.log.access import route_template
from app.templating import Page, Templates
from app.web.asgi import header
from app.web.banners import banners_of
from app.web.language import is_desk, language_for_program, language_of, split_path
from app.web.problem_words import problems_of, say
from app.web.request_id import request_id_of
from app.web.sent_again import SentAgain

#: Where only programs come; elsewhere the `Accept` header decides.
PROGRAM_PREFIXES = ("/api/", "/ogc", "/hsds", "/tiles/", "/static/", "/healthz", "/readyz", "/metrics")

TITLES = {
    400: N_("This could not be read"),
    401: N_("Sign in first"),
    403: N_("You may not do this"),
    404: N_("There is nothing here"),
    405: N_("This cannot be done here"),
    408: N_("This took too long"),
    409: N_("Somebody else was faster"),
    410: N_("This is no longer here"),
    413: N_("This is too large"),
    414: N_("This address is too long"),
    415: N_("This kind of content is not accepted"),
    422: N_("Something needs another look"),
    429: N_("That was a lot at once"),
    431: N_("Your browser sends too much"),
    500: N_("Something went wrong on our side"),
    503: N_("The service is busy"),
}
UNEXPECTED = N_(
    "It is our fault, not yours. Try again in a few minutes. What you wrote is still in your browser."
)
#: What the database layer and the driver itself raise when there is no answer to be had now.
_UNREACHABLE = (
    OperationalError,
    InterfaceError,
    PoolTimeoutError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)
NOT_ALLOWED = N_("This address does not take this kind of request.")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it will be told: `detail` is an English message id, `code` is stable for programs."""

    status: int
    code: str
    detail: str
    fields: tuple[FieldProblem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The English message id of the headline."""
        return TITLES.get(self.status, TITLES[500] if self.status >= 500 else TITLES[400])


def problem_of(error: Exception) -> Problem:
    """What an exception is to whoever asked. Unknown ones become a 500 without any of their words."""
    if isinstance(error, PomapaError):
        fields = error.problems if isinstance(error, InvalidInput) else ()
        headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
        return Problem(error.status, error.code, error.message, fields, headers)
    if isinstance(error, RequestValidationError):
        errors = error.errors()
        if any(e.get("loc", ("",))[0] == "path" for e in errors):
            # An id or a word in the path that cannot be is an address where nothing is.
            return problem_of(NotFound())
        return problem_of(InvalidInput(*problems_of(errors)))
    if isinstance(error, HTTPException):
        return _http_problem(error)
    if isinstance(error, _UNREACHABLE):
        return problem_of(Overloaded())
    return Problem(500, "unexpected", UNEXPECTED)


def respond(scope: Scope, error: Exception, templates: Templates) -> Response:
    """The answer to a request that ended in `error`; logs it when nobody expected it."""
    problem = problem_of(error)
    if problem.status >= 500 and not (isinstance(error, PomapaError) and error.logged_at_its_cause):
        log_failure(
            "app.web", "request failed", error, route=route_template(scope), status=problem.status,
            request_id=request_id_of(scope),
        )  # fmt: skip
    if wants_problem_json(scope):
        response = _for_programs(problem, language_for_program(scope))
    else:
        response = _for_people(scope, problem, templates)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers.update(problem.headers)
    return response


def wants_problem_json(scope: Scope) -> bool:
    """Whether a program asked: by where it asked, or by asking for JSON and not for HTML."""
    if scope["path"].startswith(PROGRAM_PREFIXES):
        return True
    accept = (header(scope, "accept") or "").lower()[:1000]
    return "json" in accept and "html" not in accept


def as_document(problem: Problem, texts: Translator) -> dict[str, Any]:
    """The members of the problem document, in a language."""
    document: dict[str, Any] = {
        "type": f"/problems/{problem.code}",
        "title": texts.gettext(problem.title),
        "status": problem.status,
        "detail": texts.gettext(problem.detail),
        "code": problem.code,
    }
    if problem.fields:
        document["problems"] = [
            {"path": p.path, "code": p.code, "message": say(texts, p)} for p in problem.fields
        ]
    return document


def _http_problem(error: HTTPException) -> Problem:
    known: dict[int, type[PomapaError]] = {
        400: MalformedInput,
        404: NotFound,
        413: TooLarge,
        422: InvalidInput,
    }
    if error.status_code in known:
        return problem_of(known[error.status_code]())
    if error.status_code == 405:
        return Problem(405, "method_not_allowed", NOT_ALLOWED, headers=dict(error.headers or {}))
    status = error.status_code
    title = TITLES.get(status, TITLES[500] if status >= 500 else TITLES[400])
    return Problem(status, f"http_{status}", title, headers=dict(error.headers or {}))


def _for_programs(problem: Problem, language: str) -> Response:
    document = as_document(problem, translator(language))
    return Response(
        orjson.dumps(document),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={"Content-Language": language},
    )


def _for_people(scope: Scope, problem: Problem, templates: Templates) -> Response:
    language = language_of(scope)
    texts = translator(language)
    in_path, rest = split_path(scope["path"])
    # Other languages of a page that is not there are not there either.
    there = in_path is not None and problem.status not in {404, 410}
    title, detail = texts.gettext(problem.title), texts.gettext(problem.detail)
    try:
        page = Page(
            language=language,
            path=rest,
            localised=there,
            request_id=request_id_of(scope),
            banners=banners_of(scope, language),
        )
        body = templates.render(
            page,
            "error.html",
            status=problem.status,
            title=title,
            detail=detail,
            # The same error in another language; of an address with no page behind it the map, so that nothing that
            # somebody made up is repeated.
            elsewhere=rest if there else "/",
            problems=[{"path": p.path, "message": say(texts, p)} for p in problem.fields],
            again=SentAgain.of(scope) if problem.status == 503 else None,
            challenge=_challenge(scope) if problem.status == 503 else None,
            desk=is_desk(scope["path"]),
        )
    except Exception as error:  # noqa: BLE001 - the page that tells of an error must not depend on what failed
        log_failure("app.web", "error page failed", error, status=problem.status)
        body = _bare_page(language, title, detail)
    return HTMLResponse(body, status_code=problem.status, headers={"Content-Language": language})


def _challenge(scope: Scope) -> dict[str, Any] | None:
    """What the form that is sent again has to carry, where there was no room for one without a proof."""
    found = scope.get("state", {}).get("challenge")
    return found.to_dict() if found else None


def _bare_page(language: str, title: str, detail: str) -> str:
    title, detail = html.escape(title), html.escape(detail)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{detail}</p>"
    )
