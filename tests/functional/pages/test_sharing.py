"""What is shown of a page where somebody shares its address, and which address stands for it."""

import asyncio
import io
import itertools

import httpx2
import pytest
from PIL import Image

from app.i18n import LANGUAGES
from app.pages.feature_picture import MOST_WAITING, ONE
from app.pages.views.picture import MAP_LEFT
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
    assert shown["og:image"] == f"http://testserver/{language}/aid_points/{made.feature_id}/picture.png"
    assert shown["og:image:alt"].startswith("Kuchnia <b>. ")
    drawn = await client.get(shown["og:image"])
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/png")
    size = (int(shown["og:image:width"]), int(shown["og:image:height"]))
    assert Image.open(io.BytesIO(drawn.content)).size == size
    again = await client.get(shown["og:image"], headers={"If-None-Match": drawn.headers["etag"]})
    assert again.status_code == 304
    alternates = {tag["hreflang"] for tag in found.all("link", rel="alternate") if tag["hreflang"]}
    assert alternates == {*LANGUAGES, "x-default"}


async def test_a_shared_place_about_violence_says_nothing(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point("Ciche", services=[{"type": "violence_support"}]))
    answer = await client.get(f"/pl/aid_points/{made.feature_id}", follow_redirects=True)
    found = await open_page(client, answer.url.path)
    assert not [tag for tag in found.all("meta") if (tag["property"] or "").startswith("og:")]
    assert "Ciche" not in found.one("title").text
    hidden = await client.get(f"/pl/aid_points/{made.feature_id}/picture.png")
    assert (hidden.status_code, hidden.headers["content-type"][:9]) == (404, "text/html")


async def test_who_asks_for_many_pictures_at_once_is_sent_away_and_the_others_are_drawn(
    client: Client, publish: Publish
) -> None:
    [made] = await publish(aid_point("Kuchnia"))
    path = f"/pl/aid_points/{made.feature_id}/picture.png"
    async with ONE:  # One is being drawn.
        asked = [asyncio.create_task(client.get(path)) for _ in range(MOST_WAITING + 5)]
        for finished in itertools.islice(asyncio.as_completed(asked, timeout=30), 5):
            answer = await finished
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
            assert answer.headers["cache-control"] == "no-store"
    answers = await asyncio.gather(*asked)
    assert [answer.status_code for answer in answers].count(200) == MOST_WAITING


async def test_what_is_gone_has_no_picture(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point("Kuchnia"))
    unknown = str(made.feature_id)[:-4] + "0000"
    for path in (f"/pl/aid_points/{unknown}/picture.png", f"/pl/organisations/{made.feature_id}/picture.png"):
        assert (await client.get(path)).status_code == 404


async def test_the_picture_of_a_place_that_is_not_shown_exactly_has_no_map(
    client: Client, publish: Publish
) -> None:
    around = {"disclosure": "area", "area": {"code": "PL-2661", "name": "Kielce"}}
    [made] = await publish(aid_point("Kuchnia", place=around))
    drawn = await client.get(f"/pl/aid_points/{made.feature_id}/picture.png")
    picture = Image.open(io.BytesIO(drawn.content)).convert("RGB")
    beside = picture.crop((MAP_LEFT, 0, *picture.size))
    assert beside.getcolors() == [(beside.width * beside.height, (255, 255, 255))]
