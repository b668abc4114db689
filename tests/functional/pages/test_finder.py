"""The finder over HTTP: what a visitor without script sees and can do."""

import asyncio
import re
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.features.publishing import Provenance
from app.i18n import LANGUAGES
from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import at, count_of, page, titles

Client = httpx2.AsyncClient


async def test_the_start_sends_everybody_to_their_language(client: Client) -> None:
    answer = await client.get("/?q=x", headers={"Accept-Language": "uk;q=0.9, de;q=0.5"})
    assert answer.status_code == 302
    assert answer.headers["location"] == "/uk/?q=x"


async def test_the_list_is_complete_without_script(client: Client, three: None) -> None:
    found = await page(client, "/en/")
    assert count_of(found) == "3 places"
    assert set(titles(found)) == {"Stołówka", "Poradnia", "Telefon pomocy"}
    kitchen = next(hit for hit in found.all("li", class_="hit") if "Stołówka" in hit.text)
    assert "Open around the clock" in kitchen.text
    assert "Checked today" in kitchen.text
    assert "Free of charge, languages: Ukrainian" in kitchen.text
    assert (kitchen["data-lng"], kitchen["data-lat"]) == ("20.6286", "50.8661")
    assert [a["aria-label"] for a in found.all("a", href="tel:+48415550123")] == ["Call: Stołówka"]
    by_phone = next(hit for hit in found.all("li", class_="hit") if "Telefon" in hit.text)
    assert "data-lng" not in by_phone.attributes
    assert "By phone, Polska" in by_phone.text


async def test_one_can_read_on_to_the_last_place(client: Client, publish: Publish) -> None:
    await publish(*(aid_point(f"Punkt {i:02}", place=at(20 + i / 100, 51)) for i in range(27)))
    first = await page(client, "/en/?sort=name")
    following = first.one("a", rel="next")
    assert following.text == "Show the next 2 places"
    second = await page(client, following["href"])
    assert titles(first) + titles(second) == [f"Punkt {i:02}" for i in range(27)]
    assert not second.all("a", rel="next")
    assert second.one("a", rel="prev")["href"] == "/en/?sort=name"
    assert "The list ends before this page" not in second.one("main").text
    beyond = await page(client, "/en/?sort=name&page=9")
    assert "The list ends before this page" in beyond.one("main").text


async def test_near_means_nearest_first_with_distances(client: Client, three: None) -> None:
    found = await page(client, "/en/?near=20.6986,50.8990")
    assert titles(found)[:2] == ["Poradnia", "Stołówka"]
    first, second, last = found.all("li", class_="hit")
    assert "3 min on foot, 150 m" in first.text
    assert re.search(r"6\.\d km", second.text)
    assert "on foot" not in second.text
    assert last["data-id"]
    assert found.one("form", class_="sort")["data-sort"] == "near"


async def test_a_town_is_shown_with_what_is_near(
    client: Client, database: Database, publish: Publish
) -> None:
    async with session(database) as s:
        await load_gazetteer(s, ("PL",))
    await publish(
        aid_point("W Kielcach"),
        aid_point("W Krakowie", place=at(19.94, 50.06)),
        aid_point("Dentysta", services=[{"type": "dental_care"}], place=at(20.63, 50.88)),
    )
    answer = await client.get("/pl/?q=kielce")
    assert answer.status_code == 302
    found = await page(client, answer.headers["location"])
    assert set(titles(found)) == {"W Kielcach", "Dentysta"}
    assert found.one("input", id="q")["value"] == "Kielce"
    west, south, east, north = map(float, found.one("div", id="map")["data-bounds"].split(","))
    assert west < 20.63 < east
    assert south < 50.87 < north
    assert found.one("h1", id="count")["data-bounds"] == found.one("div", id="map")["data-bounds"]
    both = await client.get("/pl/?q=dentysta+Kielce")
    assert titles(await page(client, both.headers["location"])) == ["Dentysta"]
    for words in ("dentysta w Kielcach", "w Kielcach dentysta", "стоматолог у Кельцях", "dentist in Kielce"):
        answer = await client.get("/pl/", params={"q": words})
        assert answer.headers["location"] == both.headers["location"], words
    alone = await client.get("/pl/", params={"q": "w Kielcach"})
    assert alone.headers["location"] == (await client.get("/pl/?q=kielce")).headers["location"]


async def test_help_typed_beside_a_place_takes_the_place_of_the_help_chosen_before(
    client: Client, database: Database, publish: Publish
) -> None:
    async with session(database) as s:
        await load_gazetteer(s, ("PL",))
    await publish(
        aid_point("Stołówka", place=at(20.631, 50.871)),
        aid_point("Dentysta", services=[{"type": "dental_care"}], place=at(20.63, 50.88)),
    )
    answer = await client.get("/pl/?q=dentysta+Kielce&service=family:food&open_at=now&language=uk")
    meant = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert (meant["service"], meant["open_at"], meant["language"]) == ("dental_care", "now", "uk")
    both = await client.get("/pl/?q=dentysta+Kielce&service=family:food")
    found = await page(client, both.headers["location"])
    assert titles(found) == ["Dentysta"]
    tags = [tag.text for tag in found.all("a", class_="tag")]
    assert [text.split(":")[0] for text in tags] == ["Kielce", "Dentysta"]
    # A place alone says nothing about the help.
    alone = await client.get("/pl/?q=Kielce&service=family:food")
    assert dict(parse_qsl(urlsplit(alone.headers["location"]).query))["service"] == "family:food"


@pytest.mark.parametrize(
    "chosen", ["", "service=family:food", "service=dental_care", "service=hot_meals,legal"]
)
async def test_help_that_is_typed_alone_is_what_is_asked_for(
    client: Client, publish: Publish, chosen: str
) -> None:
    await publish(
        aid_point("Stołówka"),
        aid_point("Dentysta", services=[{"type": "dental_care"}]),
        aid_point("Obok dentysty", description={"texts": {"pl": "Dentysta za rogiem."}, "source": "pl"}),
    )
    answer = await client.get(f"/pl/?{chosen}&q=dentysta&language=uk&sort=name")
    assert answer.status_code == 302
    meant = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert meant == {"service": "dental_care", "language": "uk", "sort": "name"}
    answer = await client.get(f"/pl/?{chosen}&q=dentysta")
    found = await page(client, answer.headers["location"])
    assert titles(found) == ["Dentysta"]
    assert [tag.text.split(":")[0] for tag in found.all("a", class_="tag")] == ["Dentysta"]
    # What is chosen next is asked for besides, as ever.
    chip = next(link for link in found.all("a", class_="chip") if "Jedzenie" in link.text)
    assert set(parse_qsl(urlsplit(chip["href"]).query)) == {("service", "dental_care,family:food")}
    # As a script hears of it.
    part = await client.get("/pl/?q=dentysta", headers={"X-Fragment": "results"})
    assert part.status_code == 302


async def test_words_that_are_meant_as_words_stay_words(client: Client, publish: Publish) -> None:
    await publish(
        aid_point("Stołówka"),
        aid_point("Obok dentysty", description={"texts": {"pl": "Dentysta za rogiem."}, "source": "pl"}),
    )
    assert titles(await page(client, "/pl/?q=dentysta&as=text")) == ["Obok dentysty"]
    # A name that is more than the word for help, a word that is begun, an organisation.
    for question in ("q=obok+dentysty", "q=denty", "q=dentysta&layer=organisations"):
        assert (await client.get(f"/pl/?{question}")).status_code == 200, question


async def test_a_box_says_what_there_is_by_phone(client: Client, three: None) -> None:
    found = await page(client, "/en/?bbox=20.6,50.8,20.7,50.95")
    assert titles(found) == ["Stołówka", "Poradnia"]
    more = found.one("div", class_="more")
    assert "By phone or online: 1 place" in more.text


async def test_script_gets_the_list_alone(client: Client, three: None) -> None:
    answer = await client.get("/en/?service=food", headers={"X-Fragment": "results"})
    assert "X-Fragment" in answer.headers["vary"]
    assert "<html" not in answer.text
    part = HtmlPage(answer.text)
    assert part.unbalanced == []
    assert count_of(part) == "1 place"
    whole = await client.get("/en/?service=food")
    assert whole.headers["etag"] != answer.headers["etag"]


async def test_whoever_listens_hears_all_that_was_asked_for(client: Client, three: None) -> None:
    """What is pressed in the row of filters too: it stands there for whoever sees it."""
    found = await page(client, "/en/?service=family:health,food&open_at=now")
    assert found.one("h1").text.partition(": ")[2] == "Open now, Health, Food: all kinds"
    assert "Open now" not in [link.text for link in found.all("a", class_="tag")]


async def test_public_pages_can_be_kept_by_everybody(client: Client, publish: Publish) -> None:
    await publish(aid_point())
    first = await client.get("/pl/")
    assert "set-cookie" not in first.headers
    assert first.headers["cache-control"].startswith("public, max-age=30")
    same = await client.get("/pl/", headers={"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "X-Fragment" in same.headers["vary"]
    again = await client.get("/pl/")
    assert again.content == first.content
    await publish(aid_point("Nowe miejsce"))
    # A process believes a version it has read for a quarter of a second.
    await asyncio.sleep(0.3)
    changed = await client.get("/pl/", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "Nowe miejsce" in changed.text


async def test_a_protected_place_has_no_position_in_the_list(client: Client, publish: Publish) -> None:
    await publish(
        aid_point(
            "Schronienie",
            services=[{"type": "night_shelter"}],
            place={"disclosure": "area", "area": {"code": "PL-2661", "name": "powiat kielecki"}},
        )
    )
    found = await page(client, "/en/?near=20.6,50.8")
    hit = found.one("li", class_="hit")
    assert "Protected address, powiat kielecki" in hit.text
    assert "data-lng" not in hit.attributes
    assert " km" not in hit.text


async def test_every_language_has_its_page(client: Client, three: None) -> None:
    for language in LANGUAGES:
        answer = await client.get(f"/{language}/")
        assert answer.headers["content-language"] == language
        found = HtmlPage(answer.text)
        html = found.one("html")
        assert (html["lang"], html["dir"]) == (language, "ltr")
        assert found.one("link", rel="canonical")["href"] == f"http://testserver/{language}/"
        others = {link["hreflang"] for link in found.all("link", rel="alternate") if link["hreflang"]}
        assert others == {*LANGUAGES, "x-default"}
        assert found.one("div", id="map")["data-lang"] == language


async def test_example_data_are_called_so(client: Client, publish: Publish) -> None:
    await publish(aid_point(), provenance=Provenance(example=True))
    found = await page(client, "/en/")
    assert (
        found.one("aside", class_="strip example").text == "These are example data, the places are made up."
    )


async def test_organisations_have_their_own_list(client: Client, publish: Publish) -> None:
    await publish({"name": {"texts": {"pl": "Fundacja Most"}, "source": "pl"}}, layer="organisations")
    await publish(aid_point())
    found = await page(client, "/en/?layer=organisations")
    assert titles(found) == ["Fundacja Most"]
    assert count_of(found) == "1 organisation"
    assert not found.all("form", id="filter-form")


async def test_names_are_in_a_language_that_the_reader_understands_and_say_in_which(
    client: Client, publish: Publish
) -> None:
    polish = {"texts": {"pl": "Ala ma zupę", "uk": "Суп у Алі"}, "source": "pl"}
    russian = {"texts": {"ru": "Суп у Яны", "uk": "Суп у Яни"}, "source": "ru"}
    await publish(*(aid_point() | {"name": name} for name in (polish, russian)))
    shown: dict[str, list[tuple[str, str | None]]] = {
        "pl": [("Ala ma zupę", None), ("Суп у Яны", "ru")],
        "uk": [("Суп у Алі", None), ("Суп у Яни", None)],
        "ru": [("Суп у Алі", "uk"), ("Суп у Яны", None)],
        "de": [("Ala ma zupę", "pl"), ("Суп у Яны", "ru")],
    }
    for language, names in shown.items():
        found = await page(client, f"/{language}/?sort=name")
        shown_names = [name for name in found.all("bdi") if name.text in {text for text, _ in names}]
        assert [(name.text, name.attributes.get("lang")) for name in shown_names] == names, language
        typed = await client.get("/api/v1/search", params={"q": "Суп", "lang": language})
        assert names[1][0] in typed.text, language
