"""Pages of reading."""

import httpx2
import pytest

from app.i18n import LANGUAGES
from tests.functional.pages.feature_page import open_page

Client = httpx2.AsyncClient


@pytest.mark.parametrize("name", ["about", "checking", "privacy", "accessibility", "data"])
async def test_pages_of_reading_are_there_in_every_language(client: Client, name: str) -> None:
    for language in LANGUAGES:
        found = await open_page(client, f"/{language}/{name}")
        assert found.one("h1").text
        assert found.one("html")["lang"] == language
    assert (await client.get("/en/no-such-page")).status_code == 404
