"""A feature's page over HTTP: everything public about it, nothing that is not."""

import asyncio
import datetime as dt
import json
import uuid
from typing import Any

import httpx2
import pytest

from app.accounts.audit import SYSTEM
from app.db import Database, session
from app.features.publishing import Provenance, unpublish
from app.features.setting import Setting
from app.i18n import LANGUAGES
from app.layers.registry import LAYERS
from app.pages.printed import Printed

from .conftest import Publish, aid_point
from .html_page import HtmlPage

Client = httpx2.AsyncClient
NASTY = "</script><img src=x onerror=alert(1)>{{ 7*7 }}\"'"


def text(pl: str, **others: str) -> dict[str, Any]:
    return {"texts": {"pl": pl, **others}, "source": "pl"}


def machine(pl: str, uk: str) -> dict[str, Any]:
    return text(pl, uk=uk) | {"states": {"uk": "machine"}}


def in_days(days: int) -> str:
    return (dt.datetime.now(dt.UTC) + dt.timedelta(days=days)).date().isoformat()


def kitchen(**more: Any) -> dict[str, Any]:
    return (
        aid_point(
            hours="Mo-Fr 10:00-18:00; PH closed",
            services=[
                {
                    "type": "hot_meals",
                    "hours": "Mo-Fr 12:00-16:00",
                    "description": text("Zupa i drugie danie"),
                    "capacity": {
                        "unit": "meals",
                        "available": 12,
                        "maximum": 40,
                        "updated": f"{in_days(0)}T00:00:00Z",
                        "expires": f"{in_days(2)}T00:00:00Z",
                    },
                },
                {"type": "food_parcels", "documents": ["id_needed"]},
            ],
            description=machine("Codzienny posiłek.\n\nBez pytań.", "Щоденна їжа."),
            address={
                "street": "Planty",
                "house_number": "12",
                "postcode": "25-502",
                "city": "Kielce",
                "entrance": text("Od podwórza"),
            },
            contacts=[
                {"kind": "phone", "value": "+48 41 555 01 23", "languages": ["uk"]},
                {"kind": "email", "value": "stol@drzwi.example.org"},
                {
                    "kind": "phone",
                    "value": "+48 600 100 200",
                    "visibility": "partners",
                    "person": "Anna Nowak",
                },
            ],
            website="https://drzwi.example.org",
            audience_mode="preferred",
            audiences=["refugees"],
            ages={"least": 18},
            languages=["uk", "pl"],
            cost={"code": "low_cost", "amount": 5, "currency": "PLN", "note": text("dzieci bezpłatnie")},
            accessibility={"step_free": "yes", "toilet": "no"},
            notices=[{"kind": "closed", "text": text("Święta"), "starts": in_days(3), "ends": in_days(3)}],
            organisation={"name": "Fundacja Otwarte Drzwi"},
        )
        | more
    )


async def open_page(client: Client, path: str) -> HtmlPage:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


async def page_of(
    client: Client, feature_id: uuid.UUID, language: str = "en", layer: str = "aid_points"
) -> HtmlPage:
    moved = await client.get(f"/{language}/{layer}/{feature_id}")
    assert moved.status_code == 308
    return await open_page(client, moved.headers["location"])


async def test_the_page_says_everything_public(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    found = await page_of(client, made.feature_id)
    words = found.one("main").text
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
        "geo:50.8661,20.6286",
        f"/api/v1/layers/aid_points/features/{made.feature_id}",
    } <= links
    assert found.one("title").text == "Jadłodajnia „Ciepły Stół” – Pomapa"


async def test_contacts_for_partners_are_nowhere(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    moved = await client.get(f"/pl/aid_points/{made.feature_id}")
    answer = await client.get(moved.headers["location"])
    assert "Nowak" not in answer.text
    assert "600" not in answer.text


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
    for path in (f"/pl/aid_points/{made.feature_id}", f"/pl/aid_points/{made.feature_id}/something-else"):
        answer = await client.get(path)
        assert answer.status_code == 308
        assert answer.headers["location"] == f"/pl/aid_points/{made.feature_id}/jadlodajnia-cieply-stol"


async def test_hidden_and_unknown_places_answer_alike(
    client: Client, publish: Publish, database: Database, setting: Setting
) -> None:
    [hidden] = await publish(aid_point())
    async with session(database) as s:
        await unpublish(s, setting, LAYERS["aid_points"], hidden.feature_id, actor=SYSTEM, reason="test")
    answers = [
        await client.get(f"/en/aid_points/{feature_id}/name")
        for feature_id in (hidden.feature_id, uuid.uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert "This place is not on the map, or no longer." in answers[0].text
    for path in ("/en/secrets/", "/en/aid_points/1/x", "/en/aid_points/x"):
        assert (await client.get(path)).status_code == 404


async def test_a_place_is_found_only_in_its_own_layer(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point())
    assert (await client.get(f"/en/organisations/{made.feature_id}/x")).status_code == 404


async def test_what_people_wrote_is_text_everywhere(client: Client, publish: Publish) -> None:
    [made] = await publish(
        kitchen(
            name=text(NASTY),
            also_known_as=[NASTY],
            description=text(NASTY),
            organisation={"name": NASTY},
            appointment=text(NASTY),
            address={"street": NASTY, "city": NASTY, "entrance": text(NASTY)},
            contacts=[{"kind": "phone", "value": "+48 41 555 01 23", "label": text(NASTY)}],
            notices=[{"kind": "info", "text": text(NASTY), "starts": in_days(-1), "ends": in_days(1)}],
            services=[{"type": "hot_meals", "description": text(NASTY)}],
            cost={"code": "low_cost", "note": text(NASTY)},
            accessibility={"step_free": "yes", "note": text(NASTY)},
            place={"position": {"lng": 20.6, "lat": 50.8}},
        )
    )
    for language in ("pl", "uk"):
        found = await page_of(client, made.feature_id, language)
        assert not found.all("img")
        assert found.one("main").text.count(NASTY) >= 10
        (script,) = [e for e in found.all("script") if e["type"] == "application/ld+json"]
        assert json.loads(script.text)["name"] == NASTY
        assert found.one("meta", name="description")["content"]


async def test_search_engines_get_a_place_in_their_words(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    found = await page_of(client, made.feature_id)
    (script,) = [e for e in found.all("script") if e["type"] == "application/ld+json"]
    data = json.loads(script.text)
    assert data["@type"] == "Place"
    assert data["address"]["streetAddress"] == "Planty 12"
    assert data["geo"] == {"@type": "GeoCoordinates", "longitude": 20.6286, "latitude": 50.8661}
    assert data["url"] == found.one("link", rel="canonical")["href"]


async def test_a_protected_place_is_discreet(client: Client, publish: Publish) -> None:
    [made, _] = await publish(
        aid_point(
            "Bezpieczny Dom",
            services=[{"type": "mother_and_child_home"}],
            place={"disclosure": "area", "area": {"code": "PL-2661", "name": "powiat kielecki"}},
            contacts=[{"kind": "phone", "value": "+48 41 555 01 77"}],
        ),
        aid_point("Obok"),
    )
    found = await page_of(client, made.feature_id)
    assert found.one("title").text == "Help point – Pomapa"
    assert found.one("meta", name="robots")["content"] == "noindex"
    assert found.one("a", class_="quick-exit").text == "Quick exit"
    words = found.one("main").text
    assert "Call, and you will be told how to get there." in words
    assert "powiat kielecki" in words
    assert "Obok" not in words
    assert not found.all("div", data_place_map="")
    assert not [a for a in found.all("a") if a["href"].startswith("geo:") or "openstreetmap" in a["href"]]
    assert not [e for e in found.all("script") if e["type"] == "application/ld+json"]
    assert found.all("a", href="tel:+48415550177")


async def test_of_a_contact_only_place_not_even_the_area_is_told(client: Client, publish: Publish) -> None:
    [made] = await publish(
        aid_point(
            "Azyl",
            services=[{"type": "safe_house"}],
            place={"disclosure": "contact_only", "area": {"code": "PL-2661", "name": "powiat kielecki"}},
        )
    )
    found = await page_of(client, made.feature_id)
    assert "powiat" not in found.one("main").text
    assert "Protected address" in found.one("main").text


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
    assert first.headers["cache-control"].startswith("public, max-age=60")
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
                assert answer.status_code in (200, 302, 308), link["href"]


@pytest.mark.parametrize("name", ["about", "checking", "privacy", "accessibility", "data"])
async def test_pages_of_reading_are_there_in_every_language(client: Client, name: str) -> None:
    for language in LANGUAGES:
        found = await open_page(client, f"/{language}/{name}")
        assert found.one("h1").text
        assert found.one("html")["lang"] == language
    assert (await client.get("/en/no-such-page")).status_code == 404


async def test_search_engines_are_told_what_there_is(client: Client, publish: Publish) -> None:
    [open_place, discreet, invented] = [
        *await publish(
            aid_point("Jawne"),
            aid_point("Ciche", services=[{"type": "violence_support"}]),
        ),
        *await publish(aid_point("Zmyślone"), provenance=Provenance(example=True)),
    ]
    site_map = (await client.get("/sitemap.xml")).text
    assert site_map.count(str(open_place.feature_id)) == len(LANGUAGES)
    assert str(discreet.feature_id) not in site_map
    assert str(invented.feature_id) not in site_map
    robots = (await client.get("/robots.txt")).text
    assert "Disallow: /desk/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots


def linked(found: HtmlPage) -> dict[str, Any]:
    (script,) = [e for e in found.all("script") if e["type"] == "application/ld+json"]
    data: dict[str, Any] = json.loads(script.text)
    return data


#: What schema.org lets each type say, of what we say.
THING = {"@context", "@type", "@id", "url", "name", "description", "telephone", "address"}
PLACE = THING | {"geo", "openingHoursSpecification", "isAccessibleForFree"}


async def test_linked_data_says_only_what_its_type_may_say(client: Client, publish: Publish) -> None:
    [rich, line] = await publish(
        kitchen(cost={"code": "free"}, notices=[]),
        {
            "name": text("Telefon"),
            "services": [{"type": "crisis_line"}],
            "channel": "phone",
            "hours": "24/7",
            "cost": {"code": "free"},
            "area_served": [{"code": "PL", "name": "Polska"}],
            "contacts": [{"kind": "phone", "value": "+48 17 555 07 07"}],
        },
    )
    [organisation] = await publish({"name": text("Fundacja"), "sector": "ngo"}, layer="organisations")
    place = linked(await page_of(client, rich.feature_id))
    assert place.keys() == PLACE
    assert place["telephone"] == "+48415550123"
    assert place["isAccessibleForFree"] is True
    assert place["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "Planty 12",
        "postalCode": "25-502",
        "addressLocality": "Kielce",
        "addressCountry": "PL",
    }
    assert [row["dayOfWeek"] for row in place["openingHoursSpecification"]] == [
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        ["PublicHolidays"],
    ]
    for made, layer in ((line, "aid_points"), (organisation, "organisations")):
        told = linked(await page_of(client, made.feature_id, layer=layer))
        assert told["@type"] == "Organization"
        assert told.keys() <= THING


async def test_a_printed_code_says_what_has_changed(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    record = (await client.get(f"/api/v1/layers/aid_points/features/{made.feature_id}")).json()["properties"]
    today = dt.datetime.now(dt.UTC).date()
    same = Printed.of(record, today).word()
    older = Printed.of(record | {"revision": 9, "hours": "24/7"}, today - dt.timedelta(days=1)).word()

    moved = await client.get(f"/en/aid_points/{made.feature_id}?printed={same}")
    assert moved.status_code == 308
    assert moved.headers["location"].endswith(f"?printed={same}")
    found = await open_page(client, moved.headers["location"])
    assert "Nothing has changed since then." in found.one("section", class_="note info no-print").text
    assert [e for e in found.all("a") if e["href"] == f"{moved.headers['location'].replace('/en/', '/uk/')}"]
    assert "printed" not in found.one("link", rel="canonical")["href"]

    found = await open_page(client, moved.headers["location"].replace(same, older))
    words = found.one("section", class_="note warn no-print").text
    assert "Not as on paper any more: Opening hours." in words

    for word in ("<script>", "1.20261124.x", "%00", "x" * 500):
        moved = await client.get(f"/en/aid_points/{made.feature_id}?printed={word}")
        if moved.status_code == 308:
            assert "printed" not in moved.headers["location"]
            assert not (await open_page(client, moved.headers["location"])).all(
                "section", class_="note warn no-print"
            )


async def test_the_code_of_a_page_is_a_picture_that_is_kept(client: Client, publish: Publish) -> None:
    [made, refuge] = await publish(
        aid_point(),
        {
            "name": text("Azyl"),
            "services": [{"type": "violence_shelter"}],
            "place": {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
            "contacts": [{"kind": "phone", "value": "+48 17 555 09 09"}],
        },
    )
    answer = await client.get(f"/uk/aid_points/{made.feature_id}/qr.svg")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert answer.text.startswith("<?xml")
    again = await client.get(
        f"/uk/aid_points/{made.feature_id}/qr.svg", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert (await client.get(f"/uk/aid_points/{uuid.uuid4()}/qr.svg")).status_code == 404
    assert (await client.get(f"/uk/secrets/{made.feature_id}/qr.svg")).status_code == 404
    assert (await page_of(client, made.feature_id)).all("figure", class_="code")
    assert not (await page_of(client, refuge.feature_id)).all("figure", class_="code")
