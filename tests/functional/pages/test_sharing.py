"""What is shown of a page where somebody shares its address, and which address stands for it."""

import httpx2
import pytest

from app.i18n import LANGUAGES
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.feature_page import open_page

Client = httpx2.AsyncClient
LOCALES = {"pl": "pl_PL", "uk": "uk_UA", "en": "en_GB", "de": "de_DE", "ro": "ro_RO", "ru": "ru_RU"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_shared_place_says_its_name_and_help_and_shows_our_sign(
    client: Client, publish: Publish, language: str
) -> None:
    [made] = await publish(aid_point("Kuchnia <b>"))
    answer = await client.get(f"/{language}/aid_points/{made.feature_id}", follow_redirects=True)
    found = await open_page(client, answer.url.path)
    shown = {tag["property"]: tag["content"] for tag in found.all("meta") if tag["property"]}
    assert shown["og:title"] == "Kuchnia <b>"
    assert shown["og:description"] == found.one("meta", name="description")["content"]
    assert shown["og:url"] == found.one("link", rel="canonical")["href"]
    assert shown["og:locale"] == LOCALES[language]
    others = {tag["content"] for tag in found.all("meta", property="og:locale:alternate")}
    assert others == set(LOCALES.values()) - {LOCALES[language]}
    if "og:image" in shown:
        assert shown["og:image"].startswith("http://testserver/static/icon-512-")
    alternates = {tag["hreflang"] for tag in found.all("link", rel="alternate") if tag["hreflang"]}
    assert alternates == {*LANGUAGES, "x-default"}


async def test_a_shared_place_about_violence_says_nothing(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point("Ciche", services=[{"type": "violence_support"}]))
    answer = await client.get(f"/pl/aid_points/{made.feature_id}", follow_redirects=True)
    found = await open_page(client, answer.url.path)
    assert not [tag for tag in found.all("meta") if (tag["property"] or "").startswith("og:")]
    assert "Ciche" not in found.one("title").text
