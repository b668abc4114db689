"""Protected places, help without a place, and addresses without a pin: what becomes of the name of a town."""

import datetime as dt
import io
from typing import Any

import pytest
import time_machine
from shapely import box
from sqlalchemy import select

from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.areas.gazetteer_loading import load_gazetteer
from app.areas.importing import import_units
from app.areas.units import Unit
from app.db import Database, session
from app.moderation.models import Submission
from geo.gazetteer import Place
from tests.areas import polish_unit
from tests.functional.pages.conftest import Page, Person

PLACES = [
    Place(1, "Psary", (), "PL", 20.2, 52.2, 900, admin1="74"),
    Place(2, "Psary", (), "PL", 20.5, 52.5, 700, admin1="74"),
    Place(3, "Wielkie Miasto", (), "PL", 20.5, 52.52, 25_000, admin1="74"),
    Place(4, "Małe Sioło", (), "PL", 20.1, 52.1, 600, admin1="74"),
]


def unit(code: str, area: Any, name: str, population: int) -> Unit:
    return polish_unit(code, area, name=name, population=population)


@pytest.fixture
async def country(database: Database) -> None:
    """One powiat with a gmina of few people and one of many, and towns in them."""
    hole = box(20.4, 52.4, 20.6, 52.6)
    whole = box(20, 52, 21, 53)
    async with session(database) as s:
        await import_units(
            s,
            [
                unit("1001012", whole.difference(hole), "Mała", 5_000),
                unit("1001021", hole, "Wielka", 25_000),
                unit("1001", whole, "powiat wielki", 30_000),
                unit("10", whole, "zachodnie", 30_000),
            ],
        )
        await load_gazetteer(s, ["PL"], places=PLACES)


async def where(person: Person, services: list[str], **answers: str | None) -> Page:
    page = await person.opens("/en/add/aid_points")
    page = await person.presses(page, "next", name="Somewhere", services=services)
    return await person.presses(page, "next", hours__kind="unknown", **answers)


async def stored(person: Person, page: Page, database: Database) -> dict[str, Any]:
    """What is stored when everything else is left as it is."""
    assert page.status == 200, page.text
    page = await person.presses(page, "next")
    page = await person.presses(page, "next", phones__0__value="116 123")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=3)):
        page = await person.presses(page, "send", email="ola@poczta.pl")
    assert "/sent/" in page.url
    async with session(database) as s:
        return dict((await s.scalars(select(Submission))).one().content)


async def test_of_a_protected_place_only_a_unit_of_many_people_is_stored(
    person: Person, country: None, database: Database
) -> None:
    page = await where(person, ["violence_shelter"], area="Małe Sioło")
    content = await stored(person, page, database)
    assert content["place"] == {
        "disclosure": "contact_only",
        "area": {"code": "PL-1001", "name": "powiat wielki"},
    }
    assert "Sioło" not in str(content)


async def test_a_name_of_several_places_is_asked_about(
    person: Person, country: None, database: Database
) -> None:
    page = await where(person, ["supported_housing"], area="Psary")
    assert page.status == 422
    assert "There are several places of this name." in page.text
    assert {("area.code", "PL-1001"), ("area.code", "PL-1001021")} <= page.boxes
    page = await person.presses(page, "next", area__code="PL-1001021")
    content = await stored(person, page, database)
    assert content["place"] == {"disclosure": "area", "area": {"code": "PL-1001021", "name": "Wielka"}}


async def test_a_unit_that_was_not_offered_is_not_taken(person: Person, country: None) -> None:
    page = await where(person, ["supported_housing"], area="Psary")
    page = await person.presses(page, "next", area__code="PL-1001012")
    assert page.status == 422
    page = await person.presses(page, "next", area="Nigdzie", area__code="PL-1001012")
    assert "We do not know this place." in page.text


async def test_help_by_phone_is_for_the_country_or_for_an_area(
    person: Person, country: None, database: Database
) -> None:
    page = await where(person, ["psychological_support"], channel="phone")
    content = await stored(person, page, database)
    assert content["area_served"] == [{"code": "PL", "name": "Polska"}]
    assert "address" not in content
    assert content["place"] == {"disclosure": "exact"}


async def test_an_address_without_a_pin_gets_the_middle_of_its_town_once_somebody_says_so(
    person: Person, country: None, database: Database
) -> None:
    unknown = await where(person, ["hot_meals"], address__city="Qwertyuiop")
    assert unknown.status == 422
    assert "We cannot say where this town is, so the place would be on no map." in unknown.text
    page = await where(person, ["hot_meals"], address__city="Wielkie Miasto", address__street="Nieistniejąca")
    assert page.status == 422
    assert "We found only the town of this address" in page.text
    (sure,) = [value for name, value in page.boxes if name == "position.sure"]
    # The tick counts for this town alone; a pin needs none.
    other = await person.presses(page, "next", position__sure=sure, address__city="Psary")
    assert other.status == 422
    shown = await person.presses(page, "next", position="52.521, 20.501")
    assert shown.status == 200
    page = await person.presses(page, "next", position__sure=sure)
    content = await stored(person, page, database)
    assert content["place"]["position"] == {"lng": 20.5, "lat": 52.52}
    assert content["place"]["geocoded"]["level"] == "locality"


async def test_towns_are_found_while_one_types(person: Person, country: None) -> None:
    answer = await person.client.get("/en/places", params={"q": "wielkie mi"})
    (found,) = answer.json()["places"]
    assert (found["name"], found["lng"], found["lat"], found["precision"]) == (
        "Wielkie Miasto",
        20.5,
        52.52,
        "place",
    )
    assert (await person.client.get("/en/places", params={"q": "x" * 121})).status_code == 422
    assert (await person.client.get("/en/places")).json() == {"places": [], "unknown": False}


@pytest.mark.parametrize("address", ["Wielkie Miasto, Planty 12", "Planty 12, 25-502 Wielkie Miasto"])
async def test_of_an_address_with_a_street_the_town_is_offered_and_the_rest_is_said_to_be_unknown(
    person: Person, country: None, address: str
) -> None:
    answer = (await person.client.get("/en/places", params={"q": address})).json()
    assert [place["name"] for place in answer["places"]] == ["Wielkie Miasto"]
    assert answer["unknown"] is True
    nothing = (await person.client.get("/en/places", params={"q": "Planty 12"})).json()
    assert nothing == {"places": [], "unknown": True}
    town = (await person.client.get("/en/places", params={"q": "Wielkie Miasto"})).json()
    assert town["unknown"] is False


async def test_what_is_near_a_pin_is_told(person: Person, country: None) -> None:
    near = (await person.client.get("/en/places/nearest", params={"at": "20.501,52.52"})).json()
    assert near["name"] == "Wielkie Miasto"
    assert near["away_m"] < 100
    for hostile in ("", "1", "nan,1", "1e400,2", "200,2", "a,b"):
        assert (await person.client.get("/en/places/nearest", params={"at": hostile})).status_code == 422


async def test_a_pin_far_from_the_town_in_the_address_is_asked_about_and_may_be_right(
    person: Person, country: None, database: Database
) -> None:
    far = {"address__city": "Wielkie Miasto", "address__street": "Planty", "position": "50.0, 20.0"}
    page = await where(person, ["hot_meals"], **far)
    assert page.status == 422
    assert "The pin is far from the town in the address." in page.text
    (sure,) = [value for name, value in page.boxes if name == "position.sure"]
    # The tick counts for this pin and this town, not for others.
    other = await person.presses(page, "next", position__sure=sure, position="50.1, 20.0")
    assert other.status == 422
    page = await person.presses(page, "next", position__sure=sure)
    content = await stored(person, page, database)
    assert content["place"]["position"] == {"lat": 50.0, "lng": 20.0}
    assert "position.sure" not in str(content)


async def test_a_pin_near_the_town_or_any_of_its_name_is_not_asked_about(
    person: Person, country: None
) -> None:
    for city, position in (
        ("Wielkie Miasto", "52.40, 20.40"),
        ("Psary", "52.201, 20.2"),
        ("Psary", "52.501, 20.5"),
        ("Nieznana Wieś", "50.0, 20.0"),
    ):
        page = await where(
            person, ["hot_meals"], address__city=city, address__street="Planty", position=position
        )
        assert page.status == 200, city


@pytest.fixture
async def houses(country: None, database: Database) -> None:
    rows = [
        AddressRow("Wielkie Miasto", "Długa", number, "06-400", "1001", 20.501, lat)
        for number, lat in (("12a", 52.521), ("14", 52.5212))
    ]
    async with session(database) as s:
        await load_addresses(s, rows, country="PL", source="register", licence="CC0")


async def test_a_pin_far_from_its_house_is_not_taken_silently(
    person: Person, houses: None, database: Database
) -> None:
    house = {"address__city": "Wielkie Miasto", "address__street": "Długa", "address__house_number": "12a"}
    page = await where(person, ["hot_meals"], position="52.526, 20.501", **house)
    assert page.status == 422
    assert "The pin is far from the street and number in the address." in page.text
    (sure,) = [value for name, value in page.boxes if name == "position.sure"]
    # The tick counts for this pin and this house.
    other = await person.presses(page, "next", position__sure=sure, position="52.527, 20.501")
    assert other.status == 422
    other = await person.presses(page, "next", position__sure=sure, address__house_number="14")
    assert other.status == 422
    other = await person.presses(page, "next", position__sure=sure, address__house_number="12")
    assert (other.status, "far from the street" in other.text) == (200, False)
    page = await person.presses(page, "next", position__sure=sure)
    content = await stored(person, page, database)
    assert content["place"]["position"] == {"lng": 20.501, "lat": 52.526}


async def test_a_pin_at_its_house_is_taken(person: Person, houses: None) -> None:
    house = {"address__city": "Wielkie Miasto", "address__street": "Długa", "address__house_number": "12a"}
    assert (await where(person, ["hot_meals"], position="52.522, 20.501", **house)).status == 200


async def test_a_pin_is_told_as_the_nearest_address(person: Person, houses: None) -> None:
    answer = await person.client.get("/pl/places/nearest", params={"at": "20.501,52.5211"})
    assert answer.json() == {
        "name": "Wielkie Miasto",
        "away_m": answer.json()["away_m"],
        "address": {
            "line": "ul. Długa 12A, Wielkie Miasto",
            "away_m": 11,
            "street": "Długa",
            "house_number": "12A",
            "postcode": "06-400",
            "place": "Wielkie Miasto",
        },
    }
    assert answer.headers["cache-control"] == "no-store"
    far = await person.client.get("/pl/places/nearest", params={"at": "20.501,52.525"})
    assert "address" not in far.json()
    assert far.json()["name"] == "Wielkie Miasto"


async def test_the_log_does_not_say_where_a_pin_stands(
    person: Person, houses: None, log: io.StringIO
) -> None:
    assert (await person.client.get("/pl/places/nearest?at=20.501,52.5211")).status_code == 200
    assert (await person.client.get("/pl/places/nearest?at=20.501,52.5211,")).status_code == 422
    said = log.getvalue()
    assert said.count("/places/nearest") >= 2
    assert "52.5211" not in said
    assert "20.501" not in said
