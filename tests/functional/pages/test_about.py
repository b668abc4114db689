"""Pages of reading."""

import datetime as dt
import re

import httpx2
import pytest

from app.config import Settings
from app.i18n import LANGUAGES, translator
from tests.functional.pages.feature_page import open_page

#: What the ministry's technical conditions ask a statement to have.
STATEMENT = (
    *("deklaracja", "wstep", "podmiot", "url", "data-publikacja", "data-aktualizacja", "status", "ocena"),
    *("data-sporzadzenie", "audytor", "kontakt", "osoba", "email", "telefon", "procedura", "architektura"),
    "aplikacje",
)
Client = httpx2.AsyncClient


@pytest.mark.parametrize("name", ["about", "checking", "privacy", "accessibility", "data"])
async def test_pages_of_reading_are_there_in_every_language(client: Client, name: str) -> None:
    for language in LANGUAGES:
        found = await open_page(client, f"/{language}/{name}")
        assert found.one("h1").text
        assert found.one("html")["lang"] == language
    assert (await client.get("/en/no-such-page")).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_accessibility_statement_has_everything_that_the_act_asks_for(
    client: Client, language: str
) -> None:
    page = (await client.get(f"/{language}/accessibility")).text
    said = dict(re.findall(r'id="a11y-([a-z-]+)"[^>]*>\s*([^<]*)', page))
    assert set(STATEMENT) <= said.keys()
    # Nobody has set who runs this installation: it says so, and invents nothing.
    not_given = translator(language).gettext("not given yet")
    assert {said[name] for name in ("podmiot", "email", "osoba", "data-publikacja")} == {not_given}


def test_settings_of_the_statement_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBSITE_PUBLISHED", "2026-12-01")
    assert Settings().website_published == dt.date(2026, 12, 1)
    monkeypatch.setenv("WEBSITE_PUBLISHED", "")
    assert Settings().website_published is None
