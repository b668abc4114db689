"""A feature's page over HTTP: everything public about it."""

import asyncio

import httpx2
import pytest

from app.features.publishing import Provenance
from app.i18n import LANGUAGES
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.feature_page import kitchen, open_page, page_of, text

Client = httpx2.AsyncClient


async def test_the_page_says_everything_public(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    found = await page_of(client, made.feature_id)
    # Today's row says so, whichever it is.
    words = found.one("main").text.replace(", today", "")
    for expected in (
        "Food and things",
        "Jadłodajnia „Ciepły Stół”",
        "Run by: Fundacja Otwarte Drzwi",
        "Checked today",
        "Confirmed by e-mail",
        "Call: 41 555 01 23",
        "ul. Planty 12, 25-502 Kielce",
        "Od podwórza",
        "Monday 10:00–18:00",
        "Sunday and public holidays",
        "Monday–Friday 12:00–16:00",
        "Zupa i drugie danie",
        "Meals left: 12 of 40",
        "What to bring: Identity document needed",
        "Everyone. First of all: refugees. Age: from 18",
        "Low cost, PLN5.00. dzieci bezpłatnie",
        "Ukrainian",
        "No steps at the entrance and inside, no toilet for people in wheelchairs",
        "Answers in: Ukrainian",
        "Święta",
        "Version 1",
    ):
        assert expected in words, expected
    links = {a["href"] for a in found.all("a")}
    assert {
        "tel:+48415550123",
        "mailto:stol@drzwi.example.org",
        "https://drzwi.example.org/",
        "geo:50.8661,20.6286?q=50.8661,20.6286(Jad%C5%82odajnia%20%E2%80%9ECiep%C5%82y%20St%C3%B3%C5%82%E2%80%9D)",
        "https://www.openstreetmap.org/directions?to=50.8661%2C20.6286",
        "https://www.google.com/maps/dir/?api=1&destination=50.8661%2C20.6286",
        "https://maps.apple.com/?daddr=50.8661%2C20.6286",
        f"/api/v1/layers/aid_points/features/{made.feature_id}",
    } <= links
    assert found.one("title").text == "Jadłodajnia „Ciepły Stół” – Pomapa"


async def test_text_in_another_language_says_so(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen(name=text("Jadłodajnia", uk="Їдальня")))
    found = await page_of(client, made.feature_id, "uk")
    assert found.one("h1").text == "Їдальня"
    assert "Jadłodajnia" in [e.text for e in found.all("span", lang="pl")]
    assert "Zupa i drugie danie" in [e.text for e in found.all("div", lang="pl")]
    assert "Щоденна їжа." in found.one("main").text
    (original,) = found.all("details", class_="original")
    assert "Codzienny posiłek. Bez pytań." in original.text
    german = await page_of(client, made.feature_id, "de")
    (name,) = [e for e in german.all("span", lang="pl") if e.text == "Jadłodajnia"]
    assert name["dir"] == "auto"


async def test_the_state_now_is_told_for_place_and_service(client: Client, publish: Publish) -> None:
    [made] = await publish(
        kitchen(hours="24/7", services=[{"type": "hot_meals", "hours": "24/7 closed"}], notices=[])
    )
    found = await page_of(client, made.feature_id)
    states = [e.text for e in found.all("p", class_="state")]
    assert states == ["Open around the clock", "Closed"]


async def test_a_closed_place_says_it_first(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen(status={"state": "closed", "reason": "project_ended"}, notices=[]))
    found = await page_of(client, made.feature_id)
    assert found.one("section", class_="note bad").text == "Closed for good The project has ended"
    assert found.all("p", class_="state")[0].text == "Closed for good"
    assert not found.all("table", class_="week")


async def test_another_name_in_the_address_leads_to_the_right_one(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point())
    short = f"/pl/aid_points/{made.feature_id}"
    for path in (short, f"{short}/", f"/pl/aid_points/{made.feature_id}/something-else"):
        answer = await client.get(path)
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/pl/aid_points/{made.feature_id}/jadlodajnia-cieply-stol"


async def test_a_place_is_found_only_in_its_own_layer(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point())
    assert (await client.get(f"/en/organisations/{made.feature_id}/x")).status_code == 404


async def test_a_place_shows_its_neighbours_and_its_organisation(client: Client, publish: Publish) -> None:
    [runs] = await publish(
        {
            "name": text("Fundacja Most"),
            "sector": "ngo",
            "legal_form": "foundation",
            "identifiers": {"krs": "0000030897"},
            "description": text("Pomagamy od 1999 roku."),
        },
        layer="organisations",
    )
    [made, _] = await publish(
        kitchen(organisation={"id": str(runs.feature_id)}),
        aid_point("Obok", place={"position": {"lng": 20.63, "lat": 50.8661}}),
    )
    found = await page_of(client, made.feature_id)
    owner = found.one("a", href=f"/en/organisations/{runs.feature_id}/fundacja-most")
    assert owner.text == "Fundacja Most"
    (near,) = found.all("ul", class_="near")
    assert near.text.startswith("Obok")
    assert "2 min on foot, 100 m" in near.text.replace("\u00a0", " ")
    organisation = await open_page(client, owner["href"])
    words = organisation.one("main").text
    assert "0000030897" in words
    assert "Pomagamy od 1999 roku." in words
    (places,) = organisation.all("ul", class_="near")
    assert "Jadłodajnia „Ciepły Stół”" in places.text
    listed = await open_page(client, f"/en/?organisation={runs.feature_id}")
    assert "Fundacja Most: remove this filter" in [tag.text for tag in listed.all("a", class_="tag")]


async def test_a_place_leads_to_the_other_places_of_its_organisation(
    client: Client, publish: Publish
) -> None:
    [runs, alone] = await publish(
        {"name": text("Fundacja Most"), "sector": "ngo"},
        {"name": text("Fundacja Brzeg"), "sector": "ngo"},
        layer="organisations",
    )
    of_it = {"organisation": {"id": str(runs.feature_id)}}
    far = {"position": {"lng": 22.0, "lat": 50.04}}
    [made, *_, single] = await publish(
        kitchen(**of_it),
        aid_point("Daleko", place=far, **of_it),
        aid_point("Obok", place={"position": {"lng": 20.63, "lat": 50.8661}}, **of_it),
        *(aid_point(f"Ratunek {n}", services=[{"type": "violence_support"}], **of_it) for n in range(6)),
        aid_point("Sam", organisation={"id": str(alone.feature_id)}),
    )
    found = await page_of(client, made.feature_id)
    assert [h.text for h in found.all("h2") if h["id"] in ("siblings", "around")] == [
        "More places of this organisation",
        "Nearby",
    ]
    of_the_same, near = (places.text for places in found.all("ul", class_="near"))
    # What is near and of the same organisation is told once.
    assert "Obok" not in near
    # The nearest first, and none that others should not see over a shoulder.
    assert of_the_same.startswith("Obok")
    assert "Daleko" in of_the_same
    assert "Ratunek" not in of_the_same
    assert found.one("a", href=f"/en/?organisation={runs.feature_id}").text == "Show all on the map"
    of_one = await page_of(client, single.feature_id)
    assert not [h for h in of_one.all("h2") if h["id"] == "siblings"]


async def test_where_data_come_from_is_told(client: Client, publish: Publish) -> None:
    source = Provenance(
        source="register",
        source_id="7",
        source_url="javascript:alert(1)",
        licence="CC0-1.0",
        attribution="Urząd Miasta",
        verified_how="official_register",
    )
    [made] = await publish(aid_point(), provenance=source)
    found = await page_of(client, made.feature_id)
    assert "Data: Urząd Miasta. Licence: CC0-1.0." in found.one("main").text
    assert "From a public register" in found.one("main").text
    assert not [a for a in found.all("a") if a["href"].startswith("javascript")]


async def test_pages_can_be_kept_until_something_changes(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point())
    moved = await client.get(f"/pl/aid_points/{made.feature_id}")
    first = await client.get(moved.headers["location"])
    assert first.headers["cache-control"].startswith("public, max-age=30")
    condition = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(moved.headers["location"], headers=condition)).status_code == 304
    await publish(aid_point("Inne"))
    await asyncio.sleep(0.3)
    assert (await client.get(moved.headers["location"], headers=condition)).status_code == 200


async def test_every_language_has_the_page_and_its_links_lead_somewhere(
    client: Client, publish: Publish
) -> None:
    [made, _] = await publish(kitchen(), aid_point("Obok"))
    for language in LANGUAGES:
        found = await page_of(client, made.feature_id, language)
        assert found.one("html")["lang"] == language
        for link in found.all("a"):
            if link["href"].startswith("/"):
                answer = await client.get(link["href"])
                # Who says that it is theirs has to sign in.
                asked_in = 401 if link["href"].startswith("/desk/claim") else 200
                assert answer.status_code in (200, 302, 303, 308, asked_in), link["href"]


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("building", "The position on the map was found from the address. How sure: 95%."),
        ("street", "somewhere in this street. Look for the number there. How sure: 95%."),
        ("locality", "only the middle of the town or municipality. Ask for the way. How sure: 95%."),
        ("county", "only shows the county or region. Ask where exactly it is. How sure: 95%."),
    ],
)
async def test_a_position_from_an_address_says_how_exact_and_how_sure_it_is(
    client: Client, publish: Publish, level: str, words: str
) -> None:
    geocoded = {"level": level, "confidence": 0.95, "source": "gazetteer"}
    [made] = await publish(
        aid_point("Obiady", place={"position": {"lng": 20.63, "lat": 50.87}, "geocoded": geocoded})
    )
    assert words in (await page_of(client, made.feature_id)).one("main").text
