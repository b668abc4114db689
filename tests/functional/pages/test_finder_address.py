"""A typed address serves as well as a position."""

import re
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from app.areas.address_file import AddressRow
from app.areas.address_loading import load_addresses
from app.db import Database, session
from tests.functional.conftest import Publish, aid_point
from tests.functional.pages.finder_page import at, page, titles

Client = httpx2.AsyncClient

NEAR_LNG, LAT = 20.6300, 50.8700
STREET = "Henryka Sienkiewicza"


def house(town: str, number: str, lng: float, lat: float = LAT) -> AddressRow:
    return AddressRow(town, STREET, number, "", "", lng, lat)


@pytest.fixture
async def places(db: Database, publish: Publish) -> None:
    await publish(
        aid_point("Daleka", place=at(20.6500, LAT)),
        aid_point("Bliska", place=at(20.6310, LAT)),
        aid_point("W innym mieście", place=at(21.151, 51.4)),
        aid_point("Daleka poradnia", place=at(20.6490, LAT), services=[{"type": "legal_advice"}]),
    )


@pytest.fixture
async def streets(db: Database) -> None:
    rows = [house("Kielce", "5", NEAR_LNG), house("Kielce", "7", 20.6302), house("Radom", "5", 21.15, 51.4)]
    async with session(db) as s:
        await load_addresses(s, rows, country="PL", source="test", licence="CC0")


async def asked(client: Client, path: str) -> dict[str, str]:
    """The question that an address is redirected to."""
    answer = await client.get(path)
    assert answer.status_code == 302
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def test_an_address_in_the_search_box_asks_for_what_is_near(
    client: Client, places: None, streets: None
) -> None:
    answer = await client.get("/pl/?q=ul.+Sienkiewicza+5,+Kielce&service=legal_advice")
    assert answer.status_code == 302
    found = await page(client, answer.headers["location"])
    assert titles(found) == ["Daleka poradnia"]
    found = await page(client, answer.headers["location"].replace("&service=legal_advice", ""))
    assert titles(found) == ["Bliska", "Daleka poradnia", "Daleka"]
    [tag] = found.all("a", class_="tag")
    assert "W pobliżu: Henryka Sienkiewicza 5, Kielce" in tag.text
    assert "near" not in dict(parse_qsl(urlsplit(tag["href"]).query))
    assert found.one("input", id="q")["value"] == "Henryka Sienkiewicza 5, Kielce"
    assert "Henryka Sienkiewicza 5, Kielce" in found.one("title").text
    # For the map.
    assert found.one("h1", id="count")["data-near"] == "20.63,50.87"
    assert found.one("h1", id="count")["data-near-name"] == "Henryka Sienkiewicza 5, Kielce"
    nearest = found.all("li", class_="hit")[0]
    assert re.search(r"\b2\smin", nearest.text)


async def test_a_row_says_the_way_and_the_street(client: Client, publish: Publish) -> None:
    planty = {"street": "Planty", "house_number": "12", "postcode": "25-502", "city": "Kielce"}
    village = {"house_number": "5", "postcode": "26-001", "city": "Wola Kopcowa"}
    await publish(
        aid_point("Bliska", place=at(20.6310, LAT), address=planty),
        aid_point("Daleka", place=at(20.8, LAT), address=village),
        aid_point("Bez adresu", place=at(20.9, LAT)),
    )

    async def said(question: str) -> list[str]:
        rows = (await page(client, f"/pl/{question}")).all("span", class_="far")
        return [row.text for row in rows]

    near, far, bare = await said(f"?near={NEAR_LNG},{LAT}")
    # The town is hidden where one walks: whoever walks there knows it. It is there for script.
    assert re.fullmatch(r"\d\smin pieszo, \d+\sm, ul. Planty 12 ?25-502 Kielce", near)
    assert re.fullmatch(r"12\skm, Wola Kopcowa 5, 26-001 Wola Kopcowa", far)
    assert re.fullmatch(r"19\skm", bare)
    hidden = (await page(client, f"/pl/?near={NEAR_LNG},{LAT}")).all("bdi", class_="town")
    assert ["hidden" in one.attributes for one in hidden] == [True, False]
    assert set(await said("")) == {"ul. Planty 12, 25-502 Kielce", "Wola Kopcowa 5, 26-001 Wola Kopcowa"}


async def test_the_nearest_number_stands_for_one_that_is_not_known(
    client: Client, places: None, streets: None
) -> None:
    question = await asked(client, "/pl/?q=Sienkiewicza+99+Kielce")
    assert question["near_name"] == "Henryka Sienkiewicza 7, Kielce"
    assert question["near"] == "20.6302,50.87"


async def test_where_several_towns_have_it_the_visitor_chooses(
    client: Client, places: None, streets: None
) -> None:
    found = await page(client, "/pl/?q=Sienkiewicza+5")
    ways = [link.text for link in found.all("a") if "near_name=" in link.attributes.get("href", "")]
    assert sum("Kielce" in way for way in ways) == 1
    assert sum("Radom" in way for way in ways) == 1


async def test_a_street_that_two_villages_of_one_name_have_is_not_chosen(
    client: Client, db: Database, places: None
) -> None:
    rows = [
        AddressRow("Nowa Wieś", "Długa", "5", "06-400", "06", 20.63, LAT),
        AddressRow("Nowa Wieś", "Długa", "5", "77-400", "77", 21.15, 51.4),
        AddressRow("Nowa Sól", "Nowa", "5", "", "", 20.63, LAT),
        AddressRow("Radom", "Nowa", "5", "", "", 21.15, 51.4),
    ]
    async with session(db) as s:
        await load_addresses(s, rows, country="PL", source="test", licence="CC0")
    found = await page(client, "/pl/?q=Długa+5,+Nowa+Wieś")
    ways = [link.text for link in found.all("a") if "near_name=" in link.attributes.get("href", "")]
    assert sorted(re.findall(r"\d\d-\d{3}", " ".join(ways))) == ["06-400", "77-400"]
    assert (await asked(client, "/pl/?q=Długa+5,+77-400+Nowa+Wieś"))["near"] == "21.15,51.4"
    # The word is the street's.
    await page(client, "/pl/?q=Nowa+5")
    assert (await asked(client, "/pl/?q=Nowa+5,+Nowa+Sól"))["near"] == "20.63,50.87"


@pytest.mark.parametrize(
    "typed", ["Sienkieiwcza 5, Kielce", "Сенкевича 5, Кельці", "Henrka Sienkiewicza 5 Kielce"]
)
async def test_a_street_that_is_spelt_otherwise_is_suggested_and_never_chosen(
    client: Client, places: None, streets: None, typed: str
) -> None:
    found = await page(client, f"/pl/?q={typed}")
    [way] = [link for link in found.all("a") if "near_name=" in link.attributes.get("href", "")]
    assert "Czy chodzi o: Henryka Sienkiewicza 5, Kielce?" in way.text
    [hit] = (await client.get("/api/v1/search", params={"lang": "pl", "q": typed})).json()["addresses"]
    assert (hit["whole"], hit["guessed"]) == ("Henryka Sienkiewicza 5, Kielce", True)
    right = await client.get("/api/v1/search?lang=pl&q=Sienkiewicza+5,+Kielce")
    assert ["guessed" in hit for hit in right.json()["addresses"]] == [False]


@pytest.mark.parametrize("typed", ["Plnty 9, Kielce", "Планти 9, Кельці"])
async def test_a_misspelt_street_is_found_by_the_published_places_too(
    client: Client, publish: Publish, typed: str
) -> None:
    address = {"street": "Planty", "house_number": "12", "postcode": "25-502", "city": "Kielce"}
    await publish(aid_point("Kuchnia", place=at(20.6310, LAT), address=address))
    [hit] = (await client.get("/api/v1/search", params={"lang": "uk", "q": typed})).json()["addresses"]
    assert (hit["whole"], hit["guessed"]) == ("Planty 12, Kielce", True)


async def test_a_street_of_many_towns_is_found_in_all_of_them(client: Client, publish: Publish) -> None:
    """Though one of them has more places in it than are read."""
    for number in range(1, 46):
        address = {"street": "Polna", "house_number": str(number), "city": "Kielce"}
        await publish(aid_point(f"Kuchnia {number}", place=at(20.6310, LAT), address=address))
    for town, lng in (("Radom", 21.15), ("Sopot", 18.56)):
        address = {"street": "Polna", "house_number": "3", "city": town}
        await publish(aid_point("Kuchnia", place=at(lng, LAT), address=address))
    found = (await client.get("/api/v1/search?lang=pl&q=Polna+44")).json()["addresses"]
    assert {hit["whole"] for hit in found} == {"Polna 44, Kielce", "Polna 3, Radom", "Polna 3, Sopot"}


async def test_published_places_of_two_villages_of_one_name_are_not_one_street(
    client: Client, publish: Publish
) -> None:
    for number, lng in (("1", 20.61), ("11", 17.0)):
        await publish(
            aid_point(
                f"Kuchnia {number}",
                place=at(lng, LAT),
                address={"street": "Długa", "house_number": number, "city": "Nowa Wieś"},
            )
        )
    await page(client, "/pl/?q=Długa+10,+Nowa+Wieś")
    answer = await client.get("/api/v1/search?lang=pl&q=Długa+10,+Nowa+Wieś")
    assert {hit["name"] for hit in answer.json()["addresses"]} == {"Długa 1", "Długa 11"}


async def test_an_address_with_long_names_is_named(client: Client, db: Database, places: None) -> None:
    street = "Księdza Kardynała Stefana Wyszyńskiego Prymasa Tysiąclecia"
    rows = [AddressRow("Nowe Miasto nad Wisłą", street, "5", "", "", NEAR_LNG, LAT)]
    async with session(db) as s:
        await load_addresses(s, rows, country="PL", source="test", licence="CC0")
    answer = await client.get("/pl/?q=Prymasa+Tysiąclecia+5,+Nowe+Miasto+nad+Wisłą")
    found = await page(client, answer.headers["location"])
    [tag] = found.all("a", class_="tag")
    assert f"{street} 5" in tag.text


async def test_published_places_tell_of_streets_that_nobody_has_imported(
    client: Client, publish: Publish
) -> None:
    for number, lng in (("1", 20.61), ("11", 20.62)):
        await publish(
            aid_point(
                f"Kuchnia {number}",
                place=at(lng, LAT),
                address={"street": "Długa", "house_number": number, "city": "Kielce"},
            )
        )
    # It stands in another street than the one that it is named after.
    await publish(
        aid_point(
            "Szkoła przy Krótkiej",
            place=at(20.7, LAT),
            address={"street": "Inna", "house_number": "3", "city": "Kielce"},
        )
    )
    question = await asked(client, "/pl/?q=Długa+10,+Kielce")
    assert (question["near_name"], question["near"]) == ("Długa 11, Kielce", "20.62,50.87")
    answer = await client.get("/api/v1/search?lang=pl&q=Krótka+3,+Kielce")
    assert answer.json()["addresses"] == []


async def test_a_link_cannot_put_words_of_its_own_into_the_page(
    client: Client, places: None, streets: None
) -> None:
    """Only an address that is known to be there is named."""
    for words in ("Zadzwoń 700 800 900", "Henryka Sienkiewicza 5, Radom", "<b>Kielce</b>"):
        found = await page(client, "/pl/?near=20.63,50.87&near_name=" + words)
        [tag] = found.all("a", class_="tag")
        assert "W pobliżu wybranego miejsca" in tag.text
        assert words not in found.one("h1").text
        assert "data-near-name" not in found.one("h1", id="count").attributes
        assert found.one("input", id="q")["value"] == ""


async def test_the_api_suggests_addresses(client: Client, places: None, streets: None) -> None:
    answer = await client.get("/api/v1/search?lang=uk&q=Sienkiewicza+5+Kielce")
    [address] = answer.json()["addresses"]
    assert address["name"] == "Henryka Sienkiewicza 5"
    assert address["whole"] == "Henryka Sienkiewicza 5, Kielce"
    assert (address["lng"], address["lat"]) == (20.63, 50.87)
    west, south, east, north = address["bbox"]
    assert west < 20.63 < east
    assert south < 50.87 < north
    # Help that is typed is no address.
    assert (await client.get("/api/v1/search?lang=pl&q=jedzenie")).json()["addresses"] == []
