"""A planned day over HTTP: places and an order that meet the hours, and honest words where none does."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from geo.gazetteer import Place
from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage

Client = httpx2.AsyncClient

HOME = "20.6300,50.8700"


def tomorrow() -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)


def place(name: str, service: str, east: float, hours: str | None, **more: Any) -> dict[str, Any]:
    return aid_point(
        name,
        services=[{"type": service}],
        place={"position": {"lng": 20.63 + east, "lat": 50.87}},
        **({"hours": hours} if hours else {}),
        **more,
    )


async def planned(
    client: Client,
    language: str = "en",
    status: int = 200,
    more: Mapping[str, str] = MappingProxyType({}),
    **asked: str,
) -> HtmlPage:
    """The page of the plan; `more` are parameters whose names Python does not take."""
    usual = {"need": "hot_meals,clothing", "near": HOME, "day": tomorrow().isoformat(), "at": "09:00"}
    query = urlencode({name: value for name, value in (usual | asked | dict(more)).items() if value})
    answer = await client.get(f"/{language}/day?{query}")
    assert answer.status_code == status, answer.text[-3000:]
    read = HtmlPage(answer.text)
    assert read.unbalanced == []
    return read


def stops(page: HtmlPage) -> list[str]:
    return [stop.text for stop in page.all("li") if "day-stop" in stop["class"]]


async def test_the_place_that_closes_first_comes_first(client: Client, publish: Publish) -> None:
    await publish(
        place("Obiady", "hot_meals", 0.002, "Mo-Su 08:00-18:00"),
        place("Ubrania", "clothing", 0.008, "Mo-Su 09:00-10:00", documents=["id_needed"]),
    )
    page = await planned(client)
    clothes, meals = stops(page)
    assert "Ubrania" in clothes
    assert "Identity document needed" in clothes
    assert "Obiady" in meals
    # Whoever is held up sees how late is too late.
    assert "9:10–9:40 Open until 10:00" in clothes, clothes
    assert "Open until 18:00" in meals
    words = page.one("main").text
    assert "You set out at 9:00 and are done at" in words
    assert page.one("meta", name="robots")["content"] == "noindex"


async def test_a_wait_at_the_door_is_said(client: Client, publish: Publish) -> None:
    await publish(
        place("Obiady", "hot_meals", 0.002, "Mo-Su 12:00-14:00"),
        place("Ubrania", "clothing", 0.002, "Mo-Su 09:00-10:00"),
    )
    _, meals = stops(await planned(client))
    assert "12:00–12:30" in meals
    # Nobody has to reckon how long 146 minutes are.
    assert "You wait 2 hr 26 min until it opens." in meals


async def test_a_service_has_its_own_hours(client: Client, publish: Publish) -> None:
    both = place("Dom", "hot_meals", 0.002, "Mo-Su 08:00-20:00")
    both["services"] = [{"type": "hot_meals", "hours": "Mo-Su 13:00-14:00"}, {"type": "clothing"}]
    await publish(both)
    clothes, meals = stops(await planned(client))
    assert "13:00–13:30" in meals
    assert "At the same place" in meals
    assert "Clothes and shoes" in clothes


async def test_what_no_order_meets_is_said_with_the_reason(client: Client, publish: Publish) -> None:
    await publish(
        place("Obiady", "hot_meals", 0.002, "Mo-Su 08:00-18:00"),
        place("Ubrania", "clothing", 0.002, None),
        place("Pralnia", "laundry", 0.002, "Mo-Su 07:00-08:00"),
        place("Daleko", "clothing", 0.5, "24/7"),
    )
    page = await planned(client, need="hot_meals,clothing,laundry")
    assert len(stops(page)) == 1
    missing = [unmet.text for unmet in page.all("p", class_="day-unmet")]
    assert len(missing) == 2
    assert all("no place that is certain to be open then" in words for words in missing)
    [link] = [a["href"] for a in page.all("a") if a["href"].endswith("service=clothing")]
    # From where the way begins, not from somewhere in the country.
    assert f"near={HOME.replace(',', '%2C')}" in link
    assert (await client.get(link)).status_code == 200


async def test_what_is_open_but_does_not_fit_is_said_so(client: Client, publish: Publish) -> None:
    await publish(
        place("Obiady", "hot_meals", 0.002, "Mo-Su 09:00-09:40"),
        place("Ubrania", "clothing", 0.002, "Mo-Su 09:00-09:40"),
    )
    page = await planned(client)
    assert len(stops(page)) == 1
    assert "does not fit into this day" in page.one("p", class_="day-unmet").text


async def test_a_town_will_do_as_a_beginning(client: Client, publish: Publish, database: Database) -> None:
    kielce = Place(1, "Kielce", ("Кельце",), "PL", 20.63, 50.87, 190_000, None)
    async with session(database) as s:
        await load_gazetteer(s, ["PL"], places=[kielce])
    await publish(place("Obiady", "hot_meals", 0.002, "24/7"), place("Ubrania", "clothing", 0.003, "24/7"))
    page = await planned(client, near="", more={"from": "kielce"})
    assert len(stops(page)) == 2
    assert "From: Kielce." in page.one("main").text
    nowhere = await planned(client, near="", status=422, more={"from": "Qwxyz"})
    assert "Write where the way begins: street" in nowhere.one("div", class_="error-box").text
    assert nowhere.one("input", name="from")["value"] == "Qwxyz"


async def test_bad_questions_are_named_and_kept(client: Client) -> None:
    past = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)).isoformat()
    cases = {
        "need": "hot_meals",
        "need ": "hot_meals,nothing_such",
        "need  ": "hot_meals,clothing,laundry,language_course,legal_advice,primary_care",
        "near": "500,1",
        "day": past,
        "at": "25:00",
        "stay": "7",
    }
    for name, value in cases.items():
        page = await planned(client, status=422, more={name.strip(): value})
        assert page.one("div", class_="error-box").text, name
        assert not page.all("ol", class_="day"), name
    page = await planned(client, status=422, stay="7")
    assert page.all("option", value="hot_meals", selected="")
    # A kind of help that nobody knows is named by its number, at its own field; the others are kept.
    page = await planned(client, status=422, need="hot_meals,nothing_such,clothing")
    assert page.one("a", href="#need-2").text in page.one("div", class_="error-box").text
    assert "Help 2: the link names" in page.one("p", id="need-2-error").text
    assert [field["aria-invalid"] for field in page.all("select", name="need")] == ["", "true", "", "", ""]
    assert page.all("option", value="clothing", selected="")


async def test_an_empty_form_asks_nothing(client: Client) -> None:
    answer = await client.get("/uk/day")
    assert answer.status_code == 200
    page = HtmlPage(answer.text)
    assert len(page.all("select", name="need")) == 5
    assert not page.all("div", class_="error-box")
    assert "quick-exit" not in answer.text


async def test_who_may_be_watched_can_leave_at_once(client: Client) -> None:
    answer = await client.get("/uk/day?need=violence_support,hot_meals")
    assert "data-quick-exit" in answer.text


async def test_a_day_begins_at_an_address(client: Client, publish: Publish, db: Database) -> None:
    await publish(
        place("Obiady", "hot_meals", 0.002, "Mo-Su 08:00-18:00"),
        place("Ubrania", "clothing", 0.008, "Mo-Su 09:00-10:00"),
    )
    houses = [AddressRow("Kielce", "Długa", number, "", "", 20.63, 50.87) for number in ("5", "7")]
    async with session(db) as s:
        await load_addresses(s, houses, country="PL", source="test", licence="CC0")
    page = await planned(client, near="", more={"from": "ul. Długa 5, Kielce"})
    assert len(stops(page)) == 2
    assert "From: Długa 5, Kielce." in page.one("main").text
    await planned(client, near="", status=422, more={"from": "ul. Nieznana 5, Kielce"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Sienkieiwcza 5, Kielce", ["Henryka Sienkiewicza 5, 25-001 Kielce"]),
        ("вул. Сєнкєвіча 5, Кельці", ["Henryka Sienkiewicza 5, 25-001 Kielce"]),
        # Not chosen for somebody whose town has not been said.
        ("Sienkiewicza 5", ["Henryka Sienkiewicza 5, 25-001 Kielce", "Henryka Sienkiewicza 5, 26-600 Radom"]),
        ("Sienkiewicza 5, Qwxyz", []),
        ("Qwxyz", []),
    ],
)
async def test_a_beginning_that_is_not_certain_is_asked_back(
    client: Client, publish: Publish, db: Database, typed: str, meant: list[str]
) -> None:
    await publish(
        place("Obiady", "hot_meals", 0.002, "Mo-Su 08:00-18:00"),
        place("Ubrania", "clothing", 0.008, "Mo-Su 09:00-10:00"),
    )
    street = "Henryka Sienkiewicza"
    houses = [
        AddressRow("Kielce", street, "5", "25-001", "2661", 20.63, 50.87),
        AddressRow("Radom", street, "5", "26-600", "1463", 21.15, 51.40),
    ]
    async with session(db) as s:
        await load_addresses(s, houses, country="PL", source="test", licence="CC0")
    page = await planned(client, near="", status=422, more={"from": typed})
    links = [link for link in page.all("a") if "Did you mean" in link.text]
    assert sorted(link.text for link in links) == [f"Did you mean {words}?" for words in meant]
    for link in links:
        answer = await client.get(link["href"])
        assert answer.status_code == 200, answer.text[-2000:]
        found = HtmlPage(answer.text)
        assert f"From: {street} 5, {link.text.split()[-1].strip('?')}." in found.one("main").text
        assert found.one("input", name="from")["value"] in meant
        assert {option["value"] for option in found.all("option", selected="")} >= {
            "hot_meals",
            "clothing",
            "09:00",
        }
