"""The slip of one place over HTTP: what somebody needs on the way, in their language, on one sheet."""

import datetime as dt
import uuid
import zoneinfo

import httpx2

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from geo.gazetteer import Place
from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage
from tests.functional.pages.feature_page import NASTY, kitchen, text

Client = httpx2.AsyncClient
#: The days of a slip are those of the map.
HERE = zoneinfo.ZoneInfo("Europe/Warsaw")


async def slip_of(client: Client, feature_id: uuid.UUID, language: str = "en") -> HtmlPage:
    answer = await client.get(f"/{language}/aid_points/{feature_id}/slip.html")
    assert answer.status_code == 200, answer.text[-2000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


async def test_a_slip_says_what_one_needs_on_the_way(client: Client, publish: Publish) -> None:
    [made] = await publish(kitchen(hours="Mo-Su 00:00-24:00", notices=[], documents=["id_needed"]))
    found = await slip_of(client, made.feature_id)
    words = found.one("article").text
    for expected in (
        "Jadłodajnia „Ciepły Stół”",
        "Low cost, PLN5.00. dzieci bezpłatnie",
        "When to come",
        "ul. Planty 12, 25-502 Kielce",
        "Od podwórza",
        "41 555 01 23",
        "What to bring Identity document needed",
        "Which languages are spoken",
        f"Printed on {dt.datetime.now(HERE):%B} ",
        # On paper "today" would soon be untrue.
        "Checked on ",
    ):
        assert expected in words, expected
    assert found.one("article")["lang"] == "en"
    assert found.one("meta", name="robots")["content"] == "noindex"
    assert found.all("svg", class_="qr")
    assert not found.all("img")


async def test_the_day_to_come_is_a_date_and_not_a_rule(client: Client, publish: Publish) -> None:
    tomorrow = dt.datetime.now(HERE).date() + dt.timedelta(days=1)
    day = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[tomorrow.weekday()]
    [weekly, night, always, unknown, arranged] = await publish(
        aid_point(hours=f"{day} 10:00-18:00"),
        aid_point(hours=f"{day} 22:00-06:00"),
        aid_point(hours="24/7"),
        aid_point(),
        aid_point(hours='24/7 unknown "by appointment"'),
    )
    expected = {
        weekly: f"{tomorrow:%A}, {tomorrow:%B} {tomorrow.day}, 10:00–18:00",
        night: f"{tomorrow:%A}, {tomorrow:%B} {tomorrow.day}, 22:00–6:00",
        always: "Open around the clock",
        unknown: "Hours not known, ask before you go",
        arranged: "By appointment",
    }
    for made, words in expected.items():
        found = await slip_of(client, made.feature_id)
        assert words in found.one("p", class_="slip-when").text


async def test_the_way_is_told_from_the_next_town(
    client: Client, publish: Publish, database: Database
) -> None:
    kielce = Place(1, "Kielce", ("Кельце",), "PL", 20.6286, 50.8661, 190_000, None)
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=[kielce])
    [north, middle] = await publish(
        aid_point(place={"position": {"lng": 20.6286, "lat": 50.8841}}), aid_point()
    )
    words = (await slip_of(client, north.feature_id, "uk")).one("article").text
    assert "Kielce" in words
    assert "2 км" in words
    # The sketch holds both ends of the way: the town with its name in the middle below, the place north of it, above.
    drawn = await slip_of(client, north.feature_id)
    assert drawn.one("figure", class_="slip-sketch").text == "Kielce N 2 km"
    town = drawn.one("circle", class_="town")
    assert (town["cx"], town["cy"]) == ("90.0", "64.0")
    assert drawn.one("path", class_="here")["d"].startswith("M90.0 26.0c")
    assert drawn.one("path", class_="way")["d"] == "M90.0 64.0L90.0 26.0"
    found = await slip_of(client, middle.feature_id)
    assert "In the centre: Kielce" in found.one("article").text
    assert not found.all("figure", class_="slip-sketch")


async def test_the_towns_name_is_whole_on_the_sketch_wherever_the_town_is(
    client: Client, publish: Publish, database: Database
) -> None:
    long = "Ostrowiec Świętokrzyski"
    towns = [
        Place(1, "Warszawa", ("Варшава",), "PL", 21.0, 52.2, 1_800_000, None),
        Place(2, long, (), "PL", 17.0, 51.0, 70_000, None),
    ]
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=towns)
    ways = [(0.05, 0), (-0.05, 0), (0, 0.03), (0, -0.03), (0.05, 0.01), (-0.05, -0.01), (0.05, -0.03)]
    made = await publish(
        *(
            aid_point(place={"position": {"lng": town.lng + aside, "lat": town.lat + up}})
            for town in towns
            for aside, up in ways
        )
    )
    edges = set()
    for place in made:
        drawn = await slip_of(client, place.feature_id, "uk")
        name, town = drawn.one("text", class_="name"), drawn.one("circle", class_="town")
        edges |= {("x", town["cx"]), ("y", town["cy"])}
        # A letter of ours is about two thirds as wide as it is high: 15 units where it is written largest.
        half = float(name.attributes.get("textlength") or len(name.text) * 10) / 2
        assert half <= float(name["x"]) <= 180 - half, (name.text, town["cx"])
        assert 15 <= float(name["y"]) <= 85
    assert edges >= {("x", "26.0"), ("x", "154.0"), ("y", "26.0"), ("y", "64.0")}


async def test_a_protected_place_has_neither_way_nor_code_and_a_warning(
    client: Client, publish: Publish
) -> None:
    [made] = await publish(
        {
            "name": text("Azyl"),
            "services": [{"type": "violence_shelter"}],
            "place": {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}},
            "contacts": [{"kind": "phone", "value": "+48 17 555 09 09"}],
        }
    )
    found = await slip_of(client, made.feature_id)
    assert found.one("title").text == "Help point – Pomapa"
    assert "17 555 09 09" in found.one("article").text
    assert not found.all("svg", class_="qr")
    assert not found.all("figure")
    assert "Somebody at home may find this paper." in found.one("p", class_="slip-bar slip-care").text


async def test_what_people_wrote_is_text(client: Client, publish: Publish) -> None:
    [made] = await publish(
        kitchen(
            name=text(NASTY),
            address={"street": NASTY, "city": NASTY, "entrance": text(NASTY)},
            appointment=text(NASTY),
            cost={"code": "low_cost", "note": text(NASTY)},
        )
    )
    found = await slip_of(client, made.feature_id)
    assert not found.all("img")
    assert found.one("article").text.count(NASTY) >= 5


async def test_a_slip_is_kept_and_a_hidden_place_has_none(client: Client, publish: Publish) -> None:
    [made] = await publish(aid_point())
    path = f"/pl/aid_points/{made.feature_id}/slip.html"
    answer = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (await client.get(f"/pl/aid_points/{uuid.uuid4()}/slip.html")).status_code == 404
