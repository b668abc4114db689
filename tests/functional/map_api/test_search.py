"""Suggestions over HTTP: services, places and features for what somebody has typed so far."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.accounts.audit import SYSTEM
from app.areas.gazetteer_loading import load_gazetteer
from app.config import Settings
from app.db import Database, session
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from app.localdb import ClusterUrls
from geo.gazetteer import Place
from tests.functional.conftest import Publish, aid_point, make_settings

SEARCH = "/api/v1/search"
MARK = "zażółć-canary"


async def _found(client: httpx2.AsyncClient, **asked: str) -> dict[str, Any]:
    answer = await client.get(SEARCH, params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_services_places_and_features_are_suggested(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(aid_point(), aid_point("Noclegownia „Przystań”", services=[{"type": "night_shelter"}]))
    food = await _found(client, q="їжа", lang="uk")
    assert food["services"]
    assert {service["family"] for service in food["services"]} == {"food"}
    assert all(set(service) == {"code", "name", "family", "count"} for service in food["services"])
    shelters = await _found(client, q="nocleg", lang="pl")
    assert [(s["code"], s["count"]) for s in shelters["services"]] == [
        ("accommodation", 1),
        ("night_shelter", 1),
    ]
    harbour = await _found(client, q="pszystan", lang="de")
    assert harbour["services"] == []
    (feature,) = harbour["features"]
    assert feature["name"] == "Noclegownia „Przystań”"
    assert feature["layer"] == "aid_points"
    assert feature["family"] == "shelter"
    page = await client.get(f"/de/{feature['layer']}/{feature['id']}/{feature['slug']}")
    assert page.status_code == 200


async def test_an_answer_is_kept_until_something_is_published(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(aid_point())
    first = await client.get(SEARCH, params={"q": "ciep"})
    assert first.headers["cache-control"].startswith("public")
    assert "set-cookie" not in first.headers
    again = await client.get(SEARCH, params={"q": "ciep"}, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """One database for all that only ask wrongly, one of its own for each of the others."""
    wrong = "query" in request.fixturenames
    urls: ClusterUrls = request.getfixturevalue("module_database_urls" if wrong else "database_urls")
    return make_settings(urls, tmp_path)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=a&q=b",
        f"q={'x' * 101}",
        "q=%00",
        "q=%ff",
        "q=ab&lang=xx",
        "q=ab&lang=PL",
        "q=ab&near=1",
        "q=ab&near=nan,nan",
        f"q=ab&near={MARK}",
        f"q=ab&lang={MARK}",
        "q=ab&limit=5",
    ],
)
async def test_what_cannot_be_meant_is_refused(client: httpx2.AsyncClient, query: str) -> None:
    answer = await client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert MARK not in answer.text


@pytest.mark.parametrize(
    "query", ["q=", "q=a", "q=%21", "q=%27%20or%201=1", "q=a%26b%7C%21c:*", "q=%5C", "q=%25%25", "q=__"]
)
async def test_odd_text_is_only_text(client: httpx2.AsyncClient, query: str) -> None:
    answer = await client.get(f"{SEARCH}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["features"] == []


async def test_what_was_taken_down_is_not_suggested(
    client: httpx2.AsyncClient, publish: Publish, database: Database, setting: Setting
) -> None:
    (published,) = await publish(aid_point("Kryjówka Zorza"))
    assert (await _found(client, q="zorz"))["features"]
    async with session(database) as s:
        await unpublish(
            s, setting, LAYERS["aid_points"], published.feature_id, actor=SYSTEM, reason="it was dangerous"
        )
    await asyncio.sleep(0.5)  # as long as a process believes what it knows of the versions
    assert (await _found(client, q="zorz"))["features"] == []


async def test_help_and_a_place_in_one_line_are_suggested_together(
    client: httpx2.AsyncClient, database: Database
) -> None:
    towns = [
        Place(1, "Kielce", ("Кельце",), "PL", 20.63, 50.87, 190_000, None),
        Place(2, "Kielczów", (), "PL", 17.2, 51.1, 9_000, None),
        Place(3, "Kielcza", (), "PL", 18.5, 50.5, 300, None),
    ]
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=towns)

    async def together(words: str, lang: str = "pl") -> list[tuple[str, str]]:
        found = (await _found(client, q=words, lang=lang))["together"]
        return [(one["service"]["code"], one["place"]["name"]) for one in found]

    assert await together("dentysta Kielce") == [("dental_care", "Kielce")]
    # Begun, the other way round, with a word between, in other letters; a hamlet is no town that is meant.
    assert await together("dentysta kiel") == [("dental_care", "Kielce"), ("dental_care", "Kielczów")]
    assert (await together("Kielce dentysta"))[0] == ("dental_care", "Kielce")
    assert (await together("dentysta w Kielce"))[0] == ("dental_care", "Kielce")
    assert (await together("стоматолог Кельце", "uk"))[0][0] == "dental_care"
    # As it is said: where a name stands behind "in", it has another ending.
    assert (await together("dentysta w Kielcach"))[0] == ("dental_care", "Kielce")
    assert (await together("w Kielcach dentysta"))[0] == ("dental_care", "Kielce")
    assert (await together("стоматолог у Кельцях", "uk"))[0][0] == "dental_care"
    assert await together("dentysta Kielcach") == []
    assert await together("Kielce") == []
    assert await together("dentysta") == []
    assert await together("dentysta Xyzzy") == []
    # Of a sentence what else it says goes along, to be read as of a sentence that was sent.
    for typed, said, words in (
        ("jedzenie dla dzieci Kiel", ["Dzieci"], "jedzenie dla dzieci"),
        (
            "Kielce jedzenie dla dzieci po ukraińsku",
            ["Dzieci", "ukraiński"],
            "jedzenie dla dzieci po ukraińsku",
        ),
        ("їжа для дітей у Кельцях", ["Dzieci"], "їжа для дітей"),
        ("jedzenie w sobotę w Kielcach", ["w sobotę"], "jedzenie w sobotę"),
        ("food open now in Kielce", ["Otwarte teraz"], "food open now"),
        ("gdzie zjeść w Kielcach", None, None),
    ):
        first = (await _found(client, q=typed, lang="pl"))["together"][0]
        assert (first["place"]["name"], first.get("with"), first.get("words")) == ("Kielce", said, words), (
            typed
        )
    # Words of a refuge are not suggested, nor anything beside them.
    assert await together("nocleg dla kobiet Kielce") == []
