"""Questions and contents that mean harm, or nothing."""

import httpx2

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.finder_page import page, titles

Client = httpx2.AsyncClient


SENSELESS = [
    ("service=no_such_help", 422),
    ("language=klingon", 422),
    ("bbox=1,2,3", 422),
    ("bbox=nan,nan,nan,nan", 422),
    ("bbox=21,50,20,51", 422),
    ("near=200,200", 422),
    ("near=0,0", 422),
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
