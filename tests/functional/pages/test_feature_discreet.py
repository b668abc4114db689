"""What a feature's page keeps to itself, and what people wrote on it as text."""

import json
import uuid

import httpx2

from app.accounts.audit import SYSTEM
from app.db import Database, session
from app.features.publishing import unpublish
from app.features.setting import Setting
from app.layers.registry import LAYERS
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.feature_page import NASTY, in_days, kitchen, page_of, text

Client = httpx2.AsyncClient


async def test_contacts_for_partners_are_nowhere(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen())
    moved = await client.get(f"/pl/aid_points/{made.feature_id}")
    answer = await client.get(moved.headers["location"])
    assert "Nowak" not in answer.text
    assert "600" not in answer.text


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


async def test_no_address_tells_what_a_refuge_or_a_protected_place_is_called(
    client: Client, publish: Publish
) -> None:
    area = {"disclosure": "area", "area": {"code": "PL-2661", "name": "powiat kielecki"}}
    places = await publish(
        aid_point("Pomoc po przemocy", services=[{"type": "violence_support"}]),
        aid_point("Cichy Dom", place=area, contacts=[{"kind": "phone", "value": "+48 41 555 01 77"}]),
        aid_point("Zupa na Rynku"),
    )
    told = []
    for made in places:
        old = await client.get(f"/pl/aid_points/{made.feature_id}/pomoc-po-przemocy", follow_redirects=True)
        assert old.status_code == 200
        told.append(str(old.url).rpartition("/")[2])
    assert told == ["-", "-", "zupa-na-rynku"]
    listed = (await client.get("/pl/")).text
    found = (await client.get("/api/v1/search?q=przemocy")).text
    assert "pomoc-po-przemocy" not in listed + found
    assert "cichy-dom" not in listed
