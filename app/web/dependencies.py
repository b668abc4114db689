"""What routes ask for: the database, the settings, the page they answer with."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import HTMLResponse

from app.config import Settings
from app.db import CountingReader, Database, PublicReader, session
from app.templating import Page, Templates
from app.web.banners import banners_of
from app.web.client_address import IPV6_PREFIX, client_address, counted_as
from app.web.language import language_of, split_path
from app.web.rate_limit import ClientKeys, Limit, take
from app.web.request_id import request_id_of
from app.web.strict_form import FormValues, form_values


def settings_of(request: Request) -> Settings:
    """The settings of this installation."""
    settings: Settings = request.app.state.settings
    return settings


def database_of(request: Request) -> Database:
    """The engines of this process."""
    database: Database = request.app.state.database
    return database


async def _write(request: Request) -> AsyncIterator[AsyncSession]:
    async with session(database_of(request)) as transaction:
        yield transaction


async def _read(request: Request) -> PublicReader:
    return PublicReader(database_of(request).read)


async def _count(request: Request) -> CountingReader:
    return database_of(request).counts()


#: One transaction of the writer. It is committed before the answer goes out: scope "function".
WriteSession = Annotated[AsyncSession, Depends(_write, scope="function")]
#: The public reader, which sees `published` and nothing else. It holds no connection between two statements.
ReadConnection = Annotated[PublicReader, Depends(_read)]
#: The same for numbers that the answer can do without: `TookTooLong` where they are not there in their time.
CountConnection = Annotated[CountingReader, Depends(_count)]
#: The values of the form that was sent.
Form = Annotated[FormValues, Depends(form_values)]


def page_of(request: Request, **more: Any) -> Page:
    """The page that a request asks for; `more` sets further fields of `Page`."""
    in_path, rest = split_path(request.scope["path"])
    known: dict[str, Any] = {
        "language": language_of(request.scope),
        "path": rest,
        "query": request.url.query,
        "localised": in_path is not None,
        "request_id": request_id_of(request.scope),
        "example_data": bool(getattr(request.app.state, "example_data", False)),
    }
    known["banners"] = banners_of(request.scope, more.get("language", known["language"]))
    return Page(**(known | more))


def render(
    request: Request, template: str, *, status: int = 200, page: Page | None = None, **data: Any
) -> HTMLResponse:
    """Answer with a template, in the language of the page."""
    templates: Templates = request.app.state.templates
    shown = page or page_of(request)
    return HTMLResponse(
        templates.render(shown, template, **data),
        status_code=status,
        headers={"Content-Language": shown.language},
    )


def refuse_told(request: Request, limit: Limit) -> None:
    """`TooManyRequests` for a client that was told so a moment ago; nothing is asked, and nothing is counted."""
    keys: ClientKeys = request.app.state.client_keys
    address = client_address(request.scope, settings_of(request).trusted_proxies)
    keys.refuse_told(limit, counted_as(address, IPV6_PREFIX))


async def limited(
    request: Request, limit: Limit, *, also: str = "", about: str = "", ipv6_prefix: int = IPV6_PREFIX
) -> None:
    """Count one use by this client (or by `also`, such as an e-mail address, instead), of `about` by itself.

    Whoever comes by IPv6 is counted with their network.

    `TooManyRequests` when it was one too many; `Overloaded` when the counters cannot be reached.
    """
    keys: ClientKeys = request.app.state.client_keys
    address = client_address(request.scope, settings_of(request).trusted_proxies)
    client = also or counted_as(address, ipv6_prefix)
    await take(database_of(request).write, limit, keys, f"{client}\x1f{about}" if about else client)
