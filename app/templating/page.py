"""What a template knows about the page it is."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.i18n import DEFAULT_LANGUAGE


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site.

    `path` begins with a slash and has no language in front (`/add/aid_points`); `query` is the query
    string that the same page in another language keeps. `localised` pages exist under `/{language}/`
    for every language, others (the desk) only once, in the reader's language. `person` is the name of
    whoever is signed in. `banners` are what is said on top, in this language. `canonical_query` belongs
    to the page's lasting address, filters usually do not.
    """

    language: str = DEFAULT_LANGUAGE
    path: str = "/"
    query: str = ""
    canonical_query: str = ""
    localised: bool = True
    example_data: bool = False
    person: str | None = None
    request_id: str = ""
    banners: Sequence[Any] = ()
    now: dt.datetime = field(default_factory=_now)

    def address(self, language: str | None = None) -> str:
        """The path of this page in a language, with its query."""
        path = f"/{language or self.language}{self.path}" if self.localised else self.path
        return f"{path}?{self.query}" if self.query else path

    def canonical(self, language: str | None = None) -> str:
        """The path that stands for this page in search engines."""
        path = f"/{language or self.language}{self.path}" if self.localised else self.path
        return f"{path}?{self.canonical_query}" if self.canonical_query else path
