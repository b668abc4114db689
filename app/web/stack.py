"""Puts the platform round an application, in the one order in which its parts rely on each other."""

from collections.abc import Mapping, Sequence

from fastapi import FastAPI
from starlette.middleware import Middleware

from app.config import Settings
from app.log import AccessLog
from app.templating import Templates
from app.web.answered_at import AnsweredAt
from app.web.body import BodyGuard
from app.web.compression import Compression
from app.web.cors import PublicCors
from app.web.error_boundary import ErrorBoundary, handle_errors
from app.web.head_requests import HeadAsGet
from app.web.in_turn import Turns, TurnsOfProved
from app.web.language import LanguagePaths
from app.web.origin_check import OriginCheck
from app.web.own_cookies import OwnCookies
from app.web.own_host import HostCheck, OwnHosts
from app.web.rate_limit import ClientKeys
from app.web.request_id import RequestId
from app.web.request_line import RequestLine
from app.web.security_headers import SecurityHeaders
from app.web.static_files import StaticFiles


def equip(
    app: FastAPI,
    settings: Settings,
    templates: Templates,
    *,
    body_limits: Mapping[str, int] | None = None,
    file_limits: Mapping[str, int] | None = None,
    program_paths: tuple[str, ...] = (),
    shortcuts: Sequence[Middleware] = (),
) -> None:
    """Give an application the platform's middlewares, error answers and state.

    `body_limits` are sizes in bytes by path prefix where 64 kB is too little, `file_limits` those of forms with a file; `program_paths` are the
    prefixes where programs may send, without a browser's origin and as JSON; `shortcuts` answer requests that
    need no route. The caller sets
    `app.state.database` and `app.state.guard`, and makes the application with `redirect_slashes=False`.
    """
    hosts = OwnHosts.of(settings)
    app.state.settings = settings
    app.state.templates = templates
    app.state.turns = Turns()
    app.state.turns_of_proved = TurnsOfProved()
    app.state.client_keys = ClientKeys(settings.secret_key.get_secret_value())
    # The first is the outermost.
    app.user_middleware = [
        Middleware(RequestId),
        Middleware(AccessLog),
        Middleware(SecurityHeaders, https=settings.secure_cookies),
        Middleware(AnsweredAt),
        Middleware(PublicCors),
        Middleware(HeadAsGet),
        Middleware(Compression),
        Middleware(ErrorBoundary, templates=templates),
        Middleware(RequestLine),
        Middleware(HostCheck, hosts=hosts),
        *shortcuts,
        Middleware(StaticFiles, assets=templates.site.assets),
        Middleware(LanguagePaths),
        Middleware(OriginCheck, hosts=hosts, program_paths=program_paths),
        Middleware(
            BodyGuard,
            limits=body_limits,
            json_paths=program_paths,
            file_limits=file_limits,
            trusted_proxies=settings.trusted_proxies,
        ),
        Middleware(OwnCookies),
    ]
    handle_errors(app, templates)
