"""What a process makes once, and the application of each test would make anew: compiled templates, routes read out of functions.

Neither depends on the database or the settings of a test; both are what an installation has after its first requests.
"""

import functools
from typing import Any

from fastapi import FastAPI
from jinja2 import Environment
from starlette.routing import BaseRoute

from app.templating import rendering
from app.templating.environment import Site, environment

_ROUTES: list[BaseRoute] = []


def share_templates() -> None:
    """Let all sites of one address and one built front end share their environments."""
    known: dict[tuple[Any, ...], Environment] = {}

    @functools.wraps(environment)
    def shared(site: Site, language: str) -> Environment:
        key = (site.public_url, site.timezone, site.home, site.assets.dist, language)
        return known.setdefault(key, known.get(key) or environment(site, language))

    rendering.environment = shared  # type: ignore[attr-defined]  # where it is used


def share_routes(app: FastAPI) -> FastAPI:
    """Give the application the routes of the first one, which have been read out already."""
    if not _ROUTES:
        _ROUTES.extend(app.router.routes)
    app.router.routes[:] = _ROUTES
    return app
