"""The web application, put together from its slices."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI, Request
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.oidc.service import Services
from app.areas.drawn import MOST_BYTES as MOST_OUTLINE
from app.config import Settings, get_settings
from app.db import Database
from app.db.one_connection import watch
from app.demonstration.presence import watching_examples
from app.desk.guard import DeskGuard
from app.desk.routes import routers as desk_routers
from app.exports.routes import routers as exports_routers
from app.i18n import LANGUAGES
from app.imports.staging.reading import MOST_BYTES
from app.imports.staging.table_file import MOST_BYTES as MOST_TABLE
from app.map_api.private_answers import PATH as SUBMISSIONS_PATH
from app.map_api.routes import routers as map_api_routers
from app.map_api.routes import shortcuts
from app.metadata.routes import router as metadata_router
from app.pages.answers import versions_of
from app.pages.banners import said_on
from app.pages.photos_sent import MOST_WITH_PHOTO
from app.pages.routes import routers as pages_routers
from app.templating import Templates
from app.web.one_connection import OneConnection
from app.web.stack import equip

#: Prefixes under which programs may send: without a browser's origin, and as JSON.
PROGRAM_PATHS: tuple[str, ...] = (SUBMISSIONS_PATH,)
#: A form carries all its steps; in Cyrillic each letter takes six bytes of it.
BODY_LIMITS = {f"/{language}/{page}": 256_000 for language in LANGUAGES for page in ("add", "status")}
#: A photo comes with its form, and at the desk a file of another list with its own.
FILE_LIMITS = {
    f"/{language}/{page}/": MOST_WITH_PHOTO for language in LANGUAGES for page in ("add", "suggest", "status")
} | {
    "/desk/imports": MOST_BYTES + 64_000,
    "/desk/areas": MOST_OUTLINE + 128_000,
    # A table comes as a file, and is corrected in a form of as many fields.
    "/desk/organisations/": MOST_TABLE + 256_000,
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; it connects to nothing before the first request."""
    settings = settings or get_settings()
    templates = Templates(settings.public_url, timezone=settings.timezone, home=settings.countries[0])
    app = FastAPI(
        title="Pomapa",
        summary="An open, moderated map of help",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        # What people ask for goes into no trace; to look whether there is one costs every request.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.database = Database.of(settings)
    app.state.guard = DeskGuard()
    app.state.services = Services(settings)
    app.state.say_banners = said_on
    app.state.look_at_banners = _know_the_words
    equip(
        app,
        settings,
        templates,
        program_paths=PROGRAM_PATHS,
        body_limits=BODY_LIMITS,
        file_limits=FILE_LIMITS,
        shortcuts=shortcuts,
    )
    if settings.environment == "development":
        # Told to whoever writes a page, not to whoever would wait for it.
        watch(app.state.database)
        app.add_middleware(OneConnection)
    # The most asked-for routes come first: each route before another costs it a little.
    for router in map_api_routers:
        app.include_router(router)
    for router in desk_routers:
        app.include_router(router, dependencies=[Depends(_know_the_words)])
    app.include_router(metadata_router)
    for router in (*exports_routers, *pages_routers):
        app.include_router(router, dependencies=[Depends(_know_the_words)])
    return app


async def _know_the_words(request: Request) -> None:
    """Go by what was added to the vocabulary until now, before a form is read or a page is made.

    While the database does not answer, what is known goes on being true.
    """
    with contextlib.suppress(SQLAlchemyError, OSError):
        await versions_of(request)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    database: Database = app.state.database

    def show_banner(there: bool) -> None:
        app.state.example_data = there

    try:
        async with watching_examples(database, show_banner):
            yield
    finally:
        await database.dispose()
        if hasattr(app.state, "tile_upstream"):
            await app.state.tile_upstream.close()
