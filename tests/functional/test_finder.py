"""The finder over HTTP: what a visitor without script sees and can do."""

import asyncio
import re
from typing import Any

import httpx2
import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.features.publishing import Provenance
from app.i18n import LANGUAGES

from .conftest import Publish, aid_point
from .html_page import HtmlPage

Client = httpx2.AsyncClient

ALWAYS = "24/7"
PHONE = {"kind": "phone", "value": "+48 41 555 01 23"}


def at(lng: float, lat: float) -> dict[str, Any]:
    return {"position": {"lng": lng, "lat": lat}}


async def page(client: Client, path: str, status: int = 200, **headers: str) -> HtmlPage:
    answer = await client.get(path, headers=headers)
    assert answer.status_code == status, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


def titles(found: HtmlPage) -> list[str]:
    return [
        a.text
        for a in found.all("a")
        if re.match(r"/\w\w/(aid_points|organisations)/[0-9a-f-]{36}/", a["href"])
    ]


def count_of(found: HtmlPage) -> str:
    return found.one("h1", id="count")["data-count"]


@pytest.fixture
async def three(publish: Publish) -> None:
    await publish(
        aid_point("Stołówka", hours=ALWAYS, languages=["uk"], cost={"code": "free"}, contacts=[PHONE]),
        aid_point(
            "Poradnia",
            services=[{"type": "legal_advice"}],
            place=at(20.70, 50.90),
            languages=["pl"],
            audience_mode="only",
            audiences=["women"],
        ),
        aid_point(
            "Telefon pomocy",
            services=[{"type": "crisis_line"}],
            place={"disclosure": "exact"},
            channel="phone",
            area_served=[{"code": "PL", "name": "Polska"}],
            hours=ALWAYS,
        ),
    )


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


FILTERS: list[tuple[str, set[str]]] = [
    ("service=family:food", {"Stołówka"}),
    ("service=food,legal", {"Stołówka", "Poradnia"}),
    ("service=hot_meals&service=crisis_line", {"Stołówka", "Telefon pomocy"}),
    ("language=uk", {"Stołówka"}),
    ("audience=women", {"Poradnia"}),
    ("access=free", {"Stołówka"}),
    ("access=by_phone", {"Telefon pomocy"}),
    ("open_at=now", {"Stołówka", "Telefon pomocy"}),
    ("open_at=now&service=legal", set()),
    ("bbox=20.69,50.89,20.71,50.91", {"Poradnia"}),
    ("q=porad", {"Poradnia"}),
    ("q=обід", set()),
    ("q=legal+advice", {"Poradnia"}),
    ("utm_source=a-newsletter", {"Stołówka", "Poradnia", "Telefon pomocy"}),
]


async def test_filters_leave_what_was_asked_for(client: Client, three: None) -> None:
    for query, expected in FILTERS:
        found = await page(client, f"/en/?{query}")
        assert set(titles(found)) == expected, query
        assert count_of(found) == f"{len(expected)} place{'' if len(expected) == 1 else 's'}", query


async def test_every_row_of_the_panel_says_how_many_it_leaves(client: Client, three: None) -> None:
    found = await page(client, "/en/?language=uk")
    rows = {row.text for row in found.all("label", class_="tick")}
    # A second language adds places; another parameter narrows them down.
    assert {
        "polski 1",
        "українська 1",
        "English 0",
        "Legal and civic advice 0",
        "At any time 1",
        "Open now 1",
    } <= rows
    for row in found.all("label", class_="tick"):
        assert re.search(r" \d+$", row.text), row.text
    chosen = [e["value"] for e in found.all("input", type="checkbox", checked="")]
    assert chosen == ["uk"]


async def test_the_count_of_a_row_is_what_its_choice_shows(client: Client, three: None) -> None:
    found = await page(client, "/en/")
    inputs = [e for e in found.elements if e.tag == "input" and e["type"] in ("checkbox", "radio")]
    rows = {
        (i["name"], i["value"]): row.text
        for i, row in zip(inputs, found.all("label", class_="tick"), strict=True)
    }
    for name, code in (
        ("service", "crisis_line"),
        ("service", "family:law"),
        ("service", "legal"),
        ("audience", "women"),
        ("language", "uk"),
        ("access", "free"),
        ("open_at", "now"),
    ):
        chosen = await page(client, f"/en/?{name}={code}")
        assert rows[name, code].rsplit(" ", 1)[1] == count_of(chosen).split(" ")[0], code


async def test_set_filters_are_tags_that_lead_back(client: Client, three: None) -> None:
    found = await page(client, "/en/?service=hot_meals&language=uk&sort=name")
    tags = {tag.text: tag["href"] for tag in found.all("a", class_="tag")}
    assert tags == {
        "Ukrainian: remove this filter": "/en/?service=hot_meals&sort=name",
        "Hot meals: remove this filter": "/en/?language=uk&sort=name",
    }


async def test_chips_turn_a_filter_on_and_off(client: Client, three: None) -> None:
    found = await page(client, "/en/?service=family:food")
    food = found.one("a", data_filter="service", data_value="family:food")
    assert (food["aria-current"], food["href"]) == ("true", "/en/")
    law = found.one("a", data_filter="service", data_value="family:law")
    assert "aria-current" not in law.attributes
    assert law["href"] == "/en/?service=family%3Afood,family%3Alaw"


async def test_one_can_read_on_to_the_last_place(client: Client, publish: Publish) -> None:
    await publish(*(aid_point(f"Punkt {i:02}", place=at(20 + i / 100, 51)) for i in range(27)))
    first = await page(client, "/en/?sort=name")
    following = first.one("a", rel="next")
    assert following.text == "Show the next 2 places"
    second = await page(client, following["href"])
    assert titles(first) + titles(second) == [f"Punkt {i:02}" for i in range(27)]
    assert not second.all("a", rel="next")
    assert second.one("a", rel="prev")["href"] == "/en/?sort=name"
    assert "The list ends before this page" in second.one("main").text or titles(second)
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


async def test_nothing_found_is_no_dead_end(client: Client, three: None) -> None:
    found = await page(client, "/en/?service=hot_meals&audience=women")
    assert count_of(found) == "0 places"
    ways = {
        link.text: link["href"] for link in found.all("a", class_="quiet") if link.text.startswith("Show")
    }
    assert ways == {
        "Show 1 place: Without: Women": "/en/?service=hot_meals",
        "Show 1 place: Without: Hot meals": "/en/?audience=women",
        "Show 3 places: All places": "/en/",
    }
    for href in ways.values():
        assert titles(await page(client, href))


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


async def test_public_pages_can_be_kept_by_everybody(client: Client, publish: Publish) -> None:
    await publish(aid_point())
    first = await client.get("/pl/")
    assert "set-cookie" not in first.headers
    assert first.headers["cache-control"].startswith("public, max-age=60")
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


SENSELESS = [
    ("service=no_such_help", 422),
    ("language=klingon", 422),
    ("bbox=1,2,3", 422),
    ("bbox=nan,nan,nan,nan", 422),
    ("bbox=21,50,20,51", 422),
    ("near=200,200", 422),
    ("near=17", 422),
    ("open_at=yesterday", 422),
    ("area=%27%3B+DROP+TABLE", 422),
    ("organisation=1", 422),
    ("page=0", 422),
    ("page=401", 422),
    ("page=1e3", 422),
    ("sort=price", 422),
    ("place=geonames:0", 422),
    ("layer=secrets", 404),
    ("q=" + "ж" * 101, 422),
    ("q=%00", 422),
    ("q=%ff%fe", 422),
    ("q=a&q=b", 422),
]


async def test_questions_that_make_no_sense_get_a_readable_page(client: Client) -> None:
    for query, status in SENSELESS:
        found = await page(client, f"/de/?{query}", status)
        assert found.one("html")["lang"] == "de"
        assert found.one("h1").text
        assert query.partition("=")[2] not in found.one("main").text


async def test_input_comes_back_only_as_text(client: Client, publish: Publish) -> None:
    await publish(aid_point())
    nasty = '"><script>alert(1)</script>'
    answer = await client.get("/pl/", params={"q": nasty})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    found = HtmlPage(answer.text)
    assert found.one("input", id="q")["value"] == nasty
    assert [script["src"] for script in found.all("script") if not script["src"]] == []


async def test_what_people_wrote_is_text_in_the_list(client: Client, publish: Publish) -> None:
    nasty = "<img src=x onerror=alert(1)> {{ 7*7 }} ' \" &amp;"
    await publish(aid_point(nasty, address={"street": "<b>Długa</b>", "house_number": "1", "city": "Kielce"}))
    found = await page(client, "/pl/")
    assert titles(found) == [nasty]
    assert not found.all("img")
    assert not found.all("b")


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
