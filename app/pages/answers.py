"""What all public pages share: the moment they speak of, their validator, who may keep them."""

import datetime as dt
import functools
import hashlib
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import Response

from app.banners.showing import key_of
from app.features.asking import NOW_STEP
from app.features.versions import Version, tag_of
from app.pages.banners import known_versions, posted
from app.templating import Templates
from app.templating.environment import TEMPLATES
from app.web.dependencies import database_of, settings_of
from app.web.etag import not_modified, public, strong_etag

#: The header by which script asks for a part of a page, and the parts that there are.
FRAGMENT_HEADER = "X-Fragment"
RESULTS, PANEL = "results", "panel"
#: Of a page that lacks something. Whoever asks again gets a new one: it has no validator.
BRIEF = "public, max-age=5"


def now_of(request: Request) -> dt.datetime:
    """The moment that pages speak of: it moves on every five minutes, so that an answer can be kept so long."""
    clock = getattr(request.app.state, "clock", None)
    moment: dt.datetime = clock() if clock else dt.datetime.now(dt.UTC)
    step = NOW_STEP.total_seconds()
    return dt.datetime.fromtimestamp(moment.timestamp() // step * step, dt.UTC)


def today_of(request: Request) -> dt.date:
    """The day that it is where the installation is."""
    return now_of(request).astimezone(ZoneInfo(settings_of(request).timezone)).date()


async def versions_of(request: Request) -> dict[str, Version]:
    """How often each layer has changed, as of when this request asked first.

    So a page that asks before it reads anything has a validator that is never newer than what it says.
    """
    if not hasattr(request.state, "versions"):
        request.state.versions = await known_versions(request).current(database_of(request))
        posted(request.scope)
    versions: dict[str, Version] = request.state.versions
    return versions


async def validator(request: Request, *layers: str, also: str = "") -> str:
    """The validator of a page made from `layers`; `also` is what else decides its bytes."""
    versions = await versions_of(request)
    return strong_etag(
        tag_of(versions, layers),
        request.scope["path"],
        request.scope["query_string"],
        now_of(request).isoformat(),
        _state_of_the_front_end(request),
        _state_of_the_templates(TEMPLATES),
        ",".join(key_of(one) for one in posted(request.scope)),
        also,
    )


def unchanged(request: Request, etag: str, vary: str = "") -> Response | None:
    """The 304 for a client that has this page already, or None."""
    answer = not_modified(request, etag)
    if answer is not None and vary:
        answer.headers["Vary"] = f"Accept-Encoding, {vary}"
    return answer


def kept_by_all(response: Response, etag: str, vary: str = "") -> Response:
    """Mark a page as the same for everybody."""
    if vary:
        response.headers["Vary"] = vary
    return public(response, etag)


def kept_briefly(response: Response, vary: str = "") -> Response:
    """Mark a page as the same for everybody who asks at once: in a moment it may say more."""
    response.headers["Cache-Control"] = BRIEF
    if vary:
        response.headers["Vary"] = vary
    return response


def _state_of_the_front_end(request: Request) -> str:
    templates: Templates = request.app.state.templates
    return ",".join(templates.site.assets.manifest().values())


@functools.cache
def _state_of_the_templates(folder: Path) -> str:
    """A digest of the templates: a new version of the program writes other pages from the same data."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
