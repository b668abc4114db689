"""What answers about something that was sent in have in common: where they are, their links, and that no cache keeps them."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from app.config import Settings
from app.web.dependencies import settings_of
from app.web.etag import private

PATH: Final = "/api/v1/submissions"
#: How OpenAPI describes an error.
PROBLEM: Final[dict[str, Any]] = {"content": {"application/problem+json": {}}}


def private_json(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Give an answer that no cache keeps."""
    answer = Response(body, status_code=status, media_type="application/json", headers=dict(headers or {}))
    private(answer)
    return answer


def secret_of(settings: Settings) -> str:
    """Give the key that links to what was sent are made with."""
    return settings.secret_key.get_secret_value()


def public_url(request: Request) -> str:
    """Give where this installation is found, without a slash at the end."""
    return settings_of(request).public_url
