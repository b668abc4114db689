"""What was typed into a form that nobody could take in just now: its page carries it on, so that it is sent again by one button."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import quote

from starlette.types import Scope

from app.web.asgi import header
from app.web.strict_form import SCOPE_KEY, FormValues


@dataclass(frozen=True, slots=True)
class SentAgain:
    """A form as it came: where it was sent, its fields in their order, whether a file came with it, which no page can carry."""

    address: str
    fields: tuple[tuple[str, str], ...]
    encoding: str
    had_file: bool

    @classmethod
    def of(cls, scope: Scope) -> Self | None:
        """What a request has sent; None for what was no form, or was not read as far."""
        sent = scope.get(SCOPE_KEY)
        # An address of two slashes would be one of another host.
        if not isinstance(sent, FormValues) or scope["path"].startswith("//"):
            return None
        query = scope["query_string"].decode("latin-1")
        is_multipart = (header(scope, "content-type") or "").lower().startswith("multipart/")
        return cls(
            quote(scope["path"]) + (f"?{query}" if query else ""),
            sent.pairs,
            "multipart/form-data" if is_multipart else "application/x-www-form-urlencoded",
            any(file.content for _, file in sent.files),
        )
