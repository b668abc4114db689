"""What is said on top of every page: asked of whoever knows, which is set where the application is put together."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.types import Scope


def banners_of(scope: Scope, language: str) -> Sequence[Any]:
    """Give the banners of a page, in a language; none where nobody knows."""
    application = scope.get("app")
    say: Callable[[Scope, str], Sequence[Any]] | None = getattr(
        getattr(application, "state", None), "say_banners", None
    )
    return say(scope, language) if say is not None else ()
