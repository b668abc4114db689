"""What is said on top of every page: asked of whoever knows, which is set where the application is put together."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.types import Scope

#: A page that tells of an error waits no longer for what is said on top of it.
_PATIENCE_S: Final = 1


def banners_of(scope: Scope, language: str) -> Sequence[Any]:
    """Give the banners of a page, in a language; none where nobody knows."""
    application = scope.get("app")
    say: Callable[[Scope, str], Sequence[Any]] | None = getattr(
        getattr(application, "state", None), "say_banners", None
    )
    return say(scope, language) if say is not None else ()


async def look_at_banners(request: Request) -> None:
    """Let a page that asked nobody, as that of an address where nothing is, say what is posted now."""
    look: Callable[[Request], Awaitable[None]] | None = getattr(request.app.state, "look_at_banners", None)
    if look is not None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_S):
                await look(request)
