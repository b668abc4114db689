"""The banners of a request: what every public page says on top, read together with the versions of the layers."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from starlette.types import Scope

from app.banners.showing import Shown, said, shown_at
from app.features.versions import KnownVersions


def known_versions(request: Request) -> KnownVersions:
    """What this process knows of the versions and of the banners."""
    state = request.app.state
    if not hasattr(state, "known_versions"):
        state.known_versions = KnownVersions()
    known: KnownVersions = state.known_versions
    return known


def posted(scope: Scope) -> Sequence[Mapping[str, Any]]:
    """The banners of a request: those of when it asked for the versions, so that a page and its validator agree."""
    state = scope.setdefault("state", {})
    if "banners" not in state:
        application = scope["app"].state
        known = getattr(application, "known_versions", None)
        clock = getattr(application, "clock", None)
        now = clock() if clock else dt.datetime.now(dt.UTC)
        state["banners"] = shown_at(known.board, now) if known is not None else []
    banners: Sequence[Mapping[str, Any]] = state["banners"]
    return banners


def said_on(scope: Scope, language: str) -> tuple[Shown, ...]:
    """What a page in a language says on top; set as `app.state.say_banners` where the application is put together."""
    return tuple(said(one, language) for one in posted(scope))
